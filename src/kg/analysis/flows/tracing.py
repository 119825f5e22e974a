"""Payments in time order: how much of each is traced by a rule, whatever order those of one time had."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice, pairwise

from kg.analysis.flows.bounds import NOTHING, UNBOUNDED, ZERO, Amount, Bounds, total
from kg.analysis.flows.orders import AccountName, Movement, distinct_orders
from kg.analysis.flows.rules import (
    ACCOUNTS,
    Account,
    Lots,
    empty_account,
    hull_of_lots,
    merged,
    mixed_lot,
    other_lot,
    traced_lot,
)
from kg.analysis.flows.states import FEW_MOVEMENTS, FEWER_STATES, MAX_STATES, STATES_OF_OPENINGS, AccountStates
from kg.analysis.timeout import TimeoutCheck, no_timeout, raise_if_timed_out
from kg.identity import DisjointSets

MAX_ORDERS = 120
"""The most orders of payments of one time that are all worked through: all of five payments."""

MAX_GROUP = 100
"""The most connected payments of one time whose orders are looked at."""

MAX_COURSES = 480
"""The most courses of connected payments of one time that are worked through: orders, each from several states."""

STEP, STEPS, FINEST = Fraction(5, 4), 24, 64
"""How opening balances that may be anything are told apart: up to a part of all payments, and in steps."""

MAX_OPENED = 500
"""The most movements among which the bounds of pro-rata are narrowed, and opening balances told apart."""

MAX_ROUNDS = 8
"""How often what payments of no known order may take is bounded by what their payers may have got."""


@dataclass(frozen=True, slots=True)
class Tracing:
    """What a rule finds of some movements."""

    traced: Mapping[str, Bounds]
    """How much of each movement is traced, by its id; without those of which nothing can be."""
    held: Mapping[tuple[str, str], Bounds]
    """How much each account has of it in the end, by account and currency."""
    unordered: frozenset[str] = frozenset()
    """Movements whose order among each other has too many possibilities to work through: their bounds are wide."""
    widened: bool = False
    """Whether accounts may have been in too many states to tell them apart, so that bounds may be wide."""


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
    counted = [one for one in movements if one.payer in reached or one.payee in reached]
    ahead = Counter(name for one in counted for name in (one.out_of, one.into))
    openings = _openings(counted, rule, opening)
    divided = len(openings) > 1
    most = STATES_OF_OPENINGS if divided else MAX_STATES if len(counted) <= FEW_MOVEMENTS else FEWER_STATES
    states = AccountStates(lambda name: openings.get(name[1], openings[""]), most, divided)
    run = _Run(frozenset(sources), reached, len(counted) <= MAX_OPENED, ACCOUNTS[rule].keeps_order, states, ahead)
    for block in _blocks(counted):
        raise_if_timed_out(timed_out)
        run.settle(block)
    return Tracing(
        dict(sorted(run.traced.items())),
        {name: traced for name, traced in sorted(run.held.items()) if traced.high > 0},
        frozenset(run.unordered),
        run.states.widened,
    )


def _openings(movements: Collection[Movement], rule: str, opening: Bounds) -> Mapping[str, tuple[Account, ...]]:
    """The accounts of a currency before any movement; of no currency, those of which nothing is told.

    Where it matters how much was in an account before, the amounts that there may have been are told apart: how much
    is traced of what it pays hangs on it, and so does how much is left to pay on.
    """
    few = len(movements) <= MAX_OPENED
    found: dict[str, tuple[Account, ...]] = {"": (empty_account(rule, opening, narrow=few),)}
    if opening.is_exact or not ACCOUNTS[rule].shares_out or not few:
        return found
    for currency in {one.currency for one in movements}:
        known = [m.amount.high for m in movements if m.currency == currency and m.amount.high < UNBOUNDED]
        cuts = [ZERO, *(sum(known, ZERO) * STEP**i / FINEST for i in range(STEPS)), UNBOUNDED]
        slices = [Bounds(max(a, opening.low), min(b, opening.high)) for a, b in pairwise(cuts)]
        found[currency] = tuple(empty_account(rule, part, narrow=True) for part in slices if part.low <= part.high)
    return found


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
    few: bool
    """Whether there are so few movements that bounds are narrowed by what all accounts may have together."""
    keeps_order: bool
    """Whether it matters in which order money came to an account."""
    states: AccountStates
    ahead: Counter[AccountName]
    """How many movements of each account are still to be made."""
    given: defaultdict[str, Amount] = field(default_factory=lambda: defaultdict(lambda: ZERO))
    """The most that the sources paid until now, by currency."""
    traced: dict[str, Bounds] = field(default_factory=dict)
    held: dict[AccountName, Bounds] = field(default_factory=dict)
    """What is traced in the accounts of which all movements are made."""
    unordered: set[str] = field(default_factory=set)

    def settle(self, block: Sequence[Movement]) -> None:
        """Make the movements of a block."""
        for one in block:
            if one.payer in self.sources:
                self.given[one.currency] += one.amount.high
        for name in {one.into for one in block} if self.states.divided else ():
            self.states.resplit_openings(name)
        inner = _inner_accounts(block, self.reached - self.sources)
        groups = _connected(block, inner)
        payers = Counter(name for group in groups for name in {one.into for one in group})
        received: defaultdict[AccountName, list[tuple[Movement, Lots]]] = defaultdict(list)
        for group in groups:
            only = {m.into for m in group if payers[m.into] == 1 or not self.keeps_order} - inner
            made, paid_in = self._make(group, inner, {name for name in only if self._is_followed(name)})
            for movement, lots in made:
                traced = total(lot.traced for lot in lots)
                if traced.high > 0:
                    self.traced[movement.id] = traced
                if movement.into not in inner | paid_in and self._is_followed(movement.into):
                    received[movement.into].append((movement, lots))
        for name, came in sorted(received.items()):
            states = self.states.read([name], self.states.most)
            self.states.write([self._settled({**state, name: state[name].pay_in(_in_time(came))}) for state in states])
        self.ahead.subtract(name for one in block for name in (one.out_of, one.into))
        for name in sorted({name for one in block for name in (one.out_of, one.into)}):
            if self.ahead[name] == 0 and self._is_followed(name):
                self.held[name] = self.states.remove(name).traced

    def _is_followed(self, name: AccountName) -> bool:
        return name[0] in self.reached and name[0] not in self.sources

    def _make(
        self, group: Sequence[Movement], inner: frozenset[AccountName], only: Collection[AccountName]
    ) -> tuple[list[tuple[Movement, Lots]], frozenset[AccountName]]:
        """Make connected movements in every order: what each takes with it, and which of `only` have what they got.

        Other accounts that only receive get it later, when it is no longer known what depends on it.
        """
        orders = list(islice(distinct_orders(group, inner), MAX_ORDERS + 1)) if len(group) <= MAX_GROUP else []
        if not 0 < len(orders) <= MAX_ORDERS:
            return self._make_unordered(group, inner), frozenset()
        names = {name for name in _involved(group, inner) if self._is_followed(name)}
        most = max(1, min(MAX_COURSES // len(orders), self.states.most if self.states.divided else MAX_COURSES))
        paid_in = frozenset(only if self.states.count(names | set(only)) <= most else ())
        before = self.states.read(names | paid_in, most)
        ends, taken = list[dict[AccountName, Account]](), defaultdict[str, list[Lots]](list)
        for order in orders:
            for state in before:
                accounts, received = dict(state), defaultdict[AccountName, list[tuple[Movement, Lots]]](list)
                for movement in order:
                    lots = self._pay(movement, accounts)
                    taken[movement.id].append(lots)
                    if movement.into in names:
                        accounts[movement.into] = accounts[movement.into].pay_in(lots)
                    elif movement.into in paid_in:
                        received[movement.into].append((movement, lots))
                for name, came in received.items():
                    accounts[name] = accounts[name].pay_in(_in_time(came))
                ends.append(self._settled(accounts))
        self.states.write(ends)
        return [(movement, hull_of_lots(taken[movement.id])) for movement in group], paid_in

    def _settled(self, accounts: Mapping[AccountName, Account]) -> dict[AccountName, Account]:
        """Accounts in one state without what is spent, with no more of what sources paid than the others leave."""
        settled = {name: account.without_spent() for name, account in accounts.items()}
        if not self.few:
            return settled
        low = defaultdict[str, Amount](lambda: ZERO)
        for (_, currency), account in accounts.items():
            low[currency] += account.traced.low
        return {
            name: account.with_most(self.given[name[1]] - (low[name[1]] - account.traced.low))
            for name, account in settled.items()
        }

    def _pay(self, movement: Movement, accounts: dict[AccountName, Account]) -> Lots:
        if movement.payer in self.sources:
            return (traced_lot(movement.amount),)
        if movement.payer not in self.reached:
            return (other_lot(movement.amount),)
        lots, accounts[movement.out_of] = accounts[movement.out_of].pay_out(movement.amount)
        return lots

    def _make_unordered(self, group: Sequence[Movement], inner: Collection[AccountName]) -> list[tuple[Movement, Lots]]:
        """The same without looking at any order.

        No movement takes more than all of them have to take, nor more than its payer had and may have got.
        """
        self.unordered |= {movement.id for movement in group}
        names = sorted(name for name in _involved(group, inner) if self._is_followed(name))
        accounts = {name: self.states.remove(name) for name in names}
        given = [movement.amount.high for movement in group if movement.payer in self.sources]
        most = sum((account.traced.high for account in accounts.values()), sum(given, ZERO))
        taken = {one.id: self._most_of_unordered(one, most) for one in group}
        for _ in range(MAX_ROUNDS):
            had = {
                name: min(most, sum((taken[m.id] for m in group if m.into == name), account.traced.high))
                for name, account in accounts.items()
            }
            taken = {m.id: min(taken[m.id], had.get(m.out_of, taken[m.id])) for m in group}
        for name, account in accounts.items():
            came = sum((m.amount.high for m in group if m.into == name), ZERO)
            self.states.write([{name: account.pay_out_unordered(came, had[name])}])
        return [(m, self._lots_of_unordered(m, taken[m.id])) for m in group]

    def _most_of_unordered(self, movement: Movement, most: Amount) -> Amount:
        if movement.payer in self.sources:
            return movement.amount.high
        return min(movement.amount.high, most) if movement.payer in self.reached else ZERO

    def _lots_of_unordered(self, movement: Movement, most: Amount) -> Lots:
        if movement.payer in self.sources:
            return (traced_lot(movement.amount),)
        return (mixed_lot(movement.amount, Bounds(ZERO, most)),)


def _involved(group: Sequence[Movement], inner: Collection[AccountName]) -> set[AccountName]:
    """The accounts that pay, and those that receive what they may pay on."""
    return {one.out_of for one in group} | {one.into for one in group if one.into in inner}


def _in_time(came: Sequence[tuple[Movement, Lots]]) -> Lots:
    """What came to an account that pays nothing meanwhile: one lot where its order is not known."""
    in_order = sorted(came, key=lambda pair: (pair[0].first, pair[0].last, pair[0].id))
    lots = tuple(lot for _, some in in_order for lot in some)
    return lots if all(a.last < b.first for (a, _), (b, _) in pairwise(in_order)) else (merged(lots),)


def _inner_accounts(block: Sequence[Movement], reached: Collection[str]) -> frozenset[tuple[str, str]]:
    """The accounts of which the order within a block matters: they pay, and something else happens in them."""
    pays, events = set[tuple[str, str]](), defaultdict[tuple[str, str], int](int)
    for one in block:
        pays.add((one.payer, one.currency))
        events[one.payer, one.currency] += 1
        events[one.payee, one.currency] += 1
    return frozenset(name for name in pays if events[name] > 1 and name[0] in reached)


def _connected(block: Sequence[Movement], inner: Collection[AccountName]) -> list[list[Movement]]:
    """The movements of a block, together where they share an account of which the order matters."""
    shared = {one.id: [name for name in (one.out_of, one.into) if name in inner] for one in block}
    joined = DisjointSets[AccountName]()
    for names in shared.values():
        joined.union(names)
    found = defaultdict[AccountName | str, list[Movement]](list)
    for one in block:
        found[joined.find(shared[one.id][0]) if shared[one.id] else one.id].append(one)
    return list(found.values())
