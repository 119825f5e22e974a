"""How far apart are two nodes? Breadth-first search from both ends."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kg.analysis.paths.traversal import Nodes, Traversal, TraversalSteps, unique_nodes
from kg.analysis.timeout import TimeoutCheck

SOURCES_PER_WORD = 64
"""How many nodes are searched from at once in `count_reaching`: the bits of a word."""


@dataclass
class SearchSide:
    """One end of the search: the distance of each node from it (-1: not reached), and the nodes reached last.

    `forward` is False at the goal, from which links are followed backwards.
    """

    distance: NDArray[np.int8]
    frontier: Nodes
    forward: bool
    depth: int = 0
    reached_count: int = 1

    def expand(self, traversal: Traversal) -> TraversalSteps:
        """Take one step from every node of the frontier; returns all these steps."""
        steps = traversal.steps(self.frontier, forward=self.forward)
        self.frontier = unique_nodes(steps.targets[self.distance[steps.targets] < 0], len(self.distance))
        self.depth += 1
        self.reached_count += len(self.frontier)
        self.distance[self.frontier] = self.depth
        return steps


def search_sides(traversal: Traversal) -> tuple[SearchSide, SearchSide]:
    """One side at the start and one at the goal, before the first step."""
    start, goal = traversal.ends
    nodes = len(traversal.view.ids)
    return _start_side(nodes, start, forward=True), _start_side(nodes, goal, forward=False)


def shortest_distance(traversal: Traversal, max_depth: int) -> tuple[int, int]:
    """The number of links on a shortest path of at most `max_depth` links, -1 if there is none; and how many nodes
    were reached from either end.

    Whole levels are searched, always on the side with fewer links ahead, until the sides meet: a bidirectional
    breadth-first search (Pohl, "Bi-directional search", Machine Intelligence 6 (1971) 127).
    """
    near, far = search_sides(traversal)
    meeting = near.frontier[far.distance[near.frontier] == 0]
    while not len(meeting) and near.depth + far.depth < max_depth and len(near.frontier) and len(far.frontier):
        side, other = smaller_side_first(traversal, near, far)
        side.expand(traversal)
        meeting = side.frontier[other.distance[side.frontier] == other.depth]
    distance = near.depth + far.depth if len(meeting) else -1
    return distance, near.reached_count + far.reached_count - len(meeting)


def count_reaching(traversal: Traversal, nodes: Nodes, hops: int, timed_out: TimeoutCheck) -> tuple[int, int]:
    """How many of some nodes reach the traversal's goal by at most `hops` links, and how many nodes were tried before
    the time was up.

    64 nodes are searched from at a time: each node that is reached keeps one bit for each of them (a breadth-first
    search from several sources: Then et al., "The more the merrier", VLDB Endowment 8 (2014) 449). The goal's side is
    searched once for all of them, a level further whenever it has fewer links ahead.
    """
    goal = traversal.ends[1]
    traversal = replace(traversal, ends=(goal, goal))
    far = _start_side(len(traversal.view.ids), goal, forward=False)
    reaching = tried = 0
    while tried < len(nodes) and not timed_out():
        batch = nodes[tried : tried + SOURCES_PER_WORD]
        reaching += _count_meeting(traversal, batch, far, hops)
        tried += len(batch)
    return reaching, tried


def _count_meeting(traversal: Traversal, sources: Nodes, far: SearchSide, hops: int) -> int:
    """How many of at most 64 different nodes meet the goal's side within `hops` links in all."""
    bits = np.zeros(len(far.distance), np.uint64)
    bits[sources] = np.left_shift(np.uint64(1), np.arange(len(sources), dtype=np.uint64))
    frontiers, frontier = [sources], sources
    # The first step is always taken from here: a source may be a node that no path may pass.
    while len(frontier) and len(frontiers) - 1 + far.depth < hops and (len(frontiers) == 1 or len(far.frontier)):
        may_expand_far = far.depth < hops - 1 and len(far.frontier)
        if may_expand_far and traversal.link_count(far.frontier) <= traversal.link_count(frontier):
            far.expand(traversal)
            continue
        steps = traversal.steps(frontier)
        order = np.argsort(steps.targets, kind="stable")
        targets = steps.targets[order]
        first = np.flatnonzero(targets != np.concatenate(((-1,), targets[:-1])))
        if not len(first):
            break
        reached, arriving = targets[first], np.bitwise_or.reduceat(bits[steps.sources[order]], first)
        is_new = (arriving & ~bits[reached]) != 0
        frontier = reached[is_new]
        bits[frontier] |= arriving[is_new]
        frontiers.append(frontier)
    met = np.concatenate(frontiers)
    return int(np.bitwise_or.reduce(bits[met[far.distance[met] >= 0]], initial=np.uint64(0))).bit_count()


def smaller_side_first(traversal: Traversal, near: SearchSide, far: SearchSide) -> tuple[SearchSide, SearchSide]:
    """The two sides, first the one with fewer links ahead."""
    near_is_smaller = traversal.link_count(near.frontier) <= traversal.link_count(far.frontier)
    return (near, far) if near_is_smaller else (far, near)


def _start_side(nodes: int, end: int, *, forward: bool) -> SearchSide:
    distance = np.full(nodes, -1, np.int8)
    distance[end] = 0
    return SearchSide(distance, np.array([end]), forward)
