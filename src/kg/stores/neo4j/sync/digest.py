"""What is the digest of the graph in a Neo4j, by which it is known to equal the projection?"""

from __future__ import annotations

import hashlib
import heapq
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import orjson

from kg.ontology import Ontology
from kg.stores.neo4j.connection import Conversation
from kg.stores.neo4j.cypher_queries import Texts
from kg.stores.neo4j.projection_reader import Scope
from kg.stores.neo4j.sync.contents import link_types, pages

PAGE = 2_000
"""Nodes or links of one page; of links, a page of every type is in memory at a time."""

_NODES = "SELECT id, type, caption, body, sought, protected FROM node ORDER BY id"
_LINKS = """SELECT link.id, link.type, t.id, h.id, link.body, link.protected, t.protected OR h.protected FROM link
    JOIN node AS t ON t.num = link.tail JOIN node AS h ON h.num = link.head ORDER BY link.id"""


class Line(NamedTuple):
    """One node or link as canonical JSON."""

    id: str
    text: bytes


def digest_there(conversation: Conversation, ontology: Ontology, texts: Texts) -> str:
    """SHA-256 of the canonical JSON lines of what a Neo4j holds: nodes by id, then links by id."""
    kinds = [_links_there(conversation, texts, name) for name in link_types(conversation, ontology, texts)]
    return _sha256(_nodes_there(conversation, texts), heapq.merge(*kinds))


def digest_here(connection: sqlite3.Connection, scope: Scope) -> str:
    """The same of the projection, as far as the scope may know it."""
    return _sha256(_nodes_here(connection, scope), _links_here(connection, scope))


def _nodes_there(conversation: Conversation, texts: Texts) -> Iterator[Line]:
    for page in pages(conversation, texts.plain("lines_of_nodes"), PAGE):
        for node, (kind, caption, body, protected), sought in zip(
            page["ids"], page["said"], page["sought"], strict=True
        ):
            yield _node(node, kind, caption, sought, body, protected == "true")


def _links_there(conversation: Conversation, texts: Texts, kind: str) -> Iterator[Line]:
    for page in pages(conversation, texts.with_types("lines_of_links", kind), PAGE):
        for link, (tail, head, body, protected) in zip(page["ids"], page["said"], strict=True):
            yield _link(link, kind, tail, head, body, protected == "true")


def _nodes_here(connection: sqlite3.Connection, scope: Scope) -> Iterator[Line]:
    for node, kind, caption, body, sought, protected in connection.execute(_NODES):
        if scope.protected or not protected:
            yield _node(node, kind, caption, orjson.loads(sought), scope.seen(body), bool(protected))


def _links_here(connection: sqlite3.Connection, scope: Scope) -> Iterator[Line]:
    for link, kind, tail, head, body, protected, hidden in connection.execute(_LINKS):
        if scope.protected or not (protected or hidden):
            yield _link(link, kind, tail, head, scope.seen(body), bool(protected))


def _node(node: str, kind: str, caption: str, sought: list[str], body: str, protected: bool) -> Line:
    own = {"id": node, "type": kind, "caption": caption, "sought": sought, "node_protected": protected}
    return Line(node, _line(own, body))


def _link(link: str, kind: str, tail: str, head: str, body: str, protected: bool) -> Line:
    return Line(link, _line({"id": link, "type": kind, "from": tail, "to": head, "link_protected": protected}, body))


def _line(own: dict[str, Any], body: str) -> bytes:
    return orjson.dumps({**own, **(orjson.loads(body) if body else {})}, option=orjson.OPT_SORT_KEYS)


def _sha256(*streams: Iterable[Line]) -> str:
    digest = hashlib.sha256()
    for stream in streams:
        for line in stream:
            digest.update(line.text + b"\n")
    return digest.hexdigest()
