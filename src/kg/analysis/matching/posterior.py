"""From bits to a probability, and to what an analyst does with it."""

from __future__ import annotations

from collections.abc import Iterable

from kg.findings.matches import Band, Evidence

RULES_VERSION = "1"
"""Of the features, their weights, and the tables of names."""

STRONG, REVIEW, FAINT = 0.9, 0.1, 0.01

MAX_UNCERTAIN = 0.89
"""Above this is nothing that rests on names alone, or that a feature speaks plainly against."""

NAMES = "names"
"""The feature that compares names."""

CONTRADICTED = -4.0
"""A feature that says so much against it keeps a candidate from being strong."""

_MIN_BITS = 3.0
"""What says less is no kind of evidence of its own."""

_MIN_KINDS = 2
"""Independent kinds of evidence that a strong candidate has."""


def probability(evidence: Iterable[Evidence], prior_bits: float) -> float:
    """That two are one, after the evidence."""
    found = tuple(evidence)
    bits = prior_bits + sum(e.bits for e in found)
    p = 1 / (1 + 2.0**-bits) if bits > -1000 else 0.0
    is_certain = _kinds_for(found) - {NAMES} and not _is_contradicted(found)
    return p if is_certain else min(p, MAX_UNCERTAIN)


def band(evidence: Iterable[Evidence], p: float) -> Band:
    """`strong` rests on two independent kinds of evidence at least; names alone are for `review`."""
    found = tuple(evidence)
    if p >= STRONG and len(_kinds_for(found)) >= _MIN_KINDS and not _is_contradicted(found):
        return "strong"
    if p >= REVIEW:
        return "review"
    return "faint" if p >= FAINT else "none"


def _is_contradicted(evidence: Iterable[Evidence]) -> bool:
    return any(e.bits <= CONTRADICTED for e in evidence)


def _kinds_for(evidence: Iterable[Evidence]) -> set[str]:
    return {e.feature for e in evidence if e.bits >= _MIN_BITS}
