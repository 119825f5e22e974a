"""How does a Neo4j find names and identifiers as the embedded store does?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from kg.names import match_query, whole_query, words, words_query
from kg.ontology.derive.cypher import EXACT_INDEX, WORDS_INDEX
from kg.ontology.values import identifier_key
from kg.records import Node
from kg.stores.neo4j.projection_reader import SEPARATOR

_PREFIX = re.compile(r'"([^"]*)"\*')


class Way(NamedTuple):
    """A full-text index, and what is asked of it."""

    name: str
    words: str


Through = Callable[[Way, int], Iterable[Node]]
"""Gives at most so many nodes that an index finds, by id."""


def find(text: str, limit: int, through: Through) -> list[Node]:
    """At most `limit` nodes with this identifier, this whole name, these words, or words that begin so; each by id.

    The rule is the embedded store's, and so are the words in the index: both find the same in the same order.
    """
    found = exactly(text, limit, through)
    whole, begun = words_query(text), match_query(text)
    if len(found) < limit:
        found |= _by_name(whole, limit, through, found)
    if begun != whole and len(found) < limit and (not found or len(words(text)) == 1):
        found |= _by_name(begun, limit, through, found)
    return list(found.values())[:limit]


def exactly(text: str, limit: int, through: Through) -> dict[str, Node]:
    """At most `limit` nodes with this identifier, and as many others with this whole name."""
    key = identifier_key(text)
    found = {n.id: n for n in through(Way(EXACT_INDEX, _exactly("kg_identifiers", key)), limit)} if key else {}
    return found | _by_name(whole_query(text), limit, through, found)


def _by_name(query: str, limit: int, through: Through, known: Mapping[str, Node]) -> dict[str, Node]:
    """The first `limit` nodes, by id, whose names the query fits, but for those that are known."""
    rows = through(Way(WORDS_INDEX, _prefixes(query)), limit) if query else ()
    return {node.id: node for node in rows if node.id not in known}


def former(node_id: str) -> Way:
    """The question who had this id before."""
    return Way(EXACT_INDEX, _exactly("kg_names", node_id))


def named(namespace: str, key: str) -> Way:
    """The question who is called by this key."""
    return Way(EXACT_INDEX, _exactly("kg_names", f"{namespace}{SEPARATOR}{key}"))


def _exactly(field: str, text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'{field}:"{escaped}"'


def _prefixes(query: str) -> str:
    """SQLite writes a prefix as `"wei"*`, Lucene as `wei*`. Words of names have no signs that mean anything there."""
    return _PREFIX.sub(r"\1*", query)
