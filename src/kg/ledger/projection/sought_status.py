"""Which people are sought, and under which papers?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import orjson

from kg.clearance import ACCUSATION_PROPERTIES, CLEARED, NAME_PROPERTIES, PaperIssue
from kg.ledger.projection.merge import canonical_json, clean_properties
from kg.ontology import Ontology
from kg.ontology.handling import PROTECTED

ACCUSED_OF, ISSUED_BY = "ACCUSED_OF", "ISSUED_BY"

_END_EXPRESSION = """coalesce(
    json_extract(link.body, '$.properties.end_date'), json_extract(link.body, '$.protected.properties.end_date'),
    json_extract(paper.body, '$.properties.ended_on'),
    json_extract(paper.body, '$.properties.end_reason'), json_extract(paper.body, '$.protected.properties.ended_on'),
    json_extract(paper.body, '$.protected.properties.end_reason'),
    (SELECT value FROM json_each(paper.body, '$.properties.review') WHERE value = 'deleted'),
    (SELECT value FROM json_each(paper.body, '$.protected.properties.review') WHERE value = 'deleted'))"""


class _AccusationStatement(NamedTuple):
    """What one record states of an accusation: stages, by whom, and when."""

    stages: tuple[str, ...]
    said_by: tuple[str, ...]
    days: tuple[str, ...]


def derive_sought_status(connection: sqlite3.Connection, ontology: Ontology, persons: Iterable[int]) -> None:
    """Set the warrants, notices and list entries in force of each person (numbers of nodes).

    A paper ends when a record says that it did, or when its issuer says that the person is cleared. Protected papers
    are left out, because who is shown as sought is shown to everybody; a protected record that ends one counts.
    """
    pursuit = pursuit_link_types(ontology)
    query = f"""SELECT link.id, paper.num, paper.body FROM link JOIN node paper ON paper.num = link.head
        WHERE link.tail = ? AND link.type IN ({", ".join("?" * len(pursuit))}) AND {_END_EXPRESSION} IS NULL
        AND NOT link.protected AND NOT paper.protected ORDER BY link.id"""
    for person in sorted(set(persons)):
        papers = connection.execute(query, (person, *pursuit)).fetchall()
        statements = list(_clearances(connection, ontology, person)) if papers else []
        links = [link for link, paper, body in papers if not _is_cleared(connection, paper, body, statements)]
        connection.execute(
            """UPDATE node SET sought = ?1 WHERE num = ?2 AND sought <> ?1 AND (type = 'Person'
                OR EXISTS (SELECT 1 FROM json_each(body, '$.types') WHERE value = 'Person'))""",
            (canonical_json(links), person),
        )


def pursuit_link_types(ontology: Ontology) -> tuple[str, ...]:
    """The types of links from people to papers, in order."""
    return tuple(sorted(ontology.with_trait("pursuit")))


def persons_sought_by(connection: sqlite3.Connection, ontology: Ontology, issuers: Iterable[int]) -> Iterator[int]:
    """People named in papers of some issuers, if a clearance may depend on the issuer's names."""
    pursuit = pursuit_link_types(ontology)
    query = f"""SELECT DISTINCT pursuit.tail FROM link issued
        JOIN link pursuit ON pursuit.head = issued.tail AND pursuit.type IN ({", ".join("?" * len(pursuit))})
        JOIN link accused ON accused.tail = pursuit.tail AND accused.type = '{ACCUSED_OF}'
        WHERE issued.head = ? AND issued.type = '{ISSUED_BY}' AND accused.body LIKE '%"{CLEARED}"%'"""
    for body in issuers:
        yield from (row[0] for row in connection.execute(query, (*pursuit, body)))


def _is_cleared(
    connection: sqlite3.Connection, paper: int, text: str, statements: Sequence[_AccusationStatement]
) -> bool:
    if not statements:
        return False
    body = orjson.loads(text)
    rows = connection.execute(
        "SELECT node.body FROM link JOIN node ON node.num = link.head WHERE tail = ? AND link.type = ?",
        (paper, ISSUED_BY),
    )
    names = [name for (other,) in rows for name in _values(orjson.loads(other), *NAME_PROPERTIES)]
    issue = PaperIssue.from_names((*names, *_values(body, "issuer")), _values(body, "issued_on"))
    return any(issue.is_cleared_by(*word) for word in statements)


def _clearances(connection: sqlite3.Connection, ontology: Ontology, person: int) -> Iterator[_AccusationStatement]:
    """Each record by itself: merged, one source's `cleared` could be attributed to another."""
    links = connection.execute(
        "SELECT ns, key, part FROM link WHERE tail = ? AND type = ? AND body LIKE ?",
        (person, ACCUSED_OF, f'%"{CLEARED}"%'),
    ).fetchall()
    query = """SELECT body FROM record JOIN source s ON s.num = record.source
        WHERE until IS NULL AND from_key IS NOT NULL AND type = ? AND s.namespace = ? AND key = ? AND part = ?"""
    for link in links:
        for (body,) in connection.execute(query, (ACCUSED_OF, *link)):
            properties = clean_properties(ontology, ACCUSED_OF, orjson.loads(body).get("properties", {}))
            yield _AccusationStatement(*(properties.get(name, ()) for name in ACCUSATION_PROPERTIES))


def _values(body: Mapping[str, Mapping[str, object]], *names: str) -> Iterator[str]:
    """Values of a merged node, also those that only protected records say."""
    for part in (body, body.get(PROTECTED, {})):
        properties = part.get("properties", {})
        assert isinstance(properties, Mapping)
        for name in names:
            yield from properties.get(name, ())
