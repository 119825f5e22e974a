"""Payments in time order: how much of each is traced by a rule, whatever order those of one time had."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise
from typing import NamedTuple

import networkx as nx

from kg.analysis.flows.bounds import NOTHING, ZERO, Amount, Bounds, total
from kg.analysis.flows.rules import (
    Account,
    Lots,
    empty_account,
    hull_of,
    hull_of_lots,
    merged,
    mixed_lot,
    other_lot,
    traced_lot,
)
from kg.analysis.timeout import TimeoutCheck, no_timeout, raise_if_timed_out

MAX_ORDERS = 120
"""The most orders of payments of one time that are all worked through: all of five payments."""

MAX_GROUP = 100
"""The most connected payments of one time whose orders are looked at."""


class Movement(NamedTuple):
    """A payment: the days between which it was made (proleptic ordinals), and how much of one currency it moved."""

    id: str
    payer: str
    payee: str
    first: int
    last: int
    amount: Bounds
    currency: str


@dataclass(frozen=True, slots=True)
class Tracing:
    """What a rule finds of some movements."""

    traced: Mapping[str, Bounds]
    """How much of each movement is traced, by its id; without those of which nothing can be."""
    held: Mapping[tuple[str, str], Bounds]
    """How much each account has of it in the end, by account and currency."""
    unordered: frozenset[str] = frozenset()
    """Movements whose order among each other has too many possibilities to work through: their bounds are wide."""


def trace(
    movements: Collection[Movement],
    sources: Collection[str],
    rule: str,
    opening: Bounds = NOTHING,
    timed_out: TimeoutCheck = no_timeout,
) -> Tracing:
    """Follow all that `sources` pay through the accounts that receive it. `rule` is one of TRACING_RULES.

    `opening`: what every account had in it before, none of it traced. What comes back to a source ends there. Of
    movements that may have been at the same time every order is worked through, so that each bound holds in all.
    The answer does not depend on the order of `movements`. Raises OutOfTime.
    """
    reached = _reached(movements, sources)
    run = _Run(frozenset(sources), reached, rule, opening)
    for block in _blocks([one for one in movements if one.payer in reached or one.payee in reached]):
        raise_if_timed_out(timed_out)
        run.settle(block)
    held = {account: found.traced for account, found in sorted(run.accounts.items()) if found.traced.high > 0}
    return Tracing(dict(sorted(run.traced.items())), held, frozenset(run.unordered))


def _reached(movements: Collection[Movement], sources: Collection[str]) -> frozenset[str]:
    payees: defaultdict[str, list[str]] = defaultdict(list)
    for one in movements:
        payees[one.payer].append(one.payee)
    found, waiting = set(sources), list(sources)
    while waiting:
        further = {payee for payee in payees[waiting.pop()] if payee not in found}
        found |= further
        waiting += sorted(further)
    return frozenset(found)


def _blocks(movements: Collection[Movement]) -> Iterator[list[Movement]]:
    """Movements in time order: those of which the order is not known are together."""
    block, last = list[Movement](), 0
    for one in sorted(movements, key=lambda m: (m.first, m.last, m.id)):
        if block and one.first > last:
            yield block
            block = []
        block.append(one)
        last = max(last, one.last) if len(block) > 1 else one.last
    if block:
        yield block


@dataclass(slots=True)
class _Run:
    """The accounts as they are between two blocks of movements."""

    sources: frozenset[str]
    reached: frozenset[str]
    """The sources, and everybody whom a chain of payments leads to from one."""
    rule: str
    opening: Bounds
    accounts: dict[tuple[str, str], Account] = field(default_factory=dict)
    traced: dict[str, Bounds] = field(default_factory=dict)
    unordered: set[str] = field(default_factory=set)

    def settle(self, block: Sequence[Movement]) -> None:
        """Make the movements of a block."""
        received: defaultdict[tuple[str, str], list[tuple[Movement, Lots]]] = defaultdict(list)
        inner = _inner_accounts(block, self.reached - self.sources)
        for group in _connected(block, inner):
            for movement, lots in self._make(group, inner):
                traced = total(lot.traced for lot in lots)
                if traced.high > 0:
                    self.traced[movement.id] = traced
                payee = movement.payee, movement.currency
                if payee not in inner and payee[0] in self.reached - self.sources:
                    received[payee].append((movement, lots))
        for payee, came in sorted(received.items()):
            came.sort(key=lambda pair: (pair[0].first, pair[0].last, pair[0].id))
            in_order = all(a.last < b.first for (a, _), (b, _) in pairwise(came))
            several = [lot for _, lots in came for lot in lots]
            self.accounts[payee] = self._account(payee).pay_in(tuple(several) if in_order else (merged(several),))

    def _account(self, account: tuple[str, str]) -> Account:
        found = self.accounts.get(account)
        return found if found is not None else empty_account(self.rule, self.opening)

    def _make(self, group: Sequence[Movement], inner: Collection[tuple[str, str]]) -> list[tuple[Movement, Lots]]:
        """Make connected movements in every order; what each takes with it. Accounts that only receive get it later."""
        orders = list(islice(_orders(group), MAX_ORDERS + 1)) if len(group) <= MAX_GROUP else []
        if not 0 < len(orders) <= MAX_ORDERS:
            return self._make_unordered(group, inner)
        involved = {(m.payer, m.currency) for m in group} | {(m.payee, m.currency) for m in group} & set(inner)
        before = {name: self._account(name) for name in sorted(involved) if name[0] in self.reached - self.sources}
        ends, taken = list[dict[tuple[str, str], Account]](), defaultdict[str, list[Lots]](list)
        for order in orders:
            accounts = dict(before)
            for movement in order:
                lots = self._pay(movement, accounts)
                taken[movement.id].append(lots)
                if (payee := (movement.payee, movement.currency)) in accounts:
                    accounts[payee] = accounts[payee].pay_in(lots)
            ends.append(accounts)
        for name in before:
            self.accounts[name] = hull_of([accounts[name] for accounts in ends]).without_spent()
        return [(movement, hull_of_lots(taken[movement.id])) for movement in group]

    def _pay(self, movement: Movement, accounts: dict[tuple[str, str], Account]) -> Lots:
        if movement.payer in self.sources:
            return (traced_lot(movement.amount),)
        if movement.payer not in self.reached:
            return (other_lot(movement.amount),)
        payer = (movement.payer, movement.currency)
        lots, accounts[payer] = accounts[payer].pay_out(movement.amount)
        return lots

    def _make_unordered(
        self, group: Sequence[Movement], inner: Collection[tuple[str, str]]
    ) -> list[tuple[Movement, Lots]]:
        """The same without looking at any order: no movement takes more than all of them have to take."""
        self.unordered |= {movement.id for movement in group}
        names = {(m.payer, m.currency) for m in group} | {(m.payee, m.currency) for m in group} & set(inner)
        accounts = {name: self._account(name) for name in sorted(names) if name[0] in self.reached - self.sources}
        given = [movement.amount.high for movement in group if movement.payer in self.sources]
        most = sum((account.traced.high for account in accounts.values()), sum(given, ZERO))
        for name, account in accounts.items():
            came = sum((m.amount.high for m in group if (m.payee, m.currency) == name), ZERO)
            self.accounts[name] = account.pay_out_unordered(came, most)
        return [(m, self._lots_of_unordered(m, most)) for m in group]

    def _lots_of_unordered(self, movement: Movement, most: Amount) -> Lots:
        if movement.payer in self.sources:
            return (traced_lot(movement.amount),)
        if movement.payer not in self.reached:
            return (other_lot(movement.amount),)
        return (mixed_lot(movement.amount, Bounds(ZERO, min(movement.amount.high, most))),)


def _inner_accounts(block: Sequence[Movement], reached: Collection[str]) -> frozenset[tuple[str, str]]:
    """The accounts of which the order within a block matters: they pay, and something else happens in them."""
    pays, events = set[tuple[str, str]](), defaultdict[tuple[str, str], int](int)
    for one in block:
        pays.add((one.payer, one.currency))
        events[one.payer, one.currency] += 1
        events[one.payee, one.currency] += 1
    return frozenset(name for name in pays if events[name] > 1 and name[0] in reached)


def _connected(block: Sequence[Movement], inner: Collection[tuple[str, str]]) -> list[list[Movement]]:
    """The movements of a block, together where they share an account of which the order matters."""
    shares: nx.Graph[str | tuple[str, str]] = nx.Graph()
    for one in block:
        shares.add_node(one.id)
        names = ((one.payer, one.currency), (one.payee, one.currency))
        shares.add_edges_from((one.id, name) for name in names if name in inner)
    groups = list(nx.connected_components(shares))
    number = {name: i for i, group in enumerate(groups) for name in group}
    found = defaultdict[int, list[Movement]](list)
    for one in block:
        found[number[one.id]].append(one)
    return list(found.values())


def _orders(group: Sequence[Movement]) -> Iterator[tuple[Movement, ...]]:
    """Every order in which some movements, sorted by their first day, may have been made."""

    def extend(made: tuple[Movement, ...], rest: tuple[Movement, ...]) -> Iterator[tuple[Movement, ...]]:
        if not rest:
            yield made
        earliest = min((one.last for one in rest), default=0)
        for i, one in enumerate(rest):
            if one.first <= earliest:
                yield from extend((*made, one), rest[:i] + rest[i + 1 :])

    return extend((), tuple(group))
