"""Cells that their file stores as something else than text, and the columns of tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kg.errors import InputError, InputLocation

MAX_EXACT_NUMBER = 10**15
"""A number with a floating point holds fifteen digits; further digits are not the ones that were typed."""

NUMBER_WARNING = "is a number, so leading zeros may be lost; it is kept as it is; format the column as text"


class CellText(NamedTuple):
    """A cell as text, its problem, and a warning that applies if it is an identifier."""

    text: str
    problem: str = ""
    warning: str = ""


EMPTY_CELL = CellText("")


def require_columns(header: Sequence[str], columns: Sequence[str], place: InputLocation) -> None:
    """Raises InputError where a header lacks one of `columns`, or has a column twice."""
    for column in columns:
        if column not in header:
            raise InputError(f"expected a column {column}", place)
    if twice := [c for c in header if header.count(c) > 1]:
        raise InputError(f"column {twice[0]} occurs more than once", place)
