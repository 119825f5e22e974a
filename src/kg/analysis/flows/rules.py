"""Three rules of tracing: whose money leaves an account in which another's is mixed?"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from typing import ClassVar, NamedTuple, Self

from kg.analysis.flows.bounds import ANYTHING, NOTHING, ONE, UNBOUNDED, ZERO, Amount, Bounds, less, total


class Lot(NamedTuple):
    """Money that came together, and how much of it is traced; `pure` if all or nothing of it is."""

    amount: Bounds
    traced: Bounds
    pure: bool

    def is_like(self, other: Lot) -> bool:
        """Whether both are wholly traced, or neither is at all: then they may as well be one."""
        return self.pure and other.pure and (self.traced.high > 0) == (other.traced.high > 0)


Lots = tuple[Lot, ...]
"""Money in the order in which it is spent."""


def traced_lot(amount: Bounds) -> Lot:
    """Money all of which is traced."""
    return Lot(amount, amount, True)


def other_lot(amount: Bounds) -> Lot:
    """Money none of which is traced."""
    return Lot(amount, NOTHING, True)


def mixed_lot(amount: Bounds, traced: Bounds) -> Lot:
    """Money some of which may be traced, in an order that is not known."""
    if traced == NOTHING:
        return other_lot(amount)
    return Lot(amount, traced, amount == traced and amount.is_exact)


def merged(lots: Sequence[Lot]) -> Lot:
    """Several lots that came in an order that is not known."""
    amount, traced = total(lot.amount for lot in lots), total(lot.traced for lot in lots)
    return Lot(amount, traced, all(lot.pure and lot.traced == lot.amount for lot in lots) or traced == NOTHING)


class Account(ABC):
    """What is in an account by one rule, in one currency. It never changes: a payment makes another one."""

    keeps_order: ClassVar[bool]
    """Whether it matters in which order money came in."""
    shares_out: ClassVar[bool] = False
    """Whether each payment takes of everybody's money, so that all of them hang on what was there before."""
    traced: Bounds
    """How much of what is in it is traced."""

    @abstractmethod
    def pay_in(self, lots: Lots) -> Account:
        """The account after money came in."""

    @abstractmethod
    def pay_out(self, amount: Bounds) -> tuple[Lots, Account]:
        """What a payment takes with it, and the account after it.

        What is paid beyond what is in the account is money of which no source tells.
        """

    @abstractmethod
    def pay_out_unordered(self, paid_in: Amount, most: Amount) -> Account:
        """The account after payments in an order that nobody can tell.

        At most `paid_in` came in, and at most `most` of what is in it is traced.
        """

    def without_spent(self) -> Account:
        """The same account without what is known to have gone out."""
        return self

    @abstractmethod
    def with_most(self, most: Amount) -> Account:
        """The same account, of which it is known that no more than this is traced."""

    @abstractmethod
    def hull(self, other: Account) -> Account:
        """An account that has whatever either has, after the same money came before this and that order of payments."""


@dataclass(frozen=True, slots=True)
class _Balance(Account):
    """A rule for which only totals matter: what is traced, and what is not."""

    keeps_order = False
    traced: Bounds = NOTHING
    other: Bounds = NOTHING
    balance: Bounds = NOTHING
    """Both together: it may be known where its parts are not."""

    def pay_in(self, lots: Lots) -> Self:
        """The account after money came in."""
        others = (Bounds(less(k.amount.low, k.traced.high), less(k.amount.high, k.traced.low)) for k in lots)
        other = total(NOTHING if k.pure and k.traced == k.amount else o for k, o in zip(lots, others, strict=True))
        return self._with(
            self.traced.plus(total(lot.traced for lot in lots)),
            self.other.plus(other),
            self.balance.plus(total(lot.amount for lot in lots)),
        )

    def pay_out(self, amount: Bounds) -> tuple[Lots, Self]:
        """What a payment takes with it, and the account after it."""
        traced, other, balance = self.traced, self.other, self.balance
        taken = Bounds(
            self._taken(traced.low, other.high, amount.low), self._taken(traced.high, other.low, amount.high)
        )
        left = Bounds(
            self._left(traced.low, less(balance.low, traced.low), amount.high),
            self._left(traced.high, _rest(balance.high, traced.high), amount.low),
        )
        others = Bounds(
            self._others_left(less(balance.low, other.low), other.low, amount.high),
            self._others_left(_rest(balance.high, other.high), other.high, amount.low),
        )
        whole = Bounds(less(balance.low, amount.high), less(balance.high, amount.low))
        return (mixed_lot(amount, taken.coarse()),), self._with(left.coarse(), others.coarse(), whole)

    def pay_out_unordered(self, paid_in: Amount, most: Amount) -> Self:
        """The account after payments in an order that nobody can tell."""
        other = Bounds(ZERO, self.other.high + paid_in)
        return self._with(Bounds(ZERO, most), other, Bounds(ZERO, self.balance.high + paid_in))

    def with_most(self, most: Amount) -> Self:
        """The same account, of which it is known that no more than this is traced."""
        if self.traced.high <= most:
            return self
        return self._with(self.traced.within(ZERO, most), self.other, self.balance)

    def _with(self, traced: Bounds, other: Bounds, balance: Bounds) -> Self:
        """The account with these parts, each as near as the others say."""
        return replace(
            self,
            traced=traced.within(less(balance.low, other.high), less(balance.high, other.low)),
            other=other.within(less(balance.low, traced.high), less(balance.high, traced.low)),
            balance=balance.within(traced.low + other.low, traced.high + other.high),
        )

    def hull(self, other: Account) -> Self:
        """An account that has whatever either has."""
        assert isinstance(other, _Balance)
        parts = ((self.traced, other.traced), (self.other, other.other), (self.balance, other.balance))
        return self._with(*(one.hull(two) for one, two in parts))

    @staticmethod
    @abstractmethod
    def _taken(traced: Amount, other: Amount, paid: Amount) -> Amount:
        """How much of a payment is traced: never less with more traced, with less of others or a larger payment."""

    @staticmethod
    @abstractmethod
    def _left(traced: Amount, other: Amount, paid: Amount) -> Amount:
        """How much traced money a payment leaves: never less with more in the account or a smaller payment."""

    @staticmethod
    @abstractmethod
    def _others_left(traced: Amount, other: Amount, paid: Amount) -> Amount:
        """How much money of others a payment leaves: never less with more in the account or a smaller payment."""


