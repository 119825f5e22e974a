"""Splits entities that contain other entities."""

from __future__ import annotations

import sqlite3
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

import orjson

from kg.ontology.derive.ftm import EdgeRule, NodeRule
from kg.records import Reject
from kg.sources.rows import SourceRow, as_object, key_problem

Entity = dict[str, Any]
Rules = Mapping[str, NodeRule | EdgeRule]
"""Schema to its rule."""

_EARLIEST, _LATEST = {"first_seen"}, {"last_seen", "last_change"}
_LISTS = {"datasets", "referents"}
_LABEL = {"caption"}


def is_nested(data: Entity) -> bool:
    """Whether one of an entity's properties contains entities instead of their ids."""
    properties = as_object(data.get("properties"))
    return any(isinstance(v, dict) for found in properties.values() if isinstance(found, list) for v in found)


def unnest(data: Entity, rules: Rules) -> Iterator[Entity]:
    """The entity and all entities in it, at any depth, each with ids in place of entities.

    An entity under the name of a reverse property gets a reference to the one that contains it. An object without a
    valid id stays in place, for the reader to reject.
    """
    waiting = [data]
    while waiting:
        entity = waiting.pop()
        properties = dict(as_object(entity.get("properties")))
        for name, found in list(properties.items()):
            if not isinstance(found, list) or not any(isinstance(v, dict) for v in found):
                continue
            left: list[object] = []
            for value in found:
                if not isinstance(value, dict) or key_problem(value.get("id")):
                    left.append(value)
                    continue
                back = _back_reference(entity, name, value, rules)
                if back is None:
                    left.append(value["id"])
                if set(value) != {"id"} or back:
                    waiting.append(_with_reference(value, back, entity["id"]) if back else value)
            properties[name] = left
        yield {**entity, "properties": {n: v for n, v in properties.items() if v}} if properties else entity


class EntitySpool:
    """Entities that may occur several times, stored in a temporary file until all are read, and merged by id.

    A nested export repeats an entity in every row that reaches it; the values of all rows are merged.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._count = 0
        connection.execute(
            """CREATE TABLE said (key TEXT, schema TEXT, body BLOB, num INTEGER, file TEXT, line INTEGER,
            PRIMARY KEY (key, schema, body)) WITHOUT ROWID"""
        )
        connection.execute("BEGIN")

    def add(self, row: SourceRow, entity: Entity) -> None:
        """Store an entity of one row."""
        self._count += 1
        body = orjson.dumps(entity, option=orjson.OPT_SORT_KEYS)
        cells = (entity["id"], str(entity.get("schema")), body, self._count, row.file, row.line)
        self._db.execute("INSERT OR IGNORE INTO said VALUES (?, ?, ?, ?, ?, ?)", cells)

    def merged(self) -> Iterator[tuple[SourceRow, Entity, list[Reject]]]:
        """Each entity once, by id and schema, at its first position, with the rejects of values that conflict."""
        rows = self._db.execute("SELECT key, schema, body, file, line FROM said ORDER BY key, schema, num")
        for _, group in groupby(rows, key=lambda row: row[:2]):
            yield _merge_entity([(SourceRow(file, line, body), orjson.loads(body)) for _, _, body, file, line in group])


def _merge_entity(repeated: list[tuple[SourceRow, Entity]]) -> tuple[SourceRow, Entity, list[Reject]]:
    (first, entity), *more = repeated
    rejects: list[Reject] = []
    for row, other in more:
        for name, value in other.items():
            if name == "properties" and isinstance(value, dict) and isinstance(entity.get(name), dict):
                entity[name] |= {n: _merge_lists(entity[name].get(n, []), found) for n, found in value.items()}
            elif name in _LISTS:
                entity[name] = _merge_lists(entity.get(name) or [], value or [])
            elif name not in entity:
                entity[name] = value
            elif entity[name] != value and name in _EARLIEST | _LATEST and isinstance(value, str):
                entity[name] = (min if name in _EARLIEST else max)(str(entity[name]), value)
            elif entity[name] != value and name not in _LABEL:
                reason = "another row says otherwise of this entity; that one is kept"
                rejects.append(row.reject_value(name, value, reason))
    return SourceRow(first.file, first.line, orjson.dumps(entity)), entity, rejects


def _merge_lists(one: object, other: object) -> list[object]:
    """The values of both, each once."""
    first, second = (found if isinstance(found, list) else [found] for found in (one, other))
    return [*first, *(value for value in second if value not in first)]


def _back_reference(holder: Entity, name: str, held: Entity, rules: Rules) -> str | None:
    """The property of `held` that refers to its holder; None where the holder refers to it."""
    if name in _reverse_properties():
        return _reverse_properties()[name]
    edge, outer = (rules.get(str(entity.get("schema"))) for entity in (held, holder))
    if not isinstance(edge, EdgeRule) or isinstance(outer, EdgeRule):
        return None
    regular = {f"{held['schema']}{end}".lower(): end for pair in edge.ends for end in pair}
    return regular.get(name.lower()) or _holder_end(edge, held, holder["id"])


def _holder_end(edge: EdgeRule, held: Entity, holder: str) -> str | None:
    """The end of a link that is its holder, under any property name."""
    given = as_object(held.get("properties"))
    for end in (end for pair in edge.ends for end in pair):
        found = given.get(end)
        if isinstance(found, list) and holder in found:
            return end
    for source, target in edge.ends:
        if bool(given.get(source)) != bool(given.get(target)):
            return target if given.get(source) else source
    return None


def _with_reference(held: Entity, name: str, at: str) -> Entity:
    given = as_object(held.get("properties"))
    return {**held, "properties": {**given, name: _merge_lists(given.get(name, []), [at])}}


@lru_cache(maxsize=1)
def _reverse_properties() -> dict[str, str]:
    return tomllib.loads((Path(__file__).parent / "reverses.toml").read_text(encoding="utf-8"))
