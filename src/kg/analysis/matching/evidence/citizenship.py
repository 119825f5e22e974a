"""Citizenship, or the country of registration: what is rare in the register says more. People change theirs."""

from __future__ import annotations

from kg.analysis.matching.party import Party, Register
from kg.findings.matches import Evidence

OTHER, MOST = -0.5, 6.0

IN_NAMES = 1.0
"""Bits of a country in common that names which are alike have told already."""


def evidence(one: Party, other: Party, register: Register) -> Evidence | None:
    """The rarest one that both have; None where one has none."""
    if not one.countries or not other.countries:
        return None
    ours, theirs = ", ".join(sorted(one.countries)), ", ".join(sorted(other.countries))
    common = one.countries & other.countries
    if not common:
        return Evidence("country", OTHER, f"{ours} and {theirs}", ours, theirs)
    rarest = max(sorted(common), key=register.country_bits)
    bits = round(min(MOST, max(0.0, register.country_bits(rarest) - IN_NAMES)), 1)
    return Evidence("country", bits, f"both {rarest}", ours, theirs)