def _rest(balance: Amount, part: Amount) -> Amount:
    """The most that the rest of a balance may be."""
    return UNBOUNDED if balance == UNBOUNDED else less(balance, part)


@dataclass(frozen=True, slots=True)
class ProRata(_Balance):
    """Each payment takes of everybody's money in proportion (pari passu, the rolling charge).

    So none changes which part of the balance is traced: it is known beside the totals, which narrow each other.
    """

    shares_out = True
    share: Bounds | None = None
    """The traced part of the balance, 0 to 1, nothing of an empty account; None where it is not followed."""

    def pay_in(self, lots: Lots) -> Self:
        """The account after money came in."""
        if self.share is None:
            return _Balance.pay_in(self, lots)
        share, balance = self.share, self.balance
        for lot in lots:
            share, balance = _mixed_share(share, balance, lot), balance.plus(lot.amount)
        return _Balance.pay_in(self, lots)._narrowed(share.coarse())

    def pay_out(self, amount: Bounds) -> tuple[Lots, Self]:
        """What a payment takes with it, and the account after it."""
        (lot,), after = _Balance.pay_out(self, amount)
        if self.share is None:
            return (lot,), after
        low = _times(self.share.low, min(amount.low, self.balance.low))
        high = _times(self.share.high, min(amount.high, self.balance.high))
        return (mixed_lot(amount, lot.traced.within(low, high).coarse()),), after._narrowed(self.share)

    def with_most(self, most: Amount) -> Self:
        """The same account, of which it is known that no more than this is traced."""
        after = _Balance.with_most(self, most)
        return self if after is self or self.share is None else after._narrowed(self.share)

    def pay_out_unordered(self, paid_in: Amount, most: Amount) -> Self:
        """The account after payments in an order that nobody can tell."""
        after = _Balance.pay_out_unordered(self, paid_in, most)
        return replace(after, share=None if self.share is None else Bounds(ZERO, ONE))

    def hull(self, other: Account) -> Self:
        """An account that has whatever either has."""
        assert isinstance(other, ProRata)
        both = _Balance.hull(self, other)
        if self.share is None or other.share is None:
            return both
        if self.balance.high == 0:
            return replace(both, share=other.share)
        return replace(both, share=self.share if other.balance.high == 0 else self.share.hull(other.share))

    def _narrowed(self, share: Bounds) -> Self:
        """The account with this traced part of the balance, and each of both as near as the other says."""
        traced, other, balance = self.traced, self.other, self.balance
        share = share.within(_quotient(traced.low, other.high), _quotient(traced.high, other.low))
        of_others = Bounds(ONE - share.high, ONE - share.low)
        return replace(
            self,
            share=share,
            traced=traced.within(_times(share.low, balance.low), _times(share.high, balance.high)).coarse(),
            other=other.within(_times(of_others.low, balance.low), _times(of_others.high, balance.high)).coarse(),
        )

    @staticmethod
    def _taken(traced: Amount, other: Amount, paid: Amount) -> Amount:
        """`paid` times the traced part of the balance, at most all that is traced."""
        if traced == 0 or paid == 0 or (other == UNBOUNDED and paid != UNBOUNDED):
            return ZERO
        if paid == UNBOUNDED:
            return traced
        if traced == UNBOUNDED:
            return paid
        return min(traced, traced * paid / (traced + other))

    @staticmethod
    def _left(traced: Amount, other: Amount, paid: Amount) -> Amount:
        """What is traced, less its part of the payment."""
        return _part_left(traced, other, paid)

    @staticmethod
    def _others_left(traced: Amount, other: Amount, paid: Amount) -> Amount:
        """What is not traced, less its part of the payment."""
        return _part_left(other, traced, paid)


