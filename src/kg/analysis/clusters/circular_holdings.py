"""Which holdings run in a circle, and which link is the only one between two halves?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

import networkx as nx
import numpy as np
from numpy.typing import NDArray

Edge = tuple[int, int]


def circular_holdings(edges: Sequence[Edge], max_length: int, limit: int) -> tuple[list[tuple[int, ...]], bool]:
    """The simple cycles of a directed graph, each from its smallest node on, sorted; and whether any may be missing.

    At most `limit` cycles of at most `longest` nodes, found inside strongly connected components by Johnson's method as
    NetworkX has it. Which ones are left out depends on the edges alone, not on their order.
    """
    graph = nx.DiGraph(sorted(edges))
    rounds = [part for part in nx.strongly_connected_components(graph) if len(part) > 1]
    looped = nx.number_of_selfloops(graph)
    if not rounds and not looped:
        return [], False
    found = list(islice(nx.simple_cycles(graph, length_bound=max_length), limit + 1))
    cut = len(found) > limit or any(len(part) > max_length for part in rounds)
    return sorted(_rotated_to_smallest(cycle) for cycle in found[:limit]), cut


def may_be_circular(nodes: int, tail: NDArray[np.int64], head: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which edges may be part of a circle: bool (edges). What nothing leads to, or leads nowhere, is taken away again
    and again; so most of a large graph never gets to NetworkX.
    """
    left = np.ones(len(tail), bool)
    while True:
        led = np.bincount(head[left], minlength=nodes)
        leading = np.bincount(tail[left], minlength=nodes)
        still = left & (led[tail] > 0) & (leading[head] > 0)
        if np.array_equal(still, left):
            return left
        left = still


def bridges(edges: Sequence[Edge]) -> set[Edge]:
    """The edges of a connected undirected graph (each once, lower node first) whose loss would cut it in two.

    By depth-first search: an edge is a bridge if nothing below it reaches above it (Tarjan, "A note on finding the
    bridges of a graph", Inf. Process. Lett. 2 (1974) 160). A tree is told by its number of edges.
    """
    beside: defaultdict[int, list[int]] = defaultdict(list)
    for a, b in edges:
        beside[a].append(b)
        beside[b].append(a)
    if len(edges) < max(1, len(beside)):
        return set(edges)
    return set(_bridges_from(min(beside), beside))


def _bridges_from(root: int, beside: Mapping[int, Sequence[int]]) -> Iterator[Edge]:
    number = {root: 0}
    """When each node was reached."""
    lowest = {root: 0}
    """The earliest node that it, or anything below it, is beside."""
    way = [(root, -1, iter(beside[root]))]
    while way:
        node, above, rest = way[-1]
        for far in rest:
            if far not in number:
                number[far] = lowest[far] = len(number)
                way.append((far, node, iter(beside[far])))
                break
            if far != above:
                lowest[node] = min(lowest[node], number[far])
        else:
            way.pop()
            if above >= 0:
                lowest[above] = min(lowest[above], lowest[node])
                if lowest[node] == number[node]:
                    yield (min(above, node), max(above, node))


def _rotated_to_smallest(cycle: Sequence[int]) -> tuple[int, ...]:
    at = cycle.index(min(cycle))
    return (*cycle[at:], *cycle[:at])
