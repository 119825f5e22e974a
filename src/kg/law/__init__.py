"""What does the law say, as far as the reference facts know it?"""

from kg.law.book import INTERNATIONAL, LawBook, load_law
from kg.law.citations import Citation
from kg.law.conditions import All, Any, Condition, Fact, Not
from kg.law.facts import FactKind
from kg.law.in_force import Standing
from kg.law.logic import NO, UNKNOWN, YES, Answer, deciding, open_questions, value
from kg.law.routes import Route

__all__ = [
    "INTERNATIONAL",
    "NO",
    "UNKNOWN",
    "YES",
    "All",
    "Answer",
    "Any",
    "Citation",
    "Condition",
    "Fact",
    "FactKind",
    "LawBook",
    "Not",
    "Route",
    "Standing",
    "deciding",
    "load_law",
    "open_questions",
    "value",
]