def _mixed_share(share: Bounds, balance: Bounds, lot: Lot) -> Bounds:
    """The traced part of a balance after money came in: between that of what was there and that of what came."""
    if lot.pure and lot.traced == lot.amount:
        came = Bounds(ONE, ONE)
    elif lot.traced == NOTHING:
        came = NOTHING
    else:
        low = _quotient(lot.traced.low, less(lot.amount.high, lot.traced.low))
        came = Bounds(low, _quotient(lot.traced.high, less(lot.amount.low, lot.traced.high)))
    kept = _quotient(balance.low, lot.amount.high), _quotient(balance.high, lot.amount.low)
    return Bounds(
        min(part * share.low + (1 - part) * came.low for part in kept),
        max(part * share.high + (1 - part) * came.high for part in kept),
    )


def _quotient(part: Amount, rest: Amount) -> Fraction:
    """Which part of a sum one of its two parts is; of nothing, and of what nothing bounds beside a sum, nothing."""
    if part == 0 or rest == UNBOUNDED:
        return ZERO
    return ONE if part == UNBOUNDED else Fraction(part / (part + rest))


def _times(share: Amount, amount: Amount) -> Amount:
    """A part of an amount; none of anything is nothing."""
    return ZERO if share == 0 else share * amount


def _part_left(part: Amount, rest: Amount, paid: Amount) -> Amount:
    if paid == UNBOUNDED:
        return ZERO
    if part in (0, UNBOUNDED) or rest == UNBOUNDED:
        return part
    return max(ZERO, part - part * paid / (part + rest))


@dataclass(frozen=True, slots=True)
class LowestBalance(_Balance):
    """Money of others is spent first, and money that comes later does not make up for what was spent."""

    @staticmethod
    def _taken(traced: Amount, other: Amount, paid: Amount) -> Amount:
        """What the payment takes beyond the money of others."""
        return min(traced, less(paid, other))

    @staticmethod
    def _left(traced: Amount, other: Amount, paid: Amount) -> Amount:
        """The balance, where that is less than what was traced."""
        return min(traced, less(traced + other, paid))

    @staticmethod
    def _others_left(traced: Amount, other: Amount, paid: Amount) -> Amount:
        """What the payment leaves of the money of others."""
        return less(other, paid)


