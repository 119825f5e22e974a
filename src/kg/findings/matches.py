"""What a comparison of two people or companies found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Band = Literal["strong", "review", "faint", "none"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one feature says for or against one identity."""

    feature: str
    """Such as `names` or `birth date`."""
    bits: float
    """Positive for, negative against; each bit doubles or halves the odds."""
    says: str
    """One sentence with the values compared."""
    one_value: str = ""
    other_value: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """Two people or companies that may be one. It is a suggestion: nothing in the graph follows from it."""

    one: str
    """The id of the one that is looked for, or the reference of its row."""
    other: str
    """The id of the other."""
    one_caption: str
    other_caption: str
    probability: float
    bits: float
    """The sum of the evidence, without the prior."""
    band: Band
    evidence: tuple[Evidence, ...]
    namesakes_expected: float
    """How many others in the register are expected to be called so, by the frequency of the name."""
    missing: tuple[str, ...]
    """What neither comparison could use and would decide it, such as `birth date`."""
    warnings: tuple[str, ...] = ()
    other_sources: tuple[str, ...] = ()
    rules_version: str = ""


def namesake_words(match: Match) -> str:
    """How many others of the register are expected to be called so; empty where the names are not alike."""
    names = next((e.bits for e in match.evidence if e.feature == "names"), 0.0)
    if names <= 0:
        return ""
    if match.namesakes_expected < 1:
        return "fewer than one other person or company called so expected"
    return f"about {match.namesakes_expected:,.0f} others called so expected"
