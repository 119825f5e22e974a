"""The rows of statements.csv and of packs."""

from __future__ import annotations

import sqlite3
from collections.abc import Container, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from kg.records import Reject
from kg.sources.files.delimited import read_table
from kg.sources.ftm.fragments import repeated_keys
from kg.sources.rows import Progress, SourceRow, ignore_progress, key_problem

COLUMNS = ("entity_id", "prop", "value", "dataset")
"""Columns that every form has."""

PACK_COLUMNS = (
    *("entity_id", "prop", "value", "dataset", "lang", "original_value", "origin", "external"),
    *("first_seen", "last_seen", "id"),
)
OLD_PACK_COLUMNS = (
    *("entity_id", "prop", "value", "dataset", "lang", "original_value", "target", "external"),
    *("first_seen", "last_seen"),
)
"""Columns of packs without a header line: today's, and those of older versions."""
_HEADLESS = (PACK_COLUMNS, OLD_PACK_COLUMNS)

_EXTERNAL, _FACTS = ("t", "true", "yes", "y", "1"), ("", "f", "false", "no", "n", "0")
"""Marks of suggestions, and of facts."""

ID_PROPERTY = "id"
"""The property of the statement that an entity exists, with a digest as its value."""


class Statement(NamedTuple):
    """One value of one property."""

    row: SourceRow
    key: str
    """The canonical id: the key of the node."""
    entity_id: str
    """The id that the data set uses."""
    schema: str
    prop: str
    value: str
    dataset: str
    first_seen: str
    last_seen: str
    origin: str
    original: str
    """What the source wrote, if the value was made of it."""


def statements(files: Sequence[Path], progress: Progress) -> Iterator[Statement | Reject]:
    """The statements of some files; a row marked external is a reject: it is a suggestion and no fact.

    So is one of which the mark says neither; an empty canonical id is told.
    """
    for path in files:
        for found in read_table(path, COLUMNS, progress, headless=_HEADLESS):
            if isinstance(found, Reject):
                yield found
            elif (mark := found[1].get("external", "").strip().lower()) in _EXTERNAL:
                yield found[0].reject("is marked external, as a suggestion and no fact; such rows are not read")
            elif mark not in _FACTS:
                expected = "expected t or f; it may be a suggestion and no fact, and is not read"
                yield found[0].reject(f"column external, value {mark!r:.80}: {expected}")
            else:
                if found[1].get("canonical_id", "-") == "" and found[1]["entity_id"]:
                    yield found[0].remark("column canonical_id: expected an id, not an empty cell; entity_id is used")
                yield _parse(*found)


def _parse(row: SourceRow, cells: dict[str, str]) -> Statement | Reject:
    key = cells.get("canonical_id") or cells["entity_id"]
    for name, text in (("entity_id", cells["entity_id"]), ("canonical_id", key)):
        if (name == "entity_id" or text != cells["entity_id"]) and (problem := key_problem(text)):
            return row.reject(f"column {name}, value {text!r:.80}: {problem}")
    schema, colon, prop = cells["prop"].rpartition(":")
    schema = schema if colon else cells.get("schema", "")
    if not schema or not prop:
        return row.reject(f"column prop, value {cells['prop']!r:.80}: expected Schema:property, or a column schema")
    if not cells["value"]:
        return row.reject("column value: expected a value, not an empty cell")
    return Statement(
        row,
        key,
        cells["entity_id"],
        schema,
        prop,
        cells["value"],
        cells["dataset"],
        cells.get("first_seen", ""),
        cells.get("last_seen", ""),
        cells.get("origin", ""),
        cells.get("original_value", ""),
    )


def scattered_keys(files: Sequence[Path]) -> Container[object]:
    """The keys of entities whose statements are not next to each other."""
    rows = (row for path in files for row in read_table(path, COLUMNS, ignore_progress, headless=_HEADLESS))
    keys = (row[1].get("canonical_id") or row[1]["entity_id"] for row in rows if not isinstance(row, Reject))
    return repeated_keys(key for key, _ in groupby(keys))


class StatementSpool:
    """Statements whose entity has others elsewhere, stored in a temporary file until all are read."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        names = ", ".join(("file", "line", "raw", *Statement._fields[1:]))
        connection.execute(f"CREATE TABLE statement (num INTEGER PRIMARY KEY, {names})")
        self._insert = f"INSERT INTO statement ({names}) VALUES ({', '.join('?' * (len(Statement._fields) + 2))})"
        connection.execute("BEGIN")

    def add(self, statement: Statement) -> None:
        """Store one."""
        row = statement.row
        self._db.execute(self._insert, (row.file, row.line, row.raw, *statement[1:]))

    def groups(self) -> Iterator[list[Statement]]:
        """The statements on each entity."""
        rows = self._db.execute("SELECT * FROM statement ORDER BY key, num")
        for _, group in groupby(rows, key=itemgetter(4)):
            yield [Statement(SourceRow(*row[1:4]), *row[4:]) for row in group]
