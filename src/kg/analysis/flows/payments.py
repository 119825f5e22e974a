"""Payments that traced money may be in: what sources say of their amounts, and what cannot be followed."""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import permutations
from typing import NamedTuple, TypeVar

from kg.analysis.flows.bounds import ANYTHING, NOTHING, UNBOUNDED, ZERO, Bounds
from kg.analysis.flows.orders import Movement
from kg.analysis.flows.pools import Holdings, PaymentEnd, Pools
from kg.analysis.flows.question import FlowQuestion
from kg.analysis.validity import claimed_values
from kg.errors import InputError
from kg.findings.counts import plural
from kg.law.exchange_rates import ExchangeRate
from kg.ontology.values import currency_named, money
from kg.records import Claim
from kg.view import GraphView

MAX_PAYMENTS = 20_000
"""The most payments at those whom money may have reached: a part of them would give wrong figures."""

PAYMENT_TRAIT = "payment"

BELOW_ZERO = "below zero: it may be a refund or correction, or money out as a bank writes it"
"""Why a payment with negative amounts alone is not followed."""

TO_ITSELF = "it is to the payer itself"

PIVOT = "USD"
"""The currency through which two others are converted, where no rate has both."""

_Place = TypeVar("_Place", int, str)
"""A node or a pool."""


