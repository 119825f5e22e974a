"""The names of two people or companies: their best pair counts."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from itertools import product

from kg.analysis.matching.party import Party
from kg.findings.matches import Evidence
from kg.names import NameMatch, compare_names
from kg.names.comparison import Kind
from kg.names.words import HAN

WEAK_SHARE = 0.25
"""What a weak alias counts of a name."""

MAX_NAMES = 8
"""Names of one party beyond these are not compared."""


def name_evidence(one: Party, other: Party) -> Evidence:
    """The bits of the pair of names that weighs most."""
    kind: Kind = "company" if one.is_company or other.is_company else "person"
    best: tuple[float, NameMatch, str, str] | None = None
    for left, right, share in _pairs(one, other):
        match = compare_names(left, right, kind)
        bits = match.bits * (share if match.bits > 0 else 1.0)
        if best is None or bits > best[0]:
            best = (bits, match, left, right)
    if best is None:
        return Evidence("names", 0.0, "one of them has no name")
    bits, match, left, right = best
    return Evidence("names", round(bits, 1), "; ".join(match.reasons), left, right)


@lru_cache(maxsize=65_536)
def full_names(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names without spellings of those that are there in characters, which say more than a spelling of them."""
    han = [name for name in names if HAN.search(name)]
    if not han or len(han) == len(names):
        return names
    return tuple(n for n in names if n in han or not any(compare_names(n, written).is_same for written in han))


def _pairs(one: Party, other: Party) -> Iterator[tuple[str, str, float]]:
    ours, theirs = (
        [(n, 1.0) for n in full_names(party.names[:MAX_NAMES])]
        + [(n, WEAK_SHARE) for n in party.weak_names[:MAX_NAMES]]
        for party in (one, other)
    )
    for (left, p), (right, q) in product(ours, theirs):
        yield left, right, min(p, q)
