"""What stands in the tables of the law?"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from kg.errors import InputError, Place
from kg.ontology.values import VALUE_TYPES, BadValue

Row = Mapping[str, str]

SOURCE = ("source_title", "source_url", "source_date")
DATES = (
    *("signed", "in_force", "in_force_by", "suspended_from", "terminated", "bound_on", "status_as_of"),
    *("active_from", "active_to", "valid_from", "valid_to"),
)

COLUMNS = {
    "extradition_treaties.csv": ("id", "party_a", "party_b", "status", "status_as_of", *SOURCE),
    "mla_treaties.csv": ("id", "party_a", "party_b", "status", "status_as_of", *SOURCE),
    "asset_sharing_agreements.csv": ("id", "party_a", "party_b", "kind", "status", *SOURCE),
    "conventions.csv": ("id", "instrument", "jurisdiction", "in_force", "mode", "art44_position", *SOURCE),
    "agencies.csv": ("id", "name", "jurisdiction", "kind", "active_from", "active_to"),
    "jurisdictions.csv": ("alpha2",),
    "agency_work.csv": ("agency", "work"),
    "jurisdiction_rules.csv": ("id", "jurisdiction", "rule", "answer", "valid_from", "valid_to", *SOURCE),
}
"""The columns each table must have; it may have others."""


def read(folder: Path, name: str) -> Sequence[Row]:
    """The rows of a table. Raises InputError that names file, line, column, value and what was expected."""
    path = folder / name
    try:
        with path.open(encoding="utf-8", newline="") as opened:
            reader = csv.DictReader(opened, restkey="", strict=True)
            missing = [c for c in COLUMNS[name] if c not in (reader.fieldnames or ())]
            if missing:
                raise InputError(f"expected the column {missing[0]}", Place(name, line=1))
            return [_checked(row, name, reader.line_num) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"cannot be read: {error}", Place(name)) from None


def _checked(row: dict[str, str], name: str, line: int) -> Row:
    if "" in row or None in row.values():
        raise InputError(f"expected {len(row) - ('' in row)} cells", Place(name, line=line))
    if not row.get("id", "-"):
        raise InputError("expected a key that no other row has", Place(name, line=line, key="id"))
    for column in DATES:
        if row.get(column):
            row[column] = _clean("date", row[column], Place(name, line=line, key=column, value=row[column]))
    for column in ("party_a", "party_b", "jurisdiction"):
        if row.get(column):
            row[column] = _clean("jurisdiction", row[column], Place(name, line=line, key=column, value=row[column]))
    return row


def _clean(kind: str, text: str, place: Place) -> str:
    try:
        return VALUE_TYPES[kind].clean(text)
    except BadValue as error:
        raise InputError(str(error), place) from None
