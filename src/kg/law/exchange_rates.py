"""What is a sum in one currency worth in another, as an interval at dated rates?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from kg.errors import InputError, InputLocation
from kg.law.tables import LawRow, read_optional_table

FILE = "exchange_rates.csv"

BASE = "USD"
"""The currency that the rates of the table are of: how much of another one a unit of it was worth."""


@dataclass(frozen=True, slots=True)
class RateInterval:
    """How much of a currency one US dollar was worth, from the lowest to the highest daily rate of some months."""

    currency: str
    first: str
    """First day of the months."""
    last: str
    low: Decimal
    high: Decimal

    @property
    def text(self) -> str:
        """`USD 1 = HKD 7.74926 to 7.76763 (2014-07-01 to 2014-09-30)`."""
        return f"{BASE} 1 = {self.currency} {self.low:f} to {self.high:f} ({self.first} to {self.last})"


class ExchangeRates:
    """The rates of a table, by currency and day."""

    def __init__(self, rates: Iterable[RateInterval]) -> None:
        self._rates: dict[str, list[RateInterval]] = {}
        for rate in sorted(rates, key=lambda rate: rate.last):
            self._rates.setdefault(rate.currency, []).append(rate)

    @property
    def rates(self) -> tuple[RateInterval, ...]:
        """All rates, by currency and last day."""
        return tuple(rate for currency in sorted(self._rates) for rate in self._rates[currency])

    def rate(self, currency: str, day: date) -> RateInterval | None:
        """The newest rate whose months were over by the day; None where the table has none."""
        known = [rate for rate in self._rates.get(currency, ()) if rate.last <= day.isoformat()]
        return known[-1] if known else None

    def convert(
        self, low: Decimal, high: Decimal, currency: str, into: str, day: date
    ) -> tuple[Decimal, Decimal, tuple[RateInterval, ...]] | None:
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
        by_code: Mapping[str, RateInterval] = {rate.currency: rate for rate in used}
        if rate := by_code.get(currency):
            low, high = low / rate.high, high / rate.low
        if rate := by_code.get(into):
            low, high = low * rate.low, high * rate.high
        return low, high, tuple(used)


def read_exchange_rates(folder: Path) -> ExchangeRates:
    """The rates of a folder; none where it has no table. Raises InputError that names line, column and value."""
    rows: Sequence[LawRow] = read_optional_table(folder, FILE)
    return ExchangeRates(_read_rate(row, line) for line, row in enumerate(rows, 2))


def _read_rate(row: LawRow, line: int) -> RateInterval:
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
    return RateInterval(row["currency"], row["first"], row["last"], low, high)


def _read_number(text: str, line: int, column: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal(0)
    if not (number.is_finite() and number > 0):
        raise InputError("expected a number above 0", InputLocation(FILE, line=line, key=column, value=text))
    return number
