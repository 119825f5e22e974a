"""What do the analyses return?"""

from kg.findings.clusters import ROLES, Cluster, Clusters, Indicator, Member, Score, ScoreTerm, Sign, Tie
from kg.findings.explained import Explanation, Hold, Middle, Passage, Place, Shift, Stability, Worth
from kg.findings.ownership import (
    INTERESTS,
    NOTHING,
    Beyond,
    Chain,
    Circle,
    Dispute,
    Holding,
    Ownership,
    Share,
    Step,
)
from kg.findings.paths import Chance, Hop, HopLink, PathAnswer, PathContradiction, RankedPath, RankedPaths, Term
from kg.findings.story import Change, RecordMove, Story

__all__ = [
    "INTERESTS",
    "NOTHING",
    "ROLES",
    "Beyond",
    "Chain",
    "Chance",
    "Change",
    "Circle",
    "Cluster",
    "Clusters",
    "Dispute",
    "Explanation",
    "Hold",
    "Holding",
    "Hop",
    "HopLink",
    "Indicator",
    "Member",
    "Middle",
    "Ownership",
    "Passage",
    "PathAnswer",
    "PathContradiction",
    "Place",
    "RankedPath",
    "RankedPaths",
    "RecordMove",
    "Score",
    "ScoreTerm",
    "Share",
    "Shift",
    "Sign",
    "Stability",
    "Step",
    "Story",
    "Term",
    "Tie",
    "Worth",
]
