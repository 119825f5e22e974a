"""Record, check and undo people's decisions about who is who."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kg.database import next_number
from kg.errors import InputError, InputLocation, NotFound
from kg.identity import Equivalence, format_chain, format_ref, shortest_chain
from kg.ledger.judgement_pairs import DISTINCT, SAME, UNSURE, judgement_pairs
from kg.ledger.judgement_status import HOLDS, find_node, judgement_state, list_judgements, names_of_node
from kg.ontology import Ontology
from kg.records import Judgement, Ref, node_id


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decides about two nodes (canonical ids): that they are the `same` thing or `distinct` ones, or
    that they are `unsure`.
    """

    kind: str
    nodes: tuple[str, str]
    by: str
    why: str
    day: str
    given: tuple[str, str] = ("", "")
    """How they were named: a `namespace:key` or a former id says which of a node's names is meant."""
    user: str = ""
    """Who records it."""
    needs_second: bool = False
    """Whether it waits until a second person confirms it."""


_SELECT_DATED_RECORDS = """SELECT s.name, n.name, record.key, record.type, record.body, record.num, load.day
    FROM record JOIN source s ON s.num = record.source JOIN namespace n ON n.num = s.namespace
    JOIN load ON load.num = record.since
    WHERE record.until IS NULL AND record.from_key IS NULL AND record.key = ? AND n.name = ?"""


def judgements_of_node(connection: sqlite3.Connection, node: str) -> list[Judgement]:
    """The judgements not undone about any name of a node, by number; `node` is its canonical id."""
    group = set(names_of_node(connection, node))
    return [j for j in list_judgements(connection) if {j.one, j.other} & group]


def check_judgement(connection: sqlite3.Connection, ontology: Ontology, judgement: Judgement) -> None:
    """Raise InputError, with the chain of reasons, for a judgement that contradicts records or other judgements."""
    if judgement.one == judgement.other:
        raise InputError("both are one name of one node; there is nothing to judge", _place(judgement))
    hidden = {bool(row[1]) for name in (judgement.one, judgement.other) if (row := find_node(connection, name))}
    if judgement.kind == SAME and len(hidden) == 2:  # an open one and a protected one
        problem = "only protected records know one of them; joined to an open node, everybody would see who it is"
        raise InputError(problem, _place(judgement))
    one, other = _equivalent_names(connection, judgement.one), _equivalent_names(connection, judgement.other)
    if judgement.kind != SAME and judgement.other in one:
        bonds = shortest_chain(_equivalences(connection, ontology, one), judgement.one, judgement.other)
        raise InputError(f"they are one thing already: {format_chain(bonds)}", _place(judgement))
    chains = []
    for standing in list_judgements(connection):
        if standing.waits:
            continue
        ends = {standing.one, standing.other}
        is_judged = standing.kind == judgement.kind and ends == {judgement.one, judgement.other}
        if is_judged and (judgement.kind != UNSURE or judgement_state(connection, standing) == HOLDS):
            raise InputError(f"judgement {standing.number} by {standing.by} says so already", _place(judgement))
        apart = bool(ends & one) and bool(ends & other) and not ends <= one and not ends <= other
        if judgement.kind != DISTINCT and standing.kind == DISTINCT and apart:
            chains.append(_explain_contradiction(connection, ontology, judgement, standing))
    if chains:
        raise InputError(f"it contradicts what stands: {'; and '.join(chains)}", _place(judgement))


def find_waiting(connection: sqlite3.Connection, nodes: tuple[str, str]) -> Judgement | None:
    """The judgement that two nodes (canonical ids) are the same which waits for a second person; None for none."""
    one, other = (set(names_of_node(connection, node)) for node in nodes)
    for found in list_judgements(connection):
        if found.waits and any(found.one in near and found.other in far for near, far in ((one, other), (other, one))):
            return found
    return None


def check_second_person(waiting: Judgement, by: str, user: str) -> None:
    """Raise InputError unless a judgement that waits is confirmed by another person, from another account."""
    for option, first, second in (("--by", waiting.by, by), ("KG_USER", waiting.user, user)):
        if _folded(first) == _folded(second):
            problem = (
                f"judgement {waiting.number} by {waiting.by} waits for a second person: expected another --by and "
                "another KG_USER"
            )
            raise InputError(problem, InputLocation(key=option, value=second))


def confirm_judgement(connection: sqlite3.Connection, number: int, decision: Decision) -> None:
    """Note that a second person confirms a judgement that waited; from now on it has its effect."""
    connection.execute(
        """UPDATE judgement SET waits = 0, confirmed = ?, confirmed_by = ?, confirmed_why = ?, confirmed_user = ?
        WHERE num = ?""",
        (decision.day, decision.by, decision.why, decision.user, number),
    )


