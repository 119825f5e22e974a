"""Is a sum of money never misread?"""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from kg.ontology.values import (
    VALUATION_KINDS,
    VALUE_TYPES,
    BadValue,
    Money,
    Valuation,
    currency_named,
    money,
    valuation,
)
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
        ("1.2340 KWD", "1.2340 KWD"),
        ("1,200.500 KWD", "1200.5 KWD"),
        ("８００ CNY", "800 CNY"),
        ("-5.00 USD", "-5 USD"),
        ("0 USD", "0 USD"),
        ("5 DEM", "5 DEM"),
        ("5 XAU", "5 XAU"),
        ("2 btc", "2 BTC"),
        ("800,000 RMB", "800000 CNY"),
        ("12345678901234567890.123 USD", "12345678901234567890.123 USD"),
        ("5.689852347E7 USD", "56898523.47 USD"),
        ("1e3USD", "1000 USD"),
        ("5,69E+07 EUR", "56900000 EUR"),
        ("1.2e-1 USD", "0.12 USD"),
        (".5 USD", "0.5 USD"),
        ("5. USD", "5 USD"),
        ("€ 1.234,50", "1234.5 EUR"),
        ("1.234,50 €", "1234.5 EUR"),
        ("€1,234.50", "1234.5 EUR"),
        ("1.200,50 EUR", "1200.5 EUR"),
        ("1,20 EUR", "1.2 EUR"),
        ("12,5 EUR", "12.5 EUR"),
        ("1.200.500 EUR", "1200500 EUR"),
        ("100.000,00 EUR", "100000 EUR"),
        ("0,123 USD", "0.123 USD"),
        ("0.125 USD", "0.125 USD"),
        ("10.1250 USD", "10.1250 USD"),
        ("1.234 BTC", "1.234 BTC"),
        ("1\u00a0234,50\u00a0€", "1234.5 EUR"),
        ("1\u202f234,50 zł", "1234.5 PLN"),
        ("1 234 567,89 руб.", "1234567.89 RUB"),
        ("₹12,34,567.89", "1234567.89 INR"),
        ("USD 1,250/-", "1250 USD"),
        ("1,250/= KES", "1250 KES"),
        ("CHF 1'234.-", "1234 CHF"),
        ("CHF 5.–", "5 CHF"),
        ("1'234,50 CHF", "1234.5 CHF"),
        ("£5", "5 GBP"),
        ("US$5", "5 USD"),
        ("$5 USD", "5 USD"),
        ("$1,234.50 CAD", "1234.5 CAD"),
        ("R$ 1.234.567,00", "1234567 BRL"),
        ("5 Kč", "5 CZK"),
        ("USD 5 USD", "5 USD"),
        ("(1,200.50) USD", "-1200.5 USD"),
        ("USD (5)", "-5 USD"),
        ("(€5)", "-5 EUR"),
        ("-€5", "-5 EUR"),
        ("€ -5", "-5 EUR"),
        ("- 5 USD", "-5 USD"),
        ("5.00- USD", "-5 USD"),
        ("+5 USD", "5 USD"),
        ("1.2 million USD", "1200000 USD"),
        ("EUR 3bn", "3000000000 EUR"),
        ("5 млн руб.", "5000000 RUB"),
        ("5亿 CNY", "500000000 CNY"),
        ("5000万人民币", "50000000 CNY"),
        ("١٬٢٣٤٫٥ SAR", "1234.5 SAR"),
        ("USD ٥٠٠", "500 USD"),
        ("EUR 90k", "90000 EUR"),
        ("90 k€", "90000 EUR"),
        ("KEUR 90", "90000 EUR"),
        ("90 TEUR", "90000 EUR"),
        ("5 M€", "5000000 EUR"),
        ("MSEK 5", "5000000 SEK"),
        ("1,5 Mio. €", "1500000 EUR"),
        ("1.5 mn EUR", "1500000 EUR"),
        ("USD bn 2.5", "2500000000 USD"),
        ("2.5 US$ bn", "2500000000 USD"),
        ("3 Mrd. EUR", "3000000000 EUR"),
        ("2 Billionen Euro", "2000000000000 EUR"),
        ("2 milioni di euro", "2000000 EUR"),
        ("2 millions d'euros", "2000000 EUR"),
        ("1.5 million US dollars", "1500000 USD"),
        ("2 тыс. руб.", "2000 RUB"),
        ("₹2.5 crore", "25000000 INR"),
        ("5億円", "500000000 JPY"),
        ("1億2000万円", "120000000 JPY"),
        ("3.5亿元人民币", "350000000 CNY"),
        ("3억 KRW", "300000000 KRW"),
        ("2千万円", "20000000 JPY"),
        ("5.000,- €", "5000 EUR"),
        ("-1.5 million USD", "-1500000 USD"),
    ],
)
def test_an_amount_stands_before_its_currency(raw: str, kept: str) -> None:
    assert MONEY.clean(raw) == kept


