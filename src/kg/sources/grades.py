"""Which grades may a claim have?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kg.ontology.lint import HANDLINGS
from kg.records import CREDIBILITIES, RELIABILITIES

GRADES: Mapping[str, Sequence[str]] = {
    "reliability": RELIABILITIES,
    "credibility": CREDIBILITIES,
    "handling": HANDLINGS,
}
"""By the name of the grade."""
