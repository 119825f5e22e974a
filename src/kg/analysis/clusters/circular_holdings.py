"""Which holdings run in a circle?"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

import numpy as np

from kg.view import BoolArray, IntArray


def circular_holdings(
    edges: Sequence[tuple[int, int]], max_length: int, limit: int
) -> tuple[list[tuple[int, ...]], bool]:
    """The simple cycles of a directed graph, each from its smallest node on, sorted; and whether any may be missing.

    At most `limit` cycles of at most `max_length` nodes, found inside strongly connected components by Johnson's
    algorithm in NetworkX. Which ones are left out depends on the edges, not on their order.
    """
    if not edges:
        return [], False
    import networkx as nx  # it takes longer to import than to find the clusters of a small graph

    graph = nx.DiGraph(sorted(edges))
    components = [part for part in nx.strongly_connected_components(graph) if len(part) > 1]
    looped = nx.number_of_selfloops(graph)
    if not components and not looped:
        return [], False
    found = list(islice(nx.simple_cycles(graph, length_bound=max_length), limit + 1))
    cut = len(found) > limit or any(len(part) > max_length for part in components)
    starts = [(cycle, cycle.index(min(cycle))) for cycle in found[:limit]]
    return sorted((*cycle[at:], *cycle[:at]) for cycle, at in starts), cut


def may_be_circular(nodes: int, tail: IntArray, head: IntArray) -> BoolArray:
    """Which edges may be part of a cycle: bool (edges).

    Edges that nothing leads to or that lead nowhere are removed repeatedly, so that NetworkX gets a small rest only.
    """
    left = np.ones(len(tail), bool)
    while True:
        led = np.bincount(head[left], minlength=nodes)
        leading = np.bincount(tail[left], minlength=nodes)
        still = left & (led[tail] > 0) & (leading[head] > 0)
        if np.array_equal(still, left):
            return left
        left = still
