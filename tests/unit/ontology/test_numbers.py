"""Are numbers read as written, and refused where two readings are possible?"""

from __future__ import annotations

import pytest

from kg.ontology.values import VALUE_TYPES, BadValue
from kg.ontology.values.numbers import decimal_point

NUMBER = VALUE_TYPES["number"]

NO_NUMBERS = [
    "1e999999",
    "NaN",
    "sNaN",
    "Infinity",
    "-inf",
    "0x10",
    "1_000",
    "5²",
    "½",
    "--5",
    ".",
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
        ("١٢", "12"),
        ("۱۲٫۵", "12.5"),
        ("१२", "12"),
        ("๑๒", "12"),
        ("1,200,500.50", "1200500.5"),
        ("1,200.50", "1200.5"),
        ("1 200 500", "1200500"),
        ("1\u202f200", "1200"),
        ("1'200", "1200"),
        ("0.000001", "0.000001"),
        ("1e2", "100"),
        ("5.689852347E7", "56898523.47"),
        ("5,69E+07", "56900000"),
        ("1E-5", "0.00001"),
        (".5", "0.5"),
        ("5.", "5"),
        ("-.5", "-0.5"),
        ("1,20", "1.2"),
        ("12,5", "12.5"),
        ("0,123", "0.123"),
        ("1200,500", "1200.5"),
        ("1.200,50", "1200.5"),
        ("1.234.567", "1234567"),
        ("1.234.567,89", "1234567.89"),
        ("1 234,50", "1234.5"),
        ("1'234,50", "1234.5"),
        ("12,34,567.89", "1234567.89"),
        ("(5)", "-5"),
        ("(1,200.50)", "-1200.5"),
        ("5-", "-5"),
        ("- 5", "-5"),
        ("12.345", "12.345"),
    ],
)
def test_a_number_loses_only_needless_signs(raw: str, kept: str) -> None:
    assert NUMBER.clean(raw) == kept


@pytest.mark.parametrize("raw", [*NO_NUMBERS, "1e99", "1.5e", "9" * 41])
def test_what_is_not_written_out_is_no_number(raw: str) -> None:
    with pytest.raises(BadValue, match=r"^expected a decimal number"):
        NUMBER.clean(raw)


@pytest.mark.parametrize(
    "raw",
    ["1,200", "-1,200", "1,2000", "1,200 500", ",500", "1 20", "01,200", "1.200.50", "1,23,456,789", "-(5)", "(5"],
)
def test_a_comma_that_may_be_the_decimal_sign_is_not_guessed(raw: str) -> None:
    with pytest.raises(BadValue, match=r"^expected a decimal number"):
        NUMBER.clean(raw)


def test_a_point_can_be_made_the_decimal_sign() -> None:
    assert [decimal_point(text) for text in ("10.125", "-1.200", "10.12", "1,200", "x")] == [
        *("10.1250", "-1.2000", "10.12", "1,200", "x"),
    ]
