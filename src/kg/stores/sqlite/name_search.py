"""The indexes of names and identifiers in the SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from kg.database import count_sorted_nodes

_SELECT_NODE = "SELECT node.num, node.id, type, caption, body, sought, protected FROM"

_BY_IDENTIFIER = f"{_SELECT_NODE} node WHERE node.num IN (SELECT node FROM identifier WHERE value = ?)"

_BY_NAME = f"{_SELECT_NODE} name CROSS JOIN node ON node.num = name.rowid WHERE name MATCH ?"

_BY_ID = "ORDER BY node.id LIMIT ?"

_SORTED = "AND name.rowid <= ? ORDER BY name.rowid LIMIT ?"
"""Nodes up to this number are in the order of their ids, so SQLite stops as soon as it has enough."""

_LATER = f"AND name.rowid > ? {_BY_ID}"

Rows = dict[str, tuple[Any, ...]]
"""By the id of the node: (number, id, type, caption, body, sought, protected)."""


class NameIndex:
    """Finds the first `limit` nodes, by id, that fulfil `only`, more SQL with `?` for `values`."""

    def __init__(self, connection: sqlite3.Connection, limit: int, only: str, values: Sequence[str] = ()) -> None:
        self._db, self._limit, self._only, self._values = connection, limit, only, tuple(values)

    def by_identifier(self, key: str) -> Rows:
        """The nodes with an identifier, in its comparable form."""
        rows = self._db.execute(f"{_BY_IDENTIFIER} {self._only} {_BY_ID}", (key, *self._values, self._limit))
        return {row[1]: row for row in rows}

    def by_words(self, query: str) -> Rows:
        """The nodes whose names match the query; none for an empty one."""
        if not query:
            return {}
        values = (query, *self._values, count_sorted_nodes(self._db), self._limit)
        rows = [row for end in (_SORTED, _LATER) for row in self._db.execute(f"{_BY_NAME} {self._only} {end}", values)]
        return {row[1]: row for row in sorted(rows, key=lambda row: str(row[1]))[: self._limit]}
