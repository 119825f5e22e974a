"""The indexes of names and identifiers in the SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import Any

from kg.database import HOW_TO_GO_ON, count_sorted_nodes
from kg.errors import StoreDamaged
from kg.names import name_words, whole_words_query
from kg.ontology.values import identifier_key

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


def expect_absence(connection: sqlite3.Connection, text: str) -> None:
    """Raise StoreDamaged if a table has an identifier or name whose index has nothing, not even out of this scope.

    Reads both tables from end to end, so it is for an answer of nothing, and not for a service.
    """
    key, words = identifier_key(text), name_words(text)
    by_index = "SELECT 1 FROM identifier WHERE value = ? LIMIT 1"
    by_table = "SELECT 1 FROM identifier NOT INDEXED WHERE value = ? LIMIT 1"
    if key and not connection.execute(by_index, (key,)).fetchone() and connection.execute(by_table, (key,)).fetchone():
        raise StoreDamaged(f"index identifier_value lacks what its table has; {HOW_TO_GO_ON}")
    if not words or connection.execute("SELECT 1 FROM name WHERE name MATCH ?", (whole_words_query(text),)).fetchone():
        return
    have_all = " AND ".join(["instr(' ' || c0 || ' ', ?)"] * len(words))
    by_table = f"SELECT 1 FROM name_content NOT INDEXED WHERE {have_all} LIMIT 1"
    if connection.execute(by_table, [f" {word} " for word in words]).fetchone():
        raise StoreDamaged(f"the index of search words lacks what its table has; {HOW_TO_GO_ON}")
