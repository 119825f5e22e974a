"""Who is sought, and under which papers?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import orjson

from kg.clearance import CALLED, CLEARED, WORD, Issue
from kg.ledger.projection.merge import PROTECTED, cleaned, dumps
from kg.ontology import Ontology

ACCUSED, ISSUED = "ACCUSED_OF", "ISSUED_BY"

_ENDED = """coalesce(
    json_extract(link.body, '$.properties.end_date'), json_extract(link.body, '$.protected.properties.end_date'),
    json_extract(paper.body, '$.properties.ended_on'),
    json_extract(paper.body, '$.properties.end_reason'), json_extract(paper.body, '$.protected.properties.ended_on'),
    json_extract(paper.body, '$.protected.properties.end_reason'),
    (SELECT value FROM json_each(paper.body, '$.properties.review') WHERE value = 'deleted'),
    (SELECT value FROM json_each(paper.body, '$.protected.properties.review') WHERE value = 'deleted'))"""


class _Word(NamedTuple):
    """What one record says of an accusation: stages, who says so, and when."""

    stages: tuple[str, ...]
    said_by: tuple[str, ...]
    days: tuple[str, ...]


def derive_sought(connection: sqlite3.Connection, ontology: Ontology, persons: Iterable[int]) -> None:
    """Put the warrants, notices and list entries in force on each person (numbers of nodes), or take them off.

    A paper ends when a record says that it did, or when its issuer says that the person is cleared. Protected papers
    are left out, because who is shown as sought is shown to everybody; a protected record that ends one counts.
    """
    pursuit = pursuing(ontology)
    query = f"""SELECT link.id, paper.num, paper.body FROM link JOIN node paper ON paper.num = link.head
        WHERE link.tail = ? AND link.type IN ({", ".join("?" * len(pursuit))}) AND {_ENDED} IS NULL
        AND NOT link.protected AND NOT paper.protected ORDER BY link.id"""
    for person in sorted(set(persons)):
        papers = connection.execute(query, (person, *pursuit)).fetchall()
        said = list(_clearances(connection, ontology, person)) if papers else []
        links = [link for link, paper, body in papers if not _cleared(connection, paper, body, said)]
        connection.execute(
            """UPDATE node SET sought = ?1 WHERE num = ?2 AND sought <> ?1 AND (type = 'Person'
                OR EXISTS (SELECT 1 FROM json_each(body, '$.types') WHERE value = 'Person'))""",
            (dumps(links), person),
        )


def pursuing(ontology: Ontology) -> tuple[str, ...]:
    """The types of links from people to papers, in order."""
    return tuple(sorted(ontology.with_trait("pursuit")))


def issued_by(connection: sqlite3.Connection, ontology: Ontology, bodies: Iterable[int]) -> Iterator[int]:
    """Those named in papers that some agencies issued, where a clearance may depend on how the issuer is called."""
    pursuit = pursuing(ontology)
    query = f"""SELECT DISTINCT pursuit.tail FROM link issued
        JOIN link pursuit ON pursuit.head = issued.tail AND pursuit.type IN ({", ".join("?" * len(pursuit))})
        JOIN link accused ON accused.tail = pursuit.tail AND accused.type = '{ACCUSED}'
        WHERE issued.head = ? AND issued.type = '{ISSUED}' AND accused.body LIKE '%"{CLEARED}"%'"""
    for body in bodies:
        yield from (row[0] for row in connection.execute(query, (*pursuit, body)))


def _cleared(connection: sqlite3.Connection, paper: int, text: str, said: Sequence[_Word]) -> bool:
    if not said:
        return False
    body = orjson.loads(text)
    rows = connection.execute(
        "SELECT node.body FROM link JOIN node ON node.num = link.head WHERE tail = ? AND link.type = ?", (paper, ISSUED)
    )
    names = [name for (other,) in rows for name in _values(orjson.loads(other), *CALLED)]
    issue = Issue.of((*names, *_values(body, "issuer")), _values(body, "issued_on"))
    return any(issue.cleared_by(*word) for word in said)


def _clearances(connection: sqlite3.Connection, ontology: Ontology, person: int) -> Iterator[_Word]:
    """What each record says by itself: merged, one source's `cleared` could be put into the mouth of another."""
    links = connection.execute(
        "SELECT ns, key, part FROM link WHERE tail = ? AND type = ? AND body LIKE ?",
        (person, ACCUSED, f'%"{CLEARED}"%'),
    ).fetchall()
    query = """SELECT body FROM record JOIN source s ON s.num = record.source
        WHERE until IS NULL AND from_key IS NOT NULL AND type = ? AND s.namespace = ? AND key = ? AND part = ?"""
    for link in links:
        for (body,) in connection.execute(query, (ACCUSED, *link)):
            says = cleaned(ontology, ACCUSED, orjson.loads(body).get("properties", {}))
            yield _Word(*(says.get(name, ()) for name in WORD))


def _values(body: Mapping[str, Mapping[str, object]], *names: str) -> Iterator[str]:
    """Values of a merged node, also those that only protected records say."""
    for part in (body, body.get(PROTECTED, {})):
        properties = part.get("properties", {})
        assert isinstance(properties, Mapping)
        for name in names:
            yield from properties.get(name, ())
