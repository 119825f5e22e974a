"""Does a Neo4j hold what the projection says, and nothing else of ours?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from kg.database import get_meta, reading
from kg.stores.neo4j.connection import Conversation
from kg.stores.neo4j.cypher_queries import Texts
from kg.stores.neo4j.graph_rows import link_rows, node_rows
from kg.stores.neo4j.projection_reader import Reader, Scope
from kg.stores.neo4j.sync.contents import Inspector, graph, held_content
from kg.stores.neo4j.sync.digest import digest_here, digest_there
from kg.stores.neo4j.sync.sync_state import Gathering, places, surplus
from kg.stores.neo4j.sync.synchronizer import CHUNK
from kg.stores.neo4j.sync.tombstones import batches
from kg.stores.neo4j.version_node import COMPLETE

MAX_NAMED = 100
"""How many differing ids a comparison names."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a comparison found."""

    digest: str
    """Of what the Neo4j holds."""
    expected: str
    """Of the projection, without protected facts if the Neo4j has none."""
    differing: tuple[str, ...]
    """Ids of nodes and links that are absent, too many or otherwise than they should be; and `version`."""

    @property
    def clean(self) -> bool:
        """Whether they are equal."""
        return not self.differing and self.digest == self.expected


def compare(connection: sqlite3.Connection, conversation: Conversation, scope: Scope) -> Comparison:
    """Read everything of ours in a Neo4j and compare it; labels, keys, nodes and links of others are passed over."""
    texts = Texts(scope.ontology)
    with reading(connection):
        differing = list(_differing(connection, conversation, scope, texts))
        sides = digest_there(conversation, scope.ontology, texts), digest_here(connection, scope)
        return Comparison(*sides, tuple(differing[:MAX_NAMED]))


def _differing(connection: sqlite3.Connection, conversation: Conversation, scope: Scope, texts: Texts) -> Iterator[str]:
    held = graph(conversation, texts)
    known = held.get("state"), held.get("ledger"), held.get("number")
    if known != (COMPLETE, get_meta(connection, "ledger"), int(get_meta(connection, "version"))):
        yield "version"
    inspector, reader, gathering = (
        Inspector(conversation, scope.ontology, texts),
        Reader(connection, scope),
        Gathering(),
    )
    for chunk in batches(reader.nodes(), CHUNK):
        yield from sorted(inspector.differing_nodes(node_rows(connection, scope.ontology, chunk)))
        gathering.add("nodes", *zip(*((i.id, i.digest, i.type) for i in chunk), strict=True))
    for chunk in batches(reader.links(), CHUNK):
        yield from sorted(inspector.differing_links(link_rows(scope.ontology, chunk)))
        gathering.add("links", *zip(*((i.id, i.digest, i.type) for i in chunk), strict=True))
    present, there = gathering.content(), held_content(conversation, scope.ontology, texts)
    surplus_nodes = there.nodes[places(present.nodes, there.nodes["id"]) < 0]
    for entries in (surplus_nodes, surplus(there, present)):
        yield from (bytes(node).decode() for node in entries["id"])
    yield from (str(row["id"]) for row in conversation.ask(texts.plain("stray_ids"), {"limit": MAX_NAMED}))
