"""Derive what no record states: who is sought, and which nodes share an identifier."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from itertools import groupby

from kg.database import read_json
from kg.ledger.judgement_pairs import distinct_node_pairs
from kg.ledger.projection.sought_status import derive_all_sought_status
from kg.ledger.projection.writer import ProjectionWriter
from kg.ledger.rules.possibly_same import (
    DerivedLink,
    IdentifierHolder,
    hidden_holder,
    possibly_same,
    protected_matches,
)
from kg.ontology import Ontology
from kg.records import POSSIBLY_SAME


def derive_all_links(connection: sqlite3.Connection, ontology: Ontology) -> None:
    """Derive who is sought, and links between nodes that share an identifying value."""
    derive_all_sought_status(connection, ontology)
    shared = connection.execute(
        "SELECT property, value FROM identifier WHERE identifies GROUP BY property, value HAVING count(*) > 1"
    ).fetchall()
    derive_possibly_same(connection, shared)
    hidden = connection.execute(
        """SELECT value FROM protected_identifier GROUP BY value HAVING count(*) > 1 UNION
        SELECT p.value FROM protected_identifier p JOIN identifier i ON i.value = p.value AND i.identifies"""
    ).fetchall()
    derive_protected_matches(connection, ontology, [value for (value,) in hidden])


class _Holders:
    """The nodes that have some values, by id, and their numbers in the store."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self.numbers = dict[str, int]()

    def of(self, name: str, value: str) -> list[IdentifierHolder]:
        """The nodes of which open records state a comparable value of a property, by id."""
        query = """SELECT node.id, node.num, node.protected, identifier.sources FROM identifier
            JOIN node ON node.num = identifier.node WHERE value = ? AND property = ? AND identifies ORDER BY node.id"""
        found = []
        for (node, num, protected), group in groupby(self._db.execute(query, (value, name)), key=lambda row: row[:3]):
            self.numbers[node] = num
            sources = frozenset(source for row in group for source in read_json(row[3], list))
            found.append(IdentifierHolder(node, bool(protected), sources))
        return found

    def hidden(self, ontology: Ontology, value: str) -> dict[str, list[IdentifierHolder]]:
        """The nodes of which only protected records state an identifying value, by property."""
        query = """SELECT node.id, node.num, node.type, node.body FROM protected_identifier
            JOIN node ON node.num = protected_identifier.node WHERE value = ? ORDER BY node.id"""
        found: dict[str, list[IdentifierHolder]] = {}
        for node, num, node_type, text in self._db.execute(query, (value,)):
            self.numbers[node] = num
            for name, holder in hidden_holder(ontology, node, node_type, read_json(text, dict), value):
                found.setdefault(name, []).append(holder)
        return found

    def rows(self, links: Iterable[DerivedLink]) -> Iterator[tuple[str, str, int, int, str, bool, str]]:
        """Links between them as `ProjectionWriter.add_derived_link` takes them."""
        for id_, tail, head, body, protected, origin in links:
            yield id_, POSSIBLY_SAME, self.numbers[tail], self.numbers[head], body, protected, origin


def derive_possibly_same(connection: sqlite3.Connection, identifiers: Iterable[tuple[str, str]]) -> None:
    """For each (property, comparable value), link the nodes that share it, except those judged distinct."""
    writer, distinct = ProjectionWriter(connection), distinct_node_pairs(connection)
    holders = _Holders(connection)
    for name, value in sorted(set(identifiers)):
        connection.execute("DELETE FROM stored_link WHERE derived = ?", (f"{name}:{value}",))
        for row in holders.rows(possibly_same(name, value, holders.of(name, value), distinct)):
            writer.add_derived_link(row)
    writer.flush()


def derive_protected_matches(connection: sqlite3.Connection, ontology: Ontology, values: Iterable[str]) -> None:
    """For each comparable value, link the nodes of which only a protected record states it to those that share it."""
    writer, distinct = ProjectionWriter(connection), distinct_node_pairs(connection, protected=True)
    holders = _Holders(connection)
    for value in sorted(set(values)):
        connection.execute("DELETE FROM stored_link WHERE derived = ?", (f"protected:{value}",))
        for name, hidden in sorted(holders.hidden(ontology, value).items()):
            for row in holders.rows(protected_matches(name, value, holders.of(name, value), hidden, distinct)):
                writer.add_derived_link(row)
    writer.flush()
