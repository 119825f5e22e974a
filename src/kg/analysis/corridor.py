"""Which nodes can lie on a path between two ends, and what is left to pay from each?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kg.analysis.terrain import Steps, Terrain
from kg.analysis.two_sided_search import Side, sides, smaller_first

FAR = np.iinfo(np.int64).max // 4
"""A cost that no path has: there is no way."""

Prices = Callable[[NDArray[np.int32], NDArray[np.intp], NDArray[np.intp]], NDArray[np.int64]]
"""The cost of each step, from the links, where they lead from and where they lead to."""


@dataclass(frozen=True)
class Corridor:
    """The part of a graph on which all paths of at most `depth` links between two ends lie, and little else.

    `nodes`: intp, positions in the view, ascending, so that the order of places is the order of ids. Pairs of places
    that a step joins are sorted by place: those of place `i` are `first[i]` to `first[i + 1]`. `far`: int64 (pairs),
    the place stepped to. `cost`: int64 (pairs), of the cheapest link and of passing the far node. `cheapest`: int32
    (pairs), that link. `explored` counts the nodes that were reached from either end.
    """

    depth: int
    nodes: NDArray[np.intp]
    start: int
    goal: int
    first: NDArray[np.int64]
    far: NDArray[np.int64]
    cost: NDArray[np.int64]
    cheapest: NDArray[np.int32]
    explored: int

    def place(self, node: int) -> int:
        """Where a node of the view stands in `nodes`; -1 where it is not on the way."""
        at = int(np.searchsorted(self.nodes, node))
        return at if at < len(self.nodes) and self.nodes[at] == node else -1

    def to_go(self, through: tuple[int, ...] = ()) -> NDArray[np.int64]:
        """The least that is left to pay: int64 (2 ** len(through), depth + 1, nodes), FAR where there is no way.

        `through` are places that must be passed; bit `i` of the first index says that the i-th has been. The second
        index is how many links may still be walked. Exact but for paths that come by one node twice, so never too high.
        """
        full = (1 << len(through)) - 1
        left = np.full((full + 1, self.depth + 1, len(self.nodes)), FAR)
        left[full, :, self.goal] = 0
        rows = np.flatnonzero(np.diff(self.first))
        for depth in range(1, self.depth + 1):
            for passed in range(full, -1, -1):
                after = left[passed, depth - 1, self.far]
                for bit, place in enumerate(through):
                    here = self.far == place
                    after[here] = left[passed | 1 << bit, depth - 1, place]
                if len(rows):
                    best = np.minimum.reduceat(self.cost + after, self.first[rows])
                    left[passed, depth, rows] = np.minimum(left[passed, depth, rows], np.minimum(best, FAR))
        return left


def cut(terrain: Terrain, depth: int, prices: Prices, most: int, late: Callable[[], bool]) -> Corridor | int:
    """Walk from both ends until the two sides together are `depth` links deep, and keep what can lie on a path.

    How many nodes were reached, where those are more than `most` or time is up before that. A path starts and ends
    once: nothing leads back to the start or on from the goal.
    """
    near, far = sides(terrain)
    walked: list[Steps] = []
    while near.depth + far.depth < depth and (len(near.front) or len(far.front)):
        side, other = smaller_first(terrain, near, far)
        if not len(side.front):
            side = other
        steps = side.grow(terrain)
        walked.append(steps if side.forward else Steps(steps.far, steps.here, steps.links))
        if near.reached + far.reached > most or late():
            return near.reached + far.reached
    return _corridor(terrain, depth, prices, near, far, walked)


def _corridor(terrain: Terrain, depth: int, prices: Prices, near: Side, far: Side, walked: list[Steps]) -> Corridor:
    start, goal = terrain.ends
    nowhere = np.zeros(0, np.intp)
    here = np.concatenate([nowhere, *(steps.here for steps in walked)])
    there = np.concatenate([nowhere, *(steps.far for steps in walked)])
    links = np.concatenate([nowhere, *(steps.links for steps in walked)]).astype(np.int32)
    kept = (_least(near, here) + 1 + _least(far, there) <= depth) & (there != start) & (here != goal) & (here != there)
    here, there, links = here[kept], there[kept], links[kept]
    nodes = np.unique(np.concatenate((here, there, np.array([start, goal]))))
    cost = prices(links, here, there)
    here, there = np.searchsorted(nodes, here), np.searchsorted(nodes, there)
    order = np.lexsort((links, cost, there, here))
    here, there, links, cost = here[order], there[order], links[order], cost[order]
    fresh = np.append(True, (here[1:] != here[:-1]) | (there[1:] != there[:-1]))[: len(here)]
    here, there, links, cost = here[fresh], there[fresh], links[fresh], cost[fresh]
    return Corridor(
        depth=depth,
        nodes=nodes,
        start=int(np.searchsorted(nodes, start)),
        goal=int(np.searchsorted(nodes, goal)),
        first=np.concatenate(([0], np.cumsum(np.bincount(here, minlength=len(nodes))))),
        far=there,
        cost=cost,
        cheapest=links,
        explored=near.reached + far.reached - int(np.count_nonzero((near.away >= 0) & (far.away >= 0))),
    )


def _least(side: Side, nodes: NDArray[np.intp]) -> NDArray[np.int64]:
    """How far nodes are from an end at the least: exact where it was reached, else one more than was walked."""
    away = side.away[nodes].astype(np.int64)
    return np.where(away < 0, side.depth + 1, away)
