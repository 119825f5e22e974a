"""Where does a reference fact come from?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Citation:
    """A row of a reference table, and the source that was read for it."""

    row: str
    title: str
    url: str
    date: str
    basis: str
    """How the compiler knows: `read`, `mixed`, `recalled`, `none` or `common_knowledge`; prose in a route."""
    note: str = ""

    @classmethod
    def from_row(cls, row: Mapping[str, str]) -> Citation:
        """The citation of a row."""
        basis = "; ".join(dict.fromkeys(row[c] for c in ("basis", "basis_status", "basis_dates") if row.get(c)))
        return cls(
            row=row["id"],
            title=row.get("source_title", ""),
            url=row.get("source_url", ""),
            date=row.get("source_date", ""),
            basis=basis,
            note=row.get("note", ""),
        )
