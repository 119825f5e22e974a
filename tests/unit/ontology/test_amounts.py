"""Is a sum of money never misread?"""

from __future__ import annotations

from decimal import Decimal

import pytest

from kg.ontology.values import VALUATION_KINDS, VALUE_TYPES, BadValue, Money, Valuation, money, valuation
from kg.ontology.values.amounts import THREE_DECIMALS, currency_codes

MONEY, VALUATION = VALUE_TYPES["money"], VALUE_TYPES["valuation"]


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("1200.50 USD", "1200.5 USD"),
        ("1200 usd", "1200 USD"),
        ("USD 1200", "1200 USD"),
        ("1200USD", "1200 USD"),
        ("1,200,500.50 CAD", "1200500.5 CAD"),
        ("1,200 USD", "1200 USD"),
        ("1 200 000 CHF", "1200000 CHF"),
        ("1'200.50 CHF", "1200.5 CHF"),
        ("1.234 KWD", "1.234 KWD"),
        ("1,200.500 KWD", "1200.5 KWD"),
        ("８００ CNY", "800 CNY"),
        ("-5.00 USD", "-5 USD"),
        ("0 USD", "0 USD"),
        ("5 DEM", "5 DEM"),
        ("5 XAU", "5 XAU"),
        ("2 btc", "2 BTC"),
        ("800,000 RMB", "800000 CNY"),
        ("12345678901234567890.123 USD", "12345678901234567890.123 USD"),
    ],
)
def test_an_amount_stands_before_its_currency(raw: str, kept: str) -> None:
    assert MONEY.clean(raw) == kept


@pytest.mark.parametrize(
    "raw",
    [
        "1.200,50 EUR",
        "1,20 EUR",
        "12,5 EUR",
        "1.200.500 EUR",
        "1,2000 USD",
        "0,123 USD",
        "1,200 TND",
        "1e5 USD",
        "1e999999 USD",
        "NaN USD",
        "Infinity USD",
        "(5) USD",
        "5 US",
        "5 USB",
        "5 XXX",
        "5 DOLLARS",
        "5",
        "USD",
        "USD 5 EUR",
        "5 USD 6",
        "$5 USD",
        "٥ USD",
    ],
)
def test_an_amount_that_may_be_misread_is_refused(raw: str) -> None:
    with pytest.raises(BadValue, match=r"^expected an amount and an ISO 4217 code"):
        MONEY.clean(raw)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1200.5 USD", "USD 1,200.50"),
        ("800000000 CNY", "CNY 800,000,000"),
        ("1.234 KWD", "KWD 1.234"),
        ("-5 USD", "USD -5"),
    ],
)
def test_money_is_shown_with_its_currency_first(text: str, shown: str) -> None:
    assert MONEY.caption(text) == shown


def test_money_is_an_exact_amount_and_a_currency() -> None:
    assert money("0.1 USD") == Money(Decimal("0.1"), "USD")


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("market 2014-06 1200000..1500000 USD gross", "market 2014-06 1200000..1500000 USD gross"),
        ("court  2019   350,000.00  CAD", "court 2019 350000 CAD"),
        ("balance 2014-06-30T00:00:00Z -20 USD net", "balance 2014-06-30 -20 USD net"),
        ("sale 2014 5..5 USD", "sale 2014 5 USD"),
    ],
)
def test_a_valuation_is_kept_in_its_parts(raw: str, kept: str) -> None:
    assert VALUATION.clean(raw) == kept


@pytest.mark.parametrize("kind", VALUATION_KINDS)
def test_every_kind_of_valuation_is_taken(kind: str) -> None:
    assert VALUATION.clean(f"{kind} 2014 5 USD") == f"{kind} 2014 5 USD"


@pytest.mark.parametrize(
    "raw",
    [
        "guess 2014 5 USD",
        "market 2014 5",
        "market 2014-13 5 USD",
        "market 2014 5 USD about",
        "market 2014 5 usd",
        "market 2014 5 USD net net",
        "market 2014 6..5 USD",
        "market 2014 5..6..7 USD",
        "market 2014 1.200,50 EUR",
        "market 2014 1e5 EUR",
        "market 5 USD",
    ],
)
def test_a_valuation_that_may_be_misread_is_refused(raw: str) -> None:
    with pytest.raises(BadValue, match=r"^expected "):
        VALUATION.clean(raw)


def test_a_valuation_has_parts() -> None:
    text = "market 2014-06 1200000..1500000 USD gross"
    assert valuation(text) == Valuation("market", "2014-06", Decimal(1200000), Decimal(1500000), "USD", "gross")
    assert valuation("court 2019 5 CAD") == Valuation("court", "2019", Decimal(5), Decimal(5), "CAD", "")


def test_a_valuation_is_shown_with_what_it_rests_on() -> None:
    assert VALUATION.caption("market 2014-06 5..6.5 USD gross") == "USD 5 to 6.50 (market, 2014-06, gross)"
    assert VALUATION.caption("court 2019 350000 CAD") == "CAD 350,000 (court, 2019)"


@pytest.mark.parametrize(
    ("right", "can_be"),
    [
        ("market 2014-06 5..10 USD", True),
        ("market 2014 10 USD", True),
        ("market 2014-06 11 USD", False),
        ("market 2015 11 USD", True),
        ("market 2014-06 11 CAD", True),
        ("market 2014-06 11 USD net", True),
        ("court 2014-06 11 USD", True),
    ],
)
def test_valuations_contradict_each_other_only_on_like_terms(right: str, can_be: bool) -> None:
    assert VALUATION.same("market 2014-06 5..10 USD", right) is can_be


@pytest.mark.parametrize(
    ("kind", "raw"), [("money", "5 QQQ"), ("valuation", "market 2014-06 5 QQQ"), ("currency", "QQQ")]
)
def test_a_code_that_no_currency_has_or_had_is_named(kind: str, raw: str) -> None:
    with pytest.raises(BadValue, match=r"(QQQ|USDT/BTC) is not the code of a currency"):
        VALUE_TYPES[kind].clean(raw)


def test_the_codes_are_those_of_currencies_now_and_before() -> None:
    assert len(currency_codes()) == 308
    assert currency_codes() >= {"CNY", "CNH", "HKD", "ZWG", "XCG", "DEM", "HRK", "ZWL", "XDR", *THREE_DECIMALS}
