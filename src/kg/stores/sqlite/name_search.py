"""The indexes of names and identifiers in the SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from functools import cached_property

from kg import names
from kg.database import HOW_TO_GO_ON, count_sorted_nodes
from kg.errors import StoreDamaged
from kg.ontology.search_words import search_words
from kg.ontology.values import identifier_key
from kg.stores.row_decoder import RowDecoder

_SELECT_NODE = "SELECT node.num, node.id, node.type FROM"

_BY_IDENTIFIER = f"{_SELECT_NODE} node WHERE node.num IN (SELECT node FROM {{table}} WHERE value = ?)"

_BY_NAME = f"{_SELECT_NODE} {{index}} AS words CROSS JOIN node ON node.num = words.rowid WHERE {{index}} MATCH ?"

_BY_ID = "ORDER BY node.id LIMIT ?"

_SORTED = "AND words.rowid <= ? ORDER BY words.rowid LIMIT ?"
"""Nodes up to this number are in the order of their ids, so SQLite stops as soon as it has enough."""

_LATER = f"AND words.rowid > ? {_BY_ID}"

_PROTECTED = "protected_"
"""What the names of tables begin with that hold what only the protected scope finds."""

FoundNode = tuple[int, str, str]
"""Number, id and type of a node."""

Rows = dict[str, FoundNode]
"""By the id of the node, in the order of the ids."""


class NameIndex:
    """Finds the first `limit` nodes, by id, that fulfil `only`, more SQL with `?` for `values`.

    `protected` finds them also by what only protected records say.
    """

    def __init__(
        self, connection: sqlite3.Connection, limit: int, only: str, values: Sequence[str] = (), *, protected: bool
    ) -> None:
        self._db, self._limit, self._only, self._values = connection, limit, only, tuple(values)
        self._prefixes = _prefixes(protected=protected)

    def by_identifier(self, key: str) -> Rows:
        """The nodes with an identifier, in its comparable form."""
        values = (key, *self._values, self._limit)
        queries = (_BY_IDENTIFIER.format(table=f"{prefix}identifier") for prefix in self._prefixes)
        return self._first(self._db.execute(f"{query} {self._only} {_BY_ID}", values) for query in queries)

    def by_words(self, query: str) -> Rows:
        """The nodes whose names match the query; none for an empty one."""
        if not query:
            return {}
        values = (names.indexed_query(query), *self._values, self._sorted, self._limit)
        queries = (_BY_NAME.format(index=f"{prefix}name") for prefix in self._prefixes)
        ends = (_SORTED, _LATER) if self._has_later else (_SORTED,)
        return self._first(self._db.execute(f"{query} {self._only} {end}", values) for query in queries for end in ends)

    @cached_property
    def _sorted(self) -> int:
        return count_sorted_nodes(self._db)

    @cached_property
    def _has_later(self) -> bool:
        """Whether nodes were added that are not numbered in the order of their ids."""
        return bool(self._db.execute("SELECT 1 FROM node WHERE num > ? LIMIT 1", (self._sorted,)).fetchone())

    def _first(self, found: Iterable[Iterable[FoundNode]]) -> Rows:
        rows = {row[1]: row for rows in found for row in rows}
        return dict(sorted(rows.items())[: self._limit])


def expect_absence(connection: sqlite3.Connection, decoder: RowDecoder, text: str, *, protected: bool) -> None:
    """Raise StoreDamaged if a table has an identifier or caption whose index has nothing, not even out of this scope.

    Reads the tables from end to end, so it is for an answer of nothing, and not for a service.
    """
    key, words = identifier_key(text), names.name_words(text)
    by_index = "SELECT 1 FROM identifier WHERE value = ? LIMIT 1"
    by_table = "SELECT 1 FROM identifier NOT INDEXED WHERE value = ? LIMIT 1"
    if key and not connection.execute(by_index, (key,)).fetchone() and connection.execute(by_table, (key,)).fetchone():
        raise StoreDamaged(f"index identifier_value lacks what its table has; {HOW_TO_GO_ON}")
    query = names.indexed_query(names.whole_words_query(text))
    found = (
        connection.execute(f"SELECT 1 FROM {prefix}name WHERE {prefix}name MATCH ?", (query,)).fetchone()
        for prefix in _prefixes(protected=protected)
    )
    if not words or any(found):
        return
    have_all = " AND ".join(["instr(lower(caption), ?)"] * len(words))
    columns = "id, type, caption, body, sought, protected"
    for node in map(decoder.node, connection.execute(f"SELECT {columns} FROM node WHERE {have_all}", words)):
        kept = search_words(decoder.ontology, node.types or (node.type,), node.properties).split()
        if not set(words).difference(kept):
            raise StoreDamaged(f"the index of search words lacks what its table has; {HOW_TO_GO_ON}")


def _prefixes(*, protected: bool) -> tuple[str, ...]:
    """What the names of the tables begin with in which a scope searches."""
    return ("", _PROTECTED) if protected else ("",)
