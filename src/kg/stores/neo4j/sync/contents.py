"""What a Neo4j holds of the graph, and which graph it is."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

import orjson

from kg.database import get_meta
from kg.database.scopes import scope as scope_of
from kg.ontology import Ontology
from kg.ontology.derive.cypher import owned_keys, owned_labels
from kg.stores.neo4j.connection import Neo4jConnection, to_native
from kg.stores.neo4j.cypher_queries import CypherQueries
from kg.stores.neo4j.graph_rows import GraphRow
from kg.stores.neo4j.projection_items import FORMAT, CopyScope
from kg.stores.neo4j.sync.sync_state import SyncState, SyncStateBuilder
from kg.stores.sqlite.source_status import WaitingLinks, as_of, list_sources

COMPLETE = "complete"
"""The state of a version node whose graph is all there."""

PAGE = 20_000
"""Nodes or links of one page, if few fields of each are read."""


def version_properties(connection: sqlite3.Connection, scope: CopyScope) -> dict[str, Any]:
    """The properties of the version node: which graph it is, its sources and its number of unresolved links."""
    return {
        "ledger": get_meta(connection, "ledger"),
        "number": int(get_meta(connection, "version")),
        "as_of": as_of(connection),
        "known": _source_summary(connection, scope, protected=False),
        "known_protected": _source_summary(connection, scope, protected=True) if scope.protected else "",
        "protected": scope.protected,
        "ontology": scope.ontology.digest,
        "format": FORMAT,
    }


def format_version(properties: dict[str, Any]) -> str:
    """The graph version that the version node's properties name."""
    return f"{properties['ledger']}@{properties['number']}"


def _source_summary(connection: sqlite3.Connection, scope: CopyScope, *, protected: bool) -> str:
    """The sources and the number of unresolved links that one scope may see, as JSON."""
    with scope_of(connection, protected=protected):
        source_list = [asdict(source) for source in list_sources(connection)]
        waiting = WaitingLinks(connection).count()
    return orjson.dumps({"waiting": waiting, "sources": source_list}).decode()


def read_version_node(neo4j: Neo4jConnection, queries: CypherQueries) -> dict[str, Any]:
    """The properties of the version node; empty if the Neo4j holds no graph of kg."""
    found = neo4j.read(queries.get("version_node"))
    return dict(found[0]["graph"]) if found else {}


def has_protected(neo4j: Neo4jConnection, ontology: Ontology) -> bool:
    """Whether the Neo4j holds protected facts."""
    return bool(read_version_node(neo4j, CypherQueries(ontology)).get("protected", False))


def link_types(neo4j: Neo4jConnection, ontology: Ontology, queries: CypherQueries) -> list[str]:
    """The link types of the ontology that occur in the Neo4j."""
    in_neo4j = {row["type"] for row in neo4j.read(queries.get("link_types"))}
    return [name for name in ontology.link_names if name in in_neo4j]


def read_contents(neo4j: Neo4jConnection, ontology: Ontology, queries: CypherQueries) -> SyncState:
    """Ids and digests of all nodes and links that carry one."""
    gathering = SyncStateBuilder()
    for page in read_pages(neo4j, queries.get("digests_of_nodes")):
        gathering.add("nodes", page["ids"], page["digests"], page["types"])
    for link_type in link_types(neo4j, ontology, queries):
        for page in read_pages(neo4j, queries.with_types("digests_of_links", link_type)):
            gathering.add("links", page["ids"], page["digests"], [link_type] * len(page["ids"]))
    return gathering.build()


def read_pages(neo4j: Neo4jConnection, text: str, size: int = PAGE, **parameters: Any) -> Iterator[dict[str, Any]]:
    """The pages of a query, each starting after the last id of the one before; every page has the list `ids`."""
    after = ""
    while True:
        page = neo4j.read(text, {**parameters, "after": after, "page": size})[0]
        if page["ids"]:
            yield page
        if len(page["ids"]) < size:
            return
        after = page["ids"][-1]


class RowComparison:
    """Compares rows with the Neo4j; labels and keys that kg does not own are ignored."""

    def __init__(self, neo4j: Neo4jConnection, ontology: Ontology, queries: CypherQueries) -> None:
        self._neo4j, self._queries = neo4j, queries
        self._labels = frozenset(owned_labels(ontology))
        self._node_keys = frozenset(owned_keys(ontology))
        self._link_keys = frozenset(owned_keys(ontology, links=True))

    def differing_nodes(self, rows: Sequence[GraphRow]) -> set[str]:
        """The ids of nodes that are absent or differ from their row."""
        found = self._neo4j.read(self._queries.get("node_properties"), {"rows": [row.id for row in rows]})
        in_neo4j = {
            f["id"]: (self._labels.intersection(f["labels"]), _owned_properties(f["p"], self._node_keys)) for f in found
        }
        return {row.id for row in rows if in_neo4j.get(row.id) != (frozenset(row.kind), row.properties)}

    def differing_links(self, rows: Sequence[GraphRow]) -> set[str]:
        """The ids of links that are absent or differ from their row."""
        differing: set[str] = set()
        for link_type in sorted({row.kind[0] for row in rows}):
            of_type = [row for row in rows if row.kind[0] == link_type]
            text = self._queries.with_types("link_properties", link_type)
            found = self._neo4j.read(text, {"rows": [row.id for row in of_type]})
            in_neo4j = {f["id"]: (f["tail"], f["head"], _owned_properties(f["p"], self._link_keys)) for f in found}
            differing |= {r.id for r in of_type if in_neo4j.get(r.id) != (r.tail, r.head, r.properties)}
        return differing


def _owned_properties(properties: dict[str, Any], keys: frozenset[str]) -> dict[str, Any]:
    return {key: to_native(value) for key, value in properties.items() if key in keys}
