"""Which questions are saved, and can they be trusted?"""

from kg.queries.favorites import favorites
from kg.queries.guide import guide
from kg.queries.lint import mistakes
from kg.queries.pack import pack, saved
from kg.queries.saved_query import Parameter, SavedQuery, parse
from kg.queries.values import TYPES, read_typed, read_value

__all__ = [
    "TYPES",
    "Parameter",
    "SavedQuery",
    "favorites",
    "guide",
    "mistakes",
    "pack",
    "parse",
    "read_typed",
    "read_value",
    "saved",
]
