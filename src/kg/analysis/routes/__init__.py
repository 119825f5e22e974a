"""Which legal routes are open about a person and their assets, and which facts are missing?"""

from kg.analysis.routes.case import REQUIRED_COLUMNS, OwnerShares, RouteQuestion
from kg.analysis.routes.chains import find_reachable, relatives_on_chains
from kg.analysis.routes.freeze_set import find_freeze_set
from kg.analysis.routes.gaps import NeedsCounter, count_gaps
from kg.analysis.routes.person_routes import find_legal_routes, find_standings

__all__ = [
    "REQUIRED_COLUMNS",
    "NeedsCounter",
    "OwnerShares",
    "RouteQuestion",
    "count_gaps",
    "find_freeze_set",
    "find_legal_routes",
    "find_reachable",
    "find_standings",
    "relatives_on_chains",
]
