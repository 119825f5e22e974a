"""Values that cannot be true of one entity at once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from kg.ontology.model import Property
from kg.ontology.values import VALUE_TYPES

EXCLUSIVE = frozenset(("date", "percent", "number", "flag", "money", "valuation"))
"""Value types with one true value for each entity. Names, texts, identifiers and places may be several."""


def disagree(kind: Property, values: Sequence[str]) -> bool:
    """Whether any two canonical values cannot be true of one entity at once."""
    return any(not VALUE_TYPES[kind.type].same(a, b) for a, b in combinations(values, 2))


def contradict(kind: Property, values: Sequence[str]) -> bool:
    """Whether canonical values of one property contradict each other: only those of EXCLUSIVE types do."""
    return kind.type in EXCLUSIVE and disagree(kind, values)
