"""Is a day on or after a date that may be partial?"""

from __future__ import annotations

from datetime import date

from kg.ontology.values import date_span


def is_reached(text: str, day: date) -> bool | None:
    """Whether `day` is on or after a date; None where the date is too coarse to say, as 2014 is for a day in 2014."""
    span = date_span(text)
    if day >= span.last:
        return True
    return False if day < span.first else None


def is_surely_reached(text: str, day: date) -> bool:
    """Whether there is a date and `day` is on or after it, however the date is read."""
    return bool(text) and is_reached(text, day) is True
