"""Cells that their file stores as something else than text, and the columns of tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
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
    currency: str = ""
    """The sign or code of a currency that its format shows."""


EMPTY_CELL = CellText("")


_MOST_SHOWN = 8
_BAD = re.compile("[\udc80-\udcff]")
"""Bytes that are no letters in the encoding that was expected."""

LOST = "\ufffd"
"""What is shown for one."""

_ENCODING_ADVICE = (
    'its letters are in another encoding: name that in the declaration, such as encoding = "cp1252", or save the table'
    " as CSV UTF-8"
)


def column_letter(number: int) -> str:
    """The letters of a column of a spreadsheet, from 1: A, Z, AA."""
    before, last = divmod(number - 1, 26)
    return (column_letter(before) if before else "") + chr(ord("A") + last)


def unnamed_column(number: int) -> str:
    """What a column without a heading is called."""
    return f"column {column_letter(number)}"


def require_columns(header: Sequence[str], columns: Sequence[str], place: InputLocation) -> None:
    """Raises InputError where a header lacks one of `columns`, or has a column twice."""
    if problem := missing_column(header, columns, place):
        raise InputError(problem, place)
    if twice := [c for c in header if header.count(c) > 1]:
        raise InputError(f"column {twice[0]} occurs more than once", place)


def missing_column(header: Sequence[str], columns: Iterable[str], place: InputLocation) -> str:
    """Which of `columns` a header lacks, and what it has; empty where it lacks none."""
    missing = [column for column in columns if column not in header]
    if not missing:
        return ""
    shown = ", ".join(f"{_BAD.sub(LOST, name[:40])!r}" for name in header[:_MOST_SHOWN]) or "none"
    more = f" and {len(header) - _MOST_SHOWN} more" if len(header) > _MOST_SHOWN else ""
    advice = ""
    if any(map(_BAD.search, header)):
        advice = f"; {_ENCODING_ADVICE}"
    elif place.line:
        advice = "; if the header is further down, delete the rows above it"
    return f"expected a column called {missing[0]}; the header has {shown}{more}{advice}"
