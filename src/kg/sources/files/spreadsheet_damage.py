"""What a spreadsheet program made of a value: a shortened number, a date, a truth value."""

from __future__ import annotations

import re
from typing import NamedTuple

from kg.ontology.values import SHORTENED, is_shortened

_ZEROED = re.compile(r"[1-9][0-9]{14}0{2,}")
_MONTHS = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_DATE = re.compile(rf"[0-9]{{1,2}}-{_MONTHS}|{_MONTHS}-[0-9]{{2}}")
_KEPT = "it is kept as it is"


class Damage(NamedTuple):
    """What is wrong with a value: a problem, so that it is not understood, or a remark."""

    problem: str = ""
    remark: str = ""


def spreadsheet_damage(name: str, value_type: str, text: str) -> Damage | None:
    """What a spreadsheet program probably made of a value of a property; None for most values."""
    if name == "phone" and is_shortened(text):
        return Damage(f"expected a telephone number, {SHORTENED}")
    if value_type == "identifier" and _ZEROED.fullmatch(text):
        return Damage(remark=f"has zeros after fifteen digits, of which spreadsheets keep no more; {_KEPT}")
    if value_type == "name" and text.upper() in ("TRUE", "FALSE"):
        return Damage(remark=f"is a truth value of a spreadsheet, and maybe no name; {_KEPT}")
    if value_type in ("name", "identifier") and _DATE.fullmatch(text):
        return Damage(remark=f"may be what a spreadsheet made of two numbers, such as 3-5; {_KEPT}")
    return None
