"""Is a route open, blocked, or in need of facts?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from kg.findings import State
from kg.law import NO, UNKNOWN, YES, All, Answer, Any, Condition, Fact, Not, Route, deciding, open_questions, value

MOST_DISPUTED = 6
"""Disputed facts whose answers are all tried out; beyond, the range is said to be everything."""

MOST_KEPT = 50_000
"""Decisions that are remembered."""

STATE: Mapping[Answer, State] = {YES: "open", NO: "blocked", UNKNOWN: "needs"}


class Decided(NamedTuple):
    """What the condition of a route comes to."""

    state: State
    by: tuple[str, ...]
    missing: tuple[str, ...]
    opens: frozenset[str]
    """Missing facts of which one alone, answered as the route needs it, would open it."""


class Decider:
    """Decides routes. The same answers to the facts of a route are decided once."""

    def __init__(self) -> None:
        self._decided: dict[tuple[str, tuple[Answer, ...]], Decided] = {}

    def decide(self, route: Route, answers: Sequence[Answer]) -> Decided:
        """`answers` are those of `route.deciding`, in that order."""
        key = (route.id, tuple(answers))
        found = self._decided.get(key)
        if found is None:
            if len(self._decided) >= MOST_KEPT:
                self._decided.clear()
            found = self._decided[key] = _decide(route.condition, dict(zip(route.deciding, answers, strict=True)))
        return found

    def range(self, route: Route, answers: Sequence[Answer], disputed: Sequence[str]) -> tuple[State, ...]:
        """The states that the route has when each disputed fact is answered one way or the other."""
        if not disputed:
            return (self.decide(route, answers).state,)
        if len(disputed) > MOST_DISPUTED:
            return ("open", "needs", "blocked")
        found = set()
        for said in product((YES, NO), repeat=len(disputed)):
            tried = dict(zip(disputed, said, strict=True))
            found.add(self.decide(route, [tried.get(n, a) for n, a in zip(route.deciding, answers, strict=True)]).state)
        return tuple(state for state in ("open", "needs", "blocked") if state in found)


def _decide(condition: Condition, answers: Mapping[str, Answer]) -> Decided:
    missing = open_questions(condition, answers)
    both: tuple[Answer, Answer] = (YES, NO)
    opens = (
        name
        for name in _in_every_open_part(condition, answers)
        if any(value(condition, {**answers, name: said}) == YES for said in both)
    )
    return Decided(STATE[value(condition, answers)], deciding(condition, answers), missing, frozenset(opens))


def _in_every_open_part(condition: Condition, answers: Mapping[str, Answer]) -> frozenset[str]:
    """Unknown facts without which no part of an `all` can be settled: no other can open it alone."""
    parts = condition.parts if isinstance(condition, All) else (condition,)
    open_parts = [frozenset(found) for part in parts if (found := open_questions(part, answers))]
    return frozenset.intersection(*open_parts) if open_parts else frozenset()


@lru_cache(maxsize=256)
def leanings(condition: Condition) -> Mapping[str, bool]:
    """For each fact of a condition, whether yes speaks for it; one that stands both ways speaks as it first stands."""
    found: dict[str, bool] = {}
    for name, lean in _leanings(condition, True):
        found.setdefault(name, lean)
    return found


def _leanings(condition: Condition, lean: bool) -> Iterator[tuple[str, bool]]:
    match condition:
        case Fact(name):
            yield name, lean
        case Not(part):
            yield from _leanings(part, not lean)
        case All(parts) | Any(parts):
            for part in parts:
                yield from _leanings(part, lean)
