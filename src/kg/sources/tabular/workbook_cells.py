"""What does a cell of a spreadsheet say, as a person reads it?"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

EXACT = 10**15
"""Spreadsheets keep fifteen digits of a number; what stands beyond them is made up."""

NUMBER = "is a number, so zeros at its start would be lost; it is kept as it stands; format the column as text"

_ZEROS = re.compile(r"0{2,}")
_NOT_SHOWN = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')


class Shown(NamedTuple):
    """A cell as text, what is wrong with it, and what may be wrong with it if it is an identifier."""

    text: str
    problem: str = ""
    note: str = ""


EMPTY = Shown("")


def shown(cell: Any, written: Any) -> Shown:
    """The text of a cell; `written` is the same cell with its formula."""
    value = getattr(cell, "value", None)
    if value is None:
        formula = getattr(written, "value", None)
        if formula is None:
            return EMPTY
        return Shown(str(formula), "is a formula without a stored value; save the workbook in a spreadsheet program")
    if cell.data_type == "e":
        return Shown(str(value), "is the error of a formula")
    if isinstance(value, bool):
        return Shown("yes" if value else "no")
    if isinstance(value, int | float):
        return _number(value, cell.number_format or "")
    if isinstance(value, datetime | date | time | timedelta):
        return Shown(_day(value, cell.number_format or ""))
    return Shown(str(value).strip())


def letters_of(column: int) -> str:
    """A column's letters, from its number from 1."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _number(value: float, form: str) -> Shown:
    number = Decimal(repr(value))
    if "%" in _NOT_SHOWN.sub("", form):
        return Shown(f"{_plain(number * 100)}%")
    text = _plain(number)
    if abs(number) >= EXACT:
        return Shown(text, "is a number of more than fifteen digits, which no spreadsheet keeps; write it as text")
    if _ZEROS.fullmatch(form) and text.isdigit():
        return Shown(text.zfill(len(form)))  # the zeros that the cell shows
    return Shown(text, note=NUMBER)


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _day(value: datetime | date | time | timedelta, form: str) -> str:
    """A date as exactly as the cell shows it: a spreadsheet keeps June 2014 as its first day."""
    if not isinstance(value, date):
        return str(value)
    if isinstance(value, datetime) and value.time() != time():
        return value.isoformat(timespec="seconds")
    parts = _NOT_SHOWN.sub("", form).lower()
    if "y" in parts and "d" not in parts:
        return f"{value:%Y-%m}" if "m" in parts else f"{value:%Y}"
    return f"{value:%Y-%m-%d}"
