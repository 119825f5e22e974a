"""How figures are shown."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kg.findings.counts import percent_text, rounded


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        *((51, "51"), (100.0, "100"), (0.0, "0"), (33.3333, "33.33"), (5.12345, "5.123"), (120.25, "120.25")),
        *((49.9999, "49.9999"), (99.996, "99.996"), (100.0004, "100.0004"), (0.00012345, "0.0001234")),
        *((7.05e-8, "0.0000000705"), (3.00001, "3.00001"), (100 - 1e-12, "100"), (2e-16, "0")),
    ],
)
def test_a_share_is_shown_as_no_whole_number_that_it_is_not(number: float, shown: str) -> None:
    assert percent_text(number) == shown


def test_an_amount_keeps_places_until_it_is_no_whole_number() -> None:
    amounts = ("0.00412345", "0.005", "1999.999", "12.345", "7", "0")
    assert [str(rounded(Decimal(text), 2).normalize()) for text in amounts] == [
        *("0.004", "0.005", "1999.999", "12.34", "7", "0")
    ]
