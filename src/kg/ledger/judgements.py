"""Record, check and undo people's decisions about who is who."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kg.database import next_number
from kg.errors import InputError, InputLocation, NotFound
from kg.identity import Equivalence, format_chain, format_ref, shortest_chain
from kg.ledger.judgement_pairs import DISTINCT, SAME, judgement_pairs
from kg.ledger.judgement_status import find_node
from kg.ontology import Ontology
from kg.records import Judgement, Ref, node_id


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decides about two nodes (canonical ids): that they are the `same` thing, or `distinct` ones."""

    kind: str
    nodes: tuple[str, str]
    by: str
    why: str
    day: str
    given: tuple[str, str] = ("", "")
    """How they were named: a `namespace:key` or a former id says which of a node's names is meant."""
    user: str = ""
    """Who records it."""


_SELECT_JUDGEMENTS = """SELECT j.num, j.kind, a.name, j.one_key, b.name, j.other_key, j.by, j.why, j.day, j.undone,
    j.undone_by, j.undone_why, j.user, j.undone_user
    FROM judgement j JOIN namespace a ON a.num = j.one_ns JOIN namespace b ON b.num = j.other_ns"""


def list_judgements(connection: sqlite3.Connection, *, active_only: bool = True) -> list[Judgement]:
    """All judgements by number; with `active_only`, without those that were undone."""
    where = "WHERE j.undone = ''" if active_only else ""
    return [Judgement.from_row(row) for row in connection.execute(f"{_SELECT_JUDGEMENTS} {where} ORDER BY j.num")]


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
    if judgement.kind == DISTINCT and judgement.other in one:
        bonds = shortest_chain(_equivalences(connection, ontology, one), judgement.one, judgement.other)
        raise InputError(f"they are one thing already: {format_chain(bonds)}", _place(judgement))
    for standing in list_judgements(connection):
        ends = {standing.one, standing.other}
        if standing.kind == judgement.kind and ends == {judgement.one, judgement.other}:
            raise InputError(f"judgement {standing.number} by {standing.by} says so already", _place(judgement))
        apart = bool(ends & one) and bool(ends & other) and not ends <= one and not ends <= other
        if judgement.kind == SAME and standing.kind == DISTINCT and apart:
            raise InputError(_explain_contradiction(connection, ontology, judgement, standing), _place(judgement))


def insert_judgement(connection: sqlite3.Connection, judgement: Judgement, *, protected: bool = False) -> int:
    """Insert a judgement, which everybody sees unless it is `protected`; returns its number."""
    from kg.ledger.loads import NamespaceNumbers

    namespaces = NamespaceNumbers(connection)
    ends = [end for name in (judgement.one, judgement.other) for end in (namespaces.number(name.namespace), name.key)]
    row = (judgement.kind, *ends, judgement.by, judgement.why, judgement.day, judgement.user)
    columns = "kind, one_ns, one_key, other_ns, other_key, by, why, day, user"
    number, seen = next_number("judgement", "num"), "NULL" if protected else next_number("judgement", "seen")
    insert = f"INSERT INTO judgement (num, {columns}, seen) VALUES ({number}, ?, ?, ?, ?, ?, ?, ?, ?, ?, {seen})"
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


def names_of_node(connection: sqlite3.Connection, node: str) -> list[Ref]:
    """The names of a node, smallest first; `node` is its canonical id."""
    query = """SELECT n.name, atom.key FROM node JOIN atom ON atom.node = node.num JOIN namespace n ON n.num = atom.ns
        WHERE node.id = ? ORDER BY n.name, atom.key"""
    return [Ref(*row) for row in connection.execute(query, (node,))]


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
    from kg.ledger.projection.rebuild import SELECT_RECORDS_OF_NAME, decode_record, record_names

    for name in sorted(names):
        for record in map(decode_record, connection.execute(SELECT_RECORDS_OF_NAME, (name.key, name.namespace))):
            for other in record_names(ontology, record)[1:]:
                yield Equivalence(name, other, f"{record.source} names both")
    for judgement in list_judgements(connection):
        if judgement.kind == SAME and {judgement.one, judgement.other} <= names:
            yield Equivalence(
                judgement.one, judgement.other, f"judgement {judgement.number} by {judgement.by}: {judgement.why}"
            )


def _explain_contradiction(
    connection: sqlite3.Connection, ontology: Ontology, judgement: Judgement, distinct: Judgement
) -> str:
    """The chain of reasons from one end of a judgement over a `distinct` judgement to the other end."""
    one, other = _equivalent_names(connection, judgement.one), _equivalent_names(connection, judgement.other)
    near, far = (distinct.one, distinct.other) if distinct.one in one else (distinct.other, distinct.one)
    steps = [
        format_chain(shortest_chain(_equivalences(connection, ontology, one), judgement.one, near)),
        f"{format_ref(near)} ≠ {format_ref(far)} (judgement {distinct.number} by {distinct.by}: {distinct.why})",
        format_chain(shortest_chain(_equivalences(connection, ontology, other), far, judgement.other)),
    ]
    return f"it contradicts what stands: {', '.join(s for s in steps if s)}"


def _place(judgement: Judgement) -> InputLocation:
    return InputLocation(key=judgement.kind, value=f"{format_ref(judgement.one)} {format_ref(judgement.other)}")
