"""Which nodes are connected?"""

from __future__ import annotations

import numpy as np

from kg.view import IntArray

SPARSE_RATIO = 8
"""Where there are so many times fewer edges than nodes, only the nodes with edges are looked at."""


def components(nodes: int, left: IntArray, right: IntArray) -> IntArray:
    """The smallest node that each node is connected to: int64 (nodes); `left` and `right` are the ends of the edges.

    Every root hooks onto the smallest adjacent root and pointers are halved until nothing changes: a vectorised form of
    Shiloach and Vishkin, "An O(log n) parallel connectivity algorithm", J. Algorithms 3 (1982) 57.
    """
    root = np.arange(nodes)
    if len(left) * SPARSE_RATIO < nodes:
        named, ends = np.unique(np.concatenate((left, right)), return_inverse=True)
        root[named] = named[components(len(named), ends[: len(left)], ends[len(left) :])]
        return root
    while True:
        hooked = root.copy()
        lowest = np.minimum(root[left], root[right])
        np.minimum.at(hooked, root[left], lowest)
        np.minimum.at(hooked, root[right], lowest)
        hooked = find_roots(hooked)
        if np.array_equal(hooked, root):
            return root
        root = hooked


def find_roots(parent: IntArray) -> IntArray:
    """The root above each node, given the parent of each; a root is its own parent."""
    while True:
        above = parent[parent]
        if np.array_equal(above, parent):
            return parent
        parent = above
