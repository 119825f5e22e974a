"""The sex, as a record or a resident number has it; never guessed from the name."""

from __future__ import annotations

from kg.analysis.matching.party import Party, Register
from kg.findings.matches import Evidence

SAME, OTHER = 0.95, -5.6


def evidence(one: Party, other: Party, register: Register) -> Evidence | None:
    """None where one has none."""
    if not one.sexes or not other.sexes:
        return None
    same = one.sexes & other.sexes
    ours, theirs = ", ".join(sorted(one.sexes)), ", ".join(sorted(other.sexes))
    return Evidence(
        "sex", SAME if same else OTHER, f"both {min(same)}" if same else f"{ours} and {theirs}", ours, theirs
    )
