"""Which two entries of a register cannot both be a third?"""

from __future__ import annotations

from kg.analysis.matching.evidence import birth_date, death, generation, number, sex
from kg.analysis.matching.party import Party, Register
from kg.findings.matches import has_same_number
from kg.findings.posterior import CONTRADICTED
from kg.names import compare_names
from kg.names.words import HAN

_PLAIN = tuple(module.evidence for module in (birth_date, sex, generation, number, death))
"""What people do not change; they move, marry and have several posts."""


def exclude_each_other(one: Party, other: Party, written: tuple[str, str] = ("", "")) -> bool:
    """Whether what is said of two contradicts that they are one, so that a third can be only one of them.

    `written` are their names that are alike to one name of the third: in characters, other names are others'; in other
    letters, both may be spellings of one. Two with a number in common may be one, whatever else is said.
    """
    found = [e for feature in _PLAIN if (e := feature(one, other, _NO_REGISTER))]
    if has_same_number(found):
        return False
    if any(e.bits <= CONTRADICTED for e in found):
        return True
    return all(map(HAN.search, written)) and compare_names(*written).bits <= CONTRADICTED


_NO_REGISTER = Register(size=0)
"""Nothing of it is asked: what contradicts does so in any."""
