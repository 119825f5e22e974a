"""Which nodes can lie on a path between two ends, and what does the rest of the path cost from each?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kg.analysis.paths.bidirectional import SearchSide, search_sides, smaller_side_first
from kg.analysis.paths.traversal import Traversal, TraversalSteps, unique_nodes
from kg.view import IntArray

UNREACHABLE = np.iinfo(np.int64).max // 4
"""The cost where no path leads to the goal."""

CostFunction = Callable[[NDArray[np.int32], NDArray[np.intp], NDArray[np.intp]], IntArray]
"""The cost of each step: int64 (steps), from its link, its source and its target."""


@dataclass(frozen=True)
class Corridor:
    """The part of a graph that holds all paths of at most `depth` links between two ends, and little else.

    `nodes`: intp, positions in the view, ascending, so that positions in the corridor are in the order of ids. The
    pairs of nodes that a step joins are sorted by the first: those of node `i` are `offsets[i]` to `offsets[i + 1]`.
    `targets`: int64 (pairs), the second node. `cost`: int64 (pairs), of the cheapest link and of passing the target.
    `cheapest`: int32 (pairs), that link. `explored` counts the nodes that were reached from either end.
    """

    depth: int
    nodes: NDArray[np.intp]
    start: int
    goal: int
    offsets: IntArray
    targets: IntArray
    cost: IntArray
    cheapest: NDArray[np.int32]
    explored: int

    def position(self, node: int) -> int:
        """The position in the corridor of a node of the view; -1 for one outside it."""
        at = int(np.searchsorted(self.nodes, node))
        return at if at < len(self.nodes) and self.nodes[at] == node else -1

    def remaining_costs(self, through: tuple[int, ...] = ()) -> IntArray:
        """A lower bound of the cost that remains after each step, UNREACHABLE where no path leads to the goal.

        int64 (2 ** len(through), depth, pairs). `through` are positions that must be passed; bit `i` of the first index
        says that the i-th has been passed, by the target of the step too. The second index is how many links may still
        follow. The bound is exact unless the cheapest way on passes a node twice; ways that step straight back are
        excluded, because otherwise each of a hub's thousands of neighbours that lead nowhere else would seem to lead
        on through the hub.
        """
        full = (1 << len(through)) - 1
        left = np.full((full + 1, self.depth, len(self.targets)), UNREACHABLE)
        left[full, :, self.targets == self.goal] = 0
        pairs = np.diff(self.offsets)
        rows, on = np.flatnonzero(pairs), np.flatnonzero((self.targets != self.goal) & (pairs[self.targets] > 0))
        for depth in range(1, self.depth if len(on) else 0):
            for passed in range(full, -1, -1):
                after = left[passed, depth - 1]
                for bit, stop in enumerate(through):
                    after = np.where(self.targets == stop, left[passed | 1 << bit, depth - 1], after)
                cheapest, following, second = self._two_cheapest(np.minimum(self.cost + after, UNREACHABLE), rows)
                here, back = self.targets[on], self.sources[on]
                left[passed, depth, on] = np.where(following[here] == back, second[here], cheapest[here])
        return left

    def _two_cheapest(self, costs: IntArray, rows: NDArray[np.intp]) -> tuple[IntArray, IntArray, IntArray]:
        """The cost of the cheapest way on from each node, its next node, and the cost of the cheapest by another node.

        `costs`: of going on by each pair; changed. `rows`: the nodes that have any pair.
        """
        nodes, starts = len(self.nodes), self.offsets[rows]
        best, following, second = np.full(nodes, UNREACHABLE), np.full(nodes, -1), np.full(nodes, UNREACHABLE)
        best[rows] = np.minimum.reduceat(costs, starts)
        cheapest = np.flatnonzero(costs == best[self.sources])
        first = cheapest[np.append(True, np.diff(self.sources[cheapest]) > 0)]
        following[rows] = self.targets[first]
        costs[first] = UNREACHABLE
        second[rows] = np.minimum.reduceat(costs, starts)
        return best, following, second

    @cached_property
    def sources(self) -> IntArray:
        """The first node of each pair: int64 (pairs)."""
        return np.repeat(np.arange(len(self.nodes)), np.diff(self.offsets))


def cut_corridor(
    traversal: Traversal, depth: int, costs: CostFunction, max_nodes: int, timed_out: Callable[[], bool]
) -> Corridor | int:
    """Search from both ends until the two sides together are `depth` links deep, and keep what can lie on a path.

    Returns how many nodes were reached where they are more than `max_nodes` or the time is up. A path starts and ends
    once: no step of the corridor leads back to the start or on from the goal.
    """
    near, far = search_sides(traversal)
    taken: list[TraversalSteps] = []
    while near.depth + far.depth < depth and (len(near.frontier) or len(far.frontier)):
        side, other = smaller_side_first(traversal, near, far)
        if not len(side.frontier):
            side = other
        steps = side.expand(traversal)
        taken.append(steps if side.forward else TraversalSteps(steps.targets, steps.sources, steps.links))
        if near.reached_count + far.reached_count > max_nodes or timed_out():
            return near.reached_count + far.reached_count
    return _build_corridor(traversal, depth, costs, (near, far), taken)


def _build_corridor(
    traversal: Traversal,
    depth: int,
    costs: CostFunction,
    sides: tuple[SearchSide, SearchSide],
    taken: list[TraversalSteps],
) -> Corridor:
    (start, goal), (near, far) = traversal.ends, sides
    no_nodes = np.zeros(0, np.intp)
    sources, targets, links = (np.concatenate(column) for column in zip((no_nodes,) * 3, *taken, strict=True))
    links = links.astype(np.int32)
    is_near = (
        (_least_distance(near, sources) + 1 + _least_distance(far, targets) <= depth)
        & (targets != start)
        & (sources != goal)
        & (sources != targets)
    )
    sources, targets, links = sources[is_near], targets[is_near], links[is_near]
    nodes = unique_nodes(np.concatenate((sources, targets, np.array([start, goal]))), len(near.distance))
    cost = costs(links, sources, targets)
    positions = np.empty(len(near.distance), np.int64)  # set for these nodes only
    positions[nodes] = np.arange(len(nodes))
    sources, targets = positions[sources], positions[targets]
    pairs = sources * len(nodes) + targets
    order = np.lexsort((links, cost, pairs))
    pairs = pairs[order]
    kept = order[np.flatnonzero(pairs != np.concatenate(((-1,), pairs[:-1])))]
    sources, targets = sources[kept], targets[kept]
    both = int(np.count_nonzero((near.distance >= 0) & (far.distance >= 0)))
    return Corridor(
        depth=depth,
        nodes=nodes,
        start=int(np.searchsorted(nodes, start)),
        goal=int(np.searchsorted(nodes, goal)),
        offsets=np.concatenate(([0], np.cumsum(np.bincount(sources, minlength=len(nodes))))),
        targets=targets,
        cost=cost[kept],
        cheapest=links[kept],
        explored=near.reached_count + far.reached_count - both,
    )


def _least_distance(side: SearchSide, nodes: NDArray[np.intp]) -> IntArray:
    """A lower bound of the distance of nodes from an end: exact where reached, else one more than the side's depth."""
    distance = side.distance[nodes].astype(np.int64)
    return np.where(distance < 0, side.depth + 1, distance)
