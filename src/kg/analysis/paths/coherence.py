"""Can all links of a path have been in force at once, and do its payments follow each other in time?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from kg.analysis.paths.traversal import Traversal

NO_END = 10_000_000
"""A day later than any other."""

DayIntervals = tuple[tuple[int, int], ...]
"""First and last days of intervals that do not overlap, in order."""


class PathScenario(NamedTuple):
    """One consistent reading of the dates of a path so far."""

    days: DayIntervals = ((0, NO_END),)
    """When all its lasting links may have been in force at once."""
    direction: int = 0
    """The direction in which money flows: 1 along the path, -1 against it, 0 where there is no payment."""
    last_payment: int = 0
    """The day of the last payment; 0 where none is known."""
    is_certain: bool = True
    """Whether every link that it uses has dates."""


PathScenarios = tuple[PathScenario, ...]
"""All consistent readings of a path so far; one that allows no continuation that another forbids is left out."""

INITIAL_SCENARIOS: PathScenarios = (PathScenario(),)


class Coherence:
    """Follows a path hop by hop and keeps all consistent readings of its dates.

    A hop of lasting links needs a day on which one of them and all hops before it may have been in force. A hop of
    payments needs one in the direction of the payments before it that is not earlier (against the direction: not
    later). A hop with links of both sorts needs either.
    """

    def __init__(self, traversal: Traversal) -> None:
        self._traversal = traversal
        self._payment = traversal.view.link_types_with("payment")
        self._hops: dict[tuple[int, int], _HopDates] = {}

    def extend(self, scenarios: PathScenarios, here: int, there: int) -> PathScenarios | None:
        """The scenarios with one more hop between two nodes of the view; None where no reading is consistent."""
        hop = self._hop_dates(here, there)
        after = {scenario for before in scenarios for scenario in _after_lasting_link(before, hop)}
        after |= {scenario for before in scenarios for scenario in _after_payment(before, hop)}
        return _undominated(after) or None

    def of_path(self, nodes: Sequence[int]) -> str:
        """`yes`, `no`, or `maybe` where it depends on a hop without dates, for a path of nodes of the view."""
        scenarios = INITIAL_SCENARIOS
        for here, there in pairwise(nodes):
            after = self.extend(scenarios, here, there)
            if after is None:
                return "no"
            scenarios = after
        return "yes" if any(scenario.is_certain for scenario in scenarios) else "maybe"

    def _hop_dates(self, here: int, there: int) -> _HopDates:
        if (here, there) not in self._hops:
            view, links = self._traversal.view, self._traversal.links_between(here, there)
            link_types, spans = view.link_type[links], view.column("dates")[links].copy()
            spans[view.event_types[link_types] & ~self._payment[link_types], 1] = 0  # an event stays true
            is_payment = self._payment[link_types]
            lasting = spans[~is_payment].tolist()
            directions = [1 if tail == here else -1 for tail in view.tail[links[is_payment]].tolist()]
            payments = zip(spans[is_payment].tolist(), directions, strict=True)
            self._hops[here, there] = _HopDates(
                dated=_merged_intervals(span for span in lasting if any(span)),
                undated=not all(map(any, lasting)),
                payments=[(first, last, direction) for (first, last), direction in payments],
            )
        return self._hops[here, there]


class _HopDates(NamedTuple):
    """The dates of the links of a hop."""

    dated: DayIntervals
    """When any of its lasting links with dates may have been in force."""
    undated: bool
    """Whether it has a lasting link without dates."""
    payments: list[tuple[int, int, int]]
    """First and last day of each payment, 0 where unknown, and its direction."""


def _merged_intervals(spans: Iterable[Sequence[int]]) -> DayIntervals:
    merged: list[tuple[int, int]] = []
    for first, last in sorted((first, last or NO_END) for first, last in spans):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        elif first <= last:
            merged.append((first, last))
    return tuple(merged)


def _after_lasting_link(scenario: PathScenario, hop: _HopDates) -> Iterator[PathScenario]:
    """The scenario after a lasting link."""
    found = ((max(a, c), min(b, d)) for a, b in scenario.days for c, d in hop.dated)
    if days := tuple(span for span in found if span[0] <= span[1]):
        yield scenario._replace(days=days)
    if hop.undated:
        yield scenario._replace(is_certain=False)


def _after_payment(scenario: PathScenario, hop: _HopDates) -> Iterator[PathScenario]:
    """The scenario after each payment that fits, as early as possible; against the direction as late as possible."""
    for first, last, direction in hop.payments:
        if scenario.direction not in (0, direction):
            continue
        if not (first or last):
            yield scenario._replace(direction=direction, is_certain=False)
        elif direction > 0 and (last or NO_END) >= scenario.last_payment:
            yield scenario._replace(direction=direction, last_payment=max(scenario.last_payment, first))
        elif direction < 0 and first <= (scenario.last_payment or NO_END):
            latest = min(scenario.last_payment or NO_END, last or NO_END)
            yield scenario._replace(direction=direction, last_payment=latest)


def _undominated(scenarios: Iterable[PathScenario]) -> PathScenarios:
    """Of scenarios that differ in the last payment only, the one after which most can follow; in a fixed order."""
    best: dict[tuple[DayIntervals, int, bool], PathScenario] = {}

    def order(one: PathScenario) -> tuple[DayIntervals, int, bool, int]:
        """Smaller for a scenario after whose last payment more can follow."""
        paid = one.last_payment if one.direction >= 0 else -(one.last_payment or NO_END)
        return one.days, one.direction, one.is_certain, paid

    for scenario in sorted(scenarios, key=order):
        best.setdefault(order(scenario)[:3], scenario)
    return tuple(best.values())
