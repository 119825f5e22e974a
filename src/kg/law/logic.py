"""What is the value of a condition, and which facts decide it, when some facts are unknown?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from kg.law.conditions import AllOf, AnyOf, Condition, FactCondition, Not

Answer = Literal["yes", "no", "unknown"]
YES: Answer = "yes"
NO: Answer = "no"
UNKNOWN: Answer = "unknown"

_NEGATION: dict[Answer, Answer] = {YES: NO, NO: YES, UNKNOWN: UNKNOWN}


def evaluate(condition: Condition, answers: Mapping[str, Answer]) -> Answer:
    """Whether a condition holds, in the strong three-valued logic of Kleene.

    `all` is no when a part is no, yes when every part is yes, else unknown; `any` the other way round; `not` keeps
    unknown unknown. A fact that `answers` lacks is unknown. (S. C. Kleene, Introduction to Metamathematics, 1952,
    section 64.)
    """
    match condition:
        case FactCondition(name):
            return answers.get(name, UNKNOWN)
        case Not(part):
            return _NEGATION[evaluate(part, answers)]
        case AllOf(parts):
            return _first_found({evaluate(part, answers) for part in parts}, (NO, UNKNOWN, YES))
        case AnyOf(parts):
            return _first_found({evaluate(part, answers) for part in parts}, (YES, UNKNOWN, NO))


def deciding_facts(condition: Condition, answers: Mapping[str, Answer]) -> tuple[str, ...]:
    """The facts that make a condition yes or no, in their order; none where it is unknown.

    Where one part decides, as one `no` decides an `all`, each part that does is followed and the others are not.
    """
    found = evaluate(condition, answers)
    if found == UNKNOWN:
        return ()
    match condition:
        case FactCondition(name):
            return (name,)
        case Not(part):
            return deciding_facts(part, answers)
        case AllOf(parts) | AnyOf(parts):
            return _unique(name for p in parts if evaluate(p, answers) == found for name in deciding_facts(p, answers))


def undecided_facts(condition: Condition, answers: Mapping[str, Answer]) -> tuple[str, ...]:
    """The unknown facts that may still decide an unknown condition, in their order."""
    if evaluate(condition, answers) != UNKNOWN:
        return ()
    match condition:
        case FactCondition(name):
            return (name,)
        case Not(part):
            return undecided_facts(part, answers)
        case AllOf(parts) | AnyOf(parts):
            return _unique(name for part in parts for name in undecided_facts(part, answers))


def _first_found(found: set[Answer], order: tuple[Answer, ...]) -> Answer:
    """The first in order that was found; where there are no parts, the last, which is the value of nothing."""
    return next((answer for answer in order if answer in found), order[-1])


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
