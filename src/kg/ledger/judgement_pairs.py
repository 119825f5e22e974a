"""Which pairs of names do judgements merge or keep distinct?"""

from __future__ import annotations

import sqlite3

from kg.ledger.rules.names import JudgedPair
from kg.records import Ref

SAME, DISTINCT, UNSURE = "same", "distinct", "unsure"
"""Two names mean one thing; two; nobody can say, which hides the pair from review and changes nothing else."""


def judgement_pairs(connection: sqlite3.Connection, kind: str) -> list[JudgedPair]:
    """The two names of each judgement of a kind that was not undone and waits for nobody, by number."""
    rows = connection.execute(
        """SELECT a.name, j.one_key, b.name, j.other_key, j.seen IS NULL FROM judgement j
        JOIN namespace a ON a.num = j.one_ns
        JOIN namespace b ON b.num = j.other_ns WHERE j.undone = '' AND NOT j.waits AND j.kind = ? ORDER BY j.num""",
        (kind,),
    )
    return [
        JudgedPair((Ref(one_ns, one), Ref(other_ns, other)), bool(hidden))
        for one_ns, one, other_ns, other, hidden in rows
    ]


def distinct_node_pairs(connection: sqlite3.Connection, *, protected: bool = False) -> set[frozenset[str]]:
    """The pairs of nodes (ids) that were judged distinct; `protected`: those of that scope too."""
    query = """SELECT node.id FROM atom JOIN namespace n ON n.num = atom.ns JOIN node ON node.num = atom.node
        WHERE n.name = ? AND atom.key = ?"""
    pairs = set()
    for pair in judgement_pairs(connection, DISTINCT):
        if pair.protected and not protected:
            continue
        nodes = {row[0] for name in pair.names for row in connection.execute(query, name)}
        if len(nodes) == 2:  # a pair
            pairs.add(frozenset(nodes))
    return pairs
