"""Dates of any precision, and the days they may mean."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from kg.ontology.values.texts import BadValue, ValueType, clean_text, to_ascii_width

EXPECTED = "a date: 2014, 2014-06 or 2014-06-30"

_ZONE = r" ?(?:Z|UTC|[+-](?:0\d|1[0-4])(?::?[0-5]\d)?)"
_TIME = rf"[T ](?:[01]\d|2[0-4])(?::[0-5]\d(?::(?:[0-5]\d|60)(?:[.,]\d{{1,9}})?)?)?(?:{_ZONE})?"
_DATE = re.compile(rf"(\d{{4}})(?:-(\d\d)(?:-(\d\d)(?:{_TIME})?)?)?", re.ASCII)
_MAX_LENGTH = 64
"""Longest date with its time, in characters; longer texts would only fill the cache."""


class DateSpan(NamedTuple):
    """A date with the precision of its source: the text, and the first and last day it may mean."""

    text: str
    first: date
    last: date


class DateValue(ValueType):
    """A day, a month or a year."""

    def clean(self, raw: str) -> str:
        """`YYYY`, `YYYY-MM` or `YYYY-MM-DD`. A time of day is dropped, without converting its zone."""
        return clean_date(raw)

    def same(self, left: str, right: str) -> bool:
        """Whether both may mean the same day."""
        a, b = date_span(left), date_span(right)
        return a.first <= b.last and b.first <= a.last


@lru_cache(maxsize=65_536)
def clean_date(raw: str) -> str:
    """The canonical text of a date. Raises BadValue, also where the calendar has no such day."""
    match = _DATE.fullmatch(clean_text(to_ascii_width(raw), EXPECTED)) if len(raw) <= _MAX_LENGTH else None
    if not match:
        raise BadValue(f"expected {EXPECTED}")
    text = "-".join(part for part in match.groups() if part)
    try:
        date_span(text)
    except ValueError:
        raise BadValue(f"expected {EXPECTED}; there is no such day") from None
    return text


@lru_cache(maxsize=65_536)
def date_span(text: str) -> DateSpan:
    """The first and last day a canonical date may mean. Raises ValueError where the calendar has no such day."""
    parts = [int(part) for part in text.split("-")]
    first = date(*parts, *(1,) * (3 - len(parts)))
    month = 12 if len(parts) == 1 else first.month
    last = first if len(parts) == 3 else date(first.year, month, monthrange(first.year, month)[1])
    return DateSpan(text, first, last)


def is_reached(text: str, day: date) -> bool | None:
    """Whether `day` is on or after a date; None where the date is too coarse to say, as 2014 is for a day in 2014."""
    span = date_span(text)
    if day >= span.last:
        return True
    return False if day < span.first else None


date_type = DateValue(
    "date",
    EXPECTED,
    "A day, a month or a year; the precision of the source is kept.",
    ("2014", "2014-06", "2014-06-30", "2014-06-30T23:15:00Z"),
)
