"""Which legal routes are open about a person and their assets, and which facts are missing?"""

from kg.analysis.routes.case import REQUIRED_COLUMNS, OwnerShares, RouteQuestion
from kg.analysis.routes.gaps import count_gaps
from kg.analysis.routes.person_routes import find_legal_routes
from kg.analysis.routes.portfolio import WEIGHTS, choose_portfolio

__all__ = [
    "REQUIRED_COLUMNS",
    "WEIGHTS",
    "OwnerShares",
    "RouteQuestion",
    "choose_portfolio",
    "count_gaps",
    "find_legal_routes",
]
