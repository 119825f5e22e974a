"""Merges the parts of entities that come one after the other."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any, Protocol

import orjson

from kg.ontology.derive.ftm import EXTENSION_KEY
from kg.records import NOT_UNDERSTOOD, Reject
from kg.sources.ftm.schemata import ancestors, schema_problem, stated_schema
from kg.sources.line_reader import Parts
from kg.sources.rows import SourceRow, as_object

Entity = dict[str, Any]

_BATCH = 1_000
"""Entities that are inserted at once."""

_EARLIEST, _LATEST = {"first_seen"}, {"last_seen", "last_change"}
_LISTS = {"datasets", "referents"}
_LABEL = {"caption"}


class Differing(list[Any]):
    """What the rows of an entity say differently under one key beside the properties."""


class MergedRow(SourceRow):
    """The rows of an entity that several rows say. A reject of a value shows the row that has it."""

    fragments: list[tuple[SourceRow, Entity]]

    @classmethod
    def of(cls, fragments: list[tuple[SourceRow, Entity]]) -> MergedRow:
        """The row of some fragments; its own position and text are those of the first."""
        merged = cls(*fragments[0][0])
        merged.fragments = fragments
        return merged

    def rows(self) -> list[SourceRow]:
        """The rows, each once."""
        return list(dict.fromkeys(row for row, _ in self.fragments))

    def reject_value(self, name: str, value: object, reason: str, about: str = "") -> Reject:
        """A reject of one value, with the row that has it."""
        rows = (row for row, entity in self.fragments if _has_value(entity, name, value))
        row = next(rows, self.fragments[0][0])
        return SourceRow(*row).reject_value(name, value, reason, about)


class Spool(Protocol):
    """Stores entities until all are read."""

    def add(self, row: SourceRow, entity: Entity, *, inner: bool = False) -> None:
        """Store an entity of one row; `inner` if the row has others too, which may be repeated in any other row."""
        ...


class SpooledEntities:
    """Entities that one process stores and another merges."""

    def __init__(self) -> None:
        self._lines: list[tuple[str, int, bytes, int]] = []
        self._entities: list[tuple[str, bytes, bytes | None, int, int]] = []
        self._last: SourceRow | None = None

    def add(self, row: SourceRow, entity: Entity, *, inner: bool = False) -> None:
        """Store an entity, as `Spool` does."""
        if row is not self._last:
            self._last = row
            self._lines.append((row.file, row.line, row.raw, row.element))
        body = orjson.dumps(entity, option=orjson.OPT_SORT_KEYS)
        digest = hashlib.blake2b(body, digest_size=16).digest()
        kept = body if inner or row.raw.rstrip().endswith(b",") else None  # of others the row is the body
        self._entities.append((entity["id"], digest, kept, len(self._lines), 0 if inner else 1))

    @property
    def size(self) -> int:
        """How many entities are stored."""
        return len(self._entities)

    def lines(self) -> set[int]:
        """The numbers of the lines of entities that are stored."""
        return {number for _, number, *_ in self._lines}

    def take(self) -> Parts:
        """The entities stored so far, for `EntitySpool.add_all`; afterwards there are none."""
        taken = (self._lines, self._entities) if self._entities else ()
        self._lines, self._entities, self._last = [], [], None
        return taken


class EntitySpool:
    """Entities that may occur several times, stored in a temporary file until all are read, and merged by id."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._lines = 0
        self._count = 0
        self._waiting = SpooledEntities()
        connection.execute(
            "CREATE TABLE line (num INTEGER PRIMARY KEY, file TEXT, number INTEGER, raw BLOB, element INTEGER)"
        )
        connection.execute(
            """CREATE TABLE said (key TEXT, digest BLOB, num INTEGER, body BLOB, line INTEGER, times INTEGER,
            PRIMARY KEY (key, digest)) WITHOUT ROWID"""
        )
        connection.execute("BEGIN")

    def add(self, row: SourceRow, entity: Entity, *, inner: bool = False) -> None:
        """Store an entity, as `Spool` does."""
        self._waiting.add(row, entity, inner=inner)
        if self._waiting.size >= _BATCH:
            self.add_all(self._waiting.take())

    def add_all(self, taken: Parts) -> None:
        """Store what `SpooledEntities.take` gave."""
        lines, entities = taken or ((), ())
        numbered = ((number, *line) for number, line in enumerate(lines, self._lines + 1))
        self._db.executemany("INSERT INTO line VALUES (?, ?, ?, ?, ?)", numbered)
        insert = f"""INSERT INTO said VALUES (?, ?, ?, ?, ? + {self._lines}, ?)
            ON CONFLICT DO UPDATE SET times = times + excluded.times"""
        rows = ((key, digest, number, *rest) for number, (key, digest, *rest) in enumerate(entities, self._count + 1))
        self._db.executemany(insert, rows)
        self._lines, self._count = self._lines + len(lines), self._count + len(entities)

    def merged(self) -> Iterator[tuple[MergedRow, Entity | None, list[Reject]]]:
        """Each entity once, by id, with the rows and values that do not fit it as rejects.

        One that equal rows say comes once for each of them.
        """
        self.add_all(self._waiting.take())
        rows = self._db.execute(
            """SELECT said.key, said.num, coalesce(said.body, line.raw), said.times, file, number, line.raw, element
            FROM said JOIN line ON line.num = said.line ORDER BY said.key"""
        )
        for _, group in groupby(rows, key=itemgetter(0)):
            parts = sorted(group, key=itemgetter(1))
            times = parts[0][3] if len(parts) == 1 else 1
            for _ in range(max(times, 1)):
                yield merge_fragments([(_row(*place), orjson.loads(body)) for _, _, body, _, *place in parts])


