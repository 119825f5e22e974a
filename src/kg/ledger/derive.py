"""What does the projection conclude that no record says?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from itertools import groupby

import orjson

from kg.ledger.merge import dumps
from kg.ledger.writer import Writer
from kg.ontology import Ontology
from kg.records import derived_id

SAME = "POSSIBLY_SAME_AS"

MAX_SHARERS = 50
"""An identifying value that more nodes share says nothing about who is who: a placeholder, or a mistake."""

MIN_IDENTIFIER = 5
"""Shorter identifiers are shared by chance."""

_ENDED = """coalesce(
    json_extract(link.body, '$.properties.end_date'), json_extract(paper.body, '$.properties.ended_on'),
    json_extract(paper.body, '$.properties.end_reason'), json_extract(paper.body, '$.protected.properties.ended_on'),
    json_extract(paper.body, '$.protected.properties.end_reason'))"""


def derive_all(connection: sqlite3.Connection, ontology: Ontology) -> None:
    """Find everybody sought, and everything that shares an identifying value."""
    tails = ", ".join("?" * len(pursuit := _pursuit(ontology)))
    found = connection.execute(f"SELECT DISTINCT tail FROM link WHERE type IN ({tails})", pursuit).fetchall()
    derive_sought(connection, ontology, (row[0] for row in found))
    shared = connection.execute(
        "SELECT property, value FROM identifier WHERE identifies GROUP BY property, value HAVING count(*) > 1"
    ).fetchall()
    derive_same(connection, shared)


def derive_sought(connection: sqlite3.Connection, ontology: Ontology, persons: Iterable[int]) -> None:
    """Put the warrants, notices and list entries in force on each person (numbers of nodes), or take them off.

    Protected ones are left out: who is shown as sought is shown to everybody.
    """
    pursuit = _pursuit(ontology)
    query = f"""SELECT link.id FROM link JOIN node paper ON paper.num = link.head
        WHERE link.tail = ? AND link.type IN ({", ".join("?" * len(pursuit))}) AND {_ENDED} IS NULL
        AND NOT link.protected AND NOT paper.protected ORDER BY link.id"""
    for person in sorted(set(persons)):
        links = [row[0] for row in connection.execute(query, (person, *pursuit))]
        connection.execute(
            "UPDATE node SET sought = ?1 WHERE num = ?2 AND sought <> ?1 AND type = 'Person'", (dumps(links), person)
        )


def derive_same(connection: sqlite3.Connection, shared: Iterable[tuple[str, str]]) -> None:
    """For each (property, comparable value), link the nodes that share it to the one with the smallest id."""
    writer = Writer(connection)
    query = """SELECT node.id, node.num, node.protected, identifier.sources FROM identifier
        JOIN node ON node.num = identifier.node WHERE value = ? AND property = ? AND identifies ORDER BY node.id"""
    for name, value in sorted(set(shared)):
        origin = f"{name}:{value}"
        connection.execute("DELETE FROM link WHERE derived = ?", (origin,))
        rows = connection.execute(query, (value, name)).fetchall()
        holders = [(key, list(group)) for key, group in groupby(rows, key=lambda r: (r[0], r[1], r[2]))]
        if len(value) < MIN_IDENTIFIER or not 2 <= len(holders) <= MAX_SHARERS:
            continue
        (first, first_num, first_protected), first_rows = holders[0]
        for (other, num, protected), other_rows in holders[1:]:
            sources = sorted({s for row in first_rows + other_rows for s in orjson.loads(row[3])})
            body = {"properties": {"reason": ["shared identifying property"], "shared": [origin]}, "sources": sources}
            link = derived_id(SAME, origin, first, other)
            writer.derived((link, SAME, first_num, num, dumps(body), bool(first_protected or protected), origin))
    writer.flush()


def _pursuit(ontology: Ontology) -> tuple[str, ...]:
    return tuple(sorted(ontology.with_trait("pursuit")))
