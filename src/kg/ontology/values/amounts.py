"""Amounts of money, and valuations."""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from kg.ontology.values.dates import clean_date, date_span
from kg.ontology.values.numbers import parse_decimal, plain_number
from kg.ontology.values.texts import BadValue, ValueType, clean_text, to_ascii_width
from kg.resources import data_dir

VALUATION_KINDS = ("balance", "purchase", "sale", "market", "court")

THREE_DECIMALS = frozenset(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"))
"""Currencies with three decimals, by ISO 4217: only in these `1,200` may mean 1.2."""

CURRENCY_ALIASES = {"RMB": "CNY"}
"""Common texts for a code."""

_MONEY = re.compile(r"([A-Za-z]{3})? ?([^A-Za-z]*[0-9]) ?([A-Za-z]{3})?")
_CURRENCY = re.compile(r"[A-Z]{3}")


class Money(NamedTuple):
    """An amount and its ISO 4217 code; never a float."""

    amount: Decimal
    currency: str


class Valuation(NamedTuple):
    """A stated value on a date: an interval in one currency, gross or net if known."""

    kind: str
    when: str
    low: Decimal
    high: Decimal
    currency: str
    basis: str


class CurrencyValue(ValueType):
    """A currency."""

    def clean(self, raw: str) -> str:
        """The code of ISO 4217, also of a former currency, in upper case."""
        return _currency_code(clean_text(to_ascii_width(raw), self.expected).upper(), self.expected)


class MoneyValue(ValueType):
    """An amount of money."""

    def clean(self, raw: str) -> str:
        """Amount, a space, ISO 4217 code: `1200.5 USD`."""
        match = _MONEY.fullmatch(clean_text(to_ascii_width(raw), self.expected))
        if not match or bool(match[1]) == bool(match[3]):
            raise BadValue(f"expected {self.expected}")
        code = _currency_code((match[1] or match[3]).upper(), self.expected)
        return f"{plain_number(_amount(match[2], code, self.expected))} {code}"

    def caption(self, text: str) -> str:
        """Currency first, with separators of thousands: `USD 1,200.50`."""
        amount, code = money(text)
        return f"{code} {_grouped(amount)}"


class ValuationValue(ValueType):
    """A dated valuation."""

    def clean(self, raw: str) -> str:
        """Kind, date, amount or band, currency, and gross or net if known; single spaces."""
        kind, when, worth, currency, *basis = self._parts(clean_text(to_ascii_width(raw), self.expected))
        code = _currency_code(currency, self.expected)
        low, _, high = worth.partition("..")
        first = _amount(low, code, self.expected)
        last = _amount(high or low, code, self.expected)
        if first > last:
            raise BadValue(f"expected {self.expected}; the lower amount first")
        band = plain_number(first) if first == last else f"{plain_number(first)}..{plain_number(last)}"
        return " ".join([kind, clean_date(when), band, code, *basis])

    def caption(self, text: str) -> str:
        """`USD 1,200,000 to 1,500,000 (market, 2014-06, gross)`."""
        v = valuation(text)
        worth = _grouped(v.low) if v.low == v.high else f"{_grouped(v.low)} to {_grouped(v.high)}"
        return f"{v.currency} {worth} ({', '.join(p for p in (v.kind, v.when, v.basis) if p)})"

    def same(self, left: str, right: str) -> bool:
        """Whether they overlap; those of another kind, currency, basis or day do not contradict each other."""
        a, b = valuation(left), valuation(right)
        if (a.kind, a.currency, a.basis) != (b.kind, b.currency, b.basis):
            return True
        one, other = date_span(a.when), date_span(b.when)
        apart = one.last < other.first or other.last < one.first
        return apart or (a.low <= b.high and b.low <= a.high)

    def _parts(self, text: str) -> list[str]:
        parts = text.split(" ")
        basis_known = len(parts) == 4 or (len(parts) == 5 and parts[4] in {"gross", "net"})
        if not basis_known or parts[0] not in VALUATION_KINDS or not _CURRENCY.fullmatch(parts[3]):
            raise BadValue(f"expected {self.expected}")
        return parts


def money(text: str) -> Money:
    """Amount and currency of a canonical money text."""
    amount, _, code = text.rpartition(" ")
    return Money(Decimal(amount), code)


def valuation(text: str) -> Valuation:
    """The parts of a canonical valuation."""
    kind, when, worth, code, *basis = text.split(" ")
    low, _, high = worth.partition("..")
    return Valuation(kind, when, Decimal(low), Decimal(high or low), code, basis[0] if basis else "")


def _currency_code(text: str, expected: str) -> str:
    """The code that a text in upper case means. Raises BadValue for one that no currency has or had."""
    code = CURRENCY_ALIASES.get(text, text)
    if code not in currency_codes():
        raise BadValue(f"expected {expected}; {text} is not the code of a currency")
    return code


@lru_cache(maxsize=1)
def currency_codes() -> frozenset[str]:
    """Every code, including those of former currencies, in which older amounts are stated."""
    with (data_dir("graph") / "reference" / "currencies.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(row["code"] for row in csv.DictReader(file))


def _amount(text: str, code: str, expected: str) -> Decimal:
    return parse_decimal(text, expected, lone_comma=code not in THREE_DECIMALS)


def _grouped(amount: Decimal) -> str:
    text = f"{amount:,f}"
    return f"{text}0" if text[-2:-1] == "." else text


currency_type = CurrencyValue(
    "currency",
    "a code of ISO 4217, such as USD",
    "A currency, also a former one. Crypto-assets have no such code.",
    ("USD", "cny"),
)

money_type = MoneyValue(
    "money",
    "an amount and an ISO 4217 code, such as 1200.50 USD",
    "An amount and its currency. The point is the decimal sign, commas separate thousands; 1.200,50 is rejected.",
    ("1200.50 USD", "CNY 800,000,000"),
)
valuation_type = ValuationValue(
    "valuation",
    f"kind ({', '.join(VALUATION_KINDS)}), date, amount or low..high, ISO 4217 code, and gross or net if known",
    "A stated value on a date.",
    ("market 2014-06 1200000..1500000 USD gross", "court 2019 350,000 CAD"),
)
