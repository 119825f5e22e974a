"""Which people are sought, and under which papers?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from kg.clearance import CLEARED
from kg.database import (
    DERIVED_ON,
    NEXT_CHANGE,
    OPEN_DERIVED_ON,
    OPEN_NEXT_CHANGE,
    OPEN_STATUS_DAY,
    STATUS_DAY,
    find_meta,
    read_json,
    set_meta,
)
from kg.database.views import of_link_types
from kg.ledger.rules.merge import canonical_json
from kg.ledger.rules.sought import ACCUSED_OF, ISSUED_BY, AccusationStatement, Body, accusation_statement, paper_dates
from kg.ontology import Ontology

_END = """json_extract(link.body, '$.{part}properties.end_date'),
    json_extract(paper.body, '$.{part}properties.ended_on'), json_extract(paper.body, '$.{part}properties.end_reason'),
    json_extract(paper.body, '$.{part}properties.review')"""
_OPEN_END = _END.format(part="")
_PROTECTED_END = f"{_END.format(part='protected.')}, json_extract(paper.body, '$.protected.properties.issued_on')"
_MAY_END = {False: f"coalesce({_OPEN_END})", True: f"coalesce({_OPEN_END}, {_PROTECTED_END})"}
"""What may end a paper, or is another day of its issue, for everybody and in the protected scope; most have none."""

_ACCUSED_OF, _ISSUED_BY = f"'{ACCUSED_OF}'", f"'{ISSUED_BY}'"
_SOUGHT_COLUMNS = {False: "sought", True: "sought_protected"}
_NEXT_CHANGE = {False: OPEN_NEXT_CHANGE, True: NEXT_CHANGE}
_STATUS_DAY = {False: OPEN_STATUS_DAY, True: STATUS_DAY}
_DERIVED_ON = {False: OPEN_DERIVED_ON, True: DERIVED_ON}


def derive_sought_status(connection: sqlite3.Connection, ontology: Ontology, persons: Iterable[int]) -> None:
    """Set the warrants, notices and list entries in force of each person (numbers of nodes), as of the graph's day.

    That is decided twice: for everybody, from open records alone; and for the protected scope, where a protected record
    that ends a paper counts. A protected paper makes nobody sought. The next day on which a status changes is kept.
    """
    wanted = sorted(set(persons))
    for protected in (False, True):
        day = graph_day(connection, protected=protected)
        _, changes = _derive_for_scope(connection, ontology, wanted, day, protected=protected)
        known = find_meta(connection, _NEXT_CHANGE[protected])
        coming = [*((known,) if known else ()), *(text for text in changes if text > day)]
        set_meta(connection, _NEXT_CHANGE[protected], min(coming, default=""))


def derive_all_sought_status(connection: sqlite3.Connection, ontology: Ontology) -> None:
    """Set it for everybody whom a paper names."""
    for protected in (False, True):
        set_meta(connection, _NEXT_CHANGE[protected], "")
        set_meta(connection, _DERIVED_ON[protected], graph_day(connection, protected=protected))
    types = ", ".join("?" * len(pursuit := pursuit_link_types(ontology)))
    found = connection.execute(
        f"SELECT DISTINCT tail FROM link WHERE {of_link_types('link', types)}", pursuit
    ).fetchall()
    derive_sought_status(connection, ontology, (row[0] for row in found))


def follow_graph_day(connection: sqlite3.Connection, ontology: Ontology) -> None:
    """Derive again who is sought where the graph's day has moved over a day on which a paper begins or ends."""
    for protected in (False, True):
        day, before = graph_day(connection, protected=protected), find_meta(connection, _DERIVED_ON[protected])
        if ((change := find_meta(connection, _NEXT_CHANGE[protected])) and change <= day) or day < before:
            _derive_all(connection, ontology, day, protected=protected)
            set_meta(connection, _DERIVED_ON[protected], day)


def follow_day(connection: sqlite3.Connection, ontology: Ontology, today: str) -> tuple[bool, bool]:
    """Bring the graph to a day on which a paper has begun or ended since its own; returns whether it was, by scope.

    The graph's day is then the last one, up to today, on which one did.
    """
    moved = []
    for protected in (False, True):
        change = find_meta(connection, _NEXT_CHANGE[protected])
        is_due = bool(change) and change <= today
        if is_due:
            past = _derive_all(connection, ontology, today, protected=protected)
            day = max((text for text in past if text <= today), default=change)
            set_meta(connection, _STATUS_DAY[protected], day)
            set_meta(connection, _DERIVED_ON[protected], max(day, graph_day(connection, protected=protected)))
        moved.append(is_due)
    return moved[0], moved[1]


def graph_day(connection: sqlite3.Connection, *, protected: bool) -> str:
    """The day of the graph as one scope sees it; the connection sees the whole file. As `Store.as_of` has it."""
    prefix, seen = ("", "1") if protected else ("open_", "seen IS NOT NULL")
    in_force = "record.source = load.source AND until IS NULL" + ("" if protected else " AND NOT record.protected")
    changed = f"{prefix}added + {prefix}changed + {prefix}withdrawn > 0"
    row = connection.execute(
        f"""SELECT coalesce(max(day), '') FROM load WHERE kind <> 'withdrawal' AND {seen} AND {changed}
        AND EXISTS (SELECT 1 FROM record WHERE {in_force})"""
    ).fetchone()
    return max(str(row[0]), find_meta(connection, _STATUS_DAY[protected]))


