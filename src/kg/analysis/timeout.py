"""When does an analysis give up?"""

from __future__ import annotations

from collections.abc import Callable

from kg.errors import OutOfTime

TimeoutCheck = Callable[[], bool]
"""Says that time is up: the caller's clock, since analyses have none."""


def no_timeout() -> bool:
    """There is no limit."""
    return False


def raise_if_timed_out(timed_out: TimeoutCheck) -> None:
    """Raises OutOfTime where time is up and a part of an answer would be none."""
    if timed_out():
        raise OutOfTime("there was no time for a whole answer")
