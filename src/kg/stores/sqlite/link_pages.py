"""Read the links of one node, page by page."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import date
from typing import Any

from kg.ontology import Ontology
from kg.ports import LinkQuery
from kg.records import link_number

ENDS = {"out": ("tail",), "in": ("head",), "": ("tail", "head")}
"""The ends of a link at which the node is looked for, by direction."""

_TYPES = """SELECT name, num FROM link_type WHERE EXISTS (
    SELECT 1 FROM link WHERE link.{end} = ? AND link.type_number = link_type.num)"""
"""The types of the links at one end of a node: one index lookup a type, however many links there are."""

_PAGE = """SELECT link.id, link.type, t.id, h.id, link.body, link.protected FROM link
    CROSS JOIN node t ON t.num = link.tail CROSS JOIN node h ON h.num = link.head
    WHERE link.{end} = ? AND link.type_number = ? AND link.num >= ? AND link.id > ? {held}
    ORDER BY link.num LIMIT ?"""
"""The index holds the links of one type at one end in the order of their ids."""

_LASTS_ON_DAY = "AND link.first_day <= ? AND (link.last_day = 0 OR link.last_day >= ?)"
_HAPPENED_BY_DAY = "AND link.first_day <= ?"
"""An event that has happened stays true."""

Row = tuple[Any, ...]


class LinkPager:
    """Reads the links of one node; a page costs the same whether the node has few links or many."""

    def __init__(self, connection: sqlite3.Connection, ontology: Ontology) -> None:
        self._db, self._ontology = connection, ontology

    def rows(self, query: LinkQuery) -> list[Row]:
        """The first links that match the query, by id: (id, type, tail, head, body, protected)."""
        node = self._db.execute("SELECT num FROM node WHERE id = ?", (query.node_id,)).fetchone()
        if node is None:
            return []
        rows = {
            row[0]: row for text, values in self.statements(query, node[0]) for row in self._db.execute(text, values)
        }
        return [rows[name] for name in sorted(rows)[: query.limit]]

    def statements(self, query: LinkQuery, node: int) -> Iterator[tuple[str, Row]]:
        """The SQL statements of a query and their values: a page of each link type at each end."""
        day = date.fromisoformat(query.as_of).toordinal() if query.as_of else 0
        for end in ENDS[query.direction]:
            for link_type, number in self._db.execute(_TYPES.format(end=end), (node,)).fetchall():
                if not query.types or link_type in query.types:
                    condition, days = self._day_condition(link_type, day)
                    text = _PAGE.format(end=end, held=condition)
                    yield text, (node, number, link_number(query.after), query.after, *days, query.limit)

    def _day_condition(self, link_type: str, day: int) -> tuple[str, tuple[int, ...]]:
        if not day:
            return "", ()
        return (_HAPPENED_BY_DAY, (day,)) if self._ontology.links[link_type].event else (_LASTS_ON_DAY, (day, day))
