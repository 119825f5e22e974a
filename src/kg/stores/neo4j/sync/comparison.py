"""Compare the graph in a Neo4j with the projection."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from kg.database import get_meta, read_transaction
from kg.database.scopes import scope as scope_of
from kg.findings.matches import Suggestion
from kg.stores.neo4j.connection import Neo4jConnection
from kg.stores.neo4j.cypher_queries import CypherQueries
from kg.stores.neo4j.graph_rows import link_rows, node_rows
from kg.stores.neo4j.projection_items import CopyScope
from kg.stores.neo4j.projection_reader import ProjectionReader
from kg.stores.neo4j.sync.contents import COMPLETE, RowComparison, read_contents, read_version_node
from kg.stores.neo4j.sync.digest import neo4j_digest, projection_digest
from kg.stores.neo4j.sync.suggestions import SuggestionLinks
from kg.stores.neo4j.sync.sync_state import SyncStateBuilder, positions, surplus_links
from kg.stores.neo4j.sync.synchronizer import CHUNK
from kg.stores.neo4j.sync.tombstones import chunked

MAX_NAMED = 100
"""How many differing ids a comparison names."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a comparison found."""

    digest: str
    """The digest of what the Neo4j holds."""
    expected: str
    """The digest of the projection, without protected facts if the Neo4j has none."""
    differing: tuple[str, ...]
    """Ids of nodes, links and suggestions that are absent, surplus or different; `version` if its node differs."""

    @property
    def is_clean(self) -> bool:
        """Whether they are equal."""
        return not self.differing and self.digest == self.expected


def compare(
    connection: sqlite3.Connection,
    neo4j: Neo4jConnection,
    scope: CopyScope,
    suggestions: Callable[[sqlite3.Connection], Iterable[Suggestion]] = lambda connection: (),
) -> Comparison:
    """Compare everything that kg owns in a Neo4j; other labels, keys, nodes and links are ignored.

    `suggestions` are those that are drawn; no digest has them.
    """
    queries = CypherQueries(scope.ontology)
    with scope_of(connection, protected=scope.protected), read_transaction(connection):
        differing = list(_differing(connection, neo4j, scope, queries))
        differing += SuggestionLinks(neo4j, queries, suggestions(connection)).differing
        sides = neo4j_digest(neo4j, scope.ontology, queries), projection_digest(connection, scope)
        return Comparison(*sides, tuple(differing[:MAX_NAMED]))


def _differing(
    connection: sqlite3.Connection, neo4j: Neo4jConnection, scope: CopyScope, queries: CypherQueries
) -> Iterator[str]:
    version = read_version_node(neo4j, queries)
    state = version.get("state"), version.get("ledger"), version.get("number")
    if state != (COMPLETE, get_meta(connection, "ledger"), int(get_meta(connection, "version"))):
        yield "version"
    inspector, builder = RowComparison(neo4j, scope.ontology, queries), SyncStateBuilder()
    reader = ProjectionReader(connection, scope)
    for chunk in chunked(reader.nodes(), CHUNK):
        yield from sorted(inspector.differing_nodes(node_rows(connection, scope, chunk)))
        builder.add("nodes", *zip(*((i.id, i.digest, i.type) for i in chunk), strict=True))
    for chunk in chunked(reader.links(), CHUNK):
        yield from sorted(inspector.differing_links(link_rows(scope.ontology, chunk)))
        builder.add("links", *zip(*((i.id, i.digest, i.type) for i in chunk), strict=True))
    expected, in_neo4j = builder.build(), read_contents(neo4j, scope.ontology, queries)
    surplus_nodes = in_neo4j.nodes[positions(expected.nodes, in_neo4j.nodes["id"]) < 0]
    for entries in (surplus_nodes, surplus_links(in_neo4j, expected)):
        yield from (bytes(node).decode() for node in entries["id"])
    yield from (str(row["id"]) for row in neo4j.read(queries.get("list_strays"), {"limit": MAX_NAMED}))