@pytest.mark.parametrize(
    "raw",
    [
        "1,2000 USD",
        "1,200 TND",
        "1.200 EUR",
        "1.234 BHD",
        "1,234 KWD",
        "1.200 USD",
        "-1.200 EUR",
        "$5",
        "¥5",
        "5 kr",
        "5 m USD",
        "-(5) USD",
        "--5 USD",
        "5) USD",
        "5 USD (gross)",
        "~5 USD",
        "5-10 USD",
        "USD 5 a year",
        "1e99 USD",
        "1e999999 USD",
        "NaN USD",
        "Infinity USD",
        "5 US",
        "5 USB",
        "5 XXX",
        "5 DOLLARS",
        "5",
        "USD",
        "USD 5 EUR",
        "5 USD 6",
    ],
)
def test_an_amount_that_may_be_misread_is_refused(raw: str) -> None:
    with pytest.raises(BadValue, match=r"^expected an amount and an ISO 4217 code"):
        MONEY.clean(raw)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("1.200 EUR", "the point in 1.200 may separate groups or start the decimals"),
        ("1,200 TND", "the comma in 1,200 may separate groups or start the decimals"),
        ("1,2000 CNY", "the comma in 1,2000 may separate groups or start the decimals"),
        ("¥5", "¥ may mean JPY, CNY"),
        ("USD 5 EUR", "USD and EUR are two currencies"),
        ("5 pebbles", "pebbles is not the code of a currency"),
        ("1 Billion DEM", "Billion may mean a thousand millions or a million millions"),
        ("1,5 Billion EUR", "Billion may mean a thousand millions or a million millions"),
        ("2 trillion ATS", "trillion may mean 10^12 or 10^18"),
        ("1.5m USD", "m may mean a thousand or a million"),
        ("5 mil. Kč", "mil. may mean a thousand or a million"),
        ("1.2兆円", "兆 may mean a million or a trillion"),
        ("3 bn", "it names no currency"),
        ("5k", "it names no currency"),
        ("5 dollars", "dollars may mean AUD, BBD, BMD, BND"),
        ("5 thousand million EUR", "million EUR is a second word of magnitude"),
    ],
)
def test_the_refusal_says_what_may_be_misread(raw: str, why: str) -> None:
    with pytest.raises(BadValue, match=re.escape(why)):
        MONEY.clean(raw)


def test_a_negative_amount_is_shown_as_what_its_source_states() -> None:
    assert MONEY.caption("-1200.5 USD") == "USD -1,200.50 as stated, with a minus"
    assert MONEY.caption("1200.5 USD") == "USD 1,200.50"


@pytest.mark.parametrize("raw", ["10.1250 USD", "1.2340 KWD", "1.234 BTC", "-10.1250 EUR", "5.69E7 USD", "€ 1.234,50"])
def test_what_was_read_is_read_again_as_the_same(raw: str) -> None:
    assert MONEY.clean(MONEY.clean(raw)) == MONEY.clean(raw)


@pytest.mark.parametrize(
    ("raw", "code"), [("€", "EUR"), ("US$", "USD"), ("Euro", "EUR"), ("rmb", "CNY"), ("usd", "USD")]
)
def test_a_currency_may_be_a_sign(raw: str, code: str) -> None:
    assert VALUE_TYPES["currency"].clean(raw) == code


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1200.5 USD", "USD 1,200.50"),
        ("800000000 CNY", "CNY 800,000,000"),
        ("1.2340 KWD", "KWD 1.234"),
        ("-5 USD", "USD -5 as stated, with a minus"),
        ("10.1250 USD", "USD 10.125"),
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
        ("market 2014 1.200,50 EUR", "market 2014 1200.5 EUR"),
        ("market 2014 1e5 EUR", "market 2014 100000 EUR"),
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
        "market 2014 5 USD net net",
        "market 2014 6..5 USD",
        "market 2014 5..6..7 USD",
        "market 2014 1.200 EUR",
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


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("10..20 USD", "USD"),
        ("10-20usd", "USD"),
        ("€ 5;6", "EUR"),
        ("several million euros", "EUR"),
        ("10 or 20 US$", "USD"),
        ("not at all, 5", ""),
        ("5 EUR or 6 USD", ""),
        ("10..20 $", ""),
        ("8;9", ""),
    ],
)
def test_the_currency_of_an_amount_that_is_not_understood(text: str, code: str) -> None:
    assert currency_named(text) == code
