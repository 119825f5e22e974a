"""Search names and identifiers by one rule, whatever database has the indexes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from kg.names import name_words, prefix_query, whole_name_query, whole_words_query
from kg.ontology.values import identifier_key

Found = TypeVar("Found")

Find = Callable[[str], dict[str, Found]]
"""The first nodes that have an identifier, or whose names match a query, in the order of their ids, by id."""


def search_names(text: str, limit: int, by_identifier: Find[Found], by_words: Find[Found]) -> list[Found]:
    """At most `limit` nodes with this identifier, this whole name, these words, or words that begin so; each by id.

    Beginnings of several words are looked for only where nothing else is found: who has all the words whole is who
    was meant, and those whose words begin like them are many.
    """
    found = find_exact(text, by_identifier, by_words)
    whole, prefixes = whole_words_query(text), prefix_query(text)
    if len(found) < limit:
        found |= by_words(whole)
    if prefixes != whole and len(found) < limit and (not found or len(name_words(text)) == 1):
        found |= by_words(prefixes)
    return list(found.values())[:limit]


def find_exact(text: str, by_identifier: Find[Found], by_words: Find[Found]) -> dict[str, Found]:
    """The first nodes with this identifier, and those with this whole name."""
    key = identifier_key(text)
    return (by_identifier(key) if key else {}) | by_words(whole_name_query(text))
