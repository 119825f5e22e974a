"""What does a route come to by what is known, and which facts speak for and against it?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from kg.findings import FactAnswer, LegalStatement, PresumedFact, RouteStage, RouteState
from kg.law import NO, UNKNOWN, YES, Presumption, Route, evaluate
from kg.law.facts import FactDefinition

ROUTE_IN_FORCE = "route_in_force"
"""The fact that blocks a route on a day on which the law does not have it."""


class RouteOutcome(NamedTuple):
    """What a route comes to wherever the same is known: all of an answer but who says what. Facts are told by name."""

    state: RouteState
    possible_states: tuple[RouteState, ...]
    facts_for: tuple[str, ...]
    facts_against: tuple[str, ...]
    out_of_force: tuple[FactAnswer, ...]
    """That the law does not have the route on the day."""
    decided_by: tuple[str, ...]
    because: tuple[str, ...]
    missing: tuple[tuple[str, bool], ...]
    """Each with whether it alone opens the route."""
    law_holes: tuple[FactAnswer, ...]
    bars: tuple[str, ...]
    presumed: tuple[PresumedFact, ...]
    stage: RouteStage | None
    host_decides: tuple[str, ...]
    warnings: tuple[str, ...]
    cited: tuple[str, ...]
    """The facts whose statements may be stale."""


def split_sides(
    definitions: Mapping[str, FactDefinition], route: Route, facts: Mapping[str, FactAnswer]
) -> tuple[list[str], list[str]]:
    """The names of the facts for a route and of those against it.

    Disputed facts and those that the host decides are among those against: they block nothing, but nobody may rely
    on them. So are facts that are only shown and speak against, and steps of which something is said that settles
    nothing.
    """
    deciding = route.polarities
    facts_for: list[str] = []
    facts_against: list[str] = []
    for name in (*route.deciding_facts, *(n for n in route.shows if n not in deciding)):
        fact = facts[name]
        yes_is_for = deciding.get(name, definitions[name].speaks == "for")
        if fact.host_decides or fact.disputed:
            facts_against.append(name)
        elif fact.answer == UNKNOWN:
            if fact.says and definitions[name].role == "step":
                facts_against.append(name)
            elif fact.says and name in route.shows:
                (facts_for if yes_is_for else facts_against).append(name)
        elif (fact.answer == YES) == yes_is_for:
            facts_for.append(name)
        elif name in deciding or fact.answer == YES:
            facts_against.append(name)
    return facts_for, facts_against


def presumed_fact(fact: FactAnswer, rule: Presumption) -> PresumedFact:
    """What a rule presumes of a fact."""
    source = rule.source
    return PresumedFact(
        fact.fact, fact.question, rule.answer, rule.says, rule.rebuttal, source.title, source.url, source.date
    )


def flag_warnings(route: Route, facts: Mapping[str, FactAnswer]) -> Sequence[str]:
    """The warnings of a route whose condition the facts meet."""
    if not route.warnings:
        return ()
    answers = {name: fact.answer for name, fact in facts.items()}
    return [text for condition, text in route.warnings if evaluate(condition, answers) == YES]


def stale_warnings(facts: Iterable[FactAnswer]) -> tuple[str, ...]:
    """That nobody looked again since before the day, each once."""
    return tuple(dict.fromkeys(statement.stale for fact in facts for statement in fact.says if statement.stale))


def not_in_force(route: Route, day: date) -> FactAnswer:
    """That the law does not have a route on a day."""
    if route.valid_from and day < route.valid_from:
        text = f"route not yet in force: valid from {route.valid_from}"
    else:
        text = f"route no longer in force: valid until {route.valid_to}"
    question = "Does the law have this route on the day?"
    return FactAnswer(ROUTE_IN_FORCE, question, NO, (LegalStatement(NO, text),), text=text)
