"""The effect of judgements now."""

from __future__ import annotations

import sqlite3
from dataclasses import asdict, dataclass
from typing import Any

from kg.ledger.judgement_pairs import SAME
from kg.records import Judgement, Ref

HOLDS, RESTS, CONTRADICTED, UNDONE = "holds", "rests", "contradicted", "undone"
"""It joins or keeps apart; no record in force uses one of its names; the records join what it keeps apart; taken
back."""


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


def judgement_state(connection: sqlite3.Connection, judgement: Judgement) -> str:
    """One of HOLDS, RESTS, CONTRADICTED and UNDONE."""
    if judgement.undone:
        return UNDONE
    one, other = find_node(connection, judgement.one), find_node(connection, judgement.other)
    if one is None or other is None:
        return RESTS
    if judgement.kind == SAME:
        return HOLDS if one == other else RESTS
    return CONTRADICTED if one == other else HOLDS
