"""What does the law say, as far as the reference facts record it?"""

from kg.law.book import INTERNATIONAL, LawBook, load_law
from kg.law.citations import Citation
from kg.law.conditions import AllOf, AnyOf, Condition, FactCondition, Not
from kg.law.facts import FactDefinition
from kg.law.in_force import ForceStatus
from kg.law.logic import NO, UNKNOWN, YES, Answer, deciding_facts, evaluate, undecided_facts
from kg.law.routes import Route

__all__ = [
    "INTERNATIONAL",
    "NO",
    "UNKNOWN",
    "YES",
    "AllOf",
    "Answer",
    "AnyOf",
    "Citation",
    "Condition",
    "FactCondition",
    "FactDefinition",
    "ForceStatus",
    "LawBook",
    "Not",
    "Route",
    "deciding_facts",
    "evaluate",
    "load_law",
    "undecided_facts",
]
