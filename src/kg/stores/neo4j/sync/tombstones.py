"""Remove nodes that no source describes any more, and keep what people attached to them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np
import orjson

from kg.ontology import Ontology
from kg.ontology.derive.cypher import ROOT, WITHDRAWN, owned_keys, owned_labels
from kg.stores.neo4j.connection import Neo4jConnection, Parameters
from kg.stores.neo4j.cypher_queries import CypherQueries
from kg.stores.neo4j.sync.sync_state import SyncState, positions

MAX_LINKS = 5_000
"""The maximum of links that are transferred in one transaction."""


class Tombstones:
    """Removes nodes. What people attached to one is transferred to its successor, or stays with the withdrawn node.

    `present` is what the graph has now; `hold` begins each transaction.
    """

    def __init__(
        self, neo4j: Neo4jConnection, ontology: Ontology, queries: CypherQueries, guard: tuple[str, Parameters]
    ) -> None:
        self._neo4j, self._queries, self._guard = neo4j, queries, guard
        self._owned: dict[str, Any] = {"labels": list(owned_labels(ontology)), "owned": list(owned_keys(ontology))}

    def remove_nodes(self, ids: Sequence[str], successors: dict[str, str]) -> None:
        """Remove nodes; `successors` has the nodes into which some of them were merged."""
        for batch in chunked(ids, MAX_LINKS):
            self._write("delete_nodes", rows=batch, **self._owned)
            remaining = [row["id"] for row in self._neo4j.read(self._queries.get("remaining_nodes"), {"rows": batch})]
            for node in remaining:
                if node in successors:
                    self._transfer(node, successors[node], ROOT)
            if without_successor := [node for node in remaining if node not in successors]:
                self._write("withdraw_nodes", rows=without_successor, **self._owned)

    def list_withdrawn(self) -> list[str]:
        """The withdrawn nodes, which still have what people attached to them."""
        return [row["id"] for row in self._neo4j.read(self._queries.get("list_withdrawn"))]

    def transfer_attachments(self, successors: dict[str, str]) -> None:
        """Transfer what people attached to withdrawn nodes to their successors."""
        for node, successor in successors.items():
            self._transfer(node, successor, WITHDRAWN)

    def withdraw_strays(self) -> None:
        """Withdraw nodes that have content of kg but have lost the label by which kg finds them."""
        while self._write("withdraw_strays", limit=MAX_LINKS, **self._owned)[0]["found"]:
            pass

    def _transfer(self, node: str, successor: str, label: str) -> None:
        pair = {"id": node, "heir": successor}
        for name in ("transfer_outgoing", "transfer_incoming"):
            while self._write(name, label, limit=MAX_LINKS, **pair)[0]["handed"]:
                pass
        self._write("transfer_properties", label, **pair, **self._owned)

    def _write(self, name: str, label: str = "", **parameters: Any) -> list[dict[str, Any]]:
        text = self._queries.with_labels(name, (label,) if label else ())
        return self._neo4j.write_all([self._guard, (text, parameters)])


def successors(connection: sqlite3.Connection, present: SyncState, ids: Iterable[str]) -> dict[str, str]:
    """The node of the graph that each id leads to: the node itself, or the one into which it was merged."""
    id_list = list(ids)
    query = """SELECT redirect.id, node.id FROM redirect JOIN node ON node.num = redirect.node
        WHERE redirect.id IN (SELECT value FROM json_each(?))"""
    pairs = connection.execute(query, (orjson.dumps(id_list).decode(),)).fetchall()
    pairs += [(node, node) for node in id_list]
    there = positions(present.nodes, np.array([successor for _, successor in pairs], np.bytes_)) >= 0
    return {former: successor for (former, successor), is_there in zip(pairs, there, strict=True) if is_there}


def chunked(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Lists of at most `size` items."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
