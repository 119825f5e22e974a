"""In which order is everything processed after what it depends on?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.view import BoolArray, IntArray, row_positions, unique

Ints = NDArray[np.integer[Any]]

MAX_PEELING_ROUNDS = 200
"""Rounds in which nodes that are in no circle are removed, before NetworkX gets the rest."""


def strongly_connected_components(nodes: int, tail: IntArray, head: IntArray) -> IntArray:
    """The smallest node of each node's strongly connected component: int64 (nodes).

    A node that no link enters or none leaves is in no circle and is removed, round by round; NetworkX finds the
    components of the rest (Tarjan 1972, as modified by Nuutila 1994).
    """
    part = np.arange(nodes, dtype=np.int64)
    for _ in range(MAX_PEELING_ROUNDS):
        entered, left = np.zeros(nodes, bool), np.zeros(nodes, bool)
        entered[head], left[tail] = True, True
        inner = entered[tail] & left[head]
        if inner.all():
            break
        tail, head = tail[inner], head[inner]
    if len(tail):
        import networkx as nx  # it takes longer to import than most questions to answer

        graph: nx.DiGraph[Any] = nx.DiGraph(zip(tail.tolist(), head.tolist(), strict=True))
        for found in nx.strongly_connected_components(graph):
            part[list(found)] = min(found)
    return part


def topological_levels(nodes: int, tail: IntArray, head: IntArray) -> Iterator[IntArray]:
    """The nodes of an acyclic graph in levels: first those that no link enters, then those that come after them.

    Links from a node to itself are ignored. Within a level nodes are sorted (Kahn 1962, level by level).
    """
    apart = tail != head
    tail, head = tail[apart], head[apart]
    order = np.argsort(tail, kind="stable")
    head = head[order]
    start = np.append(0, np.cumsum(np.bincount(tail, minlength=nodes)))
    left = np.bincount(head, minlength=nodes)
    front = np.flatnonzero(left == 0)
    while len(front):
        yield front
        reached = head[row_positions(start[front], start[front + 1] - start[front])]
        np.subtract.at(left, reached, 1)
        front = unique(reached[left[reached] == 0])


def reachable_nodes(nodes: int, start: IntArray, near: Ints, far: Ints) -> BoolArray:
    """Which nodes can be reached from `start`, itself included, by pairs from `near` to `far`: bool (nodes)."""
    reached = np.zeros(nodes, bool)
    reached[start], count = True, 0
    while count < (count := int(np.count_nonzero(reached))):
        reached[far[reached[near]]] = True
    return reached
