"""The text of a spreadsheet cell, as a person reads it."""

from __future__ import annotations

import operator
import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from kg.ontology.values import is_currency, is_magnitude
from kg.ontology.values.numbers import plain_number
from kg.sources.files.cells import EMPTY_CELL, MAX_EXACT_NUMBER, NUMBER_WARNING, CellText

_ZEROS = re.compile(r"0{2,}")
_FORMAT_CURRENCY = re.compile(r'\[\$([^\]-]+)(?:-[^\]]*)?\]|"([^"]+)"|(?<!\[)([$€£¥₽₴₺₹])')
_FORMAT_LITERALS = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')


_SECTION_PARTS = re.compile(r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|(?:\[[^\]]*\]|[_*].)|(?P<other>.)', re.DOTALL)
"""A literal text, one literal sign, what shows nothing or only space, and anything else that a format is made of."""

_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)(-?[0-9.]+)\]")
_COMPARED = {
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    "<>": operator.ne,
    ">=": operator.ge,
    ">": operator.gt,
}
_PLACES = re.compile(r"[0#?](?:.*[0#?])?|General|@")
"""From the first place for a digit to the last."""

_SCALING = re.compile(r"[0#?],+(?![0#?,])")


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
        return CellText(str(value).upper())  # as the cell shows it
    if isinstance(value, int | float):
        return _number_text(value, cell.number_format or "")
    if isinstance(value, datetime | date | time | timedelta):
        return CellText(_date_text(value, cell.number_format or ""))
    return CellText(str(value).strip())


def _number_text(value: float, number_format: str) -> CellText:
    number = Decimal(repr(value))
    is_plain = number_format in ("", "General")
    change = "" if is_plain else _change(_section(number_format, number), is_positive=number > 0)
    if change:
        return CellText(plain_number(number), f"{change}; write the number that is meant, in a plain format")
    if "%" in _FORMAT_LITERALS.sub("", number_format):
        return CellText(f"{plain_number(number * 100)}%")
    text = plain_number(number)
    if abs(number) >= MAX_EXACT_NUMBER:
        problem = "is a number of more than fifteen digits, which spreadsheets do not store; write it as text"
        return CellText(text, problem)
    if _ZEROS.fullmatch(number_format) and text.isdigit():
        return CellText(text.zfill(len(number_format)))  # the zeros that the cell shows
    return CellText(text, "", NUMBER_WARNING, _shown_currency(number_format) if number_format != "General" else "")


def _section(number_format: str, number: Decimal) -> str:
    """The section of a format by which a number is shown."""
    sections = _sections(number_format)
    conditions = [_CONDITION.search(section) for section in sections]
    if any(conditions):
        others = [section for section, found in zip(sections, conditions, strict=True) if not found]
        met = (
            section
            for section, found in zip(sections, conditions, strict=True)
            if found and _COMPARED[found[1]](number, Decimal(found[2]))
        )
        return next(met, others[0] if others else "General")
    if number < 0:
        return sections[min(1, len(sections) - 1)]
    return sections[2 if number == 0 and len(sections) > 2 else 0]


@lru_cache(maxsize=1_024)
def _sections(number_format: str) -> list[str]:
    """The parts of a format for numbers above zero, below it, and zero; a `;` in a literal text separates none."""
    parts = (found[0] for found in _SECTION_PARTS.finditer(number_format))
    return "".join("\0" if part == ";" else part for part in parts).split("\0")


@lru_cache(maxsize=1_024)
def _change(section: str, *, is_positive: bool) -> str:
    """How a section of a format shows another number than the stored one; empty for most."""
    parts = list(_SECTION_PARTS.finditer(section))
    literals = "".join(found["quoted"] or found["escaped"] or "" for found in parts)
    text = "".join(found["quoted"] or found["escaped"] or found["other"] or "" for found in parts)
    masked = "".join("\0" * len(found["quoted"] or found["escaped"] or "") or found["other"] or "" for found in parts)
    places = _PLACES.search(masked)
    if not places:
        return "is a number that its format does not show" if is_positive else ""
    if _SCALING.search(masked):
        return "is a number that its format shows in thousands or millions"
    has_magnitude = any(map(is_magnitude, re.split(r"[\s.]+", literals)))
    before, after = text[: places.start()].strip(), text[places.end() :].strip()
    is_shown_below_zero = is_positive and {before[:1], before[-1:], after[:1]} & {*"-−–("}
    if has_magnitude or is_shown_below_zero or "‰" in literals or any(map(str.isdigit, literals)):
        return f"is a number that its format shows as {text.strip()}"
    return ""


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
