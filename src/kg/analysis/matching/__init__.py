"""Which entries may be the same person or company as another, and how probable is it?"""

from __future__ import annotations

from kg.analysis.matching.comparison import compare_parties
from kg.analysis.matching.evidence.features import FEATURES
from kg.analysis.matching.party import Party, Register
from kg.analysis.matching.posterior import RULES_VERSION, band, probability

__all__ = ["FEATURES", "RULES_VERSION", "Party", "Register", "band", "compare_parties", "probability"]
