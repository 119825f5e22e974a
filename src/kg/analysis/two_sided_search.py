"""How near are two nodes, walking from both ends?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kg.analysis.terrain import Nodes, Steps, Terrain


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
        self.front = np.unique(steps.far[self.away[steps.far] < 0])
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
