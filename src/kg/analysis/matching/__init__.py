"""Which entries may be the same person or company as another, and how probable is it?"""

from __future__ import annotations

from kg.analysis.matching.comparison import compare_parties
from kg.analysis.matching.evidence.features import FEATURES
from kg.analysis.matching.exclusion import exclude_each_other
from kg.analysis.matching.party import Party, Register

__all__ = ["FEATURES", "Party", "Register", "compare_parties", "exclude_each_other"]
