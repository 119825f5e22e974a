"""Which random numbers are the same on every run and every Python?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random
from typing import TypeVar

_T = TypeVar("_T")

SMALL = "abcdefghijklmnopqrstuvwxyz"


class SeededRandom:
    """Random values that are the same on every Python.

    Everything is made from `Random.random()`, the one method that Python promises not to change, and from additions and
    multiplications, which every machine rounds alike. Each topic has its own generator, so that a change in one leaves
    the others as they were.
    """

    def __init__(self, *topic: object) -> None:
        self._next = Random("/".join(str(part) for part in topic)).random

    def below(self, bound: int) -> int:
        """An integer from 0 to `bound` - 1."""
        return int(self._next() * bound)

    def between(self, low: int, high: int) -> int:
        """An integer from `low` to `high`, both possible."""
        return low + int(self._next() * (high - low + 1))

    def skewed(self, bound: int) -> int:
        """An integer from 0 to `bound` - 1; small ones far more often, so that degrees get a heavy tail."""
        chance = self._next()
        return int(chance * chance * chance * bound)

    def pareto(self, low: int, high: int) -> int:
        """An integer from `low` to `high` with a Pareto tail: half as many are twice as large."""
        least = low / high
        return int(low / (least + self._next() * (1 - least)))

    def chance(self, share: float) -> bool:
        """True with probability `share`."""
        return self._next() < share

    def choice(self, choices: Sequence[_T]) -> _T:
        """One of `choices`."""
        return choices[int(self._next() * len(choices))]

    def shuffled(self, choices: Sequence[_T]) -> list[_T]:
        """All of `choices` in another order."""
        rest = list(choices)
        return [rest.pop(self.below(len(rest))) for _ in choices]

    def day(self, first: str, last: str) -> str:
        """A day from `first` to `last`, both ISO dates."""
        start = date.fromisoformat(first)
        return (start + timedelta(self.below((date.fromisoformat(last) - start).days + 1))).isoformat()

    def digits(self, count: int) -> str:
        """So many digits; the first is not 0."""
        return str(self.between(1, 9)) + "".join(str(self.below(10)) for _ in range(count - 1))

    def letters(self, count: int) -> str:
        """So many small letters."""
        return "".join(self.choice(SMALL) for _ in range(count))


def add_days(day: str, days: int) -> str:
    """The ISO date so many days after another."""
    return (date.fromisoformat(day) + timedelta(days)).isoformat()
