"""When does an analysis give up?"""

from __future__ import annotations

from collections.abc import Callable

from kg.errors import OutOfTime

Late = Callable[[], bool]
"""Says that time is up: the caller's clock, since analyses have none."""


def in_time() -> bool:
    """There is no limit."""
    return False


def expect_time(late: Late) -> None:
    """Raises OutOfTime where time is up and a part of an answer would be none."""
    if late():
        raise OutOfTime("there was no time for a whole answer")
