"""Dates of any precision, and the days they may mean."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from functools import cache, lru_cache
from typing import NamedTuple

from kg.ontology.values.texts import BadValue, ValueType, clean_text, to_ascii_width

EXPECTED = "a date: 2014, 2014-06 or 2014-06-30"

MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)

_ZONE = r" ?(?:Z|UTC|GMT|(?:UTC|GMT)?[+-](?:0?\d|1[0-4])(?::?[0-5]\d)?)"
_CLOCK = r"(?:[01]?\d|2[0-4])(?::[0-5]\d(?::(?:[0-5]\d|60)(?:[.,]\d+)?)?)?(?: ?[AP]\.?M\.?)?"
_BASIC_CLOCK = r"(?:[01]\d|2[0-4])[0-5]\d(?:[0-5]\d(?:[.,]\d+)?)?"
_TIME = rf"(?:[T ]|, ?)(?:{_CLOCK}|{_BASIC_CLOCK})(?:{_ZONE})?(?: ?[\[(][A-Za-z0-9/_+ -]+[\])])?"
_DATE = re.compile(rf"(\d{{4}})(?:-(\d\d)(?:-(\d\d)(?:{_TIME}|{_ZONE})?)?)?", re.ASCII)
_FLAGS = re.ASCII | re.IGNORECASE
_ENDING = rf"(?:{_TIME}|{_ZONE})?"
_YEAR_FIRST = (
    rf"\+?(?P<y>\d{{4}})(?P<s>[-/.])(?P<m>\d\d?)(?P=s)(?P<d>\d\d?){_ENDING}",
    r"\+?(?P<y>\d{4})[-/](?P<m>\d\d?)",
    r"(?P<m>\d\d?)[-/.](?P<y>\d{4})",
    rf"(?P<y>[12]\d{{3}})(?P<m>\d\d)(?P<d>\d\d){_ENDING}",
    r"(?P<y>[12]\d{3})\.0+",
    r"(?P<y>\d{4}) ?年(?: ?(?P<m>\d\d?) ?月(?: ?(?P<d>\d\d?) ?[日号])?)?",
)
_DAY_FIRST = rf"(?P<d>\d\d?)(?P<s>[-/.])(?P<m>\d\d?)(?P=s)(?P<y>\d{{4}}){_ENDING}"
_SHORT_YEAR = rf"\d\d?(?P<s>[-/.])\d\d?(?P=s)\d\d{_ENDING}"
_DAY_NAME = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?,? )?"
_DAY = r"(?P<d>\d\d?)(?:st|nd|rd|th)?"
_WITH_WORD = (
    rf"{_DAY_NAME}{_DAY}(?: of)?[ ./-]?(?P<w>[a-z]{{3,9}})[., /-]{{0,2}}(?P<y>\d{{4}}){_ENDING}",
    rf"{_DAY_NAME}(?P<w>[a-z]{{3,9}})\.?[ -]{_DAY}[, -] ?(?P<y>\d{{4}}){_ENDING}",
    rf"{_DAY_NAME}(?P<w>[a-z]{{3,9}}) (?P<d>\d\d?) {_CLOCK}(?: [a-z]{{3,4}})? (?P<y>\d{{4}})",
    rf"(?P<y>\d{{4}})[ ./-](?P<w>[a-z]{{3,9}})[ ./-](?P<d>\d\d?){_ENDING}",
    r"(?P<w>[a-z]{3,9})[., /-]{1,2}(?P<y>\d{4})",
    r"(?P<y>\d{4})[ -](?P<w>[a-z]{3,9})",
)
_TIME_AT_END = rf"(?<=\d){_TIME}$"
_LOCAL_DIGIT = re.compile(r"(?![0-9\uff10-\uff19])\d")
"""A digit of a script whose writers often count years by another calendar."""

_GREGORIAN_YEARS = range(1700, 2200)
"""In other years, such a date may be of that calendar."""

_OTHER_CALENDARS = (range(1300, 1500), range(2400, 2700))
"""Years in which papers of our time are dated by the calendars of Iran and of Islam, and by the Buddhist one."""

_FIRST_YEAR = 1000
"""In earlier years nothing that people look for happened: they stand for no date, or have a digit too few."""

_PLACEHOLDER_DATES = frozenset(("1899-12-30", "1899-12-31", "1900-01-01", "1970-01-01"))
"""Days that programs write where there is no date: the zero of their calendars."""

_SERIAL = re.compile(r"[1-5][0-9]{4}(?:[.,][0-9]+)?", re.ASCII)
"""A day as spreadsheets count them, from 1927 to 2064."""
_MAX_LENGTH = 80
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
    text = clean_text(to_ascii_width(raw), EXPECTED) if len(raw) <= _MAX_LENGTH else ""
    if text.startswith("1900-01-00"):
        raise BadValue(f"expected {EXPECTED}; this is the zero of a spreadsheet, which stands for no date")
    plain = _DATE.fullmatch(text)
    year, month, day = plain.groups() if plain else _parts(text)
    if month and int(month) == 0 and (not day or int(day) == 0):
        month = day = None
    if day and int(day) == 0:
        day = None
    found = "-".join(part.zfill(2) for part in (year, month, day) if part)
    try:
        date_span(found)
    except ValueError:
        raise BadValue(f"expected {EXPECTED}; there is no such day") from None
    if int(year) < _FIRST_YEAR:
        raise BadValue(f"expected {EXPECTED}; so early a year stands for no date, or lacks a digit")
    is_local = not raw.isascii() and _LOCAL_DIGIT.search(raw) and int(year) not in _GREGORIAN_YEARS
    if is_local or any(int(year) in years for years in _OTHER_CALENDARS):
        raise BadValue(f"expected {EXPECTED}; this year may be of another calendar")
    return found


def date_or_empty(raw: str) -> str:
    """The canonical text of a date; empty for what is none."""
    try:
        return clean_date(raw)
    except BadValue:
        return ""


def is_placeholder_date(text: str) -> bool:
    """Whether a canonical date is one that programs write where there is none."""
    return text in _PLACEHOLDER_DATES


def without_time(text: str) -> str:
    """A date in any form without the time of day after it."""
    return _compiled(_TIME_AT_END)[0].sub("", text) if ":" in text else text


def month_number(word: str) -> int:
    """The month that an English name, or three or four letters of it, means; 0 if none."""
    name = word.lower()
    fitting = [n for n, month in enumerate(MONTHS, start=1) if name == month or name in (month[:3], month[:4])]
    return fitting[0] if len(fitting) == 1 else 0


def _parts(text: str) -> tuple[str, str | None, str | None]:
    """Year, month and day of a date in a form other than that of ISO 8601. Raises BadValue."""
    for form in _compiled(*_YEAR_FIRST):
        if found := form.fullmatch(text):
            parts = found.groupdict()
            if "/" in text and not parts.get("d") and (int(parts["y"]) + 1) % 100 == int(parts["m"]):
                raise BadValue(f"expected {EXPECTED}; {text} may be a month or two years")
            return parts["y"], parts.get("m"), parts.get("d")
    if found := _compiled(_DAY_FIRST)[0].fullmatch(text):
        return found["y"], *_month_and_day(found["d"], found["m"])
    for form in _compiled(*_WITH_WORD):
        if (found := form.fullmatch(text)) and (month := month_number(found["w"])):
            return found["y"], str(month), found.groupdict().get("d")
    if _SERIAL.fullmatch(text):
        raise BadValue(
            f"expected {EXPECTED}; spreadsheets count days so, 43831 for 2020-01-01: format the cells as dates"
        )
    if _compiled(_SHORT_YEAR)[0].fullmatch(text):
        raise BadValue(
            f"expected {EXPECTED}; its year has two digits: write all four, or declare the column with `convert`, "
            "which says where day and month stand, and `pivot`, the latest year that two digits mean"
        )
    raise BadValue(f"expected {EXPECTED}")


@cache
def _compiled(*forms: str) -> tuple[re.Pattern[str], ...]:
    """The expressions of forms; most commands read no date in another form than that of ISO 8601."""
    return tuple(re.compile(form, _FLAGS) for form in forms)


def _month_and_day(first: str, second: str) -> tuple[str, str]:
    """Month and day of two numbers before a year, where only one order gives a day of the calendar."""
    one, two = int(first), int(second)
    if one == two or one > 12 or one == 0:
        return second, first
    if two > 12 or two == 0:
        return first, second
    raise BadValue(f"expected {EXPECTED}; {first} or {second} may be the month")


@lru_cache(maxsize=65_536)
def date_span(text: str) -> DateSpan:
    """The first and last day a canonical date may mean. Raises ValueError where the calendar has no such day."""
    parts = [int(part) for part in text.split("-")]
    first = date(*parts, *(1,) * (3 - len(parts)))
    month = 12 if len(parts) == 1 else first.month
    last = first if len(parts) == 3 else date(first.year, month, monthrange(first.year, month)[1])
    return DateSpan(text, first, last)


def outermost_days(starts: Sequence[DateSpan], ends: Sequence[DateSpan]) -> tuple[int, int]:
    """The first and last day (proleptic ordinals, 0 where unknown) of what one source dates so.

    Of several dates, each may be the right one. Where it ended, and began again later, the last end is unknown.
    """
    first = min((span.first for span in starts), default=None)
    last = max((span.last for span in ends), default=None)
    if first and last and first <= last < max(span.first for span in starts):
        last = None
    return first.toordinal() if first else 0, last.toordinal() if last else 0


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
    ("2014", "2014-06", "2014-06-30", "2014-06-30T23:15:00Z", "2014/6/30", "30/06/2014", "2014-06-00", "30 June 2014"),
)
