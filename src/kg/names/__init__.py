"""How names are folded, spelled in Latin letters, indexed and searched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg import lazy_names

if TYPE_CHECKING:
    from kg.names.candidates import candidate_queries
    from kg.names.chinese import chinese_readings
    from kg.names.comparison import compare_names
    from kg.names.index import (
        NameQueries,
        birth_year_words,
        contact_word,
        folded_name_query,
        index_text,
        indexed_query,
        indexed_words,
        prefix_query,
        whole_name_query,
        whole_words_query,
    )
    from kg.names.match import SAME_BITS, NameMatch
    from kg.names.words import INVISIBLE, name_words

__all__ = [
    "INVISIBLE",
    "SAME_BITS",
    "NameMatch",
    "NameQueries",
    "birth_year_words",
    "candidate_queries",
    "chinese_readings",
    "compare_names",
    "contact_word",
    "folded_name_query",
    "index_text",
    "indexed_query",
    "indexed_words",
    "name_words",
    "prefix_query",
    "whole_name_query",
    "whole_words_query",
]

__getattr__ = lazy_names(
    "kg.names",
    {
        "kg.names.candidates": ("candidate_queries",),
        "kg.names.chinese": ("chinese_readings",),
        "kg.names.comparison": ("compare_names",),
        "kg.names.index": (
            "NameQueries",
            "birth_year_words",
            "contact_word",
            "folded_name_query",
            "index_text",
            "indexed_query",
            "indexed_words",
            "prefix_query",
            "whole_name_query",
            "whole_words_query",
        ),
        "kg.names.match": (
            "SAME_BITS",
            "NameMatch",
        ),
        "kg.names.words": (
            "INVISIBLE",
            "name_words",
        ),
    },
)
