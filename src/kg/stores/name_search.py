"""Search names and identifiers by one rule, whatever database has the indexes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Generic, TypeVar

from kg import names
from kg.ontology import MENTIONING_PROPERTIES, Ontology
from kg.ontology.values import identifier_key

Found = TypeVar("Found")

Find = Callable[[str], dict[str, Found]]
"""The first nodes that have an identifier, or whose names match a query, in the order of their ids, by id."""

MAX_RANKED = 1_001
"""Nodes that one query of words brings, and that are ordered by their types; as many as pages of a search show."""

NAMED_TYPES = ("Party", "Asset", "Jurisdiction", "Agency")
"""What is known by a name of its own. Papers, cases and agreements are often named after others."""

_KIND_OF_NUMBER = re.compile(r"\s*(?:(?:IMO|MMSI)[ .:#-]*(?=[0-9])|(?:ISIN|LEI|IBAN|VIN)[ .:#]+(?=\S))", re.IGNORECASE)
"""What people write before a number to say of which kind it is: `IMO9074729`."""

_ZEROS = re.compile(r"([A-Z]{0,3})(0*)([1-9][0-9]{3,})", re.ASCII)
"""A number with the letters and zeros before it; fewer digits are nobody's number alone."""

MAX_DIGITS = 14
"""Digits up to which zeros are put before a number."""

_NAMED, _OTHER, _MENTIONING = range(3)


class NameSearch(Generic[Found]):
    """Searches one index. `type_of` says the type of what is found."""

    def __init__(
        self, ontology: Ontology, type_of: Callable[[Found], str], by_identifier: Find[Found], by_words: Find[Found]
    ) -> None:
        self._ontology, self._type_of = ontology, type_of
        self._by_identifier, self._by_words = by_identifier, by_words
        self._ranks: dict[str, int] = {}

    def search(self, text: str, limit: int) -> list[Found]:
        """At most `limit` nodes with this identifier, this whole name, these words, or words that begin so.

        Names written so come first, then those that differ in diacritics, then those spelled so in Latin letters; each
        by what is known by its name before papers, and by id. Papers that show the name of somebody else come last.
        Beginnings of several words are looked for only where nothing else is found: who has all the words whole is who
        was meant, and those whose words begin like them are many.
        """
        queries = names.NameQueries.from_text(text)
        found, mentioning = self._with_identifier(text), dict[str, Found]()
        looked_for = {""}

        def add(*more: str) -> None:
            for query in more:
                if query not in looked_for and len(found) < limit:
                    looked_for.add(query)
                    ranked: tuple[dict[str, Found], ...] = {}, {}, {}
                    for name, one in self._by_words(query).items():  # in the order of their ids
                        ranked[self._rank(one)][name] = one
                    for kept, some in zip((found, found, mentioning), ranked, strict=True):
                        kept.update((name, one) for name, one in some.items() if name not in kept)

        add(queries.whole_written, queries.whole_folded, queries.whole_spelled, queries.words, queries.spelled_words)
        has_prefixes = queries.is_one_word or not (found or mentioning)
        add(queries.consonants)
        if has_prefixes:
            add(queries.prefixes, queries.spelled_prefixes)
        if not (found or mentioning):
            found = self._with_other_zeros(text)
        return list((found | {name: one for name, one in mentioning.items() if name not in found}).values())[:limit]

    def find_exact(self, text: str) -> dict[str, Found]:
        """The first nodes with this identifier or whole name as it is written; else those whose diacritics differ.

        Papers that show the name of somebody else are among them only where nothing else has it.
        """
        identified = self._with_identifier(text)
        named = self._by_words(names.whole_name_query(text))
        if not (identified or named):
            named = self._by_words(names.folded_name_query(text))
        bearing = {name: one for name, one in named.items() if self._rank(one) != _MENTIONING}
        return identified | (bearing or ({} if identified else named))

    def _with_identifier(self, text: str) -> dict[str, Found]:
        """Those with this identifier; else with it without the word before it that says what it is."""
        for written in dict.fromkeys((text, _KIND_OF_NUMBER.sub("", text, count=1))):
            if (key := identifier_key(written)) and (found := dict(self._by_identifier(key))):
                return found
        return {}

    def _with_other_zeros(self, text: str) -> dict[str, Found]:
        """Those whose identifier has more or fewer zeros before its digits, as a spreadsheet leaves them out."""
        parts = _ZEROS.fullmatch(identifier_key(text))
        if parts is None:
            return {}
        letters, zeros, digits = parts.groups()
        found: dict[str, Found] = {}
        for count in range(MAX_DIGITS - len(digits) + 1):
            if count != len(zeros):
                found |= self._by_identifier(f"{letters}{'0' * count}{digits}")
        return found

    def _rank(self, one: Found) -> int:
        kind = self._type_of(one)
        if (rank := self._ranks.get(kind)) is None:
            rank = self._ranks[kind] = self._rank_of_type(kind)
        return rank

    def _rank_of_type(self, kind: str) -> int:
        if kind not in self._ontology.nodes:
            return _OTHER  # whoever reads the node tells that it is damaged
        if any(name in self._ontology.properties(kind) for name in MENTIONING_PROPERTIES):
            return _MENTIONING
        return _NAMED if any(self._ontology.is_a(kind, known) for known in NAMED_TYPES) else _OTHER
