"""What is true, and what decides it, when some facts are unknown?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from kg.law.conditions import All, Any, Condition, Fact, Not

Answer = Literal["yes", "no", "unknown"]
YES: Answer = "yes"
NO: Answer = "no"
UNKNOWN: Answer = "unknown"

_OPPOSITE: dict[Answer, Answer] = {YES: NO, NO: YES, UNKNOWN: UNKNOWN}


def value(condition: Condition, answers: Mapping[str, Answer]) -> Answer:
    """Whether a condition holds, in the strong three-valued logic of Kleene.

    `all` is no when a part is no, yes when every part is yes, else unknown; `any` the other way round; `not` keeps
    unknown unknown. A fact that `answers` lacks is unknown. (S. C. Kleene, Introduction to Metamathematics, 1952,
    section 64.)
    """
    match condition:
        case Fact(name):
            return answers.get(name, UNKNOWN)
        case Not(part):
            return _OPPOSITE[value(part, answers)]
        case All(parts):
            return _first({value(part, answers) for part in parts}, (NO, UNKNOWN, YES))
        case Any(parts):
            return _first({value(part, answers) for part in parts}, (YES, UNKNOWN, NO))


def deciding(condition: Condition, answers: Mapping[str, Answer]) -> tuple[str, ...]:
    """The facts by which a condition is yes or no, in the order in which they stand; none where it is unknown.

    Where one part decides, as one `no` decides an `all`, each part that does is followed and the others are not.
    """
    found = value(condition, answers)
    if found == UNKNOWN:
        return ()
    match condition:
        case Fact(name):
            return (name,)
        case Not(part):
            return deciding(part, answers)
        case All(parts) | Any(parts):
            return _once(name for p in parts if value(p, answers) == found for name in deciding(p, answers))


def open_questions(condition: Condition, answers: Mapping[str, Answer]) -> tuple[str, ...]:
    """The unknown facts that may still decide an unknown condition, in the order in which they stand."""
    if value(condition, answers) != UNKNOWN:
        return ()
    match condition:
        case Fact(name):
            return (name,)
        case Not(part):
            return open_questions(part, answers)
        case All(parts) | Any(parts):
            return _once(name for part in parts for name in open_questions(part, answers))


def _first(found: set[Answer], order: tuple[Answer, ...]) -> Answer:
    """The first in order that was found; of no parts, what `all` or `any` of nothing is: the last."""
    return next((answer for answer in order if answer in found), order[-1])


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
