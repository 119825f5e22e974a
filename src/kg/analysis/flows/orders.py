"""Movements of money, and the orders in which those of one time may have been made."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from kg.analysis.flows.bounds import Bounds

AccountName = tuple[str, str]
"""A party or account, and a currency."""


class Movement(NamedTuple):
    """A payment: the days between which it was made (proleptic ordinals), and how much of one currency it moved."""

    id: str
    payer: str
    payee: str
    first: int
    last: int
    amount: Bounds
    currency: str

    @property
    def out_of(self) -> AccountName:
        """The account that pays."""
        return self.payer, self.currency

    @property
    def into(self) -> AccountName:
        """The account that is paid."""
        return self.payee, self.currency


def distinct_orders(group: Sequence[Movement], shared: Collection[AccountName]) -> Iterator[tuple[Movement, ...]]:
    """The orders in which some movements may have been made.

    Of those that differ only between movements without a common account in `shared` there is one.
    """
    pairs = [
        (i, j)
        for i, j in combinations(range(len(group)), 2)
        if {group[i].out_of, group[i].into} & {group[j].out_of, group[j].into} & set(shared)
    ]
    after = [sum(1 << j for j, other in enumerate(group) if one.last < other.first) for one in group]
    waiting = [(0, after)]
    while waiting:
        start, after = waiting.pop()
        for at in range(start, len(pairs)):
            i, j = pairs[at]
            if not (after[i] >> j | after[j] >> i) & 1:
                waiting.append((at + 1, _with_order(after, j, i)))
                after = _with_order(after, i, j)
        # Whatever is before another one has more movements after it.
        yield tuple(group[i] for i in sorted(range(len(group)), key=lambda i: -after[i].bit_count()))


def _with_order(after: Sequence[int], first: int, then: int) -> list[int]:
    """For each movement the set of those after it, where one is also before another."""
    later = after[then] | 1 << then
    return [found | later if i == first or found >> first & 1 else found for i, found in enumerate(after)]
