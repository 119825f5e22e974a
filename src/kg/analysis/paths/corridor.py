"""Which nodes can lie on a path between two ends, and what is left to pay from each?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kg.analysis.paths.bidirectional import SearchSide, search_sides, smaller_side_first
from kg.analysis.paths.traversal import Traversal, TraversalSteps, unique_nodes

UNREACHABLE = np.iinfo(np.int64).max // 4
"""A cost that no path has: there is no way."""

CostFunction = Callable[[NDArray[np.int32], NDArray[np.intp], NDArray[np.intp]], NDArray[np.int64]]
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
    offsets: NDArray[np.int64]
    targets: NDArray[np.int64]
    cost: NDArray[np.int64]
    cheapest: NDArray[np.int32]
    explored: int

    def position(self, node: int) -> int:
        """Where a node of the view stands in `nodes`; -1 where it is not on the way."""
        at = int(np.searchsorted(self.nodes, node))
        return at if at < len(self.nodes) and self.nodes[at] == node else -1

    def remaining_costs(self, through: tuple[int, ...] = ()) -> NDArray[np.int64]:
        """The least left to pay after each step: int64 (2 ** len(through), depth, pairs), FAR where there is no way.

        `through` are places that must be passed; bit `i` of the first index says that the i-th has been, the far end of
        the step included. The second index is how many links may still be walked. Never too high, and exact but for
        paths that come by one node twice other than by stepping straight back: without that, each of a hub's
        thousands of neighbours that lead nowhere else would seem to lead on, by way of the hub.
        """
        full = (1 << len(through)) - 1
        left = np.full((full + 1, self.depth, len(self.targets)), UNREACHABLE)
        left[full, :, self.targets == self.goal] = 0
        pairs = np.diff(self.offsets)
        rows, on = np.flatnonzero(pairs), np.flatnonzero((self.targets != self.goal) & (pairs[self.targets] > 0))
        for depth in range(1, self.depth if len(on) else 0):
            for passed in range(full, -1, -1):
                after = left[passed, depth - 1]
                for bit, place in enumerate(through):
                    after = np.where(self.targets == place, left[passed | 1 << bit, depth - 1], after)
                best = _TwoCheapest.from_costs(np.minimum(self.cost + after, UNREACHABLE), self, rows)
                left[passed, depth, on] = best.excluding(self.targets[on], self.sources[on])
        return left

    @cached_property
    def sources(self) -> NDArray[np.int64]:
        """The place that each pair is stepped from: int64 (pairs)."""
        return np.repeat(np.arange(len(self.nodes)), np.diff(self.offsets))


@dataclass(frozen=True)
class _TwoCheapest:
    """The cheapest way on from each place, where it leads first, and the cheapest that leads elsewhere first."""

    cheapest: NDArray[np.int64]
    target: NDArray[np.int64]
    second: NDArray[np.int64]

    @classmethod
    def from_costs(cls, costs: NDArray[np.int64], corridor: Corridor, rows: NDArray[np.intp]) -> _TwoCheapest:
        """Of what it costs to go on by each pair; `rows` are the places that have any."""
        places, starts = len(corridor.nodes), corridor.offsets[rows]
        best, leads, other = np.full(places, UNREACHABLE), np.full(places, -1), np.full(places, UNREACHABLE)
        best[rows] = np.minimum.reduceat(costs, starts)
        cheapest = np.flatnonzero(costs == best[corridor.sources])
        first = cheapest[np.append(True, np.diff(corridor.sources[cheapest]) > 0)]
        leads[rows] = corridor.targets[first]
        costs[first] = UNREACHABLE
        other[rows] = np.minimum.reduceat(costs, starts)
        return cls(best, leads, other)

    def excluding(self, places: NDArray[np.int64], excluded: NDArray[np.int64]) -> NDArray[np.int64]:
        """The cheapest from each place that does not lead back to where one came from."""
        return np.where(self.target[places] == excluded, self.second[places], self.cheapest[places])


def cut_corridor(
    traversal: Traversal, depth: int, costs: CostFunction, max_nodes: int, timed_out: Callable[[], bool]
) -> Corridor | int:
    """Walk from both ends until the two sides together are `depth` links deep, and keep what can lie on a path.

    How many nodes were reached, where those are more than `most` or time is up before that. A path starts and ends
    once: nothing leads back to the start or on from the goal.
    """
    near, far = search_sides(traversal)
    walked: list[TraversalSteps] = []
    while near.depth + far.depth < depth and (len(near.frontier) or len(far.frontier)):
        side, other = smaller_side_first(traversal, near, far)
        if not len(side.frontier):
            side = other
        steps = side.expand(traversal)
        walked.append(steps if side.forward else TraversalSteps(steps.targets, steps.sources, steps.links))
        if near.reached_count + far.reached_count > max_nodes or timed_out():
            return near.reached_count + far.reached_count
    return _build_corridor(traversal, depth, costs, near, far, walked)


def _build_corridor(
    traversal: Traversal,
    depth: int,
    costs: CostFunction,
    near: SearchSide,
    far: SearchSide,
    walked: list[TraversalSteps],
) -> Corridor:
    start, goal = traversal.ends
    nowhere = np.zeros(0, np.intp)
    here = np.concatenate([nowhere, *(steps.sources for steps in walked)])
    there = np.concatenate([nowhere, *(steps.targets for steps in walked)])
    links = np.concatenate([nowhere, *(steps.links for steps in walked)]).astype(np.int32)
    kept = (
        (_least_distance(near, here) + 1 + _least_distance(far, there) <= depth)
        & (there != start)
        & (here != goal)
        & (here != there)
    )
    here, there, links = here[kept], there[kept], links[kept]
    nodes = unique_nodes(np.concatenate((here, there, np.array([start, goal]))), len(near.distance))
    cost = costs(links, here, there)
    places = np.empty(len(near.distance), np.int64)  # of these nodes; the rest of it is never looked at
    places[nodes] = np.arange(len(nodes))
    here, there = places[here], places[there]
    order = np.lexsort((links, cost, here * len(nodes) + there))
    here, there, links, cost = here[order], there[order], links[order], cost[order]
    fresh = np.append(True, (here[1:] != here[:-1]) | (there[1:] != there[:-1]))[: len(here)]
    here, there, links, cost = here[fresh], there[fresh], links[fresh], cost[fresh]
    return Corridor(
        depth=depth,
        nodes=nodes,
        start=int(np.searchsorted(nodes, start)),
        goal=int(np.searchsorted(nodes, goal)),
        offsets=np.concatenate(([0], np.cumsum(np.bincount(here, minlength=len(nodes))))),
        targets=there,
        cost=cost,
        cheapest=links,
        explored=near.reached_count
        + far.reached_count
        - int(np.count_nonzero((near.distance >= 0) & (far.distance >= 0))),
    )


def _least_distance(side: SearchSide, nodes: NDArray[np.intp]) -> NDArray[np.int64]:
    """How far nodes are from an end at the least: exact where it was reached, else one more than was walked."""
    away = side.distance[nodes].astype(np.int64)
    return np.where(away < 0, side.depth + 1, away)
