"""Which links alone connect two parts of a graph?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kg.view import BoolArray, IntArray


def find_bridges(tail: NDArray[np.integer], head: NDArray[np.integer]) -> BoolArray:
    """Which of some links are bridges: bool (links). Parallel links and links of a node with itself are none.

    All components are searched in one pass (Tarjan, "A note on finding the bridges of a graph", Inf. Process. Lett. 2
    (1974) 160).
    """
    nodes, ends = np.unique(np.concatenate((tail, head)), return_inverse=True)
    one, other = ends[: len(tail)], ends[len(tail) :]
    keys = np.minimum(one, other) * len(nodes) + np.maximum(one, other)
    pairs, pair, count = np.unique(keys, return_inverse=True, return_counts=True)
    low, high = pairs // max(len(nodes), 1), pairs % max(len(nodes), 1)
    is_bridge = np.zeros(len(pairs), bool)
    is_bridge[_bridges_of_pairs(len(nodes), low, high)] = True
    return np.asarray((is_bridge & (count == 1) & (low != high))[pair])


def _bridges_of_pairs(nodes: int, low: IntArray, high: IntArray) -> list[int]:
    """The positions of the pairs of nodes that are bridges; each pair is given once."""
    near = np.concatenate((low, high))
    order = np.argsort(near, kind="stable")
    far, pair = np.concatenate((high, low))[order].tolist(), (order % max(len(low), 1)).tolist()
    start = np.concatenate(([0], np.cumsum(np.bincount(near, minlength=nodes))))
    following, end = start[:-1].tolist(), start[1:].tolist()
    entered, earliest, via, found = [0] * nodes, [0] * nodes, [-1] * nodes, []
    clock = 0
    for root in range(nodes):
        if entered[root]:
            continue
        clock += 1
        entered[root] = earliest[root] = clock
        path = [root]
        while path:
            node = path[-1]
            at = following[node]
            if at < end[node]:
                following[node] += 1
                there = far[at]
                if not entered[there]:
                    clock += 1
                    entered[there] = earliest[there] = clock
                    via[there] = pair[at]
                    path.append(there)
                elif pair[at] != via[node] and entered[there] < earliest[node]:
                    earliest[node] = entered[there]
                continue
            path.pop()
            if path:
                earliest[path[-1]] = min(earliest[path[-1]], earliest[node])
                if earliest[node] > entered[path[-1]]:
                    found.append(via[node])
    return found
