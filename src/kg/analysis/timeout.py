"""When does an analysis end because its time is up?"""

from __future__ import annotations

from collections.abc import Callable

from kg.errors import OutOfTime

TimeoutCheck = Callable[[], bool]
"""Returns whether the time is up. The caller has the clock; analyses have none."""


def no_timeout() -> bool:
    """Never: there is no limit."""
    return False


def raise_if_timed_out(timed_out: TimeoutCheck) -> None:
    """Raises OutOfTime when the time is up and a partial answer would be wrong."""
    if timed_out():
        raise OutOfTime("there was no time for a whole answer")
