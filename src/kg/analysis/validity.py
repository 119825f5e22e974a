"""Which values do claims state, and was a link in force on a day, by its claims or by the outermost dates?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kg.errors import QuestionError
from kg.ontology.values import VALUE_TYPES, BadValue, date_span, outermost_days
from kg.records import Claim, Values
from kg.view import BoolArray, GraphView, IntArray


class Period(NamedTuple):
    """First and last day that a date may mean, proleptic ordinals; both 0 for any day."""

    first: int
    last: int


ANY_DAY = Period(0, 0)


def claimed_values(claims: Iterable[Claim], name: str, value_type: str) -> Iterator[str]:
    """Every value of a property in canonical form; those that cannot be read are left out, as the projection does."""
    for claim in claims:
        yield from clean_values(claim.properties, name, value_type)


def clean_values(properties: Values, name: str, value_type: str) -> Iterator[str]:
    """Every value of a property in canonical form; those that cannot be read are left out."""
    for raw in properties.get(name, ()):
        try:
            yield VALUE_TYPES[value_type].clean(raw)
        except BadValue:
            continue


def parse_period(text: str) -> Period:
    """The days that a date means: a day, or all days of a month or year. Raises InputError."""
    try:
        span = date_span(VALUE_TYPES["date"].clean(text)) if text else None
    except BadValue:
        raise QuestionError("as_of", text, "expected a day such as 2014-12-05, a month or a year") from None
    return Period(span.first.toordinal(), span.last.toordinal()) if span else ANY_DAY


def require_day(text: str) -> None:
    """Raises InputError for a text that is neither empty nor a day."""
    try:
        fine = not text or date.fromisoformat(text).isoformat() == text
    except ValueError:
        fine = False
    if not fine:
        raise QuestionError("as_of", text, "expected a day such as 2014-12-05")


def claim_validity(claim: Claim, period: Period, *, is_event: bool) -> str:
    """Whether a claim's link was in force, or had happened, on a day: yes, no, or maybe; empty where it has no dates.

    For a period: yes if it was in force all the time, maybe if it may have been in force at some time. What lasts and
    has a `date` alone is stated on that day, and may have been in force since.
    """
    return stated_validity(claim.properties, period, is_event=is_event)


def stated_validity(properties: Values, period: Period, *, is_event: bool) -> str:
    """The same by the properties that one source states."""
    starts, ends, at = (
        [date_span(text) for text in clean_values(properties, name, "date")]
        for name in ("start_date", "end_date", "date")
    )
    if not (starts or ends or at):
        return ""
    if is_event:
        starts, ends, at = [*starts, *at], [], []
    elif starts or ends:
        at = []
    first, last = outermost_days([*starts, *at], ends)
    if first > period.last or 0 < last < period.first:
        return "no"
    is_certain = all(s.last.toordinal() <= period.first for s in starts)
    is_certain &= all(e.first.toordinal() >= period.last for e in ends)
    return "yes" if is_certain and all((s.first.toordinal(), s.last.toordinal()) == period for s in at) else "maybe"


def may_hold(view: GraphView, links: IntArray, period: Period) -> BoolArray:
    """Which of some links may be in force in a period, by the outermost days stated: bool (links)."""
    if period == ANY_DAY:
        return np.ones(len(links), bool)
    return ~view.not_in_force(links, period.first, period.last)


def in_doubt(view: GraphView, links: IntArray, period: Period) -> BoolArray:
    """Which of some links that may be in force in a period may also not be, by the outermost days: bool (links).

    A first day that begins a year or month may stand for any day of it, and so may a last day that ends one. On the day
    on which a link ends, whoever follows may hold already.
    """
    if period == ANY_DAY:
        return np.zeros(len(links), bool)
    first, last = view.column("dates")[links].T
    latest, earliest = _outermost_days(first, last=True), _outermost_days(last, last=False)
    return np.asarray(((first > 0) & (latest > period.first)) | ((last > 0) & (earliest <= period.last)))


def _outermost_days(days: NDArray[np.int32], *, last: bool) -> NDArray[np.int32]:
    """The last day of the year or month that a day begins, or the first of one that it ends; else the day itself."""
    found, inverse = np.unique(days, return_inverse=True)
    return np.array([_outermost_day(int(day), last=last) for day in found], np.int32)[inverse]


def _outermost_day(day: int, *, last: bool) -> int:
    if day <= 0:
        return day
    text = date.fromordinal(day).isoformat()
    for part in (text[:4], text[:7]):
        span = date_span(part)
        edge, other = (span.first, span.last) if last else (span.last, span.first)
        if edge.toordinal() == day:
            return other.toordinal()
    return day


def combined_validity(answers: Iterable[str]) -> str:
    """The answer of several claims together: `yes`, `no`, `maybe`; empty where none has dates."""
    distinct = {word for word in answers if word}
    return distinct.pop() if len(distinct) == 1 else "maybe" if distinct else ""
