"""Run a query and return its rows as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from neo4j.graph import Node, Path, Relationship
from neo4j.spatial import Point

from kg.stores.neo4j.connection import Neo4jConnection, to_native


@dataclass(frozen=True, slots=True)
class QueryTable:
    """Columns and rows. A node, link or path is a few identifying fields."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    more: bool = False
    """Whether there were more rows than the limit."""


def run_query(
    connection: Neo4jConnection, text: str, parameters: Mapping[str, Any], seconds: float, limit: int | None = None
) -> QueryTable:
    """At most `limit` rows (None for all) of a query that reads; the server ends it after `seconds`.

    Raises StoreError.
    """
    columns, rows = connection.query(text, parameters, seconds, None if limit is None else limit + 1)
    return QueryTable(
        tuple(columns), tuple(tuple(map(_to_plain, row)) for row in rows[:limit]), len(rows) != len(rows[:limit])
    )


def _to_plain(value: Any) -> Any:
    match value:
        case Node():
            return {"id": value.get("id"), "caption": value.get("caption"), "labels": sorted(value.labels)}
        case Relationship():
            ends = (node.get("id") if node else None for node in value.nodes)
            return dict(zip(("from", "to"), ends, strict=True)) | {"id": value.get("id"), "type": value.type}
        case Path():
            return {"nodes": [_to_plain(n) for n in value.nodes], "links": [_to_plain(r) for r in value.relationships]}
        case Point():
            return str(value)
        case list() | tuple():
            return [_to_plain(v) for v in value]
        case dict():
            return {key: _to_plain(v) for key, v in value.items()}
        case None | bool() | int() | float() | str():
            return value
    native = to_native(value)
    return native.isoformat() if isinstance(native, date | datetime | time) else str(native)
