"""Numbers of things in words, and figures as they are shown."""

import math
from decimal import Decimal
from typing import TypeVar

_Number = TypeVar("_Number", float, Decimal)

_IRREGULAR = {"people": "person", "ties": "tie", "matches": "match"}
"""Plurals whose singular no rule gives."""


def plural(number: int, things: str) -> str:
    """`1 asset`, `2,000 assets`, `1 person`, `1 further tie`."""
    before, _, last = things.rpartition(" ")
    if number == 1:
        last = _IRREGULAR.get(last) or (f"{last[:-3]}y" if last.endswith("ies") else last.removesuffix("s"))
    return " ".join(part for part in (f"{number:,}", before, last) if part)


def rounded(number: _Number, places: int) -> _Number:
    """A number to some decimal places; to more where it would be a whole one, such as 0, that it is not."""
    found = round(number, places)
    while found == round(found) and not math.isclose(found, number, rel_tol=_NOISE, abs_tol=_NOISE):
        places += 1
        found = round(number, places)
    return found


def percent_text(percent: float) -> str:
    """`33.33` for 33.3333, `0.004`, `49.9999`: four digits that count, and more before it would be a whole number."""
    places = 2 if percent >= _TENS else 3 - math.floor(math.log10(percent or 1))
    return f"{rounded(percent, places):.12f}".rstrip("0").rstrip(".")


_TENS = 10
_NOISE = 1e-9
"""A difference that calculating with binary numbers makes."""
