"""Write rows as lines of files that neo4j-admin imports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from kg.errors import StoreError
from kg.files import append_to_file
from kg.stores.neo4j.graph_rows import GraphRow

FIELD_SEPARATOR = "\t"
ELEMENT_SEPARATOR = "\x1e"
"""Separates the elements of a list. Like the tab, it occurs in no value: text has no control characters."""

ENDS = (":START_ID", ":END_ID")
_ABSENT = ""
_EMPTY_TEXT = '""'
"""An empty text; an empty field is an absent value."""


_COLUMN_TYPES: Mapping[tuple[type, type | None], tuple[str, Callable[[Any], str]]] = {
    (str, None): ("string", lambda text: text or _EMPTY_TEXT),
    (bool, None): ("boolean", lambda flag: "true" if flag else "false"),
    (int, None): ("long", str),
    (float, None): ("double", repr),
    (date, None): ("date", date.isoformat),
    (list, str): ("string[]", ELEMENT_SEPARATOR.join),
    (list, float): ("double[]", lambda values: ELEMENT_SEPARATOR.join(map(repr, values))),
}
"""The type name in a header and the format of a value, by its type and that of its elements."""


@dataclass(frozen=True, slots=True)
class ImportFile:
    """A file of nodes with the same labels, or of links of one type, and the file with its header."""

    kind: tuple[str, ...]
    header: str
    name: str
    rows: int

    def import_argument(self) -> str:
        """The argument of neo4j-admin: it gives each row the labels, or the type, before the files' names."""
        option = "relationships" if len(self.kind) == 1 and self.name.startswith("links") else "nodes"
        return f"--{option}={':'.join(self.kind)}=./{self.header},./{self.name}"


class CsvFile:
    """A file of rows with the same labels or type. A row may add columns, so the header is written at the end.

    A line ends after its last value, however many columns there are.
    """

    def __init__(self, folder: Path, name: str, kind: tuple[str, ...]) -> None:
        self._folder, self._name, self._kind = folder, name, kind
        self._columns: dict[tuple[str, type], int] = {}
        self._forms: list[Callable[[Any], str]] = []
        self._header: list[str] = []
        self._keys: set[str] = set()
        self._lines: list[str] = []
        self._rows = 0

    def add(self, row: GraphRow) -> bool:
        """Add a row; False if a value of it has another type than this key has in earlier rows."""
        if not self._header:
            if row.tail:
                self._header += ENDS
                self._forms += (str, str)
            self._column("id", str, row.id, is_link=bool(row.tail))
        columns, forms = self._columns, self._forms
        fields = [_ABSENT] * len(self._header)
        if row.tail:
            fields[0], fields[1] = row.tail, row.head
        for key, value in row.properties.items():
            value_type = type(value)
            at = columns.get((key, value_type))
            if at is None:
                if key in self._keys:
                    return False
                at = self._column(key, value_type, value, is_link=bool(row.tail))
                fields.append(_ABSENT)
            fields[at] = (value or _EMPTY_TEXT) if value_type is str else forms[at](value)
        self._lines.append(self._line(row, fields))
        return True

    def flush(self) -> None:
        """Append the added rows to the file. It is open only for that, because there may be many files."""
        if self._lines:
            append_to_file(self._folder / f"{self._name}.csv", "\n".join([*self._lines, ""]).encode())
            self._rows += len(self._lines)
            self._lines.clear()

    def finish(self) -> ImportFile:
        """Write the remaining rows and the header."""
        self.flush()
        header = f"{self._name}.header.csv"
        append_to_file(self._folder / header, (FIELD_SEPARATOR.join(self._header) + "\n").encode())
        return ImportFile(self._kind, header, f"{self._name}.csv", self._rows)

    def _column(self, key: str, value_type: type, value: Any, *, is_link: bool) -> int:
        name, form = _COLUMN_TYPES[value_type, type(value[0]) if value_type is list else None]
        self._header.append("id:ID" if key == "id" and not is_link else f"{key}:{name}")
        self._forms.append(form)
        self._keys.add(key)
        self._columns[key, value_type] = len(self._header) - 1
        return len(self._header) - 1

    def _line(self, row: GraphRow, fields: list[str]) -> str:
        """The fields as one line. Only a field that begins with a quote has to be quoted."""
        text = FIELD_SEPARATOR.join(fields).rstrip(FIELD_SEPARATOR)
        if "\n" in text or "\r" in text:
            raise StoreError(f"{row.id} has a text of several lines, which no file for neo4j-admin can hold")
        if '\t"' in text or text.startswith('"'):
            return FIELD_SEPARATOR.join(self._quoted(row, fields)).rstrip(FIELD_SEPARATOR)
        return text

    def _quoted(self, row: GraphRow, fields: list[str]) -> Iterable[str]:
        """The fields, those that begin with a quote quoted; empty texts are quoted already."""
        empty = {self._columns[key, str] for key, value in row.properties.items() if value == ""}
        for at, field in enumerate(fields):
            needs = field.startswith('"') and at not in empty
            yield f'"{field.replace(chr(34), chr(34) * 2)}"' if needs else field
