"""How names are folded, spelled in Latin letters, indexed and searched."""

from __future__ import annotations

from kg.names.index import NameQueries, index_text, prefix_query, whole_name_query, whole_words_query
from kg.names.words import INVISIBLE, name_words

__all__ = [
    "INVISIBLE",
    "NameQueries",
    "index_text",
    "name_words",
    "prefix_query",
    "whole_name_query",
    "whole_words_query",
]
