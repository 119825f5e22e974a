"""Is a route open, blocked, or are facts missing?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from kg.findings import RouteState
from kg.law import NO, UNKNOWN, YES, Answer, Route, deciding_facts, evaluate, undecided_facts
from kg.law.conditions import AllOf, AnyOf, Condition, FactCondition, Not

MAX_DISPUTED = 6
"""The most disputed facts whose answers are all tried out; with more, every state is called possible."""

MAX_CACHED = 50_000
"""The most decisions that are kept."""

STATE_BY_ANSWER: Mapping[Answer, RouteState] = {YES: "open", NO: "blocked", UNKNOWN: "needs"}


class RouteDecision(NamedTuple):
    """What the condition of a route amounts to."""

    state: RouteState
    decided_by: tuple[str, ...] = ()
    """Facts that block the route, or that open it."""
    missing: tuple[str, ...] = ()
    sole_openers: frozenset[str] = frozenset()
    """Missing facts of which one alone, answered as the route needs it, would open it."""


class Decider:
    """Decides routes, once for the same answers to the facts of a route."""

    def __init__(self) -> None:
        self._decided: dict[tuple[str, tuple[Answer, ...]], RouteDecision] = {}

    def decide(self, route: Route, answers: Sequence[Answer]) -> RouteDecision:
        """`answers` are those to `route.deciding_facts`, in the same order."""
        key = (route.id, tuple(answers))
        found = self._decided.get(key)
        if found is None:
            if len(self._decided) >= MAX_CACHED:
                self._decided.clear()
            found = self._decided[key] = _decide(route.condition, dict(zip(route.deciding_facts, answers, strict=True)))
        return found

    def possible_states(
        self, route: Route, answers: Sequence[Answer], disputed: Sequence[str]
    ) -> tuple[RouteState, ...]:
        """The states that the route has when each disputed fact is answered one way or the other."""
        if not disputed:
            return (self.decide(route, answers).state,)
        if len(disputed) > MAX_DISPUTED:
            return ("open", "needs", "blocked")
        known = dict(zip(route.deciding_facts, answers, strict=True))
        found = set()
        for chosen in product((YES, NO), repeat=len(disputed)):
            tried = known | dict(zip(disputed, chosen, strict=True))
            found.add(self.decide(route, [tried[name] for name in route.deciding_facts]).state)
        return tuple(state for state in ("open", "needs", "blocked") if state in found)


def _decide(condition: Condition, answers: Mapping[str, Answer]) -> RouteDecision:
    state, decided_by = STATE_BY_ANSWER[evaluate(condition, answers)], deciding_facts(condition, answers)
    opens = (
        name
        for name in _in_every_undecided_part(condition, answers)
        if YES in (evaluate(condition, {**answers, name: YES}), evaluate(condition, {**answers, name: NO}))
    )
    return RouteDecision(state, decided_by, undecided_facts(condition, answers), frozenset(opens))


def _in_every_undecided_part(condition: Condition, answers: Mapping[str, Answer]) -> frozenset[str]:
    """Unknown facts that every undecided part of an `all` names: no other fact alone can make it true."""
    parts = condition.parts if isinstance(condition, AllOf) else (condition,)
    open_parts = [frozenset(found) for part in parts if (found := undecided_facts(part, answers))]
    return frozenset.intersection(*open_parts) if open_parts else frozenset()


@lru_cache(maxsize=256)
def polarities(condition: Condition) -> Mapping[str, bool]:
    """For each fact of a condition, whether yes speaks for it; of a fact that is named both ways, the first counts."""
    found: dict[str, bool] = {}
    for name, yes_is_for in _polarities(condition, True):
        found.setdefault(name, yes_is_for)
    return found


def _polarities(condition: Condition, yes_is_for: bool) -> Iterator[tuple[str, bool]]:
    match condition:
        case FactCondition(name):
            yield name, yes_is_for
        case Not(part):
            yield from _polarities(part, not yes_is_for)
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from _polarities(part, yes_is_for)
