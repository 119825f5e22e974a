"""Which people are sought, and under which papers?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from kg.clearance import ACCUSATION_PROPERTIES, CLEARED, NAME_PROPERTIES, PaperIssue
from kg.database import read_json
from kg.ledger.projection.merge import canonical_json, clean_properties
from kg.ontology import Ontology
from kg.ontology.handling import PROTECTED

ACCUSED_OF, ISSUED_BY = "ACCUSED_OF", "ISSUED_BY"

_END = """json_extract(link.body, '$.{part}properties.end_date'),
    json_extract(paper.body, '$.{part}properties.ended_on'), json_extract(paper.body, '$.{part}properties.end_reason'),
    (SELECT value FROM json_each(paper.body, '$.{part}properties.review') WHERE value = 'deleted')"""
_OPEN_END, _PROTECTED_END = _END.format(part=""), _END.format(part="protected.")
_END_EXPRESSIONS = {False: f"coalesce({_OPEN_END})", True: f"coalesce({_OPEN_END}, {_PROTECTED_END})"}
"""What ends a paper, for everybody and in the protected scope."""

_SOUGHT_COLUMNS = {False: "sought", True: "sought_protected"}


class _AccusationStatement(NamedTuple):
    """What one record states of an accusation: stages, by whom, and when."""

    stages: tuple[str, ...]
    said_by: tuple[str, ...]
    days: tuple[str, ...]


def derive_sought_status(connection: sqlite3.Connection, ontology: Ontology, persons: Iterable[int]) -> None:
    """Set the warrants, notices and list entries in force of each person (numbers of nodes).

    A paper ends when a record says that it did, or when its issuer says that the person is cleared. That is decided
    twice: for everybody, from open records alone; and for the protected scope, where a protected record that ends a
    paper counts. A protected paper makes nobody sought.
    """
    wanted = sorted(set(persons))
    for protected in (False, True):
        _derive_for_scope(connection, ontology, wanted, protected=protected)


def _derive_for_scope(
    connection: sqlite3.Connection, ontology: Ontology, persons: Sequence[int], *, protected: bool
) -> None:
    pursuit, column = pursuit_link_types(ontology), _SOUGHT_COLUMNS[protected]
    query = f"""SELECT link.id, paper.num, paper.body FROM link JOIN node paper ON paper.num = link.head
        WHERE link.tail = ? AND link.type IN ({", ".join("?" * len(pursuit))}) AND {_END_EXPRESSIONS[protected]} IS NULL
        AND NOT link.protected AND NOT paper.protected ORDER BY link.id"""
    for person in persons:
        papers = connection.execute(query, (person, *pursuit)).fetchall()
        statements = list(_clearances(connection, ontology, person, protected=protected)) if papers else []
        links = [
            link
            for link, paper, body in papers
            if not _is_cleared(connection, paper, body, statements, protected=protected)
        ]
        connection.execute(
            f"""UPDATE node SET {column} = ?1 WHERE num = ?2 AND {column} <> ?1 AND (type = 'Person'
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
    connection: sqlite3.Connection,
    paper: int,
    text: str,
    statements: Sequence[_AccusationStatement],
    *,
    protected: bool,
) -> bool:
    if not statements:
        return False
    body = read_json(text)
    rows = connection.execute(
        "SELECT node.body FROM link JOIN node ON node.num = link.head WHERE tail = ? AND link.type = ?"
        " AND (? OR NOT link.protected)",
        (paper, ISSUED_BY, protected),
    )
    names = [name for (other,) in rows for name in _values(read_json(other), *NAME_PROPERTIES, protected=protected)]
    issue = PaperIssue.from_names(
        (*names, *_values(body, "issuer", protected=protected)), _values(body, "issued_on", protected=protected)
    )
    return any(issue.is_cleared_by(*word) for word in statements)


def _clearances(
    connection: sqlite3.Connection, ontology: Ontology, person: int, *, protected: bool
) -> Iterator[_AccusationStatement]:
    """Each record by itself: merged, one source's `cleared` could be attributed to another."""
    links = connection.execute(
        "SELECT ns, key, part FROM link WHERE tail = ? AND type = ? AND body LIKE ? AND (? OR NOT protected)",
        (person, ACCUSED_OF, f'%"{CLEARED}"%', protected),
    ).fetchall()
    query = """SELECT body FROM record JOIN source s ON s.num = record.source
        WHERE until IS NULL AND from_key IS NOT NULL AND type = ? AND s.namespace = ? AND key = ? AND part = ?
        AND (? OR NOT record.protected)"""
    for link in links:
        for (body,) in connection.execute(query, (ACCUSED_OF, *link, protected)):
            properties = clean_properties(ontology, ACCUSED_OF, read_json(body).get("properties", {}))
            yield _AccusationStatement(*(properties.get(name, ()) for name in ACCUSATION_PROPERTIES))


def _values(body: Mapping[str, Mapping[str, object]], *names: str, protected: bool) -> Iterator[str]:
    """Values of a merged node; in the protected scope, also those that only protected records say."""
    for part in (body, body.get(PROTECTED, {}) if protected else {}):
        properties = part.get("properties", {})
        assert isinstance(properties, Mapping)
        for name in names:
            yield from properties.get(name, ())
