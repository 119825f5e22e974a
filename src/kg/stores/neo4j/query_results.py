"""What does a query answer, as plain data?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from neo4j.graph import Node, Path, Relationship
from neo4j.spatial import Point

from kg.stores.neo4j.connection import Conversation, plain


@dataclass(frozen=True, slots=True)
class Table:
    """Columns and rows. Nodes, links and paths are the few facts by which people know them."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    more: bool = False
    """Whether there were more rows than were asked for."""


def answer(
    conversation: Conversation, text: str, parameters: Mapping[str, Any], seconds: float, most: int | None = None
) -> Table:
    """At most so many rows (all when None) of a query that reads, which the server ends after so many seconds.

    Raises StoreError.
    """
    columns, rows = conversation.query(text, parameters, seconds, None if most is None else most + 1)
    return Table(tuple(columns), tuple(tuple(map(_shown, row)) for row in rows[:most]), len(rows) != len(rows[:most]))


def _shown(value: Any) -> Any:
    match value:
        case Node():
            return {"id": value.get("id"), "caption": value.get("caption"), "labels": sorted(value.labels)}
        case Relationship():
            ends = (node.get("id") if node else None for node in value.nodes)
            return dict(zip(("from", "to"), ends, strict=True)) | {"id": value.get("id"), "type": value.type}
        case Path():
            return {"nodes": [_shown(n) for n in value.nodes], "links": [_shown(r) for r in value.relationships]}
        case Point():
            return str(value)
        case list() | tuple():
            return [_shown(v) for v in value]
        case dict():
            return {key: _shown(v) for key, v in value.items()}
        case None | bool() | int() | float() | str():
            return value
    native = plain(value)
    return native.isoformat() if isinstance(native, date | datetime | time) else str(native)
