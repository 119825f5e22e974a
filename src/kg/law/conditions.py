"""What are the conditions of a route, what is their value, and which facts decide it when some are unknown?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal, TypeAlias

from kg.errors import InputError, InputLocation

Answer = Literal["yes", "no", "unknown"]
YES: Answer = "yes"
NO: Answer = "no"
UNKNOWN: Answer = "unknown"

_NEGATION: dict[Answer, Answer] = {YES: NO, NO: YES, UNKNOWN: UNKNOWN}


@dataclass(frozen=True, slots=True)
class FactCondition:
    """True when the fact of this name is yes."""

    name: str


@dataclass(frozen=True, slots=True)
class Not:
    """True when its part is not."""

    part: Condition


@dataclass(frozen=True, slots=True)
class AllOf:
    """True when every part is."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True when at least one part is."""

    parts: tuple[Condition, ...]


Condition: TypeAlias = FactCondition | Not | AllOf | AnyOf


def parse_condition(data: object, file: str, key: str) -> Condition:
    """Parse a condition from a file. Raises InputError that names file, key, value and what was expected."""
    if isinstance(data, str):
        return FactCondition(data)
    if not isinstance(data, dict) or len(data) != 1 or not data.keys() <= {"all", "any", "not"}:
        expected = "expected a fact's name, {all = [...]}, {any = [...]} or {not = ...}"
        raise InputError(expected, InputLocation(file, key=key, value=str(data)))
    ((word, parts),) = data.items()
    if word == "not":
        return Not(parse_condition(parts, file, f"{key}.not"))
    if not isinstance(parts, list) or not parts:
        raise InputError("expected a list of conditions that is not empty", InputLocation(file, key=f"{key}.{word}"))
    read = tuple(parse_condition(part, file, f"{key}.{word}[{i}]") for i, part in enumerate(parts))
    return AllOf(read) if word == "all" else AnyOf(read)


def fact_names(condition: Condition, key: str = "when") -> Iterator[tuple[str, str]]:
    """Each fact that a condition names, with its key in the file."""
    match condition:
        case FactCondition(name):
            yield name, key
        case Not(part):
            yield from fact_names(part, f"{key}.not")
        case AllOf(parts) | AnyOf(parts):
            word = "all" if isinstance(condition, AllOf) else "any"
            for i, part in enumerate(parts):
                yield from fact_names(part, f"{key}.{word}[{i}]")


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
            return _weakest(parts, answers, NO, YES)
        case AnyOf(parts):
            return _weakest(parts, answers, YES, NO)


def _weakest(parts: Sequence[Condition], answers: Mapping[str, Answer], decisive: Answer, other: Answer) -> Answer:
    """The decisive answer where a part has it, else unknown where a part is, else the other one."""
    found = other
    for part in parts:
        answer = evaluate(part, answers)
        if answer == decisive:
            return answer
        if answer == UNKNOWN:
            found = answer
    return found


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
            decisive = (deciding_facts(part, answers) for part in parts if evaluate(part, answers) == found)
            return tuple(dict.fromkeys(chain.from_iterable(decisive)))


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
            return tuple(dict.fromkeys(chain.from_iterable(undecided_facts(part, answers) for part in parts)))


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
