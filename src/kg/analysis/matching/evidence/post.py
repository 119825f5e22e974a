"""Former posts and their agencies."""

from __future__ import annotations

from kg.analysis.matching.party import Party, Register
from kg.findings.matches import Evidence
from kg.names import name_words
from kg.names.words import HAN

SAME_AGENCY, SAME_WORDS = 5.0, 4.0
_MIN_COMMON = 2
_SHARE = 0.6
_MIN_CHARACTERS = 3
_LITTLE_WORDS = frozenset({"a", "an", "and", "at", "by", "de", "for", "in", "of", "on", "the", "to", "with"})


def evidence(one: Party, other: Party, register: Register) -> Evidence | None:
    """An agency that both served, or posts in the same words; other posts say nothing: people have several."""
    agencies = {name_words(a) for a in one.agencies} - {()}
    for agency in sorted(other.agencies):
        if name_words(agency) in agencies:
            return Evidence("post", SAME_AGENCY, f"both had a post at {agency}", agency, agency)
    for ours in one.values.get("position", ()):
        for theirs in other.values.get("position", ()):
            if _are_same_words(name_words(ours), name_words(theirs)):
                return Evidence("post", SAME_WORDS, f"{ours!r} and {theirs!r}", ours, theirs)
    return None


def _are_same_words(ours: tuple[str, ...], theirs: tuple[str, ...]) -> bool:
    """Whether most words are the same; characters, which many posts have, in the same order."""
    if any(map(HAN.match, (*ours, *theirs))):
        short, long = sorted(("".join(ours), "".join(theirs)), key=len)
        return len(short) >= _MIN_CHARACTERS and short in long
    left, right = set(ours) - _LITTLE_WORDS, set(theirs) - _LITTLE_WORDS
    common = len(left & right)
    return common >= _MIN_COMMON and common >= _SHARE * min(len(left), len(right))
