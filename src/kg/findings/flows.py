"""What the analysis of money in time order returns; the service and `--json` print these classes as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from kg.records import GraphVersion

TracingRule = Literal["fifo", "pro-rata", "lowest-balance"]

TRACING_RULES: tuple[TracingRule, ...] = ("fifo", "pro-rata", "lowest-balance")
"""`fifo`: what came in first goes out first. `pro-rata`: each payment takes of everybody's money in proportion.
`lowest-balance`: money of others is spent first, and what comes later does not make up for it."""

EventKind = Literal["warrant, notice or list entry", "accusation", "measure, request or case", "presence"]


@dataclass(frozen=True, slots=True)
class MoneyRange:
    """An amount, or the bounds of one, in plain decimals."""

    low: str
    high: str | None
    """None where nothing bounds it."""
    currency: str
    """Empty where it is unknown."""

    @property
    def text(self) -> str:
        """`50 USD`, `0 to 37.50 USD`, `0 USD or more`, or `unknown amount, unknown currency`."""
        if not self.currency:
            return "unknown amount, unknown currency"
        low, high = (f"{_grouped(end)}" if end is not None else None for end in (self.low, self.high))
        if high is None:
            return f"{low} {self.currency} or more"
        return f"{low} {self.currency}" if low == high else f"{low} to {high} {self.currency}"


def _grouped(number: str) -> str:
    whole, point, cents = number.partition(".")
    return f"{int(whole):,}{point}{cents}"


@dataclass(frozen=True, slots=True)
class TracedPayment:
    """A payment of which some may be traced."""

    link: str
    payer: str
    payee: str
    first: str
    """The first day on which it may have been made."""
    last: str
    amount: MoneyRange
    """As stated; several amounts of several sources are a range."""
    rate: str
    """The stated rate by which it is counted in the currency of the question; empty where it is not converted."""
    traced: Mapping[TracingRule, MoneyRange]
    """How much of it is traced by each rule."""
    unordered: bool
    """Whether so many payments may have been at the same time that their orders were not worked through."""
    payer_account: str = ""
    """Id of the account that it names beside the payer; empty where it names none that is loaded."""
    payee_account: str = ""
    """The same of the payee."""


@dataclass(frozen=True, slots=True)
class TracedHolding:
    """What a party or account has of the traced money in the end, by each rule."""

    account: str
    traced: Mapping[TracingRule, MoneyRange]


@dataclass(frozen=True, slots=True)
class FlowTotal:
    """The traced money of one currency."""

    paid: MoneyRange
    """What the start paid."""
    arrived: Mapping[TracingRule, MoneyRange]
    """What of it reached the end, every time that it came there; empty where no end is asked for."""
    returned: Mapping[TracingRule, MoneyRange]
    """What of it came back to the start."""


@dataclass(frozen=True, slots=True)
class UntracedPayment:
    """A payment at a party or account that traced money reaches, which is not followed, and why."""

    link: str
    why: str


@dataclass(frozen=True, slots=True)
class UnresolvedPayment:
    """A payment that names an end by a key that no record describes yet; it counts nowhere."""

    source: str
    payer: str
    """What it is called, or `namespace:key` of the end that is not loaded."""
    payee: str
    """The same."""
    amounts: tuple[str, ...]
    """As stated, whether understood or not."""
    dates: tuple[str, ...]
    place: str
    """File and line; empty where they are not known."""


@dataclass(frozen=True, slots=True)
class MovedAfter:
    """What somebody paid after an event, in one currency."""

    payments: int
    """Payments that were certainly made on a later day."""
    possibly: int
    """Others that may have been made on the same day or later."""
    traced: Mapping[TracingRule, MoneyRange]
    """How much of it is traced: the least of the certain ones, the most of all."""


@dataclass(frozen=True, slots=True)
class FlowEvent:
    """Something dated that sources say of a party to traced payments; an accusation is no finding."""

    about: str
    """Id of the party."""
    kind: EventKind
    link: str
    """The link that says it; `links` has who states it."""
    other: str
    """Id of the paper, offence, measure or jurisdiction."""
    first: str
    last: str
    what: str
    """Which date it is, such as `issued on`, `lifted on` or `lapsed`."""
    stage: str
    """Of an accusation, its stage and who makes it, as sources name them; of an end or answer, its reason."""
    moved: Mapping[str, MovedAfter]
    """What the party and its accounts paid after it, by currency."""


@dataclass(frozen=True, slots=True)
class MoneyFlow:
    """Where money went from a party or account, in time order, by one rule or several side by side."""

    version: GraphVersion
    as_of: str
    start: tuple[str, ...]
    """The party or account asked about, and the accounts that it owns."""
    goal: tuple[str, ...]
    """The same of the end; empty where none is asked for."""
    rules: tuple[TracingRule, ...]
    assumptions: tuple[str, ...]
    """What the figures assume, in words."""
    totals: Mapping[str, FlowTotal]
    """By currency."""
    payments: tuple[TracedPayment, ...]
    """In time order; with an end, those on the way to it."""
    held: tuple[TracedHolding, ...]
    untraced: tuple[UntracedPayment, ...]
    events: tuple[FlowEvent, ...]
    """The oldest first."""
    accounts: Mapping[str, str]
    """The owner of an account at an end of a payment, by the account's id, where sources name one and no other."""
    unresolved: tuple[UnresolvedPayment, ...] = ()
    """Payments with an end that is not loaded, of the start, the end and whom traced money reaches: the first 1,000.

    A SQLite file alone knows them.
    """
    rejected: Mapping[str, int] = field(default_factory=dict)
    """Rows that were rejected at the last load of a source that states some of this; of a SQLite file alone."""
