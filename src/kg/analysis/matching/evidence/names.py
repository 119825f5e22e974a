"""The names of two people or companies: their best pair counts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from kg.analysis.matching.party import Party
from kg.findings.matches import Evidence
from kg.names import compare_names
from kg.names.match import NameMatch

WEAK_SHARE = 0.25
"""What a weak alias counts of a name."""

MAX_NAMES = 8
"""Names of one party beyond these are not compared."""


def name_evidence(one: Party, other: Party) -> Evidence:
    """The bits of the pair of names that weighs most."""
    best: tuple[float, NameMatch | None, str, str] = (float("-inf"), None, "", "")
    for left, right, share in _pairs(one, other):
        match = compare_names(left, right, "company" if one.is_company or other.is_company else "person")
        bits = match.bits * (share if match.bits > 0 else 1.0)
        if bits > best[0]:
            best = (bits, match, left, right)
    bits, match, left, right = best
    if match is None:
        return Evidence("names", 0.0, "one of them has no name")
    return Evidence("names", round(bits, 1), "; ".join(match.reasons), left, right)


def _pairs(one: Party, other: Party) -> Iterator[tuple[str, str, float]]:
    ours = [(n, 1.0) for n in one.names[:MAX_NAMES]] + [(n, WEAK_SHARE) for n in one.weak_names[:MAX_NAMES]]
    theirs = [(n, 1.0) for n in other.names[:MAX_NAMES]] + [(n, WEAK_SHARE) for n in other.weak_names[:MAX_NAMES]]
    for (left, p), (right, q) in product(ours, theirs):
        yield left, right, min(p, q)
