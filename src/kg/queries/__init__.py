"""The saved queries."""

from kg.queries.guide import guide_pages
from kg.queries.pack import favorites_archive, find_query, query_pack
from kg.queries.saved_query import QueryParameter, SavedQuery, parse_query
from kg.queries.values import PARAMETER_TYPES, read_json, read_text

__all__ = [
    "PARAMETER_TYPES",
    "QueryParameter",
    "SavedQuery",
    "favorites_archive",
    "find_query",
    "guide_pages",
    "parse_query",
    "query_pack",
    "read_json",
    "read_text",
]
