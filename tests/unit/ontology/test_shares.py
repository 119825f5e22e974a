"""Are shares read as exact or as a band, and refused where they are neither?"""

from __future__ import annotations

from decimal import Decimal

import pytest

from kg.ontology.values import VALUE_TYPES, BadValue, Interval, is_bare_fraction, percent_interval

PERCENT = VALUE_TYPES["percent"]


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
        ("1E+2", "100"),
        (".5", "0.5"),
        ("33,3333", "33.3333"),
        ("100.00000000000001", "100"),
        (">25-50", "25..50"),
        (">25% - <=50%", "25..50"),
        (">=25<50", "25..50"),
        ("more than 25%", "25..100"),
        ("More than 25% but not more than 50%", "25..50"),
        ("over 25% up to 50%", "25..50"),
        ("more than 75 per cent", "75..100"),
        ("at least 25 percent", "25..100"),
        ("not less than 10%", "10..100"),
        ("up to and including 50%", "0..50"),
        ("less than 10 pct", "0..10"),
        ("less than or equal to 25%", "0..25"),
        ("no more than 50", "0..50"),
        ("75% or more", "75..100"),
        ("25% or less", "0..25"),
        ("between 25 and 50", "25..50"),
        ("from 25% to 50%", "25..50"),
        ("25 to 50 per cent", "25..50"),
        ("75-to-100-percent", "75..100"),
        ("more-than-25-percent", "25..100"),
        ("exactly 5%", "5"),
        ("half", "50"),
        ("one-half", "50"),
        ("three quarters", "75"),
        ("a third", "33.33..33.34"),
        ("2/3", "66.66..66.67"),
        ("3/4", "75"),
        ("fifty percent", "50"),
        ("twenty-five per cent", "25"),
        ("one hundred per cent", "100"),
        ("majority", "50..100"),
        ("٢٥٪", "25"),
        ("۱۲٫۵", "12.5"),
    ],
)
def test_a_share_is_exact_or_a_band(raw: str, kept: str) -> None:
    assert PERCENT.clean(raw) == kept


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("½", "50"),
        ("33⅓ %", "33.33..33.34"),
        ("16 2/3%", "16.66..16.67"),
        (">½", "50..100"),
        ("⅓ to ½", "33.33..50"),
        ("1⁄4", "25"),
        ("one fifth", "20"),
        ("two-fifths", "40"),
        ("2 thirds", "66.66..66.67"),
        ("more than half", "50..100"),
        ("at least one third", "33.33..100"),
        ("up to half", "0..50"),
        ("between one third and one half", "33.33..50"),
        ("wholly-owned", "100"),
        ("all of the shares", "100"),
        ("sole shareholder", "100"),
        ("majority of the shares", "50..100"),
        ("minority shareholder", "0..50"),
        ("a 51% stake", "51"),
        ("half of the company", "50"),
        ("undisclosed", "0..100"),
        ("1/1", "100"),
        ("49/50", "98"),
        ("49/100", "49"),
        ("3/7", "42.85..42.86"),
        ("25/1000", "2.5"),
        ("117/1000", "11.7"),
        ("3/14", "21.42..21.43"),
        ("über 25 Prozent bis zu 50 %", "25..50"),
        ("mindestens 25 v.H.", "25..100"),
        ("zwei Drittel", "66.66..66.67"),
        ("de 25 à 50 %", "25..50"),
        ("supérieur ou égal à 25 %", "25..100"),
        ("hasta el 50 %", "0..50"),
        ("oltre il 25 %", "25..100"),
        ("Meer dan 25% tot en met 50%", "25..50"),
        ("66,67-89,99%", "66.67..89.99"),
        ("от 25 % до 50 % включительно", "25..50"),
        ("не менее 25 %", "25..100"),
        ("powyżej 25 %", "25..100"),
        ("百分之二十五", "25"),
        ("三分之一", "33.33..33.34"),
        ("25%以上", "25..100"),
        ("全资", "100"),
    ],
)
def test_a_share_in_the_words_of_a_register_is_read(raw: str, kept: str) -> None:
    assert PERCENT.clean(raw) == kept
    assert PERCENT.clean(kept) == kept


@pytest.mark.parametrize(
    "raw",
    [
        *("1e999999", "NaN", "Infinity", "-inf", "0x10", "5²", "--5", ".", "1.2.3", "five"),
        *(
            "½ %",
            "1/3 %",
            "25/50",
            "2/1",
            "1/0",
            "100 shares",
            "25 shares of 100",
            "one half of one percent",
            "about half",
        ),
        "-5",
        "101",
        "100.01",
        "50..25",
        "25..",
        "..50",
        "25..50..75",
        "150",
        "circa 50",
        "25 and 50",
        "50/50",
        "49/51",
        "33/67",
        "33/66",
        "7/93",
        "1/99",
        "490/510",
        "1/2 %",
        "half percent",
        "fifty",
        "50% plus one share",
        ">50<25",
        "more than 100%",
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


@pytest.mark.parametrize(
    ("text", "is_fraction"),
    [
        ("0.5", True),
        (">0.5", True),
        ("0,25 - 0,5", True),
        ("more than 0.25", True),
        ("0.75-1", True),
        ("0.5 %", False),
        ("0.25 to 0.5 per cent", False),
        ("1/2", False),
        ("0.5-25", False),
        ("0-1", False),
        ("1", False),
        ("unknown", False),
    ],
)
def test_a_share_of_bare_numbers_up_to_one_may_be_a_fraction(text: str, *, is_fraction: bool) -> None:
    assert is_bare_fraction(text) is is_fraction
