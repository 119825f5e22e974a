"""What is a sum in one currency worth in another, as an interval at dated rates?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from kg.errors import InputError, InputLocation, QuestionError
from kg.law.tables import LawRow, read_optional_table
from kg.ontology.values import VALUE_TYPES

FILE = "exchange_rates.csv"

BASE = "USD"
"""The currency that the rates of the table are of: how much of another one a unit of it was worth."""


_RATE_FORM = "expected a rate such as '1 USD = 6.15 CNY on 2014-12-05, central bank'"


@dataclass(frozen=True, slots=True)
class ExchangeRate:
    """What one unit of a currency was worth in another, from the lowest to the highest rate of some days."""

    currency: str
    other: str
    low: Decimal
    """Units of `other` for one of `currency`; above zero."""
    high: Decimal
    first: str
    """First day."""
    last: str
    """Last day, from which it is known."""
    source: str

    @property
    def day(self) -> date:
        """The day from which it is known."""
        return date.fromisoformat(self.last)

    @property
    def text(self) -> str:
        """`1 USD = 6.15 CNY on 2014-12-05 (central bank)`.

        `1 USD = 7.74926 to 7.76763 HKD, 2014-07-01 to 2014-09-30 (exchange_rates.csv)` of several days.
        """
        price = f"{self.low:f}" if self.low == self.high else f"{self.low:f} to {self.high:f}"
        when = f" on {self.last}" if self.first == self.last else f", {self.first} to {self.last}"
        return f"1 {self.currency} = {price} {self.other}{when} ({self.source})"

    @classmethod
    def parse(cls, text: str) -> ExchangeRate:
        """A rate such as `1 USD = 6.15 CNY on 2014-12-05, central bank`. Raises QuestionError."""
        rate, comma, source = text.partition(",")
        words = rate.split()
        try:
            one, currency, equals, price, other, on, day = words
            if not (comma and source.strip()) or (one, equals, on) != ("1", "=", "on"):
                raise ValueError(text)
            value, when = Decimal(price), date.fromisoformat(day).isoformat()
            found = cls(clean_currency(currency), clean_currency(other), value, value, when, when, source.strip())
            if not (value.is_finite() and value > 0) or found.currency == found.other:
                raise ValueError(text)
        except (ValueError, ArithmeticError):
            raise QuestionError("rates", text, _RATE_FORM) from None
        return found


def clean_currency(text: str) -> str:
    """A code of ISO 4217 in capitals. Raises ValueError."""
    return VALUE_TYPES["currency"].clean(text)


class ExchangeRates:
    """The rates of a table, by currency and day; all are of one US dollar."""

    def __init__(self, rates: Iterable[ExchangeRate]) -> None:
        self._rates: dict[str, list[ExchangeRate]] = {}
        for rate in sorted(rates, key=lambda rate: rate.last):
            self._rates.setdefault(rate.other, []).append(rate)

    @property
    def rates(self) -> tuple[ExchangeRate, ...]:
        """All rates, by currency and last day."""
        return tuple(rate for currency in sorted(self._rates) for rate in self._rates[currency])

    def rate(self, currency: str, day: date) -> ExchangeRate | None:
        """The newest rate whose months were over by the day; None where the table has none."""
        known = [rate for rate in self._rates.get(currency, ()) if rate.last <= day.isoformat()]
        return known[-1] if known else None

    def convert(
        self, low: Decimal, high: Decimal, currency: str, into: str, day: date
    ) -> tuple[Decimal, Decimal, tuple[ExchangeRate, ...]] | None:
        """An interval of money in another currency, wider by what the rates leave open, and the rates that were used.

        None where the table has no rate of one of the two by the day.
        """
        if currency == into:
            return low, high, ()
        used = []
        for code in (currency, into):
            if code == BASE:
                continue
            rate = self.rate(code, day)
            if rate is None:
                return None
            used.append(rate)
        by_code: Mapping[str, ExchangeRate] = {rate.other: rate for rate in used}
        if rate := by_code.get(currency):
            low, high = low / rate.high, high / rate.low
        if rate := by_code.get(into):
            low, high = low * rate.low, high * rate.high
        return low, high, tuple(used)


def read_exchange_rates(folder: Path) -> ExchangeRates:
    """The rates of a folder; none where it has no table. Raises InputError that names line, column and value."""
    rows: Sequence[LawRow] = read_optional_table(folder, FILE)
    return ExchangeRates(_read_rate(row, line) for line, row in enumerate(rows, 2))


def _read_rate(row: LawRow, line: int) -> ExchangeRate:
    low, high = (_read_number(row[column], line, column) for column in ("low", "high"))
    if low > high:
        place = InputLocation(FILE, line=line, key="high", value=row["high"])
        raise InputError("expected a rate that is at least as high as low", place)
    for column in ("first", "last"):
        try:
            date.fromisoformat(row[column])
        except ValueError:
            place = InputLocation(FILE, line=line, key=column, value=row[column])
            raise InputError("expected a day such as 2014-09-30", place) from None
    return ExchangeRate(BASE, row["currency"], low, high, row["first"], row["last"], FILE)


def _read_number(text: str, line: int, column: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal(0)
    if not (number.is_finite() and number > 0):
        raise InputError("expected a number above 0", InputLocation(FILE, line=line, key=column, value=text))
    return number
