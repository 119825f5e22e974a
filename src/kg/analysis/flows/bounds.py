"""Amounts of which only the bounds are known, exact to the last fraction."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

Amount = Fraction | float
"""A fraction, or infinity where nothing bounds an amount; never another float."""

ZERO, ONE = Fraction(0), Fraction(1)
UNBOUNDED = math.inf

LONG, GRAIN = 10**24, 10**12
"""From which denominator a fraction is rounded, outwards, and to which parts."""


class Bounds(NamedTuple):
    """The least and the greatest amount; the greatest is infinite where nothing bounds it."""

    low: Amount
    high: Amount

    @property
    def is_exact(self) -> bool:
        """Whether there is one amount."""
        return self.low == self.high

    def plus(self, other: Bounds) -> Bounds:
        """The sum of two amounts."""
        return Bounds(self.low + other.low, self.high + other.high)

    def hull(self, other: Bounds) -> Bounds:
        """The least interval that has both."""
        return Bounds(min(self.low, other.low), max(self.high, other.high))

    def within(self, low: Amount, high: Amount) -> Bounds:
        """What is also between two other amounts."""
        return Bounds(max(self.low, low), min(self.high, high))

    def coarse(self) -> Bounds:
        """The same, a little wider where its fractions have grown long."""
        return Bounds(_coarse(self.low, down=True), _coarse(self.high, down=False))


def _coarse(amount: Amount, *, down: bool) -> Amount:
    if isinstance(amount, float) or amount.denominator < LONG:
        return amount
    scaled = amount * GRAIN
    return Fraction(scaled.__floor__() if down else scaled.__ceil__(), GRAIN)


NOTHING = Bounds(ZERO, ZERO)
ANYTHING = Bounds(ZERO, UNBOUNDED)


def exactly(amount: Amount) -> Bounds:
    """An amount that is known."""
    return Bounds(amount, amount)


def total(intervals: Iterable[Bounds]) -> Bounds:
    """The sum of some amounts."""
    found = NOTHING
    for one in intervals:
        found = found.plus(one)
    return found


def less(one: Amount, other: Amount) -> Amount:
    """What is left of an amount after another one, at least nothing; of infinity after infinity, nothing."""
    return ZERO if other == UNBOUNDED else max(ZERO, one - other)
