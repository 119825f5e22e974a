"""Derive what no record states: who is sought, and which nodes share an identifier."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, groupby
from typing import NamedTuple

from kg.database import read_json
from kg.ledger.judgement_pairs import distinct_node_pairs
from kg.ledger.projection.merge import canonical_json
from kg.ledger.projection.sought_status import derive_all_sought_status
from kg.ledger.projection.writer import ProjectionWriter
from kg.ontology import Ontology
from kg.ontology.handling import PROTECTED, has_protected_handling
from kg.ontology.values import identifier_key
from kg.records import POSSIBLY_SAME, derived_id

MAX_SHARERS = 50
"""An identifying value that more nodes share is a placeholder or a mistake."""

MIN_IDENTIFIER = 5
"""Shorter identifiers are shared by chance."""


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


class _IdentifierHolder(NamedTuple):
    """A node that has an identifying value, and the sources that state it."""

    id: str
    num: int
    protected: bool
    sources: frozenset[str]


def derive_possibly_same(connection: sqlite3.Connection, identifiers: Iterable[tuple[str, str]]) -> None:
    """For each (property, comparable value), link the nodes that share it, except those judged distinct.

    Each is linked to the one with the smallest id. Where some of them are kept apart, every other pair is linked.
    """
    writer, distinct = ProjectionWriter(connection), distinct_node_pairs(connection)
    for name, value in sorted(set(identifiers)):
        origin = f"{name}:{value}"
        connection.execute("DELETE FROM link WHERE derived = ?", (origin,))
        holders = _holders_of(connection, name, value)
        if len(value) < MIN_IDENTIFIER or len(holders) > MAX_SHARERS:
            continue
        for one, other in _pairs(holders, distinct):
            link, hidden = derived_id(POSSIBLY_SAME, origin, one.id, other.id), one.protected or other.protected
            row = (link, POSSIBLY_SAME, one.num, other.num, _shared_body(origin, one, other), hidden, origin)
            writer.add_derived_link(row)
    writer.flush()


def derive_protected_matches(connection: sqlite3.Connection, ontology: Ontology, values: Iterable[str]) -> None:
    """For each comparable value, link the nodes of which only a protected record states it to those that share it.

    The links are for the protected scope alone. Each is to the open node with the smallest id, if there is one.
    """
    writer, distinct = ProjectionWriter(connection), distinct_node_pairs(connection, protected=True)
    for value in sorted(set(values)):
        derived = f"protected:{value}"
        connection.execute("DELETE FROM link WHERE derived = ?", (derived,))
        for name, hidden in sorted(_hidden_holders(connection, ontology, value).items()):
            holders = [*_holders_of(connection, name, value), *hidden]
            if len(value) < MIN_IDENTIFIER or len(holders) > MAX_SHARERS:
                continue
            origin, numbers = f"{name}:{value}", {holder.num for holder in hidden}
            for one, other in _pairs(holders, distinct):
                if not numbers.isdisjoint((one.num, other.num)):
                    link = derived_id(POSSIBLY_SAME, f"protected {origin}", one.id, other.id)
                    body = _shared_body(origin, one, other)
                    writer.add_derived_link((link, POSSIBLY_SAME, one.num, other.num, body, True, derived))
    writer.flush()


def _shared_body(origin: str, one: _IdentifierHolder, other: _IdentifierHolder) -> str:
    return canonical_json(
        {
            "properties": {"reason": ["shared identifying property"], "shared": [origin]},
            "sources": sorted(one.sources | other.sources),
        }
    )


def _hidden_holders(
    connection: sqlite3.Connection, ontology: Ontology, value: str
) -> dict[str, list[_IdentifierHolder]]:
    """The nodes of which only protected records state an identifying value, by property."""
    query = """SELECT node.id, node.num, node.type, node.body FROM protected_identifier
        JOIN node ON node.num = protected_identifier.node WHERE value = ? ORDER BY node.id"""
    found: dict[str, list[_IdentifierHolder]] = {}
    for node, num, node_type, text in connection.execute(query, (value,)):
        body = read_json(text, dict)
        known = ontology.merged_properties(tuple(body.get("types") or (node_type,)))
        sources = frozenset(said["source"] for said in body["said"] if has_protected_handling(said))
        for name, stated in body[PROTECTED].get("properties", {}).items():
            if known[name].identifies and any(identifier_key(text) == value for text in stated):
                found.setdefault(name, []).append(_IdentifierHolder(node, num, True, sources))
    return found


def _holders_of(connection: sqlite3.Connection, name: str, value: str) -> list[_IdentifierHolder]:
    query = """SELECT node.id, node.num, node.protected, identifier.sources FROM identifier
        JOIN node ON node.num = identifier.node WHERE value = ? AND property = ? AND identifies ORDER BY node.id"""
    rows = connection.execute(query, (value, name))
    return [
        _IdentifierHolder(node, num, bool(protected), frozenset(s for row in group for s in read_json(row[3], list)))
        for (node, num, protected), group in groupby(rows, key=lambda r: (r[0], r[1], r[2]))
    ]


def _pairs(
    holders: Sequence[_IdentifierHolder], distinct: set[frozenset[int]]
) -> Iterator[tuple[_IdentifierHolder, _IdentifierHolder]]:
    every = [pair for pair in combinations(holders, 2) if frozenset((pair[0].num, pair[1].num)) not in distinct]
    some_apart = 2 * len(every) < len(holders) * (len(holders) - 1)
    return iter(every if some_apart else [(holders[0], other) for other in holders[1:]])
