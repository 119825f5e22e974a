"""Is a route open, to examine or blocked, or are facts missing?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Literal, NamedTuple, TypeAlias

from kg.findings import ROUTE_STATES, RouteState
from kg.law import NO, YES, Answer, Route, deciding_facts, evaluate, undecided_facts
from kg.law.conditions import AllOf, Condition

MAX_DISPUTED = 6
"""The most disputed facts whose answers are all tried out; with more, every state is called possible."""

MAX_CACHED = 50_000
"""The most decisions that are kept."""

FactStatus: TypeAlias = Literal["yes", "no", "case", "law", "step", "bar", "presumed yes", "presumed no"]
"""What is known of a fact in one route: its answer, or, where it is unknown, which kind of unknown it is.

`case` and `law` are missing. A `step` is done in the course of the route. A `bar` is raised by no record. A presumed
fact has the answer of a rule.
"""


class RouteDecision(NamedTuple):
    """What the condition of a route amounts to."""

    state: RouteState
    decided_by: tuple[str, ...] = ()
    """Facts that block the route, or that open it."""
    missing: tuple[str, ...] = ()
    """Unknown facts of the case and of the law that may still decide it."""
    sole_openers: frozenset[str] = frozenset()
    """Missing facts of which one alone, answered as the route needs it, would leave nothing missing."""
    bars: tuple[str, ...] = ()
    """Bars that no record raises and that may still decide it."""
    presumed: tuple[str, ...] = ()
    """Facts that a rule presumes and that may still decide it."""


class Decider:
    """Decides routes, once for the same status of the facts of a route."""

    def __init__(self) -> None:
        self._decided: dict[tuple[str, tuple[FactStatus, ...]], RouteDecision] = {}

    def decide(self, route: Route, statuses: Sequence[FactStatus]) -> RouteDecision:
        """`statuses` are those of `route.deciding_facts`, in the same order."""
        key = (route.id, tuple(statuses))
        found = self._decided.get(key)
        if found is None:
            if len(self._decided) >= MAX_CACHED:
                self._decided.clear()
            by_name = dict(zip(route.deciding_facts, statuses, strict=True))
            found = self._decided[key] = _decide(route, by_name)
        return found

    def possible_states(
        self, route: Route, statuses: Sequence[FactStatus], disputed: Sequence[str]
    ) -> tuple[RouteState, ...]:
        """The states that the route has when each disputed fact, of one or more, is answered one way or the other."""
        if len(disputed) > MAX_DISPUTED:
            return ROUTE_STATES[:4]
        known = dict(zip(route.deciding_facts, statuses, strict=True))
        found = set()
        answers: tuple[FactStatus, FactStatus] = ("yes", "no")
        for chosen in product(answers, repeat=len(disputed)):
            tried = known | dict(zip(disputed, chosen, strict=True))
            found.add(self.decide(route, [tried[name] for name in route.deciding_facts]).state)
        return tuple(state for state in ROUTE_STATES if state in found)


def _decide(route: Route, statuses: Mapping[str, FactStatus]) -> RouteDecision:
    """Blocked by what is known; open where only steps are unknown; to examine where only bars and presumptions are."""
    condition = route.condition
    known = _answers(statuses, {"yes": YES, "no": NO})
    steps = known | _wanted_answers(route, statuses, "step")
    if evaluate(condition, known) == NO:
        return RouteDecision("blocked", deciding_facts(condition, known))
    if evaluate(condition, steps) == YES:
        decided_by = tuple(name for name in deciding_facts(condition, steps) if name in known)
        return RouteDecision("open", decided_by)
    ruled = _answers(statuses, {"presumed yes": YES, "presumed no": NO})
    relaxed = steps | ruled | _wanted_answers(route, statuses, "bar")
    undecided = undecided_facts(condition, steps)
    bars = tuple(name for name in undecided if statuses[name] == "bar")
    presumed = tuple(name for name in undecided if name in ruled)
    if evaluate(condition, relaxed) == YES:
        return RouteDecision("to_examine", bars=bars, presumed=presumed)
    opens = (
        name
        for name in _in_every_undecided_part(condition, relaxed)
        if YES in (evaluate(condition, {**relaxed, name: YES}), evaluate(condition, {**relaxed, name: NO}))
    )
    missing = undecided_facts(condition, relaxed)
    return RouteDecision("needs", (), missing, frozenset(opens), bars, presumed)


def _answers(statuses: Mapping[str, FactStatus], meaning: Mapping[FactStatus, Answer]) -> dict[str, Answer]:
    """The answers to the facts whose status means one."""
    return {name: meaning[status] for name, status in statuses.items() if status in meaning}


def _wanted_answers(route: Route, statuses: Mapping[str, FactStatus], kind: FactStatus) -> dict[str, Answer]:
    """The facts of one status, answered as the route needs them."""
    return {name: YES if route.polarities[name] else NO for name, status in statuses.items() if status == kind}


def _in_every_undecided_part(condition: Condition, answers: Mapping[str, Answer]) -> frozenset[str]:
    """Unknown facts that every undecided part of an `all` names: no other fact alone can make it true."""
    parts = condition.parts if isinstance(condition, AllOf) else (condition,)
    open_parts = [frozenset(found) for part in parts if (found := undecided_facts(part, answers))]
    return frozenset.intersection(*open_parts) if open_parts else frozenset()
