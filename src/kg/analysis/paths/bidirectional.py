"""How near are two nodes, walking from both ends?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kg.analysis.paths.traversal import Nodes, Traversal, TraversalSteps, unique_nodes

SOURCES_PER_WORD = 64
"""How many nodes walk at once in `reaching`: the bits of a word."""


@dataclass
class SearchSide:
    """One end of the search: how far each node is from it (-1: not reached), and the nodes reached last.

    `forward` is False at the goal, from which links are walked against the way.
    """

    distance: NDArray[np.int8]
    frontier: Nodes
    forward: bool
    depth: int = 0
    reached_count: int = 1

    def expand(self, traversal: Traversal) -> TraversalSteps:
        """Take one step from every node of the front; returns all steps there were."""
        steps = traversal.steps(self.frontier, forward=self.forward)
        self.frontier = unique_nodes(steps.targets[self.distance[steps.targets] < 0], len(self.distance))
        self.depth += 1
        self.reached_count += len(self.frontier)
        self.distance[self.frontier] = self.depth
        return steps


def search_sides(traversal: Traversal) -> tuple[SearchSide, SearchSide]:
    """A side at each end, nothing walked yet."""
    start, goal = traversal.ends
    nodes = len(traversal.view.ids)
    return _start_side(nodes, start, forward=True), _start_side(nodes, goal, forward=False)


def shortest_node_path(traversal: Traversal, max_depth: int) -> tuple[list[int], int]:
    """The nodes of a shortest path of at most `deepest` links, and how many nodes were reached from either end.

    Of several shortest paths it is the one whose nodes come first, compared one by one; empty if there is none. From
    both ends whole levels are walked, always on the side with fewer links ahead, until they meet: a two-sided
    breadth-first search (Pohl, "Bi-directional search", Machine Intelligence 6 (1971) 127).
    """
    near, far = search_sides(traversal)
    meeting = near.frontier[far.distance[near.frontier] == 0]
    while not len(meeting) and near.depth + far.depth < max_depth and len(near.frontier) and len(far.frontier):
        here, there = smaller_side_first(traversal, near, far)
        here.expand(traversal)
        meeting = here.frontier[there.distance[here.frontier] == there.depth]
    found = _smallest_path(traversal, near, far, meeting) if len(meeting) else []
    return found, near.reached_count + far.reached_count - len(meeting)


def count_reaching(traversal: Traversal, some: Nodes, hops: int, timed_out: Callable[[], bool]) -> tuple[int, int]:
    """How many of some nodes reach the terrain's goal by at most so many links, and of how many that was found out
    before it was `late`.

    The goal's side is walked once, half of the way. The nodes walk the rest together, 64 at a time: each node that is
    reached holds a bit for each of them that has reached it (a breadth-first search of several sources: Then et al.,
    "The more the merrier", VLDB Endowment 8 (2014) 449).
    """
    goal = traversal.ends[1]
    traversal = replace(traversal, ends=(goal, goal))
    far = _start_side(len(traversal.view.ids), goal, forward=False)
    while far.depth < hops // 2 and len(far.frontier):
        far.expand(traversal)
    found = done = 0
    while done < len(some) and not timed_out():
        together = some[done : done + SOURCES_PER_WORD]
        found += _count_meeting(traversal, together, far, hops)
        done += len(together)
    return found, done


def _count_meeting(traversal: Traversal, some: Nodes, far: SearchSide, hops: int) -> int:
    """How many of at most 64 different nodes are met by the goal's side in so many hops altogether."""
    held = np.zeros(len(far.distance), np.uint64)
    held[some] = np.left_shift(np.uint64(1), np.arange(len(some), dtype=np.uint64))
    front, met = some, np.uint64(0)
    for depth in range(hops - far.depth + 1):
        away = far.distance[front]
        met |= np.bitwise_or.reduce(held[front[(away >= 0) & (away + depth <= hops)]], initial=np.uint64(0))
        if depth == hops - far.depth or not len(front):
            break
        steps = traversal.steps(front)
        order = np.argsort(steps.targets, kind="stable")
        reached, first = np.unique(steps.targets[order], return_index=True)
        if not len(reached):
            break
        bits = np.bitwise_or.reduceat(held[steps.sources[order]], first)
        fresh = (bits & ~held[reached]) != 0
        front = reached[fresh]
        held[front] |= bits[fresh]
    return int(met).bit_count()


def smaller_side_first(traversal: Traversal, near: SearchSide, far: SearchSide) -> tuple[SearchSide, SearchSide]:
    """The two sides, first the one with fewer links ahead."""
    near_is = traversal.link_count(near.frontier) <= traversal.link_count(far.frontier)
    return (near, far) if near_is else (far, near)


def _smallest_path(traversal: Traversal, near: SearchSide, far: SearchSide, meeting: Nodes) -> list[int]:
    levels = [meeting] if near.depth else []
    for depth in range(near.depth - 1, 0, -1):
        before = traversal.neighbours(levels[0], forward=False)
        levels.insert(0, np.unique(before[near.distance[before] == depth]))
    path = [traversal.ends[0]]
    for level in levels:
        after = traversal.neighbours(np.array(path[-1:]))
        path.append(int(after[np.isin(after, level)].min()))
    for left in range(far.depth - 1, -1, -1):
        after = traversal.neighbours(np.array(path[-1:]))
        path.append(int(after[far.distance[after] == left].min()))
    return path


def _start_side(nodes: int, end: int, *, forward: bool) -> SearchSide:
    away = np.full(nodes, -1, np.int8)
    away[end] = 0
    return SearchSide(away, np.array([end]), forward)
