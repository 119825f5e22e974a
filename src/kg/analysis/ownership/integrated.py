"""What comes to each holder through all chains, of everything at once?"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kg.analysis.ownership.circular import highest, lowest
from kg.analysis.ownership.shares import Shares
from kg.analysis.ownership.topological_order import circles, levels, spread
from kg.analysis.timeout import Late, expect_time, in_time

Ints = NDArray[np.int64]
Fractions = NDArray[np.float64]


@dataclass(frozen=True)
class Held:
    """What holders hold through all chains, sorted by held and then holder.

    `holder`, `held`: int64 (entries), into the view. `low`, `high`: float64 (entries), fractions. A holder is a node
    that nobody is said to hold; it has the whole of itself, which is no entry.
    """

    holder: Ints
    held: Ints
    low: Fractions
    high: Fractions

    def of(self, node: int) -> Held:
        """The entries of one node that is held."""
        at = slice(*np.searchsorted(self.held, (node, node + 1)))
        return Held(self.holder[at], self.held[at], self.low[at], self.high[at])


def integrated(direct: Shares, late: Late = in_time) -> Held:
    """Integrated ownership of everything by everybody who stands at the beginning of a chain.

    Along a chain shares are multiplied, over chains added: lowest with lowest, highest with highest, never more than
    the whole. Nodes are taken after all that hold them; those that hold each other in a circle are solved together.
    Raises OutOfTime when `late` says that time is up.
    """
    named, ends = np.unique(np.concatenate((direct.holder, direct.held)), return_inverse=True)
    holder, held = ends[: len(direct.holder)], ends[len(direct.holder) :]
    found = _integrated(len(named), replace(direct, holder=holder, held=held), late)
    return replace(found, holder=named[found.holder], held=named[found.held])


def _integrated(nodes: int, direct: Shares, late: Late) -> Held:
    """The same of nodes that are numbered without gaps."""
    part = circles(nodes, direct.holder, direct.held)
    members = _Rows.of(part, np.arange(nodes, dtype=np.int64), nodes)
    into = _Rows.of(direct.held, np.arange(len(direct.held), dtype=np.int64), nodes)
    looped = np.zeros(nodes, bool)
    looped[part[direct.held[part[direct.holder] == part[direct.held]]]] = True
    entries = _Entries(nodes)
    for level in levels(nodes, part[direct.holder], part[direct.held]):
        expect_time(late)
        own = level[part[level] == level]
        easy = own[~looped[own]]
        entries.put(*_alone(direct, entries, easy, into))
        for first in own[looped[own]].tolist():
            entries.put(*_together(direct, entries, (members.many(np.array([first])), into), late))
    return entries.held(direct)


@dataclass(frozen=True)
class _Rows:
    """Values by row, as compressed sparse rows."""

    start: Ints
    values: Ints

    @classmethod
    def of(cls, rows: Ints, values: Ints, count: int) -> _Rows:
        order = np.argsort(rows, kind="stable")
        return cls(np.append(0, np.cumsum(np.bincount(rows, minlength=count))), values[order])

    def many(self, rows: Ints) -> Ints:
        return self.values[spread(self.start, rows)]


class _Entries:
    """What is known so far: for each node done its holders, as rows in one growing array."""

    def __init__(self, nodes: int) -> None:
        self.start, self.count = np.zeros(nodes, np.int64), np.zeros(nodes, np.int64)
        self._size, self._holder = 0, np.zeros(1024, np.int64)
        self._low, self._high = np.zeros(1024), np.zeros(1024)

    def put(self, nodes: Ints, holder: Ints, low: Fractions, high: Fractions) -> None:
        """Add the entries of nodes; `nodes` is ascending, one for each entry."""
        need = self._size + len(nodes)
        if need > len(self._holder):
            for name in ("_holder", "_low", "_high"):
                old = getattr(self, name)
                setattr(self, name, np.concatenate((old, np.zeros(max(need, 2 * len(old)) - len(old), old.dtype))))
        at = slice(self._size, need)
        self._holder[at], self._low[at], self._high[at] = holder, low, high
        done, first, count = np.unique(nodes, return_index=True, return_counts=True)
        self.start[done], self.count[done] = self._size + first, count
        self._size = need

    def through(self, direct: Shares, pairs: Ints) -> tuple[Ints, Ints, Fractions, Fractions]:
        """What comes through pairs: held, holder, low and high, once for each holder of each pair."""
        tails = direct.holder[pairs]
        count = self.count[tails]
        at = np.repeat(self.start[tails] - np.cumsum(count) + count, count) + np.arange(count.sum())
        by = np.repeat(pairs, count)
        return direct.held[by], self._holder[at], self._low[at] * direct.low[by], self._high[at] * direct.high[by]

    def held(self, direct: Shares) -> Held:
        """Everything that is held by another."""
        nodes = np.unique(direct.held)
        count = self.count[nodes]
        at = np.repeat(self.start[nodes] - np.cumsum(count) + count, count) + np.arange(count.sum())
        return Held(self._holder[at], np.repeat(nodes, count), self._low[at], self._high[at])


def _alone(direct: Shares, entries: _Entries, nodes: Ints, into: _Rows) -> tuple[Ints, Ints, Fractions, Fractions]:
    """Entries of nodes that are in no circle; one that nobody holds is its own."""
    own = nodes[into.start[nodes + 1] == into.start[nodes]]
    ones = np.ones(len(own))
    held, holder, low, high = _added(*entries.through(direct, into.many(nodes)))
    order = np.argsort(np.concatenate((own, held)), kind="stable")
    both = ((own, held), (own, holder), (ones, np.minimum(low, 1.0)), (ones, np.minimum(high, 1.0)))
    chosen = [np.concatenate(pair)[order] for pair in both]
    return chosen[0], chosen[1], chosen[2], chosen[3]


def _together(
    direct: Shares, entries: _Entries, circle: tuple[Ints, _Rows], late: Late
) -> tuple[Ints, Ints, Fractions, Fractions]:
    """Entries of nodes that hold each other in a circle; with them the pairs into each node."""
    nodes, into = circle
    pairs = into.many(nodes)
    within = np.isin(direct.holder[pairs], nodes)
    inner = pairs[within]
    at = np.searchsorted(nodes, direct.holder[inner]), np.searchsorted(nodes, direct.held[inner])
    held, holder, low, high = _added(*entries.through(direct, pairs[~within]))
    holders, row = np.unique(holder, return_inverse=True)
    column = np.searchsorted(nodes, held)
    results = []
    for solve, share, outside in ((lowest, direct.low, low), (highest, direct.high, high)):
        inside, given = np.zeros((len(nodes), len(nodes))), np.zeros((len(holders), len(nodes)))
        inside[at], given[row, column] = share[inner], np.minimum(outside, 1.0)
        results.append(solve(inside, given, late))
    some, whose = np.nonzero((results[1] > 0).T)
    return nodes[some], holders[whose], results[0][whose, some], results[1][whose, some]


def _added(held: Ints, holder: Ints, low: Fractions, high: Fractions) -> tuple[Ints, Ints, Fractions, Fractions]:
    """One entry for each holder of each node held, added up; sorted by held and holder."""
    order = np.lexsort((holder, held))
    held, holder, low, high = held[order], holder[order], low[order], high[order]
    if not len(held):
        return held, holder, low, high
    first = np.flatnonzero(np.append(True, (held[1:] != held[:-1]) | (holder[1:] != holder[:-1])))
    return held[first], holder[first], np.add.reduceat(low, first), np.add.reduceat(high, first)
