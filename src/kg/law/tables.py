"""The tables of the law, and the citation of a row."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.errors import InputError, InputLocation
from kg.ontology.values import VALUE_TYPES, BadValue

LawRow = Mapping[str, str]

SOURCE_COLUMNS = ("source_title", "source_url", "source_date")
DATE_COLUMNS = (
    *("signed", "in_force", "in_force_by", "suspended_from", "terminated", "bound_on", "status_as_of"),
    *("active_from", "active_to", "valid_from", "valid_to"),
)

REQUIRED_COLUMNS = {
    "extradition_treaties.csv": ("id", "party_a", "party_b", "status", "status_as_of", *SOURCE_COLUMNS),
    "mla_treaties.csv": ("id", "party_a", "party_b", "status", "status_as_of", *SOURCE_COLUMNS),
    "asset_sharing_agreements.csv": ("id", "party_a", "party_b", "kind", "status", *SOURCE_COLUMNS),
    "conventions.csv": ("id", "instrument", "jurisdiction", "in_force", "mode", "art44_position", *SOURCE_COLUMNS),
    "agencies.csv": ("id", "name", "jurisdiction", "kind", "active_from", "active_to"),
    "jurisdictions.csv": ("alpha2",),
    "agency_work.csv": ("agency", "work"),
    "intelligence_channels.csv": (
        *("id", "party_a", "party_b", "kind", "valid_from", "valid_to", "status", "status_as_of"),
        *SOURCE_COLUMNS,
    ),
    "exchange_rates.csv": ("currency", "first", "last", "low", "high"),
    "jurisdiction_rules.csv": ("id", "jurisdiction", "rule", "answer", "valid_from", "valid_to", *SOURCE_COLUMNS),
}
"""The columns that each table must have; it may have others."""


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
    def from_row(cls, row: LawRow) -> Citation:
        """The citation of a row."""
        basis = "; ".join(dict.fromkeys(row[c] for c in ("basis", "basis_status", "basis_dates") if row.get(c)))
        title, url, day = (row.get(column, "") for column in SOURCE_COLUMNS)
        return cls(row["id"], title, url, day, basis, row.get("note", ""))


def read_table(folder: Path, name: str) -> Sequence[LawRow]:
    """The rows of a table. Raises InputError that names file, line, column, value and what was expected."""
    path = folder / name
    try:
        with path.open(encoding="utf-8", newline="") as opened:
            reader = csv.DictReader(opened, restkey="", strict=True)
            missing = [c for c in REQUIRED_COLUMNS[name] if c not in (reader.fieldnames or ())]
            if missing:
                raise InputError(f"expected the column {missing[0]}", InputLocation(name, line=1))
            return [_check_row(row, name, reader.line_num) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"cannot be read: {error}", InputLocation(name)) from None


def read_optional_table(folder: Path, name: str) -> Sequence[LawRow]:
    """The rows of a table that a folder need not have; none where it has not."""
    return read_table(folder, name) if (folder / name).exists() else ()


def _check_row(row: dict[str, str], name: str, line: int) -> LawRow:
    if "" in row or None in row.values():
        raise InputError(f"expected {len(row) - ('' in row)} cells", InputLocation(name, line=line))
    if not row.get("id", "-"):
        raise InputError("expected a key that no other row has", InputLocation(name, line=line, key="id"))
    kinds = dict.fromkeys(DATE_COLUMNS, "date") | dict.fromkeys(("party_a", "party_b", "jurisdiction"), "jurisdiction")
    for column in (column for column in kinds if row.get(column)):
        try:
            row[column] = VALUE_TYPES[kinds[column]].clean(row[column])
        except BadValue as error:
            raise InputError(str(error), InputLocation(name, line=line, key=column, value=row[column])) from None
    return row
