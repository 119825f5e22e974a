"""The digest of the graph in a Neo4j, which equals that of the projection."""

from __future__ import annotations

import hashlib
import heapq
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from kg.database import read_json
from kg.ontology import Ontology
from kg.stores.neo4j.connection import Neo4jConnection
from kg.stores.neo4j.cypher_queries import CypherQueries
from kg.stores.neo4j.projection_items import CopyScope
from kg.stores.neo4j.sync.contents import link_types, read_pages

PAGE = 2_000
"""Nodes or links of one page; of links, a page of every type is in memory at a time."""

_NODES = "SELECT id, type, caption, body, sought, protected FROM node ORDER BY id"
_LINKS = """SELECT link.id, link.type, t.id, h.id, link.body, link.protected, t.protected OR h.protected FROM link
    JOIN node AS t ON t.num = link.tail JOIN node AS h ON h.num = link.head ORDER BY link.num"""


def neo4j_digest(neo4j: Neo4jConnection, ontology: Ontology, queries: CypherQueries) -> str:
    """SHA-256 of the canonical JSON lines of what a Neo4j holds: nodes by id, then links by id."""
    kinds = [_links_in_neo4j(neo4j, queries, name) for name in link_types(neo4j, ontology, queries)]
    return _sha256(_nodes_in_neo4j(neo4j, queries), (line for _, line in heapq.merge(*kinds)))


def projection_digest(connection: sqlite3.Connection, scope: CopyScope) -> str:
    """The same digest of the projection, without what the scope leaves out."""
    return _sha256(_nodes_in_projection(connection, scope), _links_in_projection(connection, scope))


def _nodes_in_neo4j(neo4j: Neo4jConnection, queries: CypherQueries) -> Iterator[bytes]:
    for page in read_pages(neo4j, queries.get("digest_fields_of_nodes"), PAGE):
        rows = zip(page["ids"], page["said"], page["sought"], strict=True)
        for node, (kind, caption, body, protected), sought in rows:
            yield _node(node, kind, caption, sought, body, protected == "true")


def _links_in_neo4j(neo4j: Neo4jConnection, queries: CypherQueries, kind: str) -> Iterator[tuple[str, bytes]]:
    for page in read_pages(neo4j, queries.with_types("digest_fields_of_links", kind), PAGE):
        for link, (tail, head, body, protected) in zip(page["ids"], page["said"], strict=True):
            yield link, _link(link, kind, tail, head, body, protected == "true")


def _nodes_in_projection(connection: sqlite3.Connection, scope: CopyScope) -> Iterator[bytes]:
    for node, kind, caption, body, sought, protected in connection.execute(_NODES):
        if scope.protected or not protected:
            yield _node(node, kind, caption, read_json(sought, list), scope.visible_body(body), bool(protected))


def _links_in_projection(connection: sqlite3.Connection, scope: CopyScope) -> Iterator[bytes]:
    for link, kind, tail, head, body, protected, is_hidden in connection.execute(_LINKS):
        if scope.protected or not (protected or is_hidden):
            yield _link(link, kind, tail, head, scope.visible_body(body), bool(protected))


def _node(node: str, kind: str, caption: str, sought: list[str], body: str, protected: bool) -> bytes:
    fields = {"id": node, "type": kind, "caption": caption, "sought": sought, "node_protected": protected}
    return _line(fields, body)


def _link(link: str, kind: str, tail: str, head: str, body: str, protected: bool) -> bytes:
    return _line({"id": link, "type": kind, "from": tail, "to": head, "link_protected": protected}, body)


def _line(fields: dict[str, Any], body: str) -> bytes:
    return orjson.dumps({**fields, **(read_json(body) if body else {})}, option=orjson.OPT_SORT_KEYS)


def _sha256(*streams: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for stream in streams:
        for line in stream:
            digest.update(line + b"\n")
    return digest.hexdigest()
