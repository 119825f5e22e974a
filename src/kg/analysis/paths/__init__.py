"""How are two nodes connected, or several?"""

from kg.analysis.paths.connections import MAX_CONNECTING, MAX_ENDS, MIN_ENDS, connecting_network
from kg.analysis.paths.costs import PathWeights
from kg.analysis.paths.question import COLUMNS, DEFAULT_ENDPOINT_KINDS, DEFAULT_EXCLUDED_TRAITS, MAX_DEPTH, PathQuestion
from kg.analysis.paths.ranking import (
    DEFAULT_BUDGET,
    DEFAULT_WEIGHTS,
    RANKINGS,
    Budget,
    Ranking,
    ranked_paths,
)

__all__ = [
    "COLUMNS",
    "DEFAULT_BUDGET",
    "DEFAULT_ENDPOINT_KINDS",
    "DEFAULT_EXCLUDED_TRAITS",
    "DEFAULT_WEIGHTS",
    "MAX_CONNECTING",
    "MAX_DEPTH",
    "MAX_ENDS",
    "MIN_ENDS",
    "RANKINGS",
    "Budget",
    "PathQuestion",
    "PathWeights",
    "Ranking",
    "connecting_network",
    "ranked_paths",
]
