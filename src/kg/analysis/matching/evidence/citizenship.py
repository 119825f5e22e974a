"""Citizenship, or the country of registration: what is rare in the register says more. People change theirs."""

from __future__ import annotations

from kg.analysis.matching.evidence.number import same_passports
from kg.analysis.matching.party import Party, Register
from kg.findings.matches import Evidence

OTHER, MOST = -0.5, 6.0

OTHER_ISSUER = -4.0
"""Of one passport number at citizens of two states, which each give their own: it may be two passports."""

_CHINESE = frozenset({"CN", "HK", "MO", "TW"})
"""Lists and registers name either of these for one passport."""
_DAY = 10

IN_NAMES = 1.0
"""Bits of a country in common that names which are alike have told already."""


def evidence(one: Party, other: Party, register: Register) -> Evidence | None:
    """The rarest one that both have; None where one has none."""
    if not one.countries or not other.countries:
        return None
    ours, theirs = ", ".join(sorted(one.countries)), ", ".join(sorted(other.countries))
    common = one.countries & other.countries
    if not common:
        if same_passports(one, other) and not _are_of_one_issuer(one, other):
            says = f"{ours} and {theirs}, which give passport numbers of their own"
            return Evidence("country", OTHER_ISSUER, says, ours, theirs)
        return Evidence("country", OTHER, f"{ours} and {theirs}", ours, theirs)
    rarest = max(sorted(common), key=register.country_bits)
    bits = round(min(MOST, max(0.0, register.country_bits(rarest) - IN_NAMES)), 1)
    return Evidence("country", bits, f"both {rarest}", ours, theirs)


def _are_of_one_issuer(one: Party, other: Party) -> bool:
    """Whether one state may have given the passport of both: their states share papers, or both were born on one day,
    so that one may have become a citizen of another state.
    """
    if one.countries & _CHINESE and other.countries & _CHINESE:
        return True
    return any(len(day) == _DAY for day in {*one.birth_dates} & {*other.birth_dates})
