"""How much of everything does each ultimate holder own, through all chains at once?"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from kg.analysis.ownership.circular import lower_bounds, upper_bounds
from kg.analysis.ownership.shares import DirectShares
from kg.analysis.ownership.topological_order import strongly_connected_components, topological_levels
from kg.analysis.timeout import TimeoutCheck, no_timeout, raise_if_timed_out
from kg.view import FloatArray, IntArray, row_positions, unique


@dataclass(frozen=True)
class IntegratedShares:
    """What ultimate holders own through all chains, sorted by held and then holder.

    `holder`, `held`: int64 (entries), into the view. `low`, `high`: float64 (entries), fractions. A holder is a node
    without a stated owner; it has the whole of itself, which is no entry.
    """

    holder: IntArray
    held: IntArray
    low: FloatArray
    high: FloatArray

    def of_node(self, node: int) -> IntegratedShares:
        """The entries of one node that is owned."""
        at = slice(*np.searchsorted(self.held, (node, node + 1)))
        return IntegratedShares(self.holder[at], self.held[at], self.low[at], self.high[at])


def integrated_ownership(direct: DirectShares, timed_out: TimeoutCheck = no_timeout) -> IntegratedShares:
    """Integrated ownership of everything by everybody at the beginning of a chain.

    Shares are multiplied along a chain and added over chains: lowest with lowest, highest with highest, never more than
    the whole. Nodes are processed in topological order; those that own each other in a circle are solved together.
    Raises OutOfTime when the time is up.
    """
    named, ends = np.unique(np.concatenate((direct.holder, direct.held)), return_inverse=True)
    holder, held = ends[: len(direct.holder)], ends[len(direct.holder) :]
    found = _integrate(len(named), replace(direct, holder=holder, held=held), timed_out)
    return replace(found, holder=named[found.holder], held=named[found.held])


def _integrate(nodes: int, direct: DirectShares, timed_out: TimeoutCheck) -> IntegratedShares:
    """The same for nodes that are numbered without gaps."""
    part = strongly_connected_components(nodes, direct.holder, direct.held)
    members = _SparseRows.from_rows(part, np.arange(nodes, dtype=np.int64), nodes)
    into = _SparseRows.from_rows(direct.held, np.arange(len(direct.held), dtype=np.int64), nodes)
    is_circular = np.zeros(nodes, bool)
    is_circular[part[direct.held[part[direct.holder] == part[direct.held]]]] = True
    entries = _HolderTable(nodes)
    for level in topological_levels(nodes, part[direct.holder], part[direct.held]):
        raise_if_timed_out(timed_out)
        own = level[part[level] == level]
        easy = own[~is_circular[own]]
        entries.add(*_solve_acyclic(direct, entries, easy, into))
        for first in own[is_circular[own]].tolist():
            entries.add(*_solve_circular(direct, entries, (members.values_of(np.array([first])), into), timed_out))
    return entries.to_shares(direct)


@dataclass(frozen=True)
class _SparseRows:
    """Values by row, as compressed sparse rows."""

    start: IntArray
    values: IntArray

    @classmethod
    def from_rows(cls, rows: IntArray, values: IntArray, count: int) -> _SparseRows:
        order = np.argsort(rows, kind="stable")
        return cls(np.append(0, np.cumsum(np.bincount(rows, minlength=count))), values[order])

    def values_of(self, rows: IntArray) -> IntArray:
        return self.values[row_positions(self.start[rows], self.start[rows + 1] - self.start[rows])]


class _HolderTable:
    """The holders of each node that has been processed, as rows in one growing array."""

    def __init__(self, nodes: int) -> None:
        self.start, self.count = np.zeros(nodes, np.int64), np.zeros(nodes, np.int64)
        self._size, self._holder = 0, np.zeros(1024, np.int64)
        self._low, self._high = np.zeros(1024), np.zeros(1024)

    def add(self, nodes: IntArray, holder: IntArray, low: FloatArray, high: FloatArray) -> None:
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

    def through(self, direct: DirectShares, pairs: IntArray) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
        """What holders own through pairs: held, holder, low and high, once for each holder of each pair."""
        tails = direct.holder[pairs]
        count = self.count[tails]
        at = row_positions(self.start[tails], count)
        by = np.repeat(pairs, count)
        return direct.held[by], self._holder[at], self._low[at] * direct.low[by], self._high[at] * direct.high[by]

    def to_shares(self, direct: DirectShares) -> IntegratedShares:
        """The entries of every node that has an owner."""
        nodes = unique(direct.held)
        count = self.count[nodes]
        at = row_positions(self.start[nodes], count)
        return IntegratedShares(self._holder[at], np.repeat(nodes, count), self._low[at], self._high[at])


def _solve_acyclic(
    direct: DirectShares, entries: _HolderTable, nodes: IntArray, into: _SparseRows
) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
    """The entries of nodes that are in no circle; a node without an owner owns itself."""
    own = nodes[into.start[nodes + 1] == into.start[nodes]]
    ones = np.ones(len(own))
    held, holder, low, high = _sum_duplicates(*entries.through(direct, into.values_of(nodes)))
    order = np.argsort(np.concatenate((own, held)), kind="stable")
    both = ((own, held), (own, holder), (ones, np.minimum(low, 1.0)), (ones, np.minimum(high, 1.0)))
    held, holder, low, high = (np.concatenate(pair)[order] for pair in both)
    return held, holder, low, high


def _solve_circular(
    direct: DirectShares, entries: _HolderTable, circle: tuple[IntArray, _SparseRows], timed_out: TimeoutCheck
) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
    """The entries of nodes that own each other in a circle; `circle` has the nodes and the pairs into each node."""
    nodes, into = circle
    pairs = into.values_of(nodes)
    within = np.isin(direct.holder[pairs], nodes)
    inner = pairs[within]
    at = np.searchsorted(nodes, direct.holder[inner]), np.searchsorted(nodes, direct.held[inner])
    held, holder, low, high = _sum_duplicates(*entries.through(direct, pairs[~within]))
    holders, row = np.unique(holder, return_inverse=True)
    column = np.searchsorted(nodes, held)
    results = []
    for solve, share, outside in ((lower_bounds, direct.low, low), (upper_bounds, direct.high, high)):
        inside, given = np.zeros((len(nodes), len(nodes))), np.zeros((len(holders), len(nodes)))
        inside[at], given[row, column] = share[inner], np.minimum(outside, 1.0)
        results.append(solve(inside, given, timed_out))
    some, whose = np.nonzero((results[1] > 0).T)
    return nodes[some], holders[whose], results[0][whose, some], results[1][whose, some]


def _sum_duplicates(
    held: IntArray, holder: IntArray, low: FloatArray, high: FloatArray
) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
    """One entry for each holder of each node, the sum of its parts; sorted by held and holder."""
    order = np.lexsort((holder, held))
    held, holder, low, high = held[order], holder[order], low[order], high[order]
    if not len(held):
        return held, holder, low, high
    first = np.flatnonzero(np.append(True, (held[1:] != held[:-1]) | (holder[1:] != holder[:-1])))
    return held[first], holder[first], np.add.reduceat(low, first), np.add.reduceat(high, first)