class PaidAmount(NamedTuple):
    """What sources say that a payment moved, in one currency."""

    currency: str
    """Empty where none is known."""
    amount: Bounds
    note: str = ""
    """Why only its bounds are known, where sources do not state several amounts."""


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment that is followed, as stated and as counted."""

    link: str
    payer: PaymentEnd
    payee: PaymentEnd
    first: int
    last: int
    stated: PaidAmount
    counted: PaidAmount
    """The same in the currency of the question, where a rate says how; of an unknown one, in each that may be it."""
    rate: str = ""
    """The rate or rates, with day and source; empty where it is not converted."""

    @property
    def id(self) -> str:
        """One for each currency that it may be of."""
        return f"{self.link} {self.counted.currency}"

    @property
    def movement(self) -> Movement:
        """What it moves."""
        pools = self.payer.pool, self.payee.pool
        return Movement(self.id, *pools, self.first, self.last, self.counted.amount, self.counted.currency)


@dataclass(frozen=True, slots=True)
class Payments:
    """The payments that count, and those that are not followed with the reason, by link, in time order."""

    followed: tuple[Payment, ...]
    left_out: Mapping[str, str]
    handovers: Sequence[Payment]
    """What accounts held when they passed from one party to another, which no payment moved."""
    joined: Mapping[str, Sequence[str]]
    """The accounts whose money is counted as that of a party, by party."""
    notes: Sequence[str]
    """What the days leave open on which whom is asked owned accounts, and payments that may be one."""


def read_payments(
    view: GraphView,
    holdings: Holdings,
    sources: Collection[int],
    goal: Collection[int],
    question: FlowQuestion,
    day: date,
) -> Payments:
    """All payments at whatever money from `sources` can have reached by a day. Raises InputError for too many."""
    links = _payments_of(view, _reached_nodes(view, sources, holdings, day.toordinal()))
    if len(links) > MAX_PAYMENTS:
        problem = f"money from there can have reached {len(links):,} payments; at most {MAX_PAYMENTS:,} are followed"
        raise InputError(f"{problem}: ask about an account, or an earlier day")
    claims = view.records.claims([view.link_id(link) for link in links])
    pools = Pools(view, holdings, links, claims, {*sources, *goal})
    links = _at_reached_pools(view, links, pools, [view.id(node) for node in sources], day.toordinal())
    left_out, known, unknown, inside = dict[str, str](), list[Payment](), list[int](), list[Payment]()
    for link in sorted(links, key=lambda link: (int(view.column("dates")[link][0]), view.link_id(link))):
        name, ends, (first, last) = view.link_id(link), pools.ends(link), _days(view, link)
        said = claims.get(name, ())
        if first > day.toordinal():
            left_out[name] = f"it is dated after {day}"
            continue
        if why := _not_followed(view, link, ends, said):
            left_out[name] = why
            if why == TO_ITSELF and first and (stated := _stated_amount(view, link, said)):
                inside.append(_payment(view, link, ends, stated, question))
            continue
        stated = _stated_amount(view, link, said)
        if stated is None:
            unknown.append(link)
            continue
        if last > day.toordinal():
            stated = PaidAmount(stated.currency, Bounds(ZERO, stated.amount.high), f"may be later than {day}")
        known.append(_payment(view, link, ends, stated, question))
    currencies = sorted({one.counted.currency for one in known}) or [""]
    for link in unknown:
        paid = _payment(view, link, pools.ends(link), PaidAmount("", ANYTHING), question)
        known += [replace(paid, counted=PaidAmount(currency, ANYTHING)) for currency in currencies]
    followed = _in_time_order(known)
    joined = pools.joined({end.pool for one in followed for end in (one.payer, one.payee)})
    moves = _in_time_order((*followed, *inside))
    counted = {one.link for one in moves}
    unclear = {end.moved for link in links if view.link_id(link) not in counted for end in pools.ends(link)}
    handovers = tuple(_handovers(moves, unclear, question.opening))
    return Payments(followed, left_out, handovers, joined, (*pools.ownership_notes(), *_equal_payments(followed)))


def _in_time_order(payments: Iterable[Payment]) -> tuple[Payment, ...]:
    return tuple(sorted(payments, key=lambda one: (one.first, one.last, one.id)))


def _handovers(payments: Sequence[Payment], unclear: Collection[str], opening: str) -> Iterator[Payment]:
    """What accounts held each time when they became part of another pool, by their payments, which are in time order.

    That is at least what is known to have come in and not to have gone out, and nothing where payments at the account
    are not counted: `unclear`.
    """
    ends = defaultdict[str, list[tuple[Payment, PaymentEnd]]](list)
    for one in payments:
        for end in (one.payer, one.payee):
            ends[end.moved].append((one, end))
    for account, some in ends.items():
        if len({end.pool for _, end in some}) > 1:
            yield from _handovers_of(account, some, opening, is_clear=account not in unclear)


def _handovers_of(
    account: str, moves: Sequence[tuple[Payment, PaymentEnd]], opening: str, *, is_clear: bool
) -> Iterator[Payment]:
    """The same of one account, by its payments with the end at which it is."""
    balances, pool, since = defaultdict[str, Bounds](lambda: NOTHING), moves[0][1].pool, 0
    for one, end in moves:
        if end.pool != pool:
            day = min(since + 1, one.first)
            pools = PaymentEnd(account, "", pool), PaymentEnd(account, "", end.pool)
            for currency, (low, high) in balances.items():
                least, most = max(ZERO, low) if is_clear else ZERO, high if opening == "zero" else UNBOUNDED
                held = PaidAmount(currency, Bounds(least, most))
                yield Payment(f"{account} from {day}", *pools, day, day, held, held)
        pool, since = end.pool, max(since, one.last)
        had, (currency, amount, _) = balances[one.counted.currency], one.counted
        balances[currency] = had.plus(amount) if end is one.payee else Bounds(had.low - amount.high, had.high)


def _equal_payments(payments: Iterable[Payment]) -> Iterator[str]:
    """What is to be said where payments between the same ends have one day and amount: each counts."""
    times = Counter(
        (one.payer.node, one.payee.node, one.first, one.stated.amount, one.stated.currency)
        for one in payments
        if one.first == one.last and one.stated.amount.low == one.stated.amount.high
    )
    if again := sum(count - 1 for count in times.values()):
        equal = plural(again, "payments")
        yield f"Counted each, and maybe one in two files: {equal} with ends, day and amount of another."


def _reached(
    sources: Iterable[_Place], paid_by: Callable[[_Place], Iterable[tuple[_Place, int, int]]], day: int
) -> Set[_Place]:
    """Where money from some places can have got by a day, and these. `paid_by` tells whom each place pays, and the
    first and last day of it.
    """
    earliest = dict.fromkeys(sources, 0)
    waiting = [(0, place) for place in sorted(earliest)]
    while waiting:
        at, place = heapq.heappop(waiting)
        for payee, first, last in paid_by(place) if earliest[place] == at else ():
            arrival = max(first, at)
            if last and last >= at and arrival <= day and arrival < earliest.get(payee, arrival + 1):
                heapq.heappush(waiting, (arrival, payee))
                earliest[payee] = arrival
    return earliest.keys()


def _reached_nodes(view: GraphView, sources: Iterable[int], holdings: Holdings, day: int) -> Set[int]:
    """The nodes that money from some nodes can have reached by a day, and these; with a party its accounts, and with
    an account whoever may have paid from it.
    """
    pays, ends = view.link_types_with(PAYMENT_TRAIT), (view.outgoing, view.incoming)

    def is_paid(node: int) -> bool:
        return any(pays[side.kind[side.start[node] : side.start[node + 1]]].any() for side in ends)

    def paid_by(node: int) -> Iterator[tuple[int, int, int]]:
        others = holdings.holders(node) if holdings.is_account[node] else holdings.named_with(node)
        yield from ((other, 0, day) for other in others if is_paid(other))
        for link in view.outgoing.of(node).tolist():
            if pays[view.link_type[link]]:
                yield int(view.head[link]), *_days(view, link)

    return _reached(sources, paid_by, day)


def _at_reached_pools(
    view: GraphView, links: Sequence[int], pools: Pools, sources: Iterable[str], day: int
) -> list[int]:
    """Those of some payments, in their order, at a pool that money from some can have reached by a day."""
    paid_by, pools_of = defaultdict[str, list[tuple[str, int, int]]](list), defaultdict[str, set[str]](set)
    for link in links:
        one, other = pools.ends(link)
        paid_by[one.pool].append((other.pool, *_days(view, link)))
        for end in (one, other):
            pools_of[end.moved].add(end.pool)
    for one_pool, other_pool in (pair for some in pools_of.values() for pair in permutations(some, 2)):
        paid_by[one_pool].append((other_pool, 0, day))  # an account that passes on takes along what it holds
    reached = _reached(sources, paid_by.__getitem__, day)
    return [link for link in links if any(end.pool in reached for end in pools.ends(link))]


def _payments_of(view: GraphView, nodes: Collection[int]) -> list[int]:
    """The payments at some nodes, by id."""
    pays = view.link_types_with(PAYMENT_TRAIT)
    found = (link for node in nodes for side in (view.outgoing, view.incoming) for link in side.of(node).tolist())
    return sorted({link for link in found if pays[view.link_type[link]]})


def _days(view: GraphView, link: int) -> tuple[int, int]:
    """The first and the last day of a payment, 0 where it is not known."""
    first, last = view.column("dates")[link].tolist()
    return first, last


def _not_followed(view: GraphView, link: int, ends: tuple[PaymentEnd, PaymentEnd], claims: Sequence[Claim]) -> str:
    """Why a payment is not followed; empty where it is."""
    if ends[0].pool == ends[1].pool:
        return TO_ITSELF
    amounts = [amount for amount, _ in _amounts(view, link, claims)]
    if amounts and max(amounts) < 0:
        return BELOW_ZERO
    if amounts and max(amounts) == 0:
        return "it moved nothing"
    return "" if all(view.column("dates")[link]) else "no source dates it"


def _amounts(view: GraphView, link: int, claims: Sequence[Claim]) -> Iterator[tuple[Decimal, str]]:
    """Every amount and currency that sources state."""
    for name in view.ontology.properties_of_type(view.type_of_link(link), "money"):
        for text in claimed_values(claims, name, "money"):
            yield money(text)


def _stated_amount(view: GraphView, link: int, claims: Sequence[Claim]) -> PaidAmount | None:
    """What sources say that a payment moved; None where none names a currency.

    One in several currencies is one payment: it is taken in the first of them, by code. Of an amount that was not
    understood, the currency may be.
    """
    by_currency: dict[str, list[Fraction]] = {}
    for amount, currency in _amounts(view, link, claims):
        by_currency.setdefault(currency, []).append(Fraction(amount))
    if not by_currency:
        unread = _unread_currencies(view, link, claims)
        return PaidAmount(min(unread), ANYTHING, "the amount was not understood") if len(unread) == 1 else None
    currency = min(by_currency)
    others = ", ".join(sorted(set(by_currency) - {currency}))
    bounds = Bounds(max(ZERO, min(by_currency[currency])), max(by_currency[currency]))
    return PaidAmount(currency, bounds, f"also stated in {others}" if others else "")


def _unread_currencies(view: GraphView, link: int, claims: Sequence[Claim]) -> set[str]:
    """The currencies that the words of amounts name which were not understood."""
    kinds = view.ontology.properties(view.type_of_link(link))
    unread = (value for claim in claims for value in claim.not_understood)
    words = (value.words for value in unread if (kind := kinds.get(value.property)) and kind.type == "money")
    return {currency for text in words if (currency := currency_named(text))}


def _payment(
    view: GraphView, link: int, ends: tuple[PaymentEnd, PaymentEnd], stated: PaidAmount, question: FlowQuestion
) -> Payment:
    first, last = _days(view, link)
    price = _price_of(question, stated.currency, first, last) if stated.currency else None
    counted, text = stated, ""
    if price:
        low, high = stated.amount.low * price.low, stated.amount.high * price.high
        counted, text = PaidAmount(question.currency, Bounds(low, high), stated.note), price.text
    return Payment(view.link_id(link), *ends, first, last, stated, counted, text)


class _Price(NamedTuple):
    """What one unit of a currency is in another, and the rates by which that is so."""

    low: Fraction
    high: Fraction
    text: str


def _price_of(question: FlowQuestion, currency: str, first: int, last: int) -> _Price | None:
    """The price of a currency in that of the question for a payment between two days; None without a rate.

    Where no rate joins the two, one of each into the pivot may.
    """
    into = question.currency
    if not into or currency == into:
        return None
    if direct := _direct_price(question, currency, into, first, last):
        return direct
    one, other = (_direct_price(question, *pair, first, last) for pair in ((currency, PIVOT), (PIVOT, into)))
    return _Price(one.low * other.low, one.high * other.high, f"{one.text}; {other.text}") if one and other else None


def _direct_price(question: FlowQuestion, currency: str, into: str, first: int, last: int) -> _Price | None:
    """The same by rates that have both currencies.

    That is the newest one up to the day; several where they differ, and where the day is not known.
    """
    fitting = [rate for rate in question.rates if {currency, into} == {rate.currency, rate.other}]
    before = [rate.day.toordinal() for rate in fitting if rate.day.toordinal() <= first]
    if not before:
        return None
    found = [rate for rate in fitting if max(before) <= rate.day.toordinal() <= last]
    found.sort(key=lambda rate: (rate.day, rate.text))
    prices = [price for rate in found for price in _bounds_of(rate, currency)]
    return _Price(min(prices), max(prices), "; ".join(dict.fromkeys(rate.text for rate in found)))


def _bounds_of(rate: ExchangeRate, currency: str) -> tuple[Fraction, Fraction]:
    low, high = Fraction(rate.low), Fraction(rate.high)
    return (low, high) if rate.currency == currency else (1 / high, 1 / low)
