"""Which simple paths through a corridor come first?"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from kg.analysis.paths.corridor import UNREACHABLE, Corridor

StepFilter = Callable[[Any, int, int], Any]
"""What is known of a path after a step between two places, from what was known before; None if it may not be."""

Continuation = tuple[int, int, int, int]
"""The least a path by way of it costs from here on, the place, what the step costs, and what has been passed then."""


def accept_every_step(state: Any, here: int, there: int) -> Any:
    """Every step may be taken."""
    return state


@dataclass
class BestFirstSearch:
    """Simple paths of a corridor, cheapest first; of paths that cost the same, the one whose nodes come first.

    Best first with exact bounds: each partial path stands for its cheapest completion, which `Corridor.to_go` knows,
    and puts its next brother in line when its turn comes (Eppstein, "Finding the k shortest paths", SIAM J. Comput. 28
    (1998) 652, has the idea). `steps` counts partial paths looked at.
    """

    corridor: Corridor
    through: tuple[int, ...] = ()
    step_filter: StepFilter = accept_every_step
    state: Any = ()
    steps: int = 0
    _known_continuations: dict[tuple[int, int, int], list[Continuation]] = field(default_factory=dict)

    def paths(self, should_stop: Callable[[int], bool]) -> Iterator[tuple[int, ...] | None]:
        """The places of each path; None, and no more, once `enough` says so of the steps taken."""
        corridor = self.corridor
        if corridor.start == corridor.goal:
            if not self.through:
                yield (corridor.start,)
            return
        self._left = corridor.remaining_costs(self.through)
        line: list[tuple[int, tuple[int, ...], int, int, Any, int]] = []
        self._push(line, (corridor.start,), 0, 0, self.state, 0)
        while line:
            _, path, paid, passed, known, brother = heapq.heappop(line)
            self.steps += 1
            if should_stop(self.steps):
                yield None
                return
            *before, _ = path
            self._push(line, tuple(before), paid, passed, known, brother + 1)
            _, place, cost, then = self._continuations(before[-1], corridor.depth - len(before) + 1, passed)[brother]
            if place == corridor.goal:
                yield path
            else:
                after = self.step_filter(known, before[-1], place)
                self._push(line, path, paid + cost, then, after, 0)

    def _push(self, line: list[Any], path: tuple[int, ...], paid: int, passed: int, state: Any, first: int) -> None:
        """Put the path's first child from `first` on in line: one that is not on the path and may be."""
        kids = self._continuations(path[-1], self.corridor.depth - len(path) + 1, passed)
        for i in range(first, len(kids)):
            least, place, _, _ = kids[i]
            if place in path:
                continue
            if self.step_filter is accept_every_step or self.step_filter(state, path[-1], place) is not None:
                heapq.heappush(line, (paid + least, (*path, place), paid, passed, state, i))
                return

    def _continuations(self, place: int, depth: int, passed: int) -> list[Continuation]:
        """The children of a place from which `depth` more links may be walked, cheapest completion first."""
        key = (place, depth, passed)
        if key not in self._known_continuations:
            self._known_continuations[key] = self._compute_continuations(place, depth, passed)
        return self._known_continuations[key]

    def _compute_continuations(self, place: int, depth: int, passed: int) -> list[Continuation]:
        corridor = self.corridor
        row = slice(int(corridor.offsets[place]), int(corridor.offsets[place + 1]))
        far, cost = corridor.targets[row], corridor.cost[row]
        if not self.through:  # nearly every question; what it does is the same as below
            least = cost + self._left[0, depth - 1, row]
            columns = least.tolist(), far.tolist(), cost.tolist()
            return sorted(
                (to_go, there, paid, 0) for to_go, there, paid in zip(*columns, strict=True) if to_go < UNREACHABLE
            )
        then = np.full(len(far), passed)
        for bit, stop in enumerate(self.through):
            then[far == stop] |= 1 << bit
        least = cost + self._left[then, depth - 1, np.arange(row.start, row.stop)]
        fine = least < UNREACHABLE
        passing = (least[fine], far[fine], cost[fine], then[fine])
        return sorted(zip(*(column.tolist() for column in passing), strict=True))
