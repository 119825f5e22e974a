"""The effect of judgements now."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Container, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from kg.ledger.judgement_pairs import DISTINCT, SAME, UNSURE
from kg.records import Judgement, Ref

HOLDS, RESTS, CONTRADICTED, UNDONE = "holds", "rests", "contradicted", "undone"
"""It joins, keeps apart or hides a pair from review; no record in force uses one of its names, or what nobody could say
was decided; the records join what it keeps apart; taken back."""

WAITS, REOPENED = "waiting for confirmation", "reopened"
"""It has no effect until a second person confirms it; records of one of the nodes have changed since."""

_SELECT_NODE_RECORDS = """SELECT r.digest FROM atom JOIN source s ON s.namespace = atom.ns
    JOIN record r ON r.key = atom.key AND r.source = s.num
    WHERE atom.node = ? AND r.ended IS NULL AND r.from_key IS NULL"""
_SELECT_LINK_RECORDS = """SELECT r.digest FROM link JOIN source s ON s.namespace = link.ns
    JOIN record r ON r.key = link.key AND r.part = link.part AND r.source = s.num
    WHERE link.{end} = ? AND r.ended IS NULL AND r.from_key IS NOT NULL"""

_SELECT_JUDGEMENTS = """SELECT j.num, j.kind, a.name, j.one_key, b.name, j.other_key, j.by, j.why, j.day, j.undone,
    j.undone_by, j.undone_why, j.user, j.undone_user, j.waits, j.confirmed, j.confirmed_by, j.confirmed_why,
    j.confirmed_user
    FROM judgement j JOIN namespace a ON a.num = j.one_ns JOIN namespace b ON b.num = j.other_ns"""


@dataclass(frozen=True, slots=True)
class JudgementStatus:
    """A judgement and its effect now."""

    judgement: Judgement
    state: str

    def to_json(self) -> dict[str, Any]:
        """Plain data for `--json`."""
        return {**asdict(self.judgement), "state": self.state}


def find_node(connection: sqlite3.Connection, name: Ref) -> tuple[int, bool] | None:
    """The node with a name, as its number in the store and whether it is protected; None if no record in force
    uses the name.
    """
    query = """SELECT node.num, node.protected FROM atom JOIN namespace n ON n.num = atom.ns
        JOIN node ON node.num = atom.node WHERE n.name = ? AND atom.key = ?"""
    row = connection.execute(query, name).fetchone()
    return (row[0], bool(row[1])) if row else None


def list_judgements(connection: sqlite3.Connection, *, active_only: bool = True) -> list[Judgement]:
    """All judgements by number; with `active_only`, without those that were undone."""
    where = "WHERE j.undone = ''" if active_only else ""
    return [Judgement.from_row(row) for row in connection.execute(f"{_SELECT_JUDGEMENTS} {where} ORDER BY j.num")]


def names_of_node(connection: sqlite3.Connection, node: str) -> list[Ref]:
    """The names of a node, smallest first; `node` is its canonical id."""
    query = """SELECT n.name, atom.key FROM node JOIN atom ON atom.node = node.num JOIN namespace n ON n.num = atom.ns
        WHERE node.id = ? ORDER BY n.name, atom.key"""
    return [Ref(*row) for row in connection.execute(query, (node,))]


def judgement_state(connection: sqlite3.Connection, judgement: Judgement) -> str:
    """One of HOLDS, RESTS, CONTRADICTED, UNDONE, WAITS and REOPENED, on a connection that sees one scope."""
    if judgement.undone:
        return UNDONE
    if judgement.waits:
        return WAITS
    one, other = find_node(connection, judgement.one), find_node(connection, judgement.other)
    if one is None or other is None:
        return RESTS
    if judgement.kind == SAME:
        return HOLDS if one == other else RESTS
    if judgement.kind == UNSURE:
        return RESTS if one == other else _unsure_state(connection, judgement)
    return CONTRADICTED if one == other else HOLDS


def ends_digest(connection: sqlite3.Connection, names: tuple[Ref, Ref]) -> str:
    """A digest of the records in force about the nodes of two names and about their links, as one scope sees them.

    Empty if one of them does not exist there.
    """
    found = []
    for name in sorted(names):
        if (node := find_node(connection, name)) is None:
            return ""
        digests = list(connection.execute(_SELECT_NODE_RECORDS, (node[0],)))
        for end in ("tail", "head"):
            digests += connection.execute(_SELECT_LINK_RECORDS.format(end=end), (node[0],))
        found.append(b"".join(sorted(digest for (digest,) in digests)))
    return hashlib.blake2b(b"\x1e".join(found), digest_size=16).hexdigest()


def judgements_between(connection: sqlite3.Connection, one: str, other: str) -> list[JudgementStatus]:
    """What was judged about two nodes (ids), by number, also what was undone or has no effect."""
    names = [set(names_of_node(connection, node)) for node in (one, other)]
    return [
        JudgementStatus(judgement, judgement_state(connection, judgement))
        for judgement in list_judgements(connection, active_only=False)
        if any(judgement.one in a and judgement.other in b for a, b in (names, names[::-1]))
    ]


def decided_pairs(connection: sqlite3.Connection, kinds: Container[str] = (DISTINCT, UNSURE)) -> set[frozenset[str]]:
    """The pairs of nodes (ids) that need no review, by judgements of these kinds, as the connection's scope sees them.

    They were judged distinct, or nobody could say and no record of theirs has changed since.
    """
    return {frozenset(nodes) for _, nodes in judged_nodes(connection, kinds)}


def judged_nodes(
    connection: sqlite3.Connection, kinds: Container[str] = (DISTINCT, UNSURE)
) -> Iterator[tuple[Judgement, tuple[str, str]]]:
    """The judgements of these kinds that hold, by number, with the two nodes (ids), as the connection's scope sees
    them.
    """
    for judgement in list_judgements(connection):
        if judgement.kind in kinds and judgement_state(connection, judgement) == HOLDS:
            yield judgement, (_node_id(connection, judgement.one), _node_id(connection, judgement.other))


def _node_id(connection: sqlite3.Connection, name: Ref) -> str:
    query = """SELECT node.id FROM atom JOIN namespace n ON n.num = atom.ns JOIN node ON node.num = atom.node
        WHERE n.name = ? AND key = ?"""
    return str(connection.execute(query, name).fetchone()[0])


def _unsure_state(connection: sqlite3.Connection, judgement: Judgement) -> str:
    query = "SELECT ends FROM judgement WHERE num = ?"
    (ends,) = connection.execute(query, (judgement.number,)).fetchone()
    return HOLDS if ends == ends_digest(connection, (judgement.one, judgement.other)) else REOPENED