def _derive_all(connection: sqlite3.Connection, ontology: Ontology, day: str, *, protected: bool) -> list[str]:
    """Derive it for everybody whose status may depend on the day; returns the turning days, and keeps the next one."""
    pursuit = pursuit_link_types(ontology)
    types = ", ".join("?" * len(pursuit))
    dated = " OR ".join(
        f"json_extract({of}.body, '$.{part}properties.{name}') IS NOT NULL"
        for part in ("", "protected.")
        for of, name in (("paper", "ended_on"), ("paper", "issued_on"), ("link", "end_date"))
    )
    found = connection.execute(
        f"""SELECT DISTINCT link.tail FROM link JOIN node paper ON paper.num = link.head
        WHERE {of_link_types("link", types)} AND ({dated} OR EXISTS (
        SELECT 1 FROM link a WHERE a.tail = link.tail AND {of_link_types("a", _ACCUSED_OF)}))""",
        pursuit,
    ).fetchall()
    _, changes = _derive_for_scope(connection, ontology, sorted(row[0] for row in found), day, protected=protected)
    set_meta(connection, _NEXT_CHANGE[protected], min((text for text in changes if text > day), default=""))
    return changes


def _derive_for_scope(
    connection: sqlite3.Connection, ontology: Ontology, persons: Sequence[int], day: str, *, protected: bool
) -> tuple[bool, list[str]]:
    """Set who is sought on a day; returns whether that changed anything, and the turning days of their papers."""
    pursuit, column = pursuit_link_types(ontology), _SOUGHT_COLUMNS[protected]
    query = f"""SELECT link.id, paper.num, paper.body, link.body, {_MAY_END[protected]} IS NOT NULL,
        coalesce(json_extract(paper.body, '$.properties.issued_on'), '')
        FROM link JOIN node paper ON paper.num = link.head
        WHERE link.tail = ? AND {of_link_types("link", ", ".join("?" * len(pursuit)))}
        AND NOT link.protected AND NOT paper.protected ORDER BY link.id"""
    this_year = f'["{min(day, find_meta(connection, _DERIVED_ON[protected]) or day)[:4]}'
    when, changed, turning = date.fromisoformat(day or "0001-01-01"), False, set[str]()
    for person in persons:
        papers = connection.execute(query, (person, *pursuit)).fetchall()
        statements = list(_clearances(connection, ontology, person, protected=protected)) if papers else []
        links = []
        for link, paper, body, text, may_end, issued in papers:
            if not may_end and not statements and issued < this_year and "," not in issued:
                links.append(link)
                continue
            issuers = _issuers(connection, paper, protected=protected)
            dates = paper_dates(read_json(body), read_json(text), issuers, statements, protected=protected)
            turning.update(found.isoformat() for found in dates.turning_days)
            if dates.is_in_force(when):
                links.append(link)
        updated = connection.execute(
            f"""UPDATE stored_node SET {column} = ?1 WHERE num = ?2 AND {column} <> ?1 AND (type = 'Person'
                OR EXISTS (SELECT 1 FROM json_each(body, '$.types') WHERE value = 'Person'))""",
            (canonical_json(links), person),
        )
        changed = changed or updated.rowcount > 0
    return changed, list(turning)


def pursuit_link_types(ontology: Ontology) -> tuple[str, ...]:
    """The types of links from people to papers, in order."""
    return tuple(sorted(ontology.with_trait("pursuit")))


def persons_sought_by(connection: sqlite3.Connection, ontology: Ontology, issuers: Iterable[int]) -> Iterator[int]:
    """People named in papers of some issuers, if a clearance may depend on the issuer's names."""
    pursuit = pursuit_link_types(ontology)
    query = f"""SELECT DISTINCT pursuit.tail FROM link issued
        JOIN link pursuit ON pursuit.head = issued.tail
        AND {of_link_types("pursuit", ", ".join("?" * len(pursuit)))}
        JOIN link accused ON accused.tail = pursuit.tail AND {of_link_types("accused", _ACCUSED_OF)}
        WHERE issued.head = ? AND {of_link_types("issued", _ISSUED_BY)} AND accused.body LIKE '%"{CLEARED}"%'"""
    for body in issuers:
        yield from (row[0] for row in connection.execute(query, (*pursuit, body)))


def _issuers(connection: sqlite3.Connection, paper: int, *, protected: bool) -> Iterator[Body]:
    rows = connection.execute(
        f"SELECT node.body FROM link JOIN node ON node.num = link.head WHERE tail = ? AND {of_link_types('link', '?')}"
        " AND (? OR NOT link.protected)",
        (paper, ISSUED_BY, protected),
    )
    return (read_json(body) for (body,) in rows.fetchall())


def _clearances(
    connection: sqlite3.Connection, ontology: Ontology, person: int, *, protected: bool
) -> Iterator[AccusationStatement]:
    links = connection.execute(
        f"SELECT ns, key, part FROM link WHERE tail = ? AND {of_link_types('link', '?')} AND body LIKE ?"
        " AND (? OR NOT protected)",
        (person, ACCUSED_OF, f'%"{CLEARED}"%', protected),
    ).fetchall()
    query = """SELECT body FROM record JOIN source s ON s.num = record.source
        WHERE until IS NULL AND from_key IS NOT NULL AND type = ? AND s.namespace = ? AND key = ? AND part = ?
        AND (? OR NOT record.protected)"""
    for link in links:
        for (body,) in connection.execute(query, (ACCUSED_OF, *link, protected)):
            yield accusation_statement(ontology, read_json(body))
