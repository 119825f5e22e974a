"""Are numbers and shares read as written, and refused where two readings are possible?"""

from __future__ import annotations

from decimal import Decimal

import pytest

from kg.ontology.values import VALUE_TYPES, BadValue, Interval, percent_interval

NUMBER, PERCENT = VALUE_TYPES["number"], VALUE_TYPES["percent"]

NO_NUMBERS = [
    "1e2",
    "1e999999",
    "NaN",
    "sNaN",
    "Infinity",
    "-inf",
    "0x10",
    "1_000",
    "5²",
    "½",
    "١٢",
    "--5",
    ".",
    "5.",
    ".5",
    "1.2.3",
    "five",
]


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("12.50", "12.5"),
        ("007", "7"),
        ("+5", "5"),
        ("-5", "-5"),
        ("\u22125", "-5"),
        ("-0.0", "0"),
        ("１２", "12"),
        ("1,200,500.50", "1200500.5"),
        ("1,200.50", "1200.5"),
        ("1 200 500", "1200500"),
        ("1\u202f200", "1200"),
        ("1'200", "1200"),
        ("0.000001", "0.000001"),
    ],
)
def test_a_number_loses_only_needless_signs(raw: str, kept: str) -> None:
    assert NUMBER.clean(raw) == kept


@pytest.mark.parametrize("raw", [*NO_NUMBERS, "9" * 41])
def test_what_is_not_written_out_is_no_number(raw: str) -> None:
    with pytest.raises(BadValue, match=r"^expected a decimal number"):
        NUMBER.clean(raw)


@pytest.mark.parametrize(
    "raw", ["1,200", "1,20", "12,5", "1.200,50", "1,2000", "1200,500", "1,200 500", "0,123", ",500", "1 20"]
)
def test_a_comma_that_may_be_the_decimal_sign_is_not_guessed(raw: str) -> None:
    with pytest.raises(BadValue, match=r"^expected a decimal number"):
        NUMBER.clean(raw)


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("51", "51"),
        ("51%", "51"),
        ("５１％", "51"),
        ("51.50 %", "51.5"),
        ("33,33", "33.33"),
        ("0", "0"),
        ("100", "100"),
        ("25..50", "25..50"),
        ("25-50", "25..50"),
        ("25%-50%", "25..50"),
        ("25 % – 50 %", "25..50"),
        ("25%～50%", "25..50"),
        ("25 to 50", "25..50"),
        ("50..50", "50"),
        (">25", "25..100"),
        (">= 25%", "25..100"),
        ("≥25", "25..100"),
        ("＞25", "25..100"),
        ("75+", "75..100"),
        ("75 %+", "75..100"),
        ("<25", "0..25"),
        ("≤ 25 %", "0..25"),
        (">=100", "100"),
        ("unknown", "0..100"),
        ("Unknown", "0..100"),
        ("0-100", "0..100"),
    ],
)
def test_a_share_is_exact_or_a_band(raw: str, kept: str) -> None:
    assert PERCENT.clean(raw) == kept


@pytest.mark.parametrize(
    "raw",
    [
        *NO_NUMBERS,
        "-5",
        "101",
        "100.01",
        "50..25",
        "25..",
        "..50",
        "25..50..75",
        ">25-50",
        ">25+",
        ">100",
        "<0",
        "<-5",
        "2,500",
        "1,000",
        "%",
    ],
)
def test_what_is_no_share_is_refused(raw: str) -> None:
    with pytest.raises(BadValue, match=r"^expected a percentage from 0 to 100"):
        PERCENT.clean(raw)


@pytest.mark.parametrize(
    ("text", "shown"),
    [("51", "51 %"), ("25..50", "25 to 50 %"), ("0..100", "unknown share"), ("25..100", "25 to 100 %"), ("0", "0 %")],
)
def test_a_share_is_shown_in_words(text: str, shown: str) -> None:
    assert PERCENT.caption(text) == shown


def test_a_share_is_an_interval() -> None:
    assert percent_interval("25..50") == Interval(Decimal(25), Decimal(50))
    assert percent_interval("51") == Interval(Decimal(51), Decimal(51))


@pytest.mark.parametrize(
    ("left", "right", "can_be"),
    [("51", "25..75", True), ("25..50", "50..75", True), ("51", "52", False), ("0..100", "7", True)],
)
def test_shares_are_the_same_when_they_overlap(left: str, right: str, can_be: bool) -> None:
    assert PERCENT.same(left, right) is can_be
