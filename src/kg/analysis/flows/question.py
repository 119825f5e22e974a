"""What is asked about money in time order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from kg.errors import QuestionError
from kg.findings.flows import TRACING_RULES, TracingRule

Opening = Literal["unknown", "zero"]

OPENINGS: tuple[Opening, ...] = ("unknown", "zero")
"""What accounts held before their first recorded payment: any amount of other money, or none."""

_RATE_FORM = "expected a rate such as '1 USD = 6.15 CNY on 2014-12-05, central bank'"


class StatedRate(NamedTuple):
    """What one unit of a currency cost in another on a day, and who says so."""

    currency: str
    price: Decimal
    """Units of `other` for one of `currency`; above zero."""
    other: str
    day: date
    source: str
    highest: Decimal | None = None
    """The highest price, where `price` is the lowest of some time that ended on the day; None for one price."""

    @property
    def text(self) -> str:
        """`1 USD = 6.15 CNY on 2014-12-05 (central bank)`."""
        price = f"{self.price:f}" if self.highest is None else f"{self.price:f} to {self.highest:f}"
        return f"1 {self.currency} = {price} {self.other} on {self.day} ({self.source})"

    @classmethod
    def parse(cls, text: str) -> StatedRate:
        """A rate such as `1 USD = 6.15 CNY on 2014-12-05, central bank`. Raises QuestionError."""
        rate, comma, source = text.partition(",")
        words = rate.split()
        try:
            one, currency, equals, price, other, on, day = words
            if not (comma and source.strip()) or (one, equals, on) != ("1", "=", "on"):
                raise ValueError(text)
            found = cls(_currency(currency), Decimal(price), _currency(other), date.fromisoformat(day), source.strip())
            if not (found.price.is_finite() and found.price > 0) or found.currency == found.other:
                raise ValueError(text)
        except (ValueError, ArithmeticError):
            raise QuestionError("rates", text, _RATE_FORM) from None
        return found


def _currency(text: str) -> str:
    from kg.ontology.values import VALUE_TYPES

    return VALUE_TYPES["currency"].clean(text)


@dataclass(frozen=True, slots=True)
class FlowQuestion:
    """Whose money is followed, by which rules, and what is assumed. Raises QuestionError for what cannot be asked."""

    start: str
    goal: str = ""
    """Empty: wherever it went."""
    rules: tuple[TracingRule, ...] = TRACING_RULES
    as_of: str = ""
    """The last day of payments that count; the day of the graph if empty."""
    opening: Opening = "unknown"
    currency: str = ""
    """The currency into which amounts are converted, where a rate says how; empty for none."""
    rates: tuple[StatedRate, ...] = ()

    def __post_init__(self) -> None:
        if self.rates and not self.currency:
            raise QuestionError("currency", self.currency, "expected a currency to convert into, where rates are given")


def parse_flow_question(  # noqa: PLR0913  # what a request can say
    start: str,
    goal: str = "",
    rules: Sequence[str] = (),
    as_of: str = "",
    opening: str = "unknown",
    currency: str = "",
    rates: Sequence[str] = (),
) -> FlowQuestion:
    """The question that a request asks in words; without rules, by all of them. Raises QuestionError."""
    for rule in rules:
        if rule not in TRACING_RULES:
            raise QuestionError("rules", rule, f"expected one of {', '.join(TRACING_RULES)}")
    if opening not in OPENINGS:
        raise QuestionError("opening", opening, f"expected one of {', '.join(OPENINGS)}")
    chosen = tuple(rule for rule in TRACING_RULES if rule in rules) or TRACING_RULES
    try:
        into = _currency(currency) if currency else ""
    except ValueError:
        raise QuestionError("currency", currency, "expected a code of ISO 4217, such as USD") from None
    known = next(one for one in OPENINGS if one == opening)
    return FlowQuestion(start, goal, chosen, as_of, known, into, tuple(StatedRate.parse(rate) for rate in rates))