@dataclass(frozen=True, slots=True)
class FirstInFirstOut(Account):
    """What came in first goes out first (the rule in Clayton's case)."""

    keeps_order = True
    lots: Lots = ()
    """All money that ever came in, in order."""
    spent: Bounds = NOTHING
    """How much of it went out."""
    traced: Bounds = NOTHING

    def pay_in(self, lots: Lots) -> Account:
        """The account after money came in."""
        every = list(self.lots)
        for lot in lots:
            if every and every[-1].is_like(lot):
                last = every[-1]
                every[-1] = Lot(last.amount.plus(lot.amount), last.traced.plus(lot.traced), True)
            else:
                every.append(lot)
        return replace(self, lots=tuple(every), traced=self.traced.plus(total(lot.traced for lot in lots)))

    def pay_out(self, amount: Bounds) -> tuple[Lots, Account]:
        """What a payment takes with it, and the account after it."""
        lots = self._with_missing(self.spent.plus(amount))
        parts, start = list[Lot](), NOTHING
        for lot in lots:
            if lot.amount.high > 0:
                parts.append(_part_of(lot, start, self.spent, amount))
            start = start.plus(lot.amount)
        parts = [part for part in parts if part.amount.high > 0]
        found = total(part.traced for part in parts)
        taken = Bounds(found.low, min(found.high, amount.high, self.traced.high))
        left = Bounds(less(self.traced.low, taken.high), less(self.traced.high, taken.low))
        whole = amount.is_exact and all(part.pure and part.amount.is_exact for part in parts)
        kept = tuple(parts) if whole else (mixed_lot(amount, taken),)
        return kept, replace(self, lots=lots, spent=self.spent.plus(amount), traced=left)

    def _with_missing(self, spent: Bounds) -> Lots:
        """The lots, with as much money of which no source tells as has to have come where so much was spent.

        Where the last lot is money of others too, both are one: together they are at least what was spent.
        """
        came = total(lot.amount for lot in self.lots)
        missing = Bounds(less(spent.low, came.high), less(spent.high, came.low))
        if missing.high == 0:
            return self.lots
        if not (self.lots and self.lots[-1].is_like(other_lot(missing))):
            return (*self.lots, other_lot(missing))
        *before, last = self.lots
        earlier = total(lot.amount for lot in before)
        needed = Bounds(less(spent.low, earlier.high), less(spent.high, earlier.low))
        most = Bounds(max(last.amount.low, needed.low), max(last.amount.high, needed.high))
        return (*before, other_lot(most))

    def pay_out_unordered(self, paid_in: Amount, most: Amount) -> Account:
        """The account after payments in an order that nobody can tell."""
        return FirstInFirstOut((mixed_lot(ANYTHING, Bounds(ZERO, most)),), NOTHING, Bounds(ZERO, most))

    def without_spent(self) -> Account:
        """The same account without what is known to have gone out."""
        lots, spent, dropped = self.lots, self.spent, 0
        while dropped < len(lots) and spent.is_exact and lots[dropped].amount.is_exact:
            if lots[dropped].amount.low > spent.low:
                break
            spent = Bounds(spent.low - lots[dropped].amount.low, spent.high - lots[dropped].amount.high)
            dropped += 1
        return replace(self, lots=lots[dropped:], spent=spent) if dropped else self

    def with_most(self, most: Amount) -> Account:
        """The same account, of which it is known that no more than this is traced."""
        return self if self.traced.high <= most else replace(self, traced=self.traced.within(ZERO, most))

    def hull(self, other: Account) -> Account:
        """An account that has whatever either has: what came in another order is one lot."""
        assert isinstance(other, FirstInFirstOut)
        if self == other:
            return self
        same = 0
        while same < min(len(self.lots), len(other.lots)) and self.lots[same] == other.lots[same]:
            same += 1
        rests = [account.lots[same:] for account in (self, other)]
        one, two = ((total(k.amount for k in rest), total(k.traced for k in rest)) for rest in rests)
        rest = mixed_lot(one[0].hull(two[0]), one[1].hull(two[1]))
        return FirstInFirstOut((*self.lots[:same], rest), self.spent.hull(other.spent), self.traced.hull(other.traced))


def _part_of(lot: Lot, start: Bounds, spent: Bounds, paid: Bounds) -> Lot:
    """What a payment takes of a lot that begins after `start`, where `spent` went out before."""
    offset = Bounds(spent.low - start.high, spent.high - start.low)
    nearest = min(max(ZERO, offset.low), offset.high)
    most = max(ZERO, _overlap(nearest, paid.high, lot.amount.high))
    least = max(ZERO, min(_overlap(end, paid.low, lot.amount.low) for end in offset))
    amount = Bounds(least, most)
    if lot.pure:
        return Lot(amount, amount if lot.traced.high > 0 else NOTHING, True)
    others = less(lot.amount.high, lot.traced.low)
    return Lot(amount, Bounds(less(least, others), min(most, lot.traced.high)), False)


def _overlap(offset: Amount, paid: Amount, came: Amount) -> Amount:
    """How much of `came`, which begins `offset` before `paid`, the payment takes; below zero for nothing."""
    ends = [paid, came]
    if offset != UNBOUNDED or came != UNBOUNDED:
        ends.append(came - offset)
    if offset != -UNBOUNDED or paid != UNBOUNDED:
        ends.append(paid + offset)
    return min(ends)


def empty_account(rule: str, opening: Bounds, *, narrow: bool = False) -> Account:
    """An account by a rule, with money of others in it; `rule` is one of TRACING_RULES.

    With `narrow`, bounds are kept narrower where a rule has a way, which takes longer.
    """
    account = ACCOUNTS[rule]
    if narrow and account is ProRata:
        return ProRata(share=NOTHING).pay_in((other_lot(opening),))
    return account().pay_in((other_lot(opening),)) if opening.high > 0 else account()


ACCOUNTS: dict[str, type[FirstInFirstOut] | type[ProRata] | type[LowestBalance]] = {
    "fifo": FirstInFirstOut,
    "pro-rata": ProRata,
    "lowest-balance": LowestBalance,
}
"""The account of each rule, by its name."""


def hull_of(accounts: Sequence[Account]) -> Account:
    """An account that has whatever one of some has."""
    return reduce(lambda one, two: one.hull(two), accounts)


def hull_of_lots(several: Sequence[Lots]) -> Lots:
    """What a payment takes with it by one or other order: the same lots, or one of which bounds are known."""
    if all(lots == several[0] for lots in several):
        return several[0]
    amounts = [total(lot.amount for lot in lots) for lots in several]
    traced = [total(lot.traced for lot in lots) for lots in several]
    return (mixed_lot(reduce(Bounds.hull, amounts), reduce(Bounds.hull, traced)),)
