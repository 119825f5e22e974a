"""`Sr.` and `Jr.`, `II` and `III`, the elder and the younger: which of those who are called so in one family."""

from __future__ import annotations

import re

from kg.analysis.matching.party import Party, Register
from kg.findings.matches import Evidence

OTHER = -6.0

_GENERATIONS = (
    r"sr|snr|senior|the elder|elder|p[eè]re|padre|pai|старший",
    r"jr|jnr|junior|the younger|younger|fils|hijo|filho|j[uú]nior|ii|2nd|младший",
    r"iii|3rd|neto|nieto",
    r"iv|4th",
)
_AT_END = tuple(
    re.compile(rf"(?<=\w)(?:,\s*|\s+)(?:{words})\.?\s*$|(?<=\w)\s*\((?:{words})\.?\)", re.I) for words in _GENERATIONS
)
"""What stands after a name of two words at least."""
_MIN_WORDS = 3


def evidence(one: Party, other: Party, register: Register) -> Evidence | None:
    """None unless the names of both tell a generation, and another one."""
    if one.is_company or other.is_company:
        return None
    ours, theirs = generations(one.names), generations(other.names)
    if not ours or not theirs or ours.keys() & theirs.keys():
        return None
    a, b = next(iter(ours.values())), next(iter(theirs.values()))
    return Evidence("generation", OTHER, f"{a} and {b} are of two generations", a, b)


def generations(names: tuple[str, ...]) -> dict[int, str]:
    """By the generation that a name tells, 0 for the eldest, the first name that does."""
    found: dict[int, str] = {}
    for name in names:
        for number, pattern in enumerate(_AT_END):
            if pattern.search(name) and len(name.split()) >= _MIN_WORDS:
                found.setdefault(number, name)
    return found
