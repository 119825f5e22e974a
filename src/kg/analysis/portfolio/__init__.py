"""Whom should one work on when only so many people can be, and what should be frozen first?"""

from kg.analysis.portfolio.choice import choose_portfolio
from kg.analysis.portfolio.objective import WEIGHTS
from kg.analysis.portfolio.values import ValueScale, values_by_status

__all__ = ["WEIGHTS", "ValueScale", "choose_portfolio", "values_by_status"]
