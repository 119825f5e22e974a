"""Which legal routes are open about a person and their assets, and which facts are missing?"""

from kg.analysis.routes.gaps import gaps
from kg.analysis.routes.person_routes import legal_routes
from kg.analysis.routes.portfolio import WEIGHTS, portfolio
from kg.analysis.routes.question import COLUMNS, RouteQuestion

__all__ = ["COLUMNS", "WEIGHTS", "RouteQuestion", "gaps", "legal_routes", "portfolio"]
