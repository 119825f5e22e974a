"""How near are two nodes, walking from both ends?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from kg.analysis.paths.traversal import Nodes, Steps, Terrain, each_once

TOGETHER = 64
"""How many nodes walk at once in `reaching`: the bits of a word."""


@dataclass
class Side:
    """One end of the search: how far each node is from it (-1: not reached), and the nodes reached last.

    `forward` is False at the goal, from which links are walked against the way.
    """

    away: NDArray[np.int8]
    front: Nodes
    forward: bool
    depth: int = 0
    reached: int = 1

    def grow(self, terrain: Terrain) -> Steps:
        """Take one step from every node of the front; returns all steps there were."""
        steps = terrain.steps(self.front, forward=self.forward)
        self.front = each_once(steps.far[self.away[steps.far] < 0], len(self.away))
        self.depth += 1
        self.reached += len(self.front)
        self.away[self.front] = self.depth
        return steps


def sides(terrain: Terrain) -> tuple[Side, Side]:
    """A side at each end, nothing walked yet."""
    start, goal = terrain.ends
    nodes = len(terrain.view.ids)
    return _side(nodes, start, forward=True), _side(nodes, goal, forward=False)


def shortest(terrain: Terrain, deepest: int) -> tuple[list[int], int]:
    """The nodes of a shortest path of at most `deepest` links, and how many nodes were reached from either end.

    Of several shortest paths it is the one whose nodes come first, compared one by one; empty if there is none. From
    both ends whole levels are walked, always on the side with fewer links ahead, until they meet: a two-sided
    breadth-first search (Pohl, "Bi-directional search", Machine Intelligence 6 (1971) 127).
    """
    near, far = sides(terrain)
    meeting = near.front[far.away[near.front] == 0]
    while not len(meeting) and near.depth + far.depth < deepest and len(near.front) and len(far.front):
        here, there = smaller_first(terrain, near, far)
        here.grow(terrain)
        meeting = here.front[there.away[here.front] == there.depth]
    found = _first_path(terrain, near, far, meeting) if len(meeting) else []
    return found, near.reached + far.reached - len(meeting)


def reaching(terrain: Terrain, some: Nodes, hops: int, late: Callable[[], bool]) -> tuple[int, int]:
    """How many of some nodes reach the terrain's goal by at most so many links, and of how many that was found out
    before it was `late`.

    The goal's side is walked once, half of the way. The nodes walk the rest together, 64 at a time: each node that is
    reached holds a bit for each of them that has reached it (a breadth-first search of several sources: Then et al.,
    "The more the merrier", VLDB Endowment 8 (2014) 449).
    """
    goal = terrain.ends[1]
    terrain = replace(terrain, ends=(goal, goal))
    far = _side(len(terrain.view.ids), goal, forward=False)
    while far.depth < hops // 2 and len(far.front):
        far.grow(terrain)
    found = done = 0
    while done < len(some) and not late():
        together = some[done : done + TOGETHER]
        found += _meet(terrain, together, far, hops)
        done += len(together)
    return found, done


def _meet(terrain: Terrain, some: Nodes, far: Side, hops: int) -> int:
    """How many of at most 64 different nodes are met by the goal's side in so many hops altogether."""
    held = np.zeros(len(far.away), np.uint64)
    held[some] = np.left_shift(np.uint64(1), np.arange(len(some), dtype=np.uint64))
    front, met = some, np.uint64(0)
    for depth in range(hops - far.depth + 1):
        away = far.away[front]
        met |= np.bitwise_or.reduce(held[front[(away >= 0) & (away + depth <= hops)]], initial=np.uint64(0))
        if depth == hops - far.depth or not len(front):
            break
        steps = terrain.steps(front)
        order = np.argsort(steps.far, kind="stable")
        reached, first = np.unique(steps.far[order], return_index=True)
        if not len(reached):
            break
        bits = np.bitwise_or.reduceat(held[steps.here[order]], first)
        fresh = (bits & ~held[reached]) != 0
        front = reached[fresh]
        held[front] |= bits[fresh]
    return int(met).bit_count()


def smaller_first(terrain: Terrain, near: Side, far: Side) -> tuple[Side, Side]:
    """The two sides, first the one with fewer links ahead."""
    near_is = terrain.links_ahead(near.front) <= terrain.links_ahead(far.front)
    return (near, far) if near_is else (far, near)


def _first_path(terrain: Terrain, near: Side, far: Side, meeting: Nodes) -> list[int]:
    levels = [meeting] if near.depth else []
    for depth in range(near.depth - 1, 0, -1):
        before = terrain.beside(levels[0], forward=False)
        levels.insert(0, np.unique(before[near.away[before] == depth]))
    path = [terrain.ends[0]]
    for level in levels:
        after = terrain.beside(np.array(path[-1:]))
        path.append(int(after[np.isin(after, level)].min()))
    for left in range(far.depth - 1, -1, -1):
        after = terrain.beside(np.array(path[-1:]))
        path.append(int(after[far.away[after] == left].min()))
    return path


def _side(nodes: int, end: int, *, forward: bool) -> Side:
    away = np.full(nodes, -1, np.int8)
    away[end] = 0
    return Side(away, np.array([end]), forward)
