"""Relatives, partners and companies that both are linked to."""

from __future__ import annotations

from kg.analysis.matching.party import Party, Register
from kg.findings.matches import Evidence
from kg.names import name_words

SHARED = 5.0

MAX_NEIGHBOURS = 50
"""Who is linked to more is a hub, and a common neighbour says nothing."""


def evidence(one: Party, other: Party, register: Register) -> Evidence | None:
    """A neighbour in common: the same node, or one of the same name in both."""
    if not one.neighbours or not other.neighbours:
        return None
    if max(len(one.neighbours), len(other.neighbours)) > MAX_NEIGHBOURS:
        return None
    common = sorted(one.neighbours.keys() & other.neighbours.keys())
    if common:
        return Evidence("links", SHARED, f"both are linked to {one.neighbours[common[0]]}")
    called = {name_words(c): c for c in one.neighbours.values()}
    for caption in sorted(other.neighbours.values()):
        if (words := name_words(caption)) in called and len(words) > 1:
            return Evidence("links", SHARED, f"both are linked to one called {caption}")
    return None
