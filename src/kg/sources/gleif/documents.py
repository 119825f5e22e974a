"""Reads rows of CSV and objects of JSON as one structure: fields, numbered where there are several."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from kg.errors import InputError, InputLocation
from kg.records import Reject
from kg.sources.files.delimited import read_header, read_table
from kg.sources.files.json_objects import ResultPages, read_objects
from kg.sources.files.lines import read_chunks
from kg.sources.files.parquet import is_parquet
from kg.sources.gleif.api_answers import answer_records, field_names, is_answer
from kg.sources.rows import Progress, SourceRow, as_object

ENTITY_FIELDS = ("LEI", "Entity.LegalName")
RELATIONSHIP_FIELDS = (
    "Relationship.StartNode.NodeID",
    "Relationship.EndNode.NodeID",
    "Relationship.RelationshipType",
)
EXCEPTION_FIELDS = ("LEI", "Exception.Category")
FIELDS_BY_KIND = {"entity": ENTITY_FIELDS, "relationship": RELATIONSHIP_FIELDS, "exception": EXCEPTION_FIELDS}
"""Kind of a row to the fields that it has to have; the last one is in no other kind."""

_LISTS = ("records", "relations", "exceptions")
"""The key of the one list of a golden copy in JSON."""

_MARKS = {"@type": "type", "@xml:lang": "xmllang"}
_JSON_NAMES = {
    "ExceptionCategory": "Exception.Category",
    "ExceptionReason": "Exception.Reason",
    "ExceptionReference": "Exception.Reference",
    "Relationship.RelationshipPeriods.RelationshipPeriod": "Relationship.Period",
    "Relationship.RelationshipPeriods": "Relationship.Period",
    "Relationship.RelationshipQualifiers": "Relationship.Qualifiers",
    "Relationship.RelationshipQuantifiers": "Relationship.Quantifiers",
}
"""Beginning of a field's name in JSON to its name in CSV."""

_JSON_ENDS = {"StartDate": "startDate", "EndDate": "endDate", "PeriodType": "periodType"}


class LeiFields:
    """The fields of a row by their names in CSV without numbers; taking a value removes it."""

    def __init__(self, cells: dict[str, str]) -> None:
        self._cells = {name: text for name, cell in cells.items() if cell and (text := cell.strip())}
        self._names: dict[str, dict[tuple[str, ...], str]] = {}
        for name in self._cells:
            plain, number = _split_name(name)
            self._names.setdefault(plain, {})[number] = name

    def kind(self) -> str:
        """Which kind of row it is; empty if none."""
        return next((kind for kind, fields in FIELDS_BY_KIND.items() if fields[-1] in self._names), "")

    def take(self, name: str) -> str:
        """The only or first value of a field; empty if there is none."""
        found = self._names.get(name)
        return self._cells.pop(found.pop(min(found))) if found else ""

    def take_all(self, name: str) -> dict[tuple[str, ...], str]:
        """All values of a field by their numbers, in order."""
        found = self._names.pop(name, {})
        numbers = sorted(found, key=lambda n: [*map(int, n)]) if len(found) > 1 else found
        return {number: self._cells.pop(found[number]) for number in numbers}

    def peek(self, name: str) -> str:
        """As `take`, but the value remains."""
        found = self._names.get(name)
        return self._cells[found[min(found)]] if found else ""

    def remaining(self) -> dict[str, list[str]]:
        """The values that were not taken, under their own names."""
        return {name: [text] for name, text in self._cells.items()}


def day_of(moment: str) -> str:
    """The day of a moment such as `2026-05-07T08:00:00Z`; any other text stays as it is."""
    day = moment.partition("T")[0]
    return day if day.replace("-", "").isdigit() else moment


@lru_cache(maxsize=4_096)
def _split_name(name: str) -> tuple[str, tuple[str, ...]]:
    """A name without its numbers, and the numbers."""
    parts = name.split(".")
    return ".".join(p for p in parts if not p.isdigit()), tuple(p for p in parts if p.isdigit())


def read_documents(
    path: Path, progress: Progress, pages: ResultPages
) -> Iterator[tuple[SourceRow, LeiFields] | Reject]:
    """The rows of a file, or a reject; lazily. Answers of the API are added to `pages`.

    Raises InputError for a table that is none of GLEIF's.
    """
    if not is_parquet(path) and next(read_chunks(path)).lstrip()[:1] in (b"{", b"["):
        for row in read_objects(path, progress, lists=_LISTS):
            data = row.parse_object()
            if isinstance(data, Reject):
                yield data
            elif is_answer(data):
                listed, first = data["data"], as_object(data.get("links")).get("first")
                total = as_object(as_object(data.get("meta")).get("pagination")).get("total")
                pages.add(row, total, listed if isinstance(listed, list) else [listed], of=str(first))
                for found in answer_records(row, data):
                    if isinstance(found, Reject):
                        yield found
                    else:
                        yield found[0], LeiFields(field_names(_flatten(found[1], plain=True)))
            else:
                yield row, LeiFields(_flatten(_unwrapped(data)))
        return
    for line in read_table(path, _required_columns(path), progress):
        yield line if isinstance(line, Reject) else (line[0], LeiFields(line[1]))


def _unwrapped(data: dict[str, Any]) -> dict[str, Any]:
    """A record without the element that has nothing but it, as programs that convert XML leave it."""
    inner = next(iter(data.values()), None) if len(data) == 1 else None
    return inner if isinstance(inner, dict) and next(iter(data)).endswith("Record") else data


def _required_columns(path: Path) -> tuple[str, ...]:
    header = read_header(path)
    for fields in FIELDS_BY_KIND.values():
        if fields[-1] in header:
            return fields
    expected = ", ".join(fields[-1] for fields in FIELDS_BY_KIND.values())
    raise InputError(f"is no table of GLEIF: expected one of the columns {expected}", InputLocation(str(path), 1))


def _flatten(data: dict[str, Any], *, plain: bool = False) -> dict[str, str]:
    """The values of a JSON object by their names in CSV, or by their `plain` paths."""
    found: dict[str, str] = {}
    _collect(data, "", found)
    return found if plain else {_csv_name(name): text for name, text in found.items()}


def _collect(value: Any, name: str, found: dict[str, str]) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            part = _MARKS[key] if key in _MARKS else str(key)
            _collect(inner, name if key == "$" else f"{name}.{part}" if name else part, found)
    elif isinstance(value, list):
        for number, inner in enumerate(value, start=1):
            _collect(inner, f"{name}.{number}", found)
    elif value is not None:
        found[name] = ("true" if value else "false") if isinstance(value, bool) else str(value)


def _csv_name(name: str) -> str:
    for long, short in _JSON_NAMES.items():
        if name == long or name.startswith(f"{long}."):
            name = short + name.removeprefix(long)
            break
    head, _, end = name.rpartition(".")
    return f"{head}.{_JSON_ENDS[end]}" if head and end in _JSON_ENDS else name
