"""Which pairs of names do standing judgements join or keep apart?"""

from __future__ import annotations

import sqlite3

from kg.records import Ref

SAME, DISTINCT = "same", "distinct"


def judged_pairs(connection: sqlite3.Connection, kind: str) -> list[tuple[Ref, Ref]]:
    """The two names of each standing judgement of a kind, by number."""
    rows = connection.execute(
        """SELECT a.name, j.one_key, b.name, j.other_key FROM judgement j JOIN namespace a ON a.num = j.one_ns
        JOIN namespace b ON b.num = j.other_ns WHERE j.undone = '' AND j.kind = ? ORDER BY j.num""",
        (kind,),
    )
    return [(Ref(one_ns, one), Ref(other_ns, other)) for one_ns, one, other_ns, other in rows]


def kept_apart(connection: sqlite3.Connection) -> set[frozenset[int]]:
    """The pairs of nodes (numbers of the store) that somebody judged to be two."""
    query = "SELECT node FROM atom JOIN namespace n ON n.num = atom.ns WHERE n.name = ? AND atom.key = ?"
    pairs = set()
    for names in judged_pairs(connection, DISTINCT):
        nodes = [row[0] for name in names for row in connection.execute(query, name)]
        if len(set(nodes)) == 2:  # a pair
            pairs.add(frozenset(nodes))
    return pairs
