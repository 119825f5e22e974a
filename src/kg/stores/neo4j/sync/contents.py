"""What does a Neo4j hold of ours?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from kg.ontology import Ontology
from kg.ontology.derive.cypher import owned_keys, owned_labels
from kg.stores.neo4j.connection import Neo4jConnection, to_native
from kg.stores.neo4j.cypher_queries import CypherQueries
from kg.stores.neo4j.graph_rows import GraphRow
from kg.stores.neo4j.sync.sync_state import SyncState, SyncStateBuilder

PAGE = 20_000
"""Nodes or links of one page, where only little of each is read."""


def read_version_node(conversation: Neo4jConnection, texts: CypherQueries) -> dict[str, Any]:
    """What the Neo4j says of its graph; empty where kg has written none."""
    found = conversation.read(texts.get("graph"))
    return dict(found[0]["graph"]) if found else {}


def has_protected(conversation: Neo4jConnection, ontology: Ontology) -> bool:
    """Whether the Neo4j was given protected facts."""
    return bool(read_version_node(conversation, CypherQueries(ontology)).get("protected", False))


def link_types(conversation: Neo4jConnection, ontology: Ontology, texts: CypherQueries) -> list[str]:
    """The types of ours of which the Neo4j has links."""
    there = {row["type"] for row in conversation.read(texts.get("link_types"))}
    return [name for name in ontology.link_names if name in there]


def read_contents(conversation: Neo4jConnection, ontology: Ontology, texts: CypherQueries) -> SyncState:
    """Ids and digests of all nodes and links that carry one."""
    gathering = SyncStateBuilder()
    for page in read_pages(conversation, texts.get("digests_of_nodes")):
        gathering.add("nodes", page["ids"], page["digests"], page["types"])
    for link_type in link_types(conversation, ontology, texts):
        for page in read_pages(conversation, texts.with_types("digests_of_links", link_type)):
            gathering.add("links", page["ids"], page["digests"], [link_type] * len(page["ids"]))
    return gathering.build()


def read_pages(
    conversation: Neo4jConnection, text: str, size: int = PAGE, **parameters: Any
) -> Iterator[dict[str, Any]]:
    """The pages of a query, each begun after the last id of the one before; every page has the list `ids`."""
    after = ""
    while True:
        page = conversation.read(text, {**parameters, "after": after, "page": size})[0]
        if page["ids"]:
            yield page
        if len(page["ids"]) < size:
            return
        after = page["ids"][-1]


class RowComparison:
    """Compares rows with what a Neo4j has of them; what is not ours is passed over."""

    def __init__(self, conversation: Neo4jConnection, ontology: Ontology, texts: CypherQueries) -> None:
        self._conversation, self._texts = conversation, texts
        self._labels = frozenset(owned_labels(ontology))
        self._node_keys = frozenset(owned_keys(ontology))
        self._link_keys = frozenset(owned_keys(ontology, links=True))

    def differing_nodes(self, rows: Sequence[GraphRow]) -> set[str]:
        """The ids of the nodes that are absent, or not as their row says."""
        found = self._conversation.read(self._texts.get("nodes_as_they_are"), {"rows": [row.id for row in rows]})
        there = {
            f["id"]: (self._labels.intersection(f["labels"]), _owned_properties(f["p"], self._node_keys)) for f in found
        }
        return {row.id for row in rows if there.get(row.id) != (frozenset(row.kind), row.properties)}

    def differing_links(self, rows: Sequence[GraphRow]) -> set[str]:
        """The ids of the links that are absent, or not as their row says."""
        differing: set[str] = set()
        for link_type in sorted({row.kind[0] for row in rows}):
            of_type = [row for row in rows if row.kind[0] == link_type]
            text = self._texts.with_types("links_as_they_are", link_type)
            found = self._conversation.read(text, {"rows": [row.id for row in of_type]})
            there = {f["id"]: (f["tail"], f["head"], _owned_properties(f["p"], self._link_keys)) for f in found}
            differing |= {r.id for r in of_type if there.get(r.id) != (r.tail, r.head, r.properties)}
        return differing


def _owned_properties(properties: dict[str, Any], keys: frozenset[str]) -> dict[str, Any]:
    return {key: to_native(value) for key, value in properties.items() if key in keys}
