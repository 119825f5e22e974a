"""Which values cannot be true of one thing at once?"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from kg.ontology.model import Property
from kg.ontology.values import VALUE_TYPES

EXCLUSIVE = frozenset(("date", "percent", "number", "flag", "money", "valuation"))
"""Value types of which a thing has one true value. A thing may well have several names, texts, numbers and places."""


def disagree(kind: Property, values: Sequence[str]) -> bool:
    """Whether any two canonical values cannot be true of one thing at once."""
    return any(not VALUE_TYPES[kind.type].same(a, b) for a, b in combinations(values, 2))


def contradict(kind: Property, values: Sequence[str]) -> bool:
    """Whether canonical values of one property cannot all be true, as those of EXCLUSIVE types cannot."""
    return kind.type in EXCLUSIVE and disagree(kind, values)
