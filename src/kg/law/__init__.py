"""What does the law say, as far as the reference facts record it?"""

from typing import TYPE_CHECKING

from kg import lazy_names

if TYPE_CHECKING:
    from kg.law.book import INTERNATIONAL, LawBook, load_law
    from kg.law.conditions import NO, UNKNOWN, YES, Answer, deciding_facts, evaluate, undecided_facts
    from kg.law.facts import FactDefinition
    from kg.law.in_force import ForceStatus
    from kg.law.presumptions import Presumption
    from kg.law.routes import Route
    from kg.law.stages import Stage
    from kg.law.tables import Citation

__all__ = [
    "INTERNATIONAL",
    "NO",
    "UNKNOWN",
    "YES",
    "Answer",
    "Citation",
    "FactDefinition",
    "ForceStatus",
    "LawBook",
    "Presumption",
    "Route",
    "Stage",
    "deciding_facts",
    "evaluate",
    "load_law",
    "undecided_facts",
]

__getattr__ = lazy_names(
    __name__,
    {
        "kg.law.book": ("INTERNATIONAL", "LawBook", "load_law"),
        "kg.law.conditions": ("NO", "UNKNOWN", "YES", "Answer", "deciding_facts", "evaluate", "undecided_facts"),
        "kg.law.facts": ("FactDefinition",),
        "kg.law.in_force": ("ForceStatus",),
        "kg.law.presumptions": ("Presumption",),
        "kg.law.routes": ("Route",),
        "kg.law.stages": ("Stage",),
        "kg.law.tables": ("Citation",),
    },
)
