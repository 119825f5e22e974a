"""Which pairs of names do judgements merge or keep distinct?"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from kg.records import Ref

SAME, DISTINCT, UNSURE = "same", "distinct", "unsure"
"""Two names mean one thing; two; nobody can say, which hides the pair from review and changes nothing else."""


class JudgedPair(NamedTuple):
    """The two names of a judgement, and whether only the protected scope sees it."""

    names: tuple[Ref, Ref]
    protected: bool


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


class NameUsage:
    """Which of some names are used by records in force, by open or by protected ones."""

    def __init__(self, names: Collection[Ref]) -> None:
        self.names = names
        self.open: set[Ref] = set()
        self.protected: set[Ref] = set()

    def add(self, names: Iterable[Ref], *, protected: bool) -> None:
        """Note the names that a record uses; `protected` is whether the record is."""
        if self.names:
            (self.protected if protected else self.open).update(name for name in names if name in self.names)


def effective_pairs(
    pairs: Iterable[JudgedPair], open_names: Collection[Ref], protected_names: Collection[Ref]
) -> Iterator[tuple[Ref, Ref]]:
    """Of the pairs judged to be the same, those that merge two nodes now; the others have no effect.

    `open_names` are those of open records in force, `hidden_names` those that protected ones alone use. A name that
    nobody uses joins nothing, and a protected thing is never joined to an open one: everybody would see it. For the
    same reason, a judgement that not everybody sees joins protected things alone.
    """
    hidden = set(protected_names) - set(open_names)
    for pair in pairs:
        scopes = (hidden,) if pair.protected else (open_names, hidden)
        if any(all(name in names for name in pair.names) for names in scopes):
            yield pair.names


def distinct_node_pairs(connection: sqlite3.Connection, *, protected: bool = False) -> set[frozenset[int]]:
    """The pairs of nodes (numbers of the store) that were judged distinct; `protected`: those of that scope too."""
    query = "SELECT node FROM atom JOIN namespace n ON n.num = atom.ns WHERE n.name = ? AND atom.key = ?"
    pairs = set()
    for pair in judgement_pairs(connection, DISTINCT):
        if pair.protected and not protected:
            continue
        nodes = [row[0] for name in pair.names for row in connection.execute(query, name)]
        if len(set(nodes)) == 2:  # a pair
            pairs.add(frozenset(nodes))
    return pairs
