"""Could all hops of a path have held at once, and does money on it flow on in time?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from kg.analysis.paths.traversal import Traversal

NO_END = 10_000_000
"""A day after all others."""

DayIntervals = tuple[tuple[int, int], ...]
"""Spans of days, first and last, in order and apart."""

ANY_DAY_INTERVAL: DayIntervals = ((0, NO_END),)


class PathScenario(NamedTuple):
    """One way in which a path so far may have been."""

    days: DayIntervals = ANY_DAY_INTERVAL
    """When all its hops that last may have held at once."""
    direction: int = 0
    """Which way money flows: 1 as the path goes, -1 against it, 0 where none has."""
    last_payment: int = 0
    """The day of the last payment that fits; 0 where none is known."""
    is_certain: bool = True
    """Whether every hop has dates."""


PathScenarios = tuple[PathScenario, ...]
"""All ways in which a path so far may have been, but for those that leave no more room than another."""

INITIAL_SCENARIOS: PathScenarios = (PathScenario(),)


class Coherence:
    """Follows a path hop by hop, in all ways in which it may have been.

    A hop that lasts needs a day on which one of its links and all hops before it may have held. A hop of a payment
    needs one that flows the way the money before it flowed and is not earlier (against the flow: not later). Where a
    hop has links of both sorts, either will do.
    """

    def __init__(self, terrain: Traversal) -> None:
        self._terrain = terrain
        self._payment = terrain.view.link_types_with("payment")
        self._hops: dict[tuple[int, int], _HopDates] = {}

    def extend(self, scenarios: PathScenarios, here: int, there: int) -> PathScenarios | None:
        """The stories with one more hop, between two nodes of the view; None if it cannot have been so."""
        hop = self._hop_dates(here, there)
        found = {
            story for before in scenarios for story in (*_after_lasting_link(before, hop), *_after_payment(before, hop))
        }
        return _undominated(found) or None

    def of_path(self, nodes: Sequence[int]) -> str:
        """`yes`, `maybe` where it takes a hop without dates, or `no`, for a path of nodes of the view."""
        stories = INITIAL_SCENARIOS
        for here, there in pairwise(nodes):
            after = self.extend(stories, here, there)
            if after is None:
                return "no"
            stories = after
        return "yes" if any(story.is_certain for story in stories) else "maybe"

    def _hop_dates(self, here: int, there: int) -> _HopDates:
        if (here, there) not in self._hops:
            view = self._terrain.view
            links = self._terrain.links_between(here, there)
            kinds, spans = view.link_type[links], view.column("dates")[links].copy()
            spans[view.event_types[kinds] & ~self._payment[kinds], 1] = 0  # what has happened stays true
            pays = self._payment[kinds]
            lasting = [tuple(span) for span in spans[~pays].tolist()]
            flows = [1 if tail == here else -1 for tail in view.tail[links[pays]].tolist()]
            self._hops[here, there] = _HopDates(
                dated=_merged_intervals((first, last) for first, last in lasting if first or last),
                undated=any(not (first or last) for first, last in lasting),
                payments=[(*span, flow) for span, flow in zip(spans[pays].tolist(), flows, strict=True)],
            )
        return self._hops[here, there]


class _HopDates(NamedTuple):
    """What the links of a hop say of time."""

    dated: DayIntervals
    """When any of the dated links that last may have held."""
    undated: bool
    """Whether there is a link that lasts, nobody says when."""
    payments: list[tuple[int, int, int]]
    """First and last day of each payment, 0 where unknown, and the way it flows."""


def _merged_intervals(spans: Iterable[tuple[int, int]]) -> DayIntervals:
    merged: list[tuple[int, int]] = []
    for first, last in sorted((first, last or NO_END) for first, last in spans):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        elif first <= last:
            merged.append((first, last))
    return tuple(merged)


def _after_lasting_link(scenario: PathScenario, hop: _HopDates) -> Iterator[PathScenario]:
    """The story after a link that lasts."""
    found = ((max(a, c), min(b, d)) for a, b in scenario.days for c, d in hop.dated)
    if days := tuple(span for span in found if span[0] <= span[1]):
        yield scenario._replace(days=days)
    if hop.undated:
        yield scenario._replace(is_certain=False)


def _after_payment(scenario: PathScenario, hop: _HopDates) -> Iterator[PathScenario]:
    """The story after each payment that fits, as early as it may have been; against the flow as late."""
    for first, last, flow in hop.payments:
        if scenario.direction not in (0, flow):
            continue
        if not (first or last):
            yield scenario._replace(direction=flow, is_certain=False)
        elif flow > 0 and (last or NO_END) >= scenario.last_payment:
            yield scenario._replace(direction=flow, last_payment=max(scenario.last_payment, first))
        elif flow < 0 and first <= (scenario.last_payment or NO_END):
            yield scenario._replace(direction=flow, last_payment=min(scenario.last_payment or NO_END, last or NO_END))


def _undominated(scenarios: Iterable[PathScenario]) -> PathScenarios:
    """Of stories that differ in the last payment alone, the one after which most may follow; in a fixed order."""
    best: dict[tuple[DayIntervals, int, bool], PathScenario] = {}
    for story in sorted(scenarios, key=_dominance_order):
        best.setdefault((story.days, story.direction, story.is_certain), story)
    return tuple(best.values())


def _dominance_order(scenario: PathScenario) -> tuple[DayIntervals, int, bool, int]:
    """Smaller for a story that leaves more room after its last payment."""
    paid = scenario.last_payment if scenario.direction >= 0 else -(scenario.last_payment or NO_END)
    return scenario.days, scenario.direction, scenario.is_certain, paid
