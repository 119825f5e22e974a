"""Search names and identifiers in a Neo4j by the rule of the SQLite store."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

from kg.names import name_words, prefix_query, whole_name_query, whole_words_query
from kg.ontology.derive.cypher import EXACT_INDEX, WORDS_INDEX
from kg.ontology.values import identifier_key
from kg.records import Node
from kg.stores.neo4j.projection_reader import SEPARATOR

_PREFIX = re.compile(r'"([^"]*)"\*')


class IndexQuery(NamedTuple):
    """A query to a full-text index."""

    index_name: str
    words: str


RunIndexQuery = Callable[[IndexQuery, int], Iterable[Node]]
"""Returns at most so many nodes that an index query finds, by id."""


def search_names(text: str, limit: int, run: RunIndexQuery) -> list[Node]:
    """At most `limit` nodes with this identifier, this whole name, these words, or words that begin so; each by id.

    The rule is the embedded store's, and so are the words in the index: both find the same in the same order.
    """
    found = find_exact(text, limit, run)
    whole, prefixes = whole_words_query(text), prefix_query(text)
    if len(found) < limit:
        found |= _by_name(whole, limit, run, found)
    if prefixes != whole and len(found) < limit and (not found or len(name_words(text)) == 1):
        found |= _by_name(prefixes, limit, run, found)
    return list(found.values())[:limit]


def find_exact(text: str, limit: int, run: RunIndexQuery) -> dict[str, Node]:
    """At most `limit` nodes with this identifier, and as many others with this whole name."""
    key = identifier_key(text)
    found = {n.id: n for n in run(IndexQuery(EXACT_INDEX, _phrase("kg_identifiers", key)), limit)} if key else {}
    return found | _by_name(whole_name_query(text), limit, run, found)


def _by_name(query: str, limit: int, through: RunIndexQuery, known: Mapping[str, Node]) -> dict[str, Node]:
    """The first `limit` nodes, by id, whose names match the query, without those in `known`."""
    rows = through(IndexQuery(WORDS_INDEX, _to_lucene(query)), limit) if query else ()
    return {node.id: node for node in rows if node.id not in known}


def former_id_query(node_id: str) -> IndexQuery:
    """The query for the node that had this id before."""
    return IndexQuery(EXACT_INDEX, _phrase("kg_names", node_id))


def key_query(namespace: str, key: str) -> IndexQuery:
    """The query for the node with this key."""
    return IndexQuery(EXACT_INDEX, _phrase("kg_names", f"{namespace}{SEPARATOR}{key}"))


def _phrase(field: str, text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'{field}:"{escaped}"'


def _to_lucene(query: str) -> str:
    """SQLite writes a prefix as `"wei"*`, Lucene as `wei*`. Words of names have no signs that mean anything there."""
    return _PREFIX.sub(r"\1*", query)