def _row(file: str, line: int, raw: bytes, element: int) -> SourceRow:
    return SourceRow(file, line, raw, None, element)


def merge_fragments(fragments: list[tuple[SourceRow, Entity]]) -> tuple[MergedRow, Entity | None, list[Reject]]:
    """One entity of all fragments that fit each other; each other row is rejected as a whole.

    None where no row tells which of several schemata is the right one.
    """
    named = [str(entity.get("schema")) for _, entity in fragments]
    schema = stated_schema(named)
    fitting, rejects = list[tuple[SourceRow, Entity]](), list[Reject]()
    entity, values = Entity(), _Values()
    for own, (row, other) in zip(named, fragments, strict=True):
        problem = "" if own in ancestors(schema) else schema_problem(other["id"], own, named)
        if not problem and fitting and _extension(entity) != _extension(other):
            problem = f"key {EXTENSION_KEY}: another line of {entity['id']!r:.80} has other types, keys or grades"
        if problem:
            rejects.append(row.reject(problem))
            continue
        if fitting:
            rejects += _merge_around(row, entity, other)
        else:
            entity = {**other}
        fitting.append((row, other))
        values.add_all(as_object(other.get("properties")))
    if len(fitting) > 1:
        entity |= {"schema": schema, "properties": values.lists()}
    return MergedRow.of(fitting or fragments), entity or None, rejects


def _merge_around(row: SourceRow, entity: Entity, other: Entity) -> Iterator[Reject]:
    """Merge what stands beside the properties, and keep what differs; yields a reject for a moment that is none."""
    for name, value in other.items():
        if name in {"properties", "schema"}:
            continue
        if name == EXTENSION_KEY and isinstance(value, dict):
            entity[name] = _merge_extensions(as_object(entity.get(name)), value)
        elif name in _LISTS:
            entity[name] = _union(_as_list(entity.get(name)), _as_list(value))
        elif name not in entity:
            entity[name] = value
        elif entity[name] != value and name in _EARLIEST | _LATEST and isinstance(value, str):
            entity[name] = (min if name in _EARLIEST else max)(str(entity[name]), value)
        elif name in _EARLIEST | _LATEST and entity[name] != value:
            reason = "another row says otherwise of this entity; that one is kept"
            yield row.reject_value(name, value, reason)
        elif entity[name] != value and name not in _LABEL:
            known = entity[name] if isinstance(entity[name], Differing) else Differing([entity[name]])
            entity[name] = known if value in known else Differing([*known, value])


def _extension(entity: Entity) -> Any:
    """What all fragments of an entity have to agree on; the words that were not understood are each fragment's own."""
    found = entity.get(EXTENSION_KEY)
    return ({n: v for n, v in found.items() if n != NOT_UNDERSTOOD} or None) if isinstance(found, dict) else found


def _merge_extensions(one: Entity, two: Entity) -> Entity:
    words = _union(_as_list(one.get(NOT_UNDERSTOOD)), _as_list(two.get(NOT_UNDERSTOOD)))
    return {**two, **one, **({NOT_UNDERSTOOD: words} if words else {})}


def _union(*lists: Iterable[Any]) -> list[Any]:
    """All values, each once; they may be of any type that JSON has."""
    return list(
        {value if isinstance(value, str) else ("", repr(value)): value for found in lists for value in found}.values()
    )


class _Values:
    """The values of properties, each once, in the order in which they come."""

    def __init__(self) -> None:
        self._found: dict[str, dict[object, object]] = {}

    def add_all(self, properties: Entity) -> None:
        for name, found in properties.items():
            known = self._found.setdefault(name, {})
            for value in _as_list(found):
                known.setdefault(value if isinstance(value, str) else ("", repr(value)), value)

    def lists(self) -> Entity:
        return {name: list(found.values()) for name, found in self._found.items()}


def _as_list(found: Any) -> Iterable[Any]:
    return found if isinstance(found, list) else () if found is None else (found,)


def _has_value(entity: Entity, name: str, value: object) -> bool:
    properties = as_object(entity.get("properties"))
    return value in _as_list(properties.get(name)) or value in _as_list(entity.get(name))
