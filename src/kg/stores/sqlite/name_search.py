"""Search nodes by name and identifier, best match first."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from kg.database import count_sorted_nodes
from kg.names import name_words, prefix_query, whole_name_query, whole_words_query
from kg.ontology.values import identifier_key

_SELECT_NODE = "SELECT node.num, node.id, type, caption, body, sought, protected FROM"

_BY_IDENTIFIER = f"{_SELECT_NODE} node WHERE node.num IN (SELECT node FROM identifier WHERE value = ?)"

_BY_NAME = f"{_SELECT_NODE} name CROSS JOIN node ON node.num = name.rowid WHERE name MATCH ?"

_BY_ID = "ORDER BY node.id LIMIT ?"

_SORTED = "AND name.rowid <= ? ORDER BY name.rowid LIMIT ?"
"""Nodes up to this number are in the order of their ids, so SQLite stops as soon as it has enough."""

_LATER = f"AND name.rowid > ? {_BY_ID}"

Row = tuple[Any, ...]


class NameSearch:
    """Searches the names and identifiers of one store for nodes that fulfil `only`, more SQL with `?` for `values`."""

    def __init__(self, connection: sqlite3.Connection, only: str = "", values: Sequence[str] = ()) -> None:
        self._db = connection
        self._only = only
        self._values = tuple(values)

    def rows(self, text: str, limit: int) -> list[Row]:
        """At most `limit` nodes with this identifier, this whole name, these words, or words that begin so; each by id.

        Beginnings of several words are looked for only where nothing else is found: who has all the words whole is who
        was meant, and those whose words begin like them are many.
        """
        found = {row[0]: row for row in self.find_exact(text, limit)}
        whole, prefixes = whole_words_query(text), prefix_query(text)
        if len(found) < limit:
            found |= self._by_name(whole, limit, found)
        if prefixes != whole and len(found) < limit and (not found or len(name_words(text)) == 1):
            found |= self._by_name(prefixes, limit, found)
        return list(found.values())[:limit]

    def find_exact(self, text: str, limit: int) -> list[Row]:
        """At most `limit` nodes with this identifier, and as many others with this whole name."""
        rows = self._db.execute(f"{_BY_IDENTIFIER} {self._only} {_BY_ID}", (identifier_key(text), *self._values, limit))
        found = {row[0]: row for row in rows}
        return list({**found, **self._by_name(whole_name_query(text), limit, found)}.values())

    def _by_name(self, query: str, limit: int, known: Mapping[int, Row]) -> dict[int, Row]:
        """The first `limit` nodes, by id, whose names match the query, without those in `known`."""
        if not query:
            return {}
        end = count_sorted_nodes(self._db)
        rows = self._db.execute(f"{_BY_NAME} {self._only} {_SORTED}", (query, *self._values, end, limit)).fetchall()
        rows += self._db.execute(f"{_BY_NAME} {self._only} {_LATER}", (query, *self._values, end, limit)).fetchall()
        rows.sort(key=lambda row: str(row[1]))
        return {row[0]: row for row in rows[:limit] if row[0] not in known}
