"""Which legal routes are open about a person and their assets, and which facts are missing?"""

from kg.analysis.routes.gaps import gaps
from kg.analysis.routes.portfolio import WEIGHTS, portfolio
from kg.analysis.routes.question import COLUMNS, RouteQuestion
from kg.analysis.routes.routes import legal_routes

__all__ = ["COLUMNS", "WEIGHTS", "RouteQuestion", "gaps", "legal_routes", "portfolio"]
