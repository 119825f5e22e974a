"""What is asked about money in time order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from kg.errors import QuestionError
from kg.findings.flows import TRACING_RULES, TracingRule
from kg.law.exchange_rates import ExchangeRate, clean_currency

Opening = Literal["unknown", "zero"]

OPENINGS: tuple[Opening, ...] = ("unknown", "zero")
"""What accounts held before their first recorded payment: any amount of other money, or none."""


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
    rates: tuple[ExchangeRate, ...] = ()

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
        into = clean_currency(currency) if currency else ""
    except ValueError:
        raise QuestionError("currency", currency, "expected a code of ISO 4217, such as USD") from None
    known = next(one for one in OPENINGS if one == opening)
    return FlowQuestion(start, goal, chosen, as_of, known, into, tuple(ExchangeRate.parse(rate) for rate in rates))
