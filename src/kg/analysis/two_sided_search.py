"""How near are two nodes, walking from both ends?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kg.view import GraphView, Neighbours

Nodes = NDArray[np.intp]


@dataclass(frozen=True)
class Walk:
    """What may be walked in a view, in either direction of a link.

    `types`: bool (link types of the view). `nodes`: bool (node types of the view); nodes of other types may be ends of
    a path and no more. `ends`: the two ends.
    """

    view: GraphView
    types: NDArray[np.bool_]
    nodes: NDArray[np.bool_]
    ends: tuple[int, int]

    def beside(self, some: Nodes) -> Nodes:
        """The far ends of all links that may be walked from `some`; a node appears as often as links lead to it."""
        view = self.view
        out, into = _rows(view.outgoing, some), _rows(view.incoming, some)
        out, into = out[self.types[view.link_type[out]]], into[self.types[view.link_type[into]]]
        far = np.concatenate((view.head[out], view.tail[into])).astype(np.intp)
        start, goal = self.ends
        open_nodes = self.nodes[view.node_type[far]] | (far == start) | (far == goal)
        return np.asarray(far[open_nodes])

    def links(self, one: int, other: int) -> Nodes:
        """The links between two nodes that may be walked, in the order of their ids."""
        view = self.view
        if _degree(view, np.array([one])) > _degree(view, np.array([other])):
            one, other = other, one
        out, into = view.outgoing.of(one), view.incoming.of(one)
        found = np.sort(np.concatenate((out[view.head[out] == other], into[view.tail[into] == other])))
        return np.asarray(found[self.types[view.link_type[found]]])


@dataclass
class Side:
    """One end of the search: how far each node is from it (-1: not reached), and the nodes reached last."""

    away: NDArray[np.int8]
    front: Nodes
    depth: int = 0
    reached: int = 1

    def grow(self, walk: Walk) -> None:
        """Take one step from every node of the front."""
        far = walk.beside(self.front)
        self.front = np.unique(far[self.away[far] < 0])
        self.depth += 1
        self.reached += len(self.front)
        self.away[self.front] = self.depth


def shortest(walk: Walk, deepest: int) -> tuple[list[int], int]:
    """The nodes of a shortest path of at most `deepest` links, and how many nodes were reached from either end.

    Of several shortest paths it is the one whose nodes come first, compared one by one; empty if there is none. From
    both ends whole levels are walked, always on the side with fewer links ahead, until they meet: a two-sided
    breadth-first search (Pohl, "Bi-directional search", Machine Intelligence 6 (1971) 127).
    """
    start, goal = walk.ends
    near, far = (_side(len(walk.view.ids), end) for end in (start, goal))
    meeting = near.front[far.away[near.front] == 0]
    while not len(meeting) and near.depth + far.depth < deepest and len(near.front) and len(far.front):
        here, there = (near, far) if _degree(walk.view, near.front) <= _degree(walk.view, far.front) else (far, near)
        here.grow(walk)
        meeting = here.front[there.away[here.front] == there.depth]
    found = _first_path(walk, near, far, meeting) if len(meeting) else []
    return found, near.reached + far.reached - len(meeting)


def _first_path(walk: Walk, near: Side, far: Side, meeting: Nodes) -> list[int]:
    levels = [meeting]
    for depth in range(near.depth - 1, -1, -1):
        before = walk.beside(levels[0])
        levels.insert(0, before[near.away[before] == depth])
    path = [walk.ends[0]]
    for level in levels[1:]:
        after = walk.beside(np.array(path[-1:]))
        path.append(int(after[np.isin(after, level)].min()))
    for left in range(far.depth - 1, -1, -1):
        after = walk.beside(np.array(path[-1:]))
        path.append(int(after[far.away[after] == left].min()))
    return path


def _side(nodes: int, end: int) -> Side:
    away = np.full(nodes, -1, np.int8)
    away[end] = 0
    return Side(away, np.array([end]))


def _degree(view: GraphView, some: Nodes) -> int:
    rows = (view.outgoing.start, view.incoming.start)
    return int(sum((start[some + 1] - start[some]).sum() for start in rows))


def _rows(rows: Neighbours, some: Nodes) -> NDArray[np.int32]:
    """The links of several nodes, one after the other."""
    first = rows.start[some]
    count = rows.start[some + 1] - first
    skip = np.repeat(first - np.cumsum(count) + count, count)
    return rows.links[skip + np.arange(len(skip))]