def insert_judgement(
    connection: sqlite3.Connection,
    judgement: Judgement,
    *,
    protected: bool = False,
    digests: tuple[str, str] = ("", ""),
) -> int:
    """Insert a judgement, which everybody sees unless it is `protected`; returns its number.

    `digests`: of its ends, as the protected scope and as everybody sees them.
    """
    from kg.ledger.stage.numbers import NamespaceNumbers

    namespaces = NamespaceNumbers(connection)
    ends = [end for name in (judgement.one, judgement.other) for end in (namespaces.number(name.namespace), name.key)]
    row = (judgement.kind, *ends, judgement.by, judgement.why, judgement.day, judgement.user, judgement.waits, *digests)
    columns = "kind, one_ns, one_key, other_ns, other_key, by, why, day, user, waits, ends, open_ends"
    number, seen = next_number("judgement", "num"), "NULL" if protected else next_number("judgement", "seen")
    marks = ", ".join("?" * len(row))
    insert = f"INSERT INTO judgement (num, {columns}, seen) VALUES ({number}, {marks}, {seen})"
    cursor = connection.execute(insert, row)
    return int(cursor.lastrowid or 0)


def seen_number(connection: sqlite3.Connection, number: int) -> int:
    """The number that everybody sees of a judgement; 0 if only the protected scope sees it."""
    row = connection.execute("SELECT seen FROM judgement WHERE num = ?", (number,)).fetchone()
    return int(row[0] or 0)


def stored_number(connection: sqlite3.Connection, seen: int) -> int:
    """The number in the store of the judgement that everybody sees under the number `seen`."""
    return int(connection.execute("SELECT num FROM judgement WHERE seen = ?", (seen,)).fetchone()[0])


def check_undo(connection: sqlite3.Connection, number: int) -> Judgement:
    """The judgement that is to be undone. Raises NotFound, or InputError if it was undone before."""
    found = next((j for j in list_judgements(connection, active_only=False) if j.number == number), None)
    if found is None:
        raise NotFound("there is no judgement of that number; `kg judgements` lists them")
    if found.undone:
        raise InputError(f"judgement {number} was undone on {found.undone} already")
    return found


def undo_judgement(
    connection: sqlite3.Connection, number: int, by: str, why: str, day: str, user: str = ""
) -> Judgement:
    """Mark a judgement as undone; it stays in the ledger. Raises NotFound, or InputError if it was undone before."""
    found = check_undo(connection, number)
    connection.execute(
        "UPDATE judgement SET undone = ?, undone_by = ?, undone_why = ?, undone_user = ? WHERE num = ?",
        (day, by, why, user, number),
    )
    return replace(found, undone=day, undone_by=by, undone_why=why, undone_user=user)


def choose_name(connection: sqlite3.Connection, node: str, given: str) -> Ref:
    """The name of a node that a judgement is about: the one `given`, as `namespace:key` or by its own id.

    Else the smallest. Raises NotFound when there is no such node.
    """
    found = names_of_node(connection, node)
    if not found:
        raise NotFound(f"there is no node {node}")
    meant = (name for name in found if given == format_ref(name) or given.lower() == node_id(*name))
    return next(meant, found[0])


def _equivalent_names(connection: sqlite3.Connection, name: Ref) -> set[Ref]:
    """All names that are equivalent to `name`, also by judgements that have no effect now and may have again."""
    pairs, group, fresh = judgement_pairs(connection, SAME), {name}, [name]
    query = """SELECT n.name, atom.key FROM atom JOIN namespace n ON n.num = atom.ns WHERE node = (
        SELECT node FROM atom JOIN namespace n ON n.num = atom.ns WHERE n.name = ? AND atom.key = ?)"""
    while fresh:
        near = fresh.pop()
        found = {Ref(*row) for row in connection.execute(query, near)}
        found.update(end for pair in pairs if near in pair.names for end in pair.names)
        fresh.extend(found - group)
        group |= found
    return group


def _equivalences(connection: sqlite3.Connection, ontology: Ontology, names: set[Ref]) -> Iterator[Equivalence]:
    """Why `names` are one thing: records that state two of them, and judgements."""
    from kg.ledger.projection.rebuild import decode_record
    from kg.ledger.rules.names import record_names

    for name in sorted(names):
        for *row, day in connection.execute(_SELECT_DATED_RECORDS, (name.key, name.namespace)):
            record = decode_record(row)
            for other in record_names(ontology, record)[1:]:
                yield Equivalence(name, other, f"{record.source} names both, loaded on {day}")
    for judgement in list_judgements(connection):
        if judgement.kind == SAME and not judgement.waits and {judgement.one, judgement.other} <= names:
            yield Equivalence(judgement.one, judgement.other, _judgement_text(judgement))


def _judgement_text(judgement: Judgement) -> str:
    return f"judgement {judgement.number} by {judgement.by} on {judgement.day}: {judgement.why}"


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def _explain_contradiction(
    connection: sqlite3.Connection, ontology: Ontology, judgement: Judgement, distinct: Judgement
) -> str:
    """The chain of reasons from one end of a judgement over a `distinct` judgement to the other end."""
    one, other = _equivalent_names(connection, judgement.one), _equivalent_names(connection, judgement.other)
    near, far = (distinct.one, distinct.other) if distinct.one in one else (distinct.other, distinct.one)
    steps = [
        format_chain(shortest_chain(_equivalences(connection, ontology, one), judgement.one, near)),
        f"{format_ref(near)} ≠ {format_ref(far)} ({_judgement_text(distinct)})",
        format_chain(shortest_chain(_equivalences(connection, ontology, other), far, judgement.other)),
    ]
    return ", ".join(s for s in steps if s)


def _place(judgement: Judgement) -> InputLocation:
    return InputLocation(key=judgement.kind, value=f"{format_ref(judgement.one)} {format_ref(judgement.other)}")
