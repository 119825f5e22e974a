"""Search names and identifiers by one rule, whatever database has the indexes."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from kg.names import NameQueries
from kg.ontology.values import identifier_key

Found = TypeVar("Found")

Find = Callable[[str], dict[str, Found]]
"""The first nodes that have an identifier, or whose names match a query, in the order of their ids, by id."""


def search_names(text: str, limit: int, by_identifier: Find[Found], by_words: Find[Found]) -> list[Found]:
    """At most `limit` nodes with this identifier, this whole name, these words, or words that begin so; each by id.

    Names written so come first, then those that differ in diacritics, then those spelled so in Latin letters.
    Beginnings of several words are looked for only where nothing else is found: who has all the words whole is who
    was meant, and those whose words begin like them are many.
    """
    queries = NameQueries.from_text(text)
    found = _find_written(text, queries, by_identifier, by_words)
    looked_for = {queries.whole_written}

    def add(*more: str) -> None:
        for query in more:
            if query not in looked_for and len(found) < limit:
                looked_for.add(query)
                found.update((name, node) for name, node in by_words(query).items() if name not in found)

    add(queries.whole_folded, queries.whole_spelled, queries.words, queries.spelled_words)
    has_prefixes = not found or queries.is_one_word
    add(queries.consonants)
    if has_prefixes:
        add(queries.prefixes, queries.spelled_prefixes)
    return list(found.values())[:limit]


def find_exact(text: str, by_identifier: Find[Found], by_words: Find[Found]) -> dict[str, Found]:
    """The first nodes with this identifier or whole name as it is written; else those whose diacritics differ."""
    queries = NameQueries.from_text(text)
    return _find_written(text, queries, by_identifier, by_words) or by_words(queries.whole_folded)


def _find_written(
    text: str, queries: NameQueries, by_identifier: Find[Found], by_words: Find[Found]
) -> dict[str, Found]:
    key = identifier_key(text)
    return (by_identifier(key) if key else {}) | by_words(queries.whole_written)
