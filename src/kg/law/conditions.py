"""How does a route state its conditions?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from kg.errors import InputError, InputLocation


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

EXPECTED_FORM = "a fact's name, {all = [...]}, {any = [...]} or {not = ...}"


def parse_condition(data: object, file: str, key: str) -> Condition:
    """Parse a condition from a file. Raises InputError that names file, key, value and what was expected."""
    if isinstance(data, str):
        return FactCondition(data)
    if not isinstance(data, dict) or len(data) != 1 or not data.keys() <= {"all", "any", "not"}:
        raise InputError(f"expected {EXPECTED_FORM}", InputLocation(file, key=key, value=str(data)))
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
