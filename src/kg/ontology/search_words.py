"""By which words is a node found?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from kg import names
from kg.ontology.model import Ontology, is_searched
from kg.ontology.values import CONTACTS


def search_words(ontology: Ontology, types: tuple[str, ...], properties: Mapping[str, Iterable[str]]) -> str:
    """The search words of a node of some types, from its canonical values; empty for none."""
    searched = _searched_properties(ontology, types)
    called = sorted(text for name in searched if name in properties for text in properties[name])
    keys = names.birth_year_words(called, properties["birth_date"]) if "birth_date" in properties else []
    keys += sorted(
        names.contact_word(key)
        for name, form in CONTACTS.items()
        if name in properties
        for text in properties[name]
        if (key := form(text))
    )
    return " ".join([names.index_text(called), *keys] if called else keys)


@lru_cache(maxsize=1_024)
def _searched_properties(ontology: Ontology, types: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name, prop in ontology.merged_properties(types).items() if is_searched(name, prop))
