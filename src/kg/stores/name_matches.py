"""By which of its names or numbers does a search find a node?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import NamedTuple

from kg.database import NAME_INDEX
from kg.names import NameQueries, index_text
from kg.ontology import MENTIONING_PROPERTIES, Ontology, is_searched
from kg.ontology.values import identifier_key
from kg.records import Node

IDENTIFIER, WHOLE, WORDS, BEGINNINGS, SPELLING = "identifier", "whole", "words", "beginnings", "spelling"


class MatchedValue(NamedTuple):
    """The value by which a search finds a node."""

    property: str
    value: str
    how: str
    """`identifier`, `whole` name, `words` of it, `beginnings` of words, or `spelling`: the same in other letters."""
    bears: bool
    """Whether it is a name or number of its own, and not that of somebody else."""


def find_matches(ontology: Ontology, text: str, nodes: Iterable[Node]) -> dict[str, MatchedValue]:
    """By which value of each node a search for a text finds it, the closest and first one; by id.

    A node that is found by the words of several of its names is left out.
    """
    values = [(node.id, *one) for node in nodes for one in _searched_values(ontology, node)]
    found = dict[str, MatchedValue]()
    if key := identifier_key(text):
        for node_id, name, value, is_identifier in values:
            if is_identifier and identifier_key(value) == key:
                found.setdefault(node_id, MatchedValue(name, value, IDENTIFIER, True))
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"CREATE VIRTUAL TABLE name {NAME_INDEX}")
        rows = ((i, index_text([value])) for i, (*_, value, is_identifier) in enumerate(values) if not is_identifier)
        connection.executemany("INSERT INTO name (rowid, tokens) VALUES (?, ?)", rows)
        for how, query in _queries(text):
            for (i,) in connection.execute("SELECT rowid FROM name WHERE name MATCH ? ORDER BY rowid", (query,)):
                node_id, name, value, _ = values[i]
                found.setdefault(node_id, MatchedValue(name, value, how, name not in MENTIONING_PROPERTIES))
    return found


def _queries(text: str) -> Iterator[tuple[str, str]]:
    """The queries of a search, from the closest to the widest, and what they find."""
    queries = NameQueries.from_text(text)
    for how, some in (
        (WHOLE, (queries.whole_written, queries.whole_folded)),
        (SPELLING, (queries.whole_spelled,)),
        (WORDS, (queries.words,)),
        (SPELLING, (queries.spelled_words, queries.consonants)),
        (BEGINNINGS, (queries.prefixes, queries.spelled_prefixes)),
    ):
        yield from ((how, query) for query in some if query)


def _searched_values(ontology: Ontology, node: Node) -> Iterator[tuple[str, str, bool]]:
    """Property, value, and whether it is an identifier; names of its own before those of somebody else."""
    known = ontology.merged_properties(node.types or (node.type,))
    named = [(name, known[name]) for name in node.properties if name in known]
    for name, prop in sorted(named, key=lambda one: (one[0] in MENTIONING_PROPERTIES, one[0] != "name", one[0])):
        is_identifier = prop.type == "identifier"
        if is_identifier or is_searched(name, prop):
            yield from ((name, value, is_identifier) for value in node.properties[name])
