"""How does a route say what it needs?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from kg.errors import InputError, Place


@dataclass(frozen=True, slots=True)
class Fact:
    """Holds when the fact of this name is yes."""

    name: str


@dataclass(frozen=True, slots=True)
class Not:
    """Holds when its part does not."""

    part: Condition


@dataclass(frozen=True, slots=True)
class All:
    """Holds when every part does."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """Holds when a part does."""

    parts: tuple[Condition, ...]


Condition: TypeAlias = Fact | Not | All | Any

EXPECTED = "a fact's name, {all = [...]}, {any = [...]} or {not = ...}"


def condition(said: object, file: str, key: str) -> Condition:
    """What a file says, as a condition. Raises InputError that names file, key, value and what was expected."""
    if isinstance(said, str):
        return Fact(said)
    if not isinstance(said, dict) or len(said) != 1 or not said.keys() <= {"all", "any", "not"}:
        raise InputError(f"expected {EXPECTED}", Place(file, key=key, value=str(said)))
    ((word, parts),) = said.items()
    if word == "not":
        return Not(condition(parts, file, f"{key}.not"))
    if not isinstance(parts, list) or not parts:
        raise InputError("expected a list of conditions that is not empty", Place(file, key=f"{key}.{word}"))
    read = tuple(condition(part, file, f"{key}.{word}[{i}]") for i, part in enumerate(parts))
    return All(read) if word == "all" else Any(read)


def names(said: Condition, key: str = "when") -> Iterator[tuple[str, str]]:
    """Each fact that a condition names, with the key at which it stands."""
    match said:
        case Fact(name):
            yield name, key
        case Not(part):
            yield from names(part, f"{key}.not")
        case All(parts) | Any(parts):
            word = "all" if isinstance(said, All) else "any"
            for i, part in enumerate(parts):
                yield from names(part, f"{key}.{word}[{i}]")
