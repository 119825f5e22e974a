"""Until which day does the section about a cluster say the same, if the graph stays as it is?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from itertools import chain

from kg.ontology.values import date_span
from kg.reports.cluster_report.sections.stale_claims import STALE_AFTER_YEARS
from kg.reports.context import ReportContext

_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
_DAYS_AROUND = 4
"""February ends earlier in some years: a claim becomes stale some days after its anniversary."""


def first_day_of_change(context: ReportContext, day: str) -> str:
    """The first day after `day` on which a date in the context is reached, over or stale; empty if there is none.

    Any value that may be a date counts, so the day may be too early, and never too late.
    """
    claims = [claim for said in context.claims.values() for claim in said]
    nodes, links = context.nodes.values(), context.links.values()
    stated = chain((n.properties for n in nodes), (k.properties for k in links), (c.properties for c in claims))
    dated = {*_dates_in(stated)}
    said = {text for claim in claims for text in (claim.provenance.stated, claim.since) if _DATE.fullmatch(text)}
    later = {turn for text in dated | said for turn in _turns(text) if turn > day}
    later |= {turn for text in said for turn in _stale_days(text) if turn > day}
    return min(later, default="")


def _dates_in(properties: Iterable[Mapping[str, Iterable[str]]]) -> Iterator[str]:
    for values in properties:
        for texts in values.values():
            yield from (text for text in texts if len(text) <= 10 and _DATE.fullmatch(text))


def _turns(text: str) -> tuple[str, ...]:
    """The days on which a date begins and has passed; none for what is no day of the calendar."""
    try:
        span = date_span(text)
        return span.first.isoformat(), span.last.isoformat(), (span.last + timedelta(days=1)).isoformat()
    except (ValueError, OverflowError):
        return ()


def _stale_days(text: str) -> Iterator[str]:
    """The days around that on which a claim of this date becomes stale."""
    try:
        last = date_span(text).last
        year = date(last.year + STALE_AFTER_YEARS, last.month, min(last.day, 28))
        for days in range(_DAYS_AROUND + 1):
            yield (year + timedelta(days=days)).isoformat()
    except (ValueError, OverflowError):
        return
