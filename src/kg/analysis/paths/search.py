"""Which paths of a corridor are cheapest? Best-first search for the first simple paths."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from kg.analysis.paths.corridor import UNREACHABLE, Corridor

StepFilter = Callable[[Any, int, int], Any]
"""The state of a path after a step between two positions, from its state before; None where the step is not allowed."""

Continuation = tuple[int, int, int, int]
"""A next step: the least cost of a path that takes it, its position, its own cost, and the waypoints passed with it."""


def accept_every_step(state: Any, here: int, there: int) -> Any:
    """Allow every step."""
    return state


@dataclass
class BestFirstSearch:
    """Simple paths of a corridor, cheapest first; of paths that cost the same, the one whose nodes come first.

    Each partial path is queued by the cost of its cheapest completion, which `Corridor.remaining_costs` bounds, and
    queues its next sibling when it is taken from the queue (the idea is Eppstein's, "Finding the k shortest paths",
    SIAM J. Comput. 28 (1998) 652). `steps` counts the partial paths taken from the queue.
    """

    corridor: Corridor
    through: tuple[int, ...] = ()
    step_filter: StepFilter = accept_every_step
    state: Any = ()
    steps: int = 0
    _known_continuations: dict[tuple[int, int, int], list[Continuation]] = field(default_factory=dict)

    def paths(self, should_stop: Callable[[int], bool]) -> Iterator[tuple[int, ...] | None]:
        """The positions of each path; None, and then no more, once `should_stop` is true of the steps taken."""
        corridor = self.corridor
        if corridor.start == corridor.goal:
            if not self.through:
                yield (corridor.start,)
            return
        self._remaining = corridor.remaining_costs(self.through)
        queue: list[tuple[int, tuple[int, ...], int, int, Any, int]] = []
        self._push(queue, (corridor.start,), 0, 0, self.state, 0)
        while queue:
            _, path, spent, passed, state, sibling = heapq.heappop(queue)
            self.steps += 1
            if should_stop(self.steps):
                yield None
                return
            *before, _ = path
            self._push(queue, tuple(before), spent, passed, state, sibling + 1)
            siblings = self._continuations(before[-1], corridor.depth - len(before) + 1, passed)
            _, position, cost, passed_then = siblings[sibling]
            if position == corridor.goal:
                yield path
            else:
                after = self.step_filter(state, before[-1], position)
                self._push(queue, path, spent + cost, passed_then, after, 0)

    def _push(self, queue: list[Any], path: tuple[int, ...], spent: int, passed: int, state: Any, first: int) -> None:
        """Queue the first allowed continuation of a path from number `first` on that is not on the path yet."""
        continuations = self._continuations(path[-1], self.corridor.depth - len(path) + 1, passed)
        for i in range(first, len(continuations)):
            least, position, _, _ = continuations[i]
            if position in path:
                continue
            if self.step_filter is accept_every_step or self.step_filter(state, path[-1], position) is not None:
                heapq.heappush(queue, (spent + least, (*path, position), spent, passed, state, i))
                return

    def _continuations(self, position: int, depth: int, passed: int) -> list[Continuation]:
        """The next steps from a position from which `depth` more links may follow, cheapest completion first."""
        key = (position, depth, passed)
        if key not in self._known_continuations:
            self._known_continuations[key] = self._compute_continuations(*key)
        return self._known_continuations[key]

    def _compute_continuations(self, position: int, depth: int, passed: int) -> list[Continuation]:
        corridor = self.corridor
        row = slice(int(corridor.offsets[position]), int(corridor.offsets[position + 1]))
        far, cost = corridor.targets[row], corridor.cost[row]
        if not self.through:  # the usual case; the code below gives the same
            least = cost + self._remaining[0, depth - 1, row]
            columns = zip(least.tolist(), far.tolist(), cost.tolist(), strict=True)
            return sorted((total, there, own, 0) for total, there, own in columns if total < UNREACHABLE)
        passed_then = np.full(len(far), passed)
        for bit, stop in enumerate(self.through):
            passed_then[far == stop] |= 1 << bit
        least = cost + self._remaining[passed_then, depth - 1, np.arange(row.start, row.stop)]
        fine = least < UNREACHABLE
        passing = (least[fine], far[fine], cost[fine], passed_then[fine])
        return sorted(zip(*(column.tolist() for column in passing), strict=True))
