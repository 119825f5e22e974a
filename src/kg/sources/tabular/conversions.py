"""The named conversions of cells."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal, InvalidOperation

from kg.ontology.values import VALUE_TYPES, BadValue, decimal_point, is_bare_fraction, month_number, without_time
from kg.ontology.values.register_numbers import restore_company_number
from kg.sources.countries import (
    citizenship_code,
    citizenship_problem,
    citizenships,
    code_of_alpha3,
    code_of_typed_country,
    fold_name,
    name_hint,
    state_code,
)

Conversion = Callable[[str, int | None], str]
"""From a cell, and the latest year that two digits may mean, to a value of the ontology. Raises BadValue."""

_PARTS = re.compile(r"[0-9]+|[^\W\d_]+")
_YEAR_FIRST = re.compile(r"\s*(?:[12][0-9]{3} ?年|(?:1[89]|20)[0-9]{6}\s*$)")
"""How a date begins, or is, whose order nobody doubts: `2009年5月3日`, `20110203`."""

_DATE_SEPARATORS = re.compile(r"[\s./,\-–]")
_ORDINAL = re.compile(r"(?<=[0-9])(?:st|nd|rd|th)\b(?: of\b)?", re.IGNORECASE)
_EXPONENT = r"([eE][+-]?[0-9]{1,2}(?![0-9]))?"
_COMMA_NUMBER = re.compile(rf"([+-]?[0-9]{{1,3}}(?:[. '’][0-9]{{3}})+|[+-]?[0-9]+)(?:,([0-9]+))?{_EXPONENT}")
_POINT_NUMBER = re.compile(rf"([+-]?[0-9]{{1,3}}(?:[, '’][0-9]{{3}})+|[+-]?[0-9]+)(?:\.([0-9]+))?{_EXPONENT}")
_PART_OF_STATE = re.compile(r"[A-Za-z]{2}-[A-Za-z0-9]{1,3}")
_MAX_LENGTH = 40
"""Longest date or number, in characters."""


def has_short_year(text: str) -> bool:
    """Whether a date's year has two digits, so that its century is a guess."""
    return not any(len(part) >= 4 and part.isdigit() for part in _PARTS.findall(text))


def _date_conversion(order: str) -> Conversion:
    """The conversion of dates with parts in this order; months may be words, days and months may be missing.

    The order `date` is that of words and of numbers of which only one can be the month.
    """
    example = {
        "date": "23-MAR-2006 or 2006-03-23",
        "dmy": "23-MAR-2006 or 23/03/2006",
        "mdy": "March 23, 2006 or 03/23/2006",
        "ymd": "2006/03/23",
    }[order]

    def convert(raw: str, pivot: int | None) -> str:
        try:
            return VALUE_TYPES["date"].clean(_iso_date(raw, order, pivot))
        except BadValue as error:
            if _YEAR_FIRST.match(raw):  # in whatever order the others of the column are
                with suppress(BadValue):
                    return VALUE_TYPES["date"].clean(raw)
            raise BadValue(f"expected a date such as {example}{_detail(raw, str(error))}") from None

    return convert


def _detail(raw: str, problem: str) -> str:
    """What is known of a text that is no date, to end a message with."""
    if "two digits" in problem or ";" in problem:
        return f"; {problem.rpartition('; ')[2]}"
    try:
        VALUE_TYPES["date"].clean(raw)
    except BadValue as error:
        _, _, known = str(error).partition("; spreadsheets")
        return f"; spreadsheets{known}" if known else ""
    return ""


def _iso_date(raw: str, order: str, pivot: int | None) -> str:
    """The date in the order of ISO 8601. Raises BadValue."""
    text = _ORDINAL.sub("", without_time(raw.strip()))
    if len(text) > _MAX_LENGTH:
        raise BadValue("no date")
    if re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ]|$)", text) or re.fullmatch(r"[0-9]{4}(?:-[0-9]{2})?", text):
        return text
    if order == "ymd" and re.fullmatch(r"[0-9]{8}", text):
        return f"{text[:4]}-{text[4:6]}-{text[6:]}"
    parts = _PARTS.findall(text)
    if not 1 <= len(parts) <= 3 or _DATE_SEPARATORS.sub("", _PARTS.sub("", text)):
        raise BadValue("no date")
    return _join_date_parts(parts, order, pivot)


def _join_date_parts(parts: list[str], order: str, pivot: int | None) -> str:
    if order == "date":
        order = _only_order(parts)
    names = order if len(parts) == 3 else order.replace("d", "") if len(parts) == 2 else "y"
    found = dict(zip(names, parts, strict=True))
    word = next((p for p in parts if p.isalpha()), "")
    if len(parts) == 3 and len(parts[0]) == 4 and parts[0].isdigit():
        found = dict(zip("ymd", parts, strict=True))
    elif word and len(parts) == 3 and order != "ymd":
        at = parts.index(word)
        day, year = (*parts[:at], *parts[at + 1 :])
        found = {"d": day, "m": word, "y": year}
    found["y"] = _year(found["y"], pivot)
    if "m" in found:
        found["m"] = _month(found["m"])
    if any(not part.isdigit() or len(part) > 4 for part in found.values()):
        raise BadValue("no date")
    return "-".join(found[name].zfill(2) for name in "ymd" if name in found)


def _only_order(parts: list[str]) -> str:
    """The only order that three numbers may have. Raises BadValue where day and month may change places."""
    if len(parts) != 3 or not all(part.isdigit() for part in parts) or len(parts[0]) == 4:
        return "dmy"
    first, second = int(parts[0]), int(parts[1])
    if first != second and min(first, second) > 0 and max(first, second) <= 12:
        raise BadValue(f"no date; {parts[0]} or {parts[1]} may be the month: declare `dmy` or `mdy` in place of `date`")
    return "mdy" if second > 12 or second == 0 else "dmy"


