"""Where did money go, in time order, by which rule?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property, partial

from kg.analysis.flows.bounds import ANYTHING, NOTHING, UNBOUNDED, Amount, Bounds, total
from kg.analysis.flows.events import PartyEvent, read_events
from kg.analysis.flows.orders import AccountName
from kg.analysis.flows.payments import BELOW_ZERO, Payment, Payments, read_payments
from kg.analysis.flows.pools import Holdings, PaymentEnd
from kg.analysis.flows.question import FlowQuestion
from kg.analysis.flows.tracing import Tracing, trace
from kg.analysis.timeout import TimeoutCheck, no_timeout
from kg.analysis.validity import Period, require_day
from kg.errors import QuestionError
from kg.findings.counts import plural, rounded
from kg.findings.flows import (
    FlowEvent,
    FlowTotal,
    MoneyFlow,
    MoneyRange,
    MovedAfter,
    TracedHolding,
    TracedPayment,
    TracingRule,
    UntracedPayment,
)
from kg.findings.valuation import stated_values
from kg.ontology.values import date_span
from kg.view import GraphView

COLUMNS = ("dates",)
"""The columns that a view has to have."""

CENTS = 2
"""The decimal places of amounts, if sources state none with more in their currency."""

ASSUMPTIONS = {
    "unknown": (
        "Accounts may have held any amount of other money before their first recorded payment: the bounds hold"
        " whatever it was, and the upper ones may be wider than any amount allows."
    ),
    "zero": (
        "Accounts held nothing before their first recorded payment. What they paid beyond what is recorded came from"
        " elsewhere and is not traced."
    ),
}


def follow_money(view: GraphView, question: FlowQuestion, timed_out: TimeoutCheck = no_timeout) -> MoneyFlow:
    """Follow all that a party or account paid, through whoever received it, in time order.

    The view must have COLUMNS; `start` and `goal` are ids. Raises NotFound for these, QuestionError for a day that is
    none and for an end that is the start, InputError where money can have reached too many payments, and OutOfTime.
    """
    require_day(question.as_of)
    day = date.fromisoformat(question.as_of or view.as_of or date.max.isoformat())
    holdings = Holdings(view)
    start, goal = (_with_accounts(view, holdings, name) for name in (question.start, question.goal))
    sources, ends = (
        tuple(n for n in nodes if n == nodes[0] or not holdings.is_dated(nodes[0], n)) for nodes in (start, goal)
    )
    if set(sources) & set(ends):
        raise QuestionError("goal", question.goal, "expected another end than the start")
    payments = read_payments(view, holdings, sources, ends, question, day)
    opening = ANYTHING if question.opening == "unknown" else NOTHING
    movements = [one.movement for one in (*payments.followed, *payments.handovers)]
    paying = _ids(view, sources)
    tracings = {rule: trace(movements, paying, rule, opening, timed_out) for rule in question.rules}
    named = _ids(view, start), _ids(view, goal)
    return _Flow(view, holdings, question, day, *named, paying, _ids(view, ends), payments, tracings).finding()


def _ids(view: GraphView, nodes: Iterable[int]) -> tuple[str, ...]:
    return tuple(map(view.id, nodes))


def _with_accounts(view: GraphView, holdings: Holdings, name: str) -> tuple[int, ...]:
    """What has an id and, of a party, its own accounts; nothing for no id."""
    if not name:
        return ()
    node = view.index(name)
    return (node, *(() if holdings.is_account[node] else holdings.of(node)))


@dataclass(frozen=True)
class _Flow:
    """What was traced, by rule."""

    view: GraphView
    holdings: Holdings
    question: FlowQuestion
    day: date
    start: tuple[str, ...]
    goal: tuple[str, ...]
    paying: tuple[str, ...]
    """The pools of the start: without accounts that it owned for a time, which are in its own then."""
    paid: tuple[str, ...]
    """The same of the end."""
    payments: Payments
    tracings: Mapping[TracingRule, Tracing]

    def finding(self) -> MoneyFlow:
        """All of it, in words and figures."""
        shown = self._on_the_way(self.traced_payments) if self.goal else self.traced_payments
        return MoneyFlow(
            version=self.view.version,
            as_of=self.day.isoformat() if self.question.as_of else self.view.as_of,
            start=self.start,
            goal=self.goal,
            rules=self.question.rules,
            assumptions=tuple(self._assumptions()),
            totals=self._totals(),
            payments=tuple(self._payment(one) for one in shown),
            held=self.held,
            untraced=tuple(UntracedPayment(*pair) for pair in self.payments.left_out.items()),
            events=tuple(self._event(one) for one in read_events(self.view, self._parties(shown), self.day)),
            accounts={end: next(iter(owners)) for end, owners in self.owners.items() if len(owners) == 1},
        )

    @cached_property
    def traced_payments(self) -> tuple[Payment, ...]:
        """Those of which something may be traced by one rule at least, in time order."""
        return tuple(p for p in self.payments.followed if any(p.id in t.traced for t in self.tracings.values()))

    @cached_property
    def handovers(self) -> tuple[Payment, ...]:
        """The handovers with which something may have gone."""
        return tuple(one for one in self.payments.handovers if any(one.id in t.traced for t in self.tracings.values()))

    @cached_property
    def held(self) -> tuple[TracedHolding, ...]:
        """What may be left of it where it went, by account or party and currency; with an end, there alone."""
        accounts = {account for tracing in self.tracings.values() for account in tracing.held}
        wanted = sorted(at for at in accounts if not self.goal or at[0] in self.paid)
        return tuple(TracedHolding(at[0], self._by_rule(at[1], partial(_held_at, at))) for at in wanted)

    @cached_property
    def owners(self) -> Mapping[str, frozenset[str]]:
        """The owners, of any time, of accounts at the ends of traced payments."""
        ends = {*self.start, *self.goal, *(name for one in self.traced_payments for name in _names(one))}
        nodes = {end: self.view.index(end) for end in sorted(ends)}
        found = {e: self.holdings.owners(node) for e, node in nodes.items() if self.holdings.is_account[node]}
        return {end: frozenset(map(self.view.id, owners)) for end, owners in found.items()}

    def _assumptions(self) -> Iterable[str]:
        yield ASSUMPTIONS[self.question.opening]
        yield from self.payments.notes
        if below := sum(why == BELOW_ZERO for why in self.payments.left_out.values()):
            yield (
                f"Stated below zero: {plural(below, 'payments')}. Where the sign says who paid, others of that account"
                " may have come in: load with --reverse, or declare `reverse`."
            )
        yield "Payments that no source states are not counted. Of payments of one day or month every order is possible."
        if any(tracing.widened or tracing.unordered for tracing in self.tracings.values()):
            yield "Not all orders and openings were told apart: some bounds are wider than possible, none is narrower."
        if len({one.counted.currency for one in self.payments.followed}) > 1:
            yield "Currencies are kept apart: money that changed its currency is not followed without a stated rate."
        into = self.question.currency
        apart = {p.counted.currency for p in self.traced_payments if p.counted.currency != into} if into else set()
        if apart:
            yield f"No rate up to the day of a payment converts {', '.join(sorted(apart))} into {into}."
        joined = {name for p in self.traced_payments for name in (p.payer.pool, p.payee.pool)} & {*self.payments.joined}
        if joined:
            accounts = len({account for party in joined for account in self.payments.joined[party]})
            yield (
                f"{plural(len(joined), 'parties')} paid or received without a named account, and no source tells which"
                f" was used: what {plural(accounts, 'accounts')} of theirs had is one with their other money."
            )
        if passed := {one.payer.node for one in self.handovers}:
            held = plural(len(passed), "accounts")
            yield f"Counted like a payment, though none moved it: what {held} held on passing to another owner."
        unknown = len({p.link for p in self.traced_payments if not p.stated.currency})
        if unknown:
            are = f"{unknown:,} payments are" if unknown > 1 else "1 payment is"
            yield f"{are} of unknown currency: the upper bounds of every currency hold if it is the one."
        yield from dict.fromkeys(f"Converted at {p.rate}." for p in self.traced_payments if p.rate)
        yield from dict.fromkeys(
            f"Payment of {p.stated.currency}: {p.stated.note}." for p in self.traced_payments if "also" in p.stated.note
        )

        yield from self._above_balances()

    def _above_balances(self) -> Iterable[str]:
        """Where a source states, on a day after the last payment, a lower balance than every rule leaves of it."""
        last: defaultdict[str, int] = defaultdict(int)
        for paid in self.payments.followed:
            for name in _names(paid):
                last[name] = max(last[name], paid.last)
        nodes = self.view.records.nodes([one.account for one in self.held])
        for one in (one for one in self.held if one.account in nodes):
            left, node = tuple(one.traced.values()), nodes[one.account]
            for _, text, stated in stated_values(self.view.ontology, node):
                if stated.kind != "balance" or stated.currency != left[0].currency or not stated.when:
                    continue
                when, least = date_span(stated.when), min(Decimal(amount.low) for amount in left)
                if stated.high < least and last[node.id] < when.first.toordinal() and when.last <= self.day:
                    amounts = " or ".join(dict.fromkeys(amount.text for amount in left))
                    told = f"these payments leave {amounts}, but a source states: {text}"
                    yield f"{node.caption}: {told}. Some are missing here."

    def _on_the_way(self, payments: Sequence[Payment]) -> tuple[Payment, ...]:
        """Payments from which some payment chain of later or the same days leads to the end."""
        latest = dict.fromkeys(self.paid, self.day.toordinal())
        kept = set[str]()
        changed = True
        while changed:  # a payment of one day may come before or after another one of that day
            changed = False
            for one in (*self.handovers, *reversed(payments)):
                if one.id not in kept and one.first <= latest.get(one.payee.pool, -1):
                    kept.add(one.id)
                    changed = True
                    latest[one.payer.pool] = max(latest.get(one.payer.pool, -1), one.last)
        return tuple(one for one in payments if one.id in kept)

    def _payment(self, one: Payment) -> TracedPayment:
        return TracedPayment(
            link=one.link,
            payer=one.payer.node,
            payee=one.payee.node,
            payer_account=one.payer.account,
            payee_account=one.payee.account,
            first=_day(one.first),
            last=_day(one.last),
            amount=self._money(one.stated.amount, one.stated.currency),
            rate=one.rate,
            traced=self._by_rule(one.counted.currency, lambda t: t.traced.get(one.id, NOTHING)),
            unordered=any(one.id in t.unordered for t in self.tracings.values()),
        )

    @cached_property
    def _places(self) -> Mapping[str, int]:
        """The decimal places of the most exact amount that is stated in each currency."""
        found = defaultdict[str, int](lambda: CENTS)
        for stated in (one.stated for one in self.traced_payments):
            for amount in stated.amount:
                if amount != UNBOUNDED:
                    places = -int(_decimal(amount).normalize().as_tuple().exponent)
                    found[stated.currency] = max(found[stated.currency], places)
        return found

    def _money(self, amount: Bounds, currency: str) -> MoneyRange:
        """The bounds in plain decimals, to the places of the amounts that are stated in the currency."""
        low, high = ("" if end == UNBOUNDED else self._plain(end, currency) for end in amount)
        return MoneyRange(low, high or None, currency)

    def _plain(self, amount: Amount, currency: str) -> str:
        whole, point, cents = f"{rounded(_decimal(amount), self._places[currency]):f}".partition(".")
        return f"{whole}{point}{cents.rstrip('0').ljust(CENTS, '0')}" if cents.strip("0") else whole

    def _by_rule(self, currency: str, amount: Callable[[Tracing], Bounds]) -> dict[TracingRule, MoneyRange]:
        return {rule: self._money(amount(tracing), currency) for rule, tracing in self.tracings.items()}

    def _sum(self, payments: Sequence[Payment], tracing: Tracing) -> Bounds:
        return total(tracing.traced.get(one.id, NOTHING) for one in payments)

    def _totals(self) -> dict[str, FlowTotal]:
        found, traced = {}, (*self.traced_payments, *self.handovers)
        for currency in sorted({one.counted.currency for one in traced}):
            some = [one for one in traced if one.counted.currency == currency]
            left = [o for o in some if o.payer.pool in self.paying and o.payee.pool not in self.paying]
            came = [o for o in some if o.payee.pool in self.paid and o.payer.pool not in self.paid]
            back = [o for o in some if o.payee.pool in self.paying and o.payer.pool not in self.paying]
            found[currency] = FlowTotal(
                paid=self._money(total(one.counted.amount for one in left), currency),
                arrived=self._by_rule(currency, partial(self._sum, came)) if self.goal else {},
                returned=self._by_rule(currency, partial(self._sum, back)),
            )
        return found

    def _parties(self, payments: Iterable[Payment]) -> list[str]:
        """Everybody who takes part in payments, or owns an account that does."""
        ends = {name for one in payments for name in _names(one)}
        return sorted(ends.union(*(self.owners.get(end, ()) for end in ends)))

    def _event(self, event: PartyEvent) -> FlowEvent:
        own = {event.about, *(account for account, owners in self.owners.items() if event.about in owners)}
        paid: defaultdict[str, list[Payment]] = defaultdict(list)
        for one in self.traced_payments:
            pays = self._is_of(own, event.about, one, one.payer) and not self._is_of(own, event.about, one, one.payee)
            if pays and one.last >= event.first.toordinal():
                paid[one.counted.currency].append(one)
        return FlowEvent(
            about=event.about,
            kind=event.kind,
            link=event.link,
            other=event.other,
            first=event.first.isoformat(),
            last=event.last.isoformat(),
            what=event.what,
            stage=event.stage,
            moved={currency: self._moved(event, some, currency) for currency, some in sorted(paid.items())},
        )

    def _is_of(self, own: Set[str], party: str, payment: Payment, end: PaymentEnd) -> bool:
        """Whether an end of a payment is a party, or an account that may be its own on those days."""
        if party in end or own.isdisjoint(end):
            return party in end
        account = self.view.index(end.account or end.node)
        return self.view.index(party) in self.holdings.owners(account, Period(payment.first, payment.last))

    def _moved(self, event: PartyEvent, payments: Sequence[Payment], currency: str) -> MovedAfter:
        certain = [one for one in payments if one.first > event.last.toordinal()]
        return MovedAfter(
            payments=len(certain),
            possibly=len(payments) - len(certain),
            traced=self._by_rule(currency, lambda t: Bounds(self._sum(certain, t).low, self._sum(payments, t).high)),
        )


def _names(payment: Payment) -> set[str]:
    """The parties and accounts that a payment names."""
    return {name for end in (payment.payer, payment.payee) for name in (end.node, end.account) if name}


def _held_at(account: AccountName, tracing: Tracing) -> Bounds:
    return tracing.held.get(account, NOTHING)


def _decimal(amount: Amount) -> Decimal:
    numerator, denominator = amount.as_integer_ratio()
    return Decimal(numerator) / Decimal(denominator)


def _day(ordinal: int) -> str:
    return date.fromordinal(ordinal).isoformat()
