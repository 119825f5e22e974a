"""The grades that a claim may have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kg.ontology.lint import HANDLINGS
from kg.records import CREDIBILITIES, RELIABILITIES

GRADES: Mapping[str, Sequence[str]] = {
    "reliability": RELIABILITIES,
    "credibility": CREDIBILITIES,
    "handling": HANDLINGS,
}
"""Name of a grade to its values, the best or most open first."""
