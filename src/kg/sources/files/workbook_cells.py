"""The text of a spreadsheet cell, as a person reads it."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from kg.ontology.values import is_currency
from kg.ontology.values.numbers import plain_number
from kg.sources.files.cells import EMPTY_CELL, MAX_EXACT_NUMBER, NUMBER_WARNING, CellText

_ZEROS = re.compile(r"0{2,}")
_FORMAT_CURRENCY = re.compile(r'\[\$([^\]-]+)(?:-[^\]]*)?\]|"([^"]+)"|([$€£¥₽₴₺₹])')
_FORMAT_LITERALS = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')


def cell_text(cell: Any, formula_cell: Any) -> CellText:
    """The text of a cell; `formula_cell` is the same cell with its formula."""
    value = getattr(cell, "value", None)
    if value is None:
        formula = getattr(formula_cell, "value", None)
        if formula is None:
            return EMPTY_CELL
        return CellText(str(formula), "is a formula without a stored value; save the workbook in a spreadsheet program")
    if cell.data_type == "e":
        return CellText(str(value), "is the error of a formula")
    if isinstance(value, bool):
        return CellText("yes" if value else "no")
    if isinstance(value, int | float):
        return _number_text(value, cell.number_format or "")
    if isinstance(value, datetime | date | time | timedelta):
        return CellText(_date_text(value, cell.number_format or ""))
    return CellText(str(value).strip())


def _number_text(value: float, number_format: str) -> CellText:
    number = Decimal(repr(value))
    if "%" in _FORMAT_LITERALS.sub("", number_format):
        return CellText(f"{plain_number(number * 100)}%")
    text = plain_number(number)
    if abs(number) >= MAX_EXACT_NUMBER:
        problem = "is a number of more than fifteen digits, which spreadsheets do not store; write it as text"
        return CellText(text, problem)
    if _ZEROS.fullmatch(number_format) and text.isdigit():
        return CellText(text.zfill(len(number_format)))  # the zeros that the cell shows
    return CellText(text, "", NUMBER_WARNING, _shown_currency(number_format) if number_format != "General" else "")


@lru_cache(maxsize=1_024)
def _shown_currency(number_format: str) -> str:
    """The sign or code of the currency that a format of numbers shows, such as `€` of `#,##0.00 [$€-407]`."""
    positive = number_format.partition(";")[0]
    signs = [found[1] or found[2] or found[3] for found in _FORMAT_CURRENCY.finditer(positive)]
    return next((sign.strip() for sign in signs if is_currency(sign.strip())), "")


def _date_text(value: datetime | date | time | timedelta, number_format: str) -> str:
    """A date with the precision that the cell shows: a spreadsheet stores June 2014 as its first day."""
    if not isinstance(value, date):
        return str(value)
    if isinstance(value, datetime) and value.time() != time():
        return value.isoformat(timespec="seconds")
    parts = _FORMAT_LITERALS.sub("", number_format).lower()
    if "y" in parts and "d" not in parts:
        return f"{value:%Y-%m}" if "m" in parts else f"{value:%Y}"
    return f"{value:%Y-%m-%d}"