def _year(text: str, pivot: int | None) -> str:
    if len(text) != 2 or not text.isdecimal():
        return text if len(text) == 4 else "no year"
    if pivot is None:
        raise BadValue("its year has two digits, and the declaration states no pivot, the latest that they mean")
    year = pivot - pivot % 100 + int(text)
    return str(year if year <= pivot else year - 100)


def _month(text: str) -> str:
    if text.isdigit():
        return text
    if month := month_number(text):
        return str(month)
    raise BadValue("no month")


def _alpha3(raw: str, pivot: int | None) -> str:
    if code := code_of_alpha3(raw):
        return code
    raise BadValue("expected a code of three letters of ISO 3166-1, such as WSM")


_STATE_PARTS = {
    "california": "US-CA",
    "delaware": "US-DE",
    "florida": "US-FL",
    "nevada": "US-NV",
    "new york": "US-NY",
    "south dakota": "US-SD",
    "texas": "US-TX",
    "wyoming": "US-WY",
    "british columbia": "CA-BC",
    "ontario": "CA-ON",
    "quebec": "CA-QC",
    "labuan": "MY-15",
}
"""Parts of states with registers of companies, in folded form, and their codes of ISO 3166-2."""


def _country(raw: str, pivot: int | None) -> str:
    if code := code_of_typed_country(state_code(raw.strip()) if is_part(raw) else raw):
        return code
    part = _STATE_PARTS.get(fold_name(raw), "")
    hint = f"; {raw} is a part of {state_code(part)} (write: {part})" if part else name_hint(raw)
    raise BadValue(f"expected a code of ISO 3166-1 or the English name of a jurisdiction, such as Samoa{hint}")


def _citizenship(raw: str, pivot: int | None) -> str:
    if code := citizenship_code(raw) or code_of_typed_country(raw):
        return code
    several = citizenships(raw)
    if len(several.codes) > 1 and not several.unknown:
        raise BadValue(f"expected one citizenship, not {len(several.codes)}; separate them with ;")
    raise BadValue(citizenship_problem(raw))


def _fraction(raw: str, pivot: int | None) -> str:
    """The share in per cent: of `0.51` and `½` the hundredfold, of `51 %` the number, as the sign says what it is."""
    text = raw.strip()
    if text.endswith(("%", "％", "٪")):
        return _percent(text, pivot)
    if len(text) == 1 and unicodedata.category(text) == "No" and 0 < unicodedata.numeric(text) < 1:
        return text
    try:
        number = Decimal(raw.strip().replace(",", "."))
    except InvalidOperation:
        number = Decimal(-1)
    exponent = number.as_tuple().exponent  # no number where it is none, which cannot be compared
    if not isinstance(exponent, int) or exponent < -_MAX_LENGTH or not 0 <= number <= 1 or len(raw) > _MAX_LENGTH:
        raise BadValue("expected a part of one, such as 0.51")
    return f"{number * 100:f}"


def _percent(raw: str, pivot: int | None) -> str:
    """The text, unless its bare numbers lie between 0 and 1: people write 0.5 for half a per cent and for a half."""
    if is_bare_fraction(raw):
        raise BadValue("it may be a fraction, or less than one per cent; write 50 % for a half, or 0.5 %")
    return raw


def _decimal_comma(raw: str, pivot: int | None) -> str:
    """`1.200,50` becomes `1200.50`; words around it, such as a currency, are kept."""
    return _only_number(raw, _COMMA_NUMBER, "expected a number with a decimal comma, such as 1.200,50")


def _decimal_point(raw: str, pivot: int | None) -> str:
    """`10.125` becomes `10.1250`, in which the point can only be the decimal sign; words around it are kept."""
    return _only_number(raw, _POINT_NUMBER, "expected a number with a decimal point, such as 1,200.50")


def _only_number(raw: str, form: re.Pattern[str], expected: str) -> str:
    """The text with its only number as programs write one."""
    found = list(form.finditer(raw)) if len(raw) <= _MAX_LENGTH else []
    if len(found) != 1 or any(c in "0123456789.,'’" for c in raw[: found[0].start()] + raw[found[0].end() :]):
        raise BadValue(expected)
    whole, part, exponent = found[0].groups("")
    whole = re.sub(r"[., '’]", "", whole)
    number = decimal_point(f"{whole}.{part}" if part else whole) + exponent
    return raw[: found[0].start()] + number + raw[found[0].end() :]


def is_part(text: str) -> bool:
    """Whether a text is a code of ISO 3166-2 for a part of a state, such as US-DE."""
    return _PART_OF_STATE.fullmatch(text.strip()) is not None


CONVERSIONS: dict[str, Conversion] = {
    "date": _date_conversion("date"),
    "dmy": _date_conversion("dmy"),
    "mdy": _date_conversion("mdy"),
    "ymd": _date_conversion("ymd"),
    "alpha3": _alpha3,
    "country": _country,
    "citizenship": _citizenship,
    "fraction": _fraction,
    "percent": _percent,
    "decimal_comma": _decimal_comma,
    "decimal_point": _decimal_point,
    "upper": lambda raw, pivot: raw.upper(),
    "lower": lambda raw, pivot: raw.lower(),
    "uk_company": lambda raw, pivot: restore_company_number(raw),
}
DATE_CONVERSIONS = ("date", "dmy", "mdy", "ymd")
