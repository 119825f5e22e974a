"""Former posts and their agencies."""

from __future__ import annotations

from kg.analysis.matching.party import Party, Register
from kg.findings.matches import Evidence
from kg.names import name_words

SAME_AGENCY, SAME_WORDS = 5.0, 4.0
_MIN_COMMON = 2
_SHARE = 0.6


def evidence(one: Party, other: Party, register: Register) -> Evidence | None:
    """An agency that both served, or posts in the same words; other posts say nothing: people have several."""
    agencies = {name_words(a): a for a in one.agencies}
    for agency in sorted(other.agencies):
        if name_words(agency) in agencies:
            return Evidence("post", SAME_AGENCY, f"both had a post at {agency}", agency, agency)
    for ours in one.values.get("position", ()):
        for theirs in other.values.get("position", ()):
            left, right = set(name_words(ours)), set(name_words(theirs))
            common = left & right
            if len(common) >= _MIN_COMMON and len(common) >= _SHARE * min(len(left), len(right)):
                return Evidence("post", SAME_WORDS, f"{ours!r} and {theirs!r}", ours, theirs)
    return None
