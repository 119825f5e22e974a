"""Write merged nodes and links into the tables of the projection."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection

from kg.database import count_sorted_nodes
from kg.database.views import in_link_slots
from kg.ledger.rules.links import LinkKey
from kg.ledger.rules.merge import MergedLink, MergedNode
from kg.names import indexed_words
from kg.records import LINK_SLOTS, Ref, node_id

BATCH = 5_000

_SLOTS = f"num {in_link_slots('first')}"
_NUMBER = f"""(SELECT low + (high - low) / 2 FROM (SELECT
    coalesce((SELECT max(num) FROM stored_link WHERE {_SLOTS} AND id < ?1), first - 1) AS low,
    coalesce((SELECT min(num) FROM stored_link WHERE {_SLOTS} AND id > ?1), first + {LINK_SLOTS - 1}) AS high
    FROM (SELECT link_number(?1) AS first)))"""
"""The number of a link between those before and after it, of which there hardly ever are any."""

_INSERTS = {
    "node": "INSERT INTO stored_node (num, id, type, caption, record, body, protected, caption_protected)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    "atom": "INSERT INTO atom (key, ns, node) VALUES (?, ?, ?)",
    "redirect": "INSERT INTO redirect (id, node) VALUES (?, ?)",
    "name": "INSERT INTO name (rowid, tokens) VALUES (?, ?)",
    "identifier": "INSERT INTO identifier (value, property, node, identifies, sources) VALUES (?, ?, ?, ?, ?)",
    "protected_name": "INSERT INTO protected_name (rowid, tokens) VALUES (?, ?)",
    "protected_identifier": "INSERT INTO protected_identifier (value, node) VALUES (?, ?)",
    "link": "INSERT INTO stored_link (id, type, tail, head, record, body, protected, share_low,"
    " share_high, first_day, last_day, reliability, interest, credibility, num)"
    f" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, {_NUMBER})",
    "derived": "INSERT INTO stored_link (id, type, tail, head, body, protected, derived, num)"
    f" VALUES (?, ?, ?, ?, ?, ?, ?, {_NUMBER})",
    "waiting": "INSERT OR IGNORE INTO waiting (key, ns, link_ns, link_key, link_part, scopes)"
    " VALUES (?, ?, ?, ?, ?, ?)",
}


def text_once(merged: MergedNode | MergedLink) -> tuple[int | None, str | None]:
    """The number of the record that states a node or link word for word, or else the body that it has."""
    return (merged.record, None) if merged.record else (None, merged.body)


class ProjectionWriter:
    """Collects rows and writes them in batches; `flush` before reading what was written.

    `protected_nodes` are all that there are, for a writer of many links; else each is looked up.
    """

    def __init__(self, connection: sqlite3.Connection, protected_nodes: Collection[int] | None = None) -> None:
        self._connection, self._protected_nodes = connection, protected_nodes
        self.namespaces = dict[str, int](connection.execute("SELECT name, num FROM namespace"))
        self._types = dict[str, int](connection.execute("SELECT name, num FROM link_type"))
        highest = connection.execute("SELECT coalesce(max(num), 0) FROM node").fetchone()[0]
        self._next = max(int(highest), count_sorted_nodes(connection)) + 1  # after those in the order of ids too
        self._rows: dict[str, list[tuple[object, ...]]] = {table: [] for table in _INSERTS}

    def is_protected(self, node: int | None) -> bool:
        """Whether only protected records describe a node (its number)."""
        if self._protected_nodes is not None:
            return node in self._protected_nodes
        query = "SELECT protected FROM node WHERE num = ?"
        row = self._connection.execute(query, (node,)).fetchone()
        return bool(row and row[0])

    def add_node(self, merged: MergedNode, names: Collection[Ref], num: int | None = None) -> int:
        """Add a node known by `names`; returns its number in the store (`num` when given)."""
        if num is None:
            num, self._next = self._next, self._next + 1
        rows, hidden = self._rows, merged.protected_names
        node = (num, merged.id, merged.type, merged.caption, *text_once(merged), merged.protected)
        rows["node"].append((*node, hidden.caption if hidden else None))
        for name in names:
            rows["atom"].append((name.key, self.namespaces[name.namespace], num))
            if len(names) > 1 and (former := node_id(*name)) != merged.id:
                rows["redirect"].append((former, num))
        if merged.search_words:
            rows["name"].append((num, indexed_words(merged.search_words)))
        rows["identifier"] += ((i.value, i.property, num, i.identifies, i.sources) for i in merged.identifiers)
        if hidden and hidden.search_words:
            rows["protected_name"].append((num, indexed_words(hidden.search_words)))
        if hidden:
            rows["protected_identifier"] += ((value, num) for value in hidden.identifiers)
        if len(rows["node"]) >= BATCH:
            self.flush()
        return num

    def add_link(self, link: str, record: int, merged: MergedLink, tail: int, head: int) -> None:
        """Add a link, by its id, between two nodes of the store; `record` is the number of one that states it."""
        row = (link, self._type_number(merged.type), tail, head, record, text_once(merged)[1], merged.protected)
        self._rows["link"].append((*row, *merged.facts))
        if len(self._rows["link"]) >= BATCH:
            self.flush()

    def add_derived_link(self, row: tuple[str, str, int, int, str, bool, str]) -> None:
        """Add a link that no record states: (id, type, tail, head, body, protected, what it was derived from)."""
        link, link_type, *rest = row
        self._rows["derived"].append((link, self._type_number(link_type), *rest))

    def add_waiting_link(self, unit: LinkKey, end: Ref, scopes: int) -> None:
        """Add a link that is unresolved in some scopes, and waits for the node that `end` names."""
        of_end, of_link = self.namespaces[end.namespace], self.namespaces[unit.namespace]
        self._rows["waiting"].append((end.key, of_end, of_link, unit.key, unit.part, scopes))

    def _type_number(self, name: str) -> int:
        if (number := self._types.get(name)) is None:
            number = self._connection.execute("INSERT INTO link_type (name) VALUES (?)", (name,)).lastrowid or 0
            self._types[name] = number
        return number

    def flush(self) -> None:
        """Write what was collected."""
        for table, rows in self._rows.items():
            if rows:
                self._connection.executemany(_INSERTS[table], rows)
                rows.clear()
