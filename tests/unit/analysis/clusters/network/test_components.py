"""Do nodes hang together as their edges say?"""

from __future__ import annotations

import numpy as np

from kg.analysis.clusters.network.components import components, find_roots


def test_each_node_is_under_the_smallest_it_is_connected_to() -> None:
    left, right = np.array([4, 3, 5]), np.array([1, 4, 5])
    assert components(7, left, right).tolist() == [0, 1, 2, 1, 1, 5, 6]


def test_few_edges_among_many_nodes_give_the_same_as_many() -> None:
    left, right = np.array([400, 3, 77]), np.array([3, 90, 78])
    found = components(500, left, right)
    assert {node: root for node, root in enumerate(found.tolist()) if root != node} == {90: 3, 400: 3, 78: 77}
    twice = np.tile(left, 30), np.tile(right, 30)
    assert (components(500, *twice) == found).all()


def test_without_edges_every_node_is_alone() -> None:
    none = np.array([], np.int64)
    assert components(2, none, none).tolist() == [0, 1]
    assert components(0, none, none).tolist() == []


def test_parents_are_followed_to_the_root() -> None:
    assert find_roots(np.array([0, 0, 1, 2, 4, 4])).tolist() == [0, 0, 0, 0, 4, 4]
