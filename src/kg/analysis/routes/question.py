"""The question about legal routes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

REQUIRED_COLUMNS = ("share", "dates", "reliability", "interest", "sought")
"""Columns that the view must have been opened with."""


@dataclass(frozen=True, slots=True)
class RouteQuestion:
    """Which jurisdiction requests, on which day, from which hosts."""

    requesting: str
    day: date
    hosts: tuple[str, ...] = ()
    """Only these; wherever the person may be and the assets are if empty."""
    routes: tuple[str, ...] = ()
    """Only these; all if empty."""
    protected: bool = False
    """Whether protected facts may be seen."""
