"""Is money put into another currency as an interval at a dated rate?"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from kg.errors import InputError
from kg.law import load_law
from kg.law.exchange_rates import ExchangeRate, ExchangeRates, read_exchange_rates

RATES = ExchangeRates(
    [
        ExchangeRate("USD", "AAA", Decimal(2), Decimal(4), "2014-01-01", "2014-03-31", "a table"),
        ExchangeRate("USD", "AAA", Decimal(5), Decimal(5), "2014-04-01", "2014-06-30", "a table"),
        ExchangeRate("USD", "BBB", Decimal(10), Decimal(20), "2014-01-01", "2014-03-31", "a table"),
    ]
)


def convert(amount: int, currency: str, into: str, day: date) -> tuple[float, float] | None:
    """The interval alone."""
    found = RATES.convert(Decimal(amount), Decimal(amount), currency, into, day)
    return found and (float(found[0]), float(found[1]))


def test_the_interval_is_as_wide_as_the_rates_leave_it() -> None:
    day = date(2014, 4, 1)
    assert convert(100, "AAA", "USD", day) == (25, 50)
    assert convert(100, "USD", "AAA", day) == (200, 400)
    assert convert(100, "AAA", "BBB", day) == (250, 1000)
    assert convert(100, "AAA", "AAA", date(1900, 1, 1)) == (100, 100)


def test_months_that_are_not_over_have_no_rate_yet() -> None:
    assert convert(100, "AAA", "USD", date(2014, 6, 29)) == (25, 50)
    assert convert(100, "AAA", "USD", date(2014, 6, 30)) == (20, 20)
    assert convert(100, "AAA", "USD", date(2014, 3, 30)) is None
    assert convert(100, "CCC", "USD", date(2014, 6, 30)) is None


def test_the_table_has_the_rates_of_most_hosts() -> None:
    rates = load_law().rates
    found = {code: rates.rate(code, date(2014, 12, 5)) for code in ("HKD", "CAD", "EUR", "GBP", "CNY", "MOP")}
    assert {code for code, rate in found.items() if rate and rate.last == "2014-09-30"} == found.keys() - {"MOP"}


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("AAA,2014-01-01,2014-03-31,x,2", "key low, value 'x': expected a number above 0"),
        ("AAA,2014-01-01,2014-03-31,3,2", "key high, value '2': expected a rate that is at least as high as low"),
        ("AAA,2014,2014-03-31,1,2", "key first, value '2014': expected a day such as 2014-09-30"),
    ],
)
def test_a_mistake_names_the_line_and_the_value(tmp_path: Path, row: str, problem: str) -> None:
    (tmp_path / "exchange_rates.csv").write_text(f"currency,first,last,low,high\n{row}\n", encoding="utf-8")
    with pytest.raises(InputError) as raised:
        read_exchange_rates(tmp_path)
    assert str(raised.value) == f"exchange_rates.csv:2, {problem}"
