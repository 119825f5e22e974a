"""What do the analyses return?"""

from kg.findings.clusters import ROLES, Cluster, Clusters, Member, Tie
from kg.findings.paths import Chance, Hop, HopLink, PathAnswer, PathContradiction, RankedPath, RankedPaths, Term

__all__ = [
    "ROLES",
    "Chance",
    "Cluster",
    "Clusters",
    "Hop",
    "HopLink",
    "Member",
    "PathAnswer",
    "PathContradiction",
    "RankedPath",
    "RankedPaths",
    "Term",
    "Tie",
]
