"""Decimal numbers, in each way of writing them that means one number."""

from __future__ import annotations

import re
from decimal import Decimal

from kg.ontology.values.texts import BadValue, ValueType, clean_text, to_ascii_width

_PLAIN = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_SIGNED = re.compile(r"\( ?(?P<bracketed>[^ +(-].*?) ?\)|(?P<sign>[+-]?) ?(?P<number>[^ +(-].*?)(?P<trailing>-?)")
_OPEN = re.compile(r"[0-9]+\.|\.[0-9]+")
_SCIENTIFIC = re.compile(r"([0-9]+(?:[.,][0-9]*)?|\.[0-9]+)[eE]([+-]?[0-9]{1,2})")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:(?:,[0-9]{3})+(?:\.[0-9]+)?|([ '’])[0-9]{3}(?:\1[0-9]{3})*(?:[.,][0-9]+)?)")
_INDIAN = re.compile(r"[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}(?:\.[0-9]+)?")
_POINT_GROUPED = re.compile(r"[1-9][0-9]{0,2}(?:(?:\.[0-9]{3})+,[0-9]+|(?:\.[0-9]{3}){2,})")
_DECIMAL_COMMA = re.compile(r"(?:0|[1-9][0-9]*),[0-9]+")
_LONE_SIGN = re.compile(r"[1-9][0-9]{0,2}([.,])[0-9]{3}|[1-9][0-9]{0,3}(,)[0-9]{4}")
"""A sign that may separate groups, of three or as in Chinese of four, or start the decimals."""

_LONE_POINT = re.compile(r"[+-]?[1-9][0-9]{0,2}\.[0-9]{3}")
_MAX_LENGTH = 40
"""Longest number, in characters."""

_MAX_EXPONENT = 30
_UNGROUPED = str.maketrans("", "", ", '’")


class NumberValue(ValueType):
    """A decimal number."""

    def clean(self, raw: str) -> str:
        """The number without unnecessary zeros."""
        text = clean_text(to_ascii_width(raw), self.expected)
        return plain_number(parse_decimal(text, self.expected))


def parse_decimal(text: str, expected: str, *, comma_groups: bool = False, point_decides: bool = True) -> Decimal:
    """The number in a text: plain, grouped as anywhere in the world, scientific; a negative one also in parentheses.

    In `1,200` and `1.200` the sign may separate groups or start the decimals. The comma is refused, or separates groups
    if `comma_groups`; the point starts the decimals, or is refused unless `point_decides`. Raises BadValue.
    """
    if len(text) <= _MAX_LENGTH:
        if _PLAIN.fullmatch(text) and (point_decides or text[-4:-3] != "." or not _LONE_POINT.fullmatch(text)):
            return Decimal(text)
        if _GROUPED.fullmatch(text) and not _LONE_SIGN.fullmatch(text):
            return _grouped(text)
        if signed := _SIGNED.fullmatch(text):
            bracketed, sign, number, trailing = signed.groups()
            unsigned = bracketed or number
            if lone := _LONE_SIGN.fullmatch(unsigned):
                if not (comma_groups if lone[1] == "," else point_decides and lone[1]):
                    called = "point" if lone[1] == "." else "comma"
                    detail = f"the {called} in {unsigned} may separate groups or start the decimals"
                    raise BadValue(f"expected {expected}; {detail}")
                unsigned = unsigned.replace(",", "")
            found = _unsigned(unsigned)
            if found is not None and not (sign and trailing):
                return -found if bracketed or "-" in (sign, trailing) else found
    raise BadValue(f"expected {expected}")


def plain_number(number: Decimal) -> str:
    """A number without exponent and unnecessary zeros."""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def decimal_point(text: str) -> str:
    """`10.125` as `10.1250`, in which the point can only start the decimals."""
    return f"{text}0" if text[-4:-3] == "." and _LONE_POINT.fullmatch(text) else text


def _grouped(text: str) -> Decimal:
    whole, comma, part = text.rpartition(",")
    is_decimal_comma = comma and not whole.isdigit() and "," not in whole and "." not in part
    return Decimal((f"{whole}.{part}" if is_decimal_comma else text).translate(_UNGROUPED))


def _unsigned(text: str) -> Decimal | None:
    if _PLAIN.fullmatch(text) or _OPEN.fullmatch(text):
        return Decimal(text)
    if scientific := _SCIENTIFIC.fullmatch(text):
        exponent = int(scientific[2])
        number = Decimal(scientific[1].replace(",", "."))
        return number.scaleb(exponent) if abs(exponent) <= _MAX_EXPONENT else None
    if _GROUPED.fullmatch(text):
        return _grouped(text)
    if _INDIAN.fullmatch(text):
        return Decimal(text.replace(",", ""))
    if _POINT_GROUPED.fullmatch(text):
        return Decimal(text.replace(".", "").replace(",", "."))
    return Decimal(text.replace(",", ".")) if _DECIMAL_COMMA.fullmatch(text) else None


number_type = NumberValue(
    "number",
    "a decimal number such as 12.5",
    "A decimal number. A single point is the decimal sign; a single comma, as in 1,200, is rejected as ambiguous.",
    ("12.50", "1,200,500.5", "1.200,50", "5.69E7"),
)
