"""What do the analyses return?"""

from kg.findings.clusters import ROLES, Cluster, Clusters, Indicator, Member, Score, ScoreTerm, Sign, Tie
from kg.findings.explained import Explanation, Hold, Middle, Passage, Place, Shift, Stability, Worth
from kg.findings.paths import Chance, Hop, HopLink, PathAnswer, PathContradiction, RankedPath, RankedPaths, Term
from kg.findings.story import Change, RecordMove, Story

__all__ = [
    "ROLES",
    "Chance",
    "Change",
    "Cluster",
    "Clusters",
    "Explanation",
    "Hold",
    "Hop",
    "HopLink",
    "Indicator",
    "Member",
    "Middle",
    "Passage",
    "PathAnswer",
    "PathContradiction",
    "Place",
    "RankedPath",
    "RankedPaths",
    "RecordMove",
    "Score",
    "ScoreTerm",
    "Shift",
    "Sign",
    "Stability",
    "Story",
    "Term",
    "Tie",
    "Worth",
]
