"""Numbers and percentages."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from kg.ontology.values.texts import BadValue, ValueType, clean_text, to_ascii_width

_PLAIN = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_GROUPED = re.compile(r"[+-]?[1-9][0-9]{0,2}([, '’])[0-9]{3}(?:\1[0-9]{3})*(\.[0-9]+)?")
_MAX_LENGTH = 40
"""Longest number, in characters."""

_UNGROUPED = str.maketrans("", "", ", '’")

_SHARE = r"([0-9]{1,3}(?:\.[0-9]+|,[0-9]{1,2})?) ?%?"
_BAND = re.compile(rf"{_SHARE}(?: ?(?:\.\.|-|–|—|~|to) ?{_SHARE})?")
_ABOVE = re.compile(rf"(?:>=?|≥) ?{_SHARE}|{_SHARE} ?\+ ?%?")
_BELOW = re.compile(rf"(?:<=?|≤) ?{_SHARE}")
_STRICT = re.compile(r"[<>](?!=)")
_UNKNOWN = "0..100"


class Interval(NamedTuple):
    """A closed interval of percentages, 0 to 100."""

    low: Decimal
    high: Decimal


NO_INTERVAL = Interval(Decimal(1), Decimal(0))
"""The empty interval, which ends before it starts."""


class NumberValue(ValueType):
    """A decimal number."""

    def clean(self, raw: str) -> str:
        """The number without unnecessary zeros."""
        text = clean_text(to_ascii_width(raw), self.expected)
        return plain_number(parse_decimal(text, self.expected, lone_comma=False))


class PercentValue(ValueType):
    """A share from 0 to 100."""

    def clean(self, raw: str) -> str:
        """`51`, `25..50`; `25..100` for `>25` and `25+`, `0..100` for `unknown`."""
        return _clean_percent(raw)

    def caption(self, text: str) -> str:
        """`51 %`, `25 to 50 %` or `unknown share`."""
        low, high = percent_interval(text)
        if low == high:
            return f"{plain_number(low)} %"
        return "unknown share" if text == _UNKNOWN else f"{plain_number(low)} to {plain_number(high)} %"

    def same(self, left: str, right: str) -> bool:
        """Whether the two intervals overlap."""
        a, b = percent_interval(left), percent_interval(right)
        return a.low <= b.high and b.low <= a.high


def percent_interval(text: str) -> Interval:
    """The interval of a canonical percent."""
    low, _, high = text.partition("..")
    return Interval(Decimal(low), Decimal(high or low))


def parse_decimal(text: str, expected: str, *, lone_comma: bool) -> Decimal:
    """The number in a text. The point is the decimal sign; commas, spaces or apostrophes may separate groups of three.

    Raises BadValue for exponents and for anything else, such as `1.200,50`. In `1,200` the comma may be either sign;
    with `lone_comma` it parts thousands, without it the text is refused.
    """
    if len(text) <= _MAX_LENGTH:
        if _PLAIN.fullmatch(text):
            return Decimal(text)
        grouped = _GROUPED.fullmatch(text)
        if grouped and (lone_comma or grouped[1] != "," or grouped[2] or text.count(",") > 1):
            return Decimal(text.translate(_UNGROUPED))
    raise BadValue(f"expected {expected}")


def plain_number(number: Decimal) -> str:
    """A number without exponent and unnecessary zeros."""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


@lru_cache(maxsize=65_536)
def _clean_percent(raw: str) -> str:
    text = clean_text(to_ascii_width(raw), percent_type.expected).lower() if len(raw) <= _MAX_LENGTH else ""
    low, high = _bounds(text)
    nothing_between = low == high and _STRICT.match(text)
    if not 0 <= low <= high <= 100 or nothing_between:
        raise BadValue(f"expected {percent_type.expected}")
    return plain_number(low) if low == high else f"{plain_number(low)}..{plain_number(high)}"


def _bounds(text: str) -> Interval:
    """The lowest and highest share in a text; NO_INTERVAL if there is none."""
    if text == "unknown":
        return percent_interval(_UNKNOWN)
    if found := _BAND.fullmatch(text):
        return Interval(_share(found[1]), _share(found[2] or found[1]))
    if found := _ABOVE.fullmatch(text):
        return Interval(_share(found[1] or found[2]), Decimal(100))
    if found := _BELOW.fullmatch(text):
        return Interval(Decimal(0), _share(found[1]))
    return NO_INTERVAL


def _share(text: str) -> Decimal:
    """A share is below a thousand, so its comma can only be the decimal sign."""
    return Decimal(text.replace(",", "."))


number_type = NumberValue(
    "number",
    "a decimal number such as 12.5",
    "A decimal number. The point is the decimal sign; a single comma, as in 1,200, is rejected as ambiguous.",
    ("12.50", "1,200,500.5"),
)
percent_type = PercentValue(
    "percent",
    "a percentage from 0 to 100: 51, 25..50, or 0..100 when unknown",
    "A share: exact, a band, or unknown. Bands are closed: “more than 25” becomes 25 to 100.",
    ("51 %", "33,33", "25%-50%", ">25", "75+", "unknown"),
)
