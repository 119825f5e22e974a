"""Read the graph in a Neo4j as arrays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.ontology import Ontology
from kg.records import ID_LENGTH
from kg.stores.neo4j.connection import Neo4jConnection
from kg.stores.neo4j.cypher_queries import CypherQueries
from kg.stores.neo4j.projection_items import UNKNOWN_SHARE
from kg.stores.neo4j.sync.contents import link_types, read_pages
from kg.stores.sqlite.view_arrays import LINK_ARRAYS

PAGE = 10_000
"""Nodes or links of one page, which is in memory twice while it is read."""

_ID = f"S{ID_LENGTH}"
_FACTS = [field for names, _ in LINK_ARRAYS.values() for field in names]
_DEFAULT_FACTS = (np.nan, np.nan, 0.0, 0.0, 6.0, 0.0, 6.0)

Array = NDArray[Any]
Columns = dict[str, Array]


@dataclass(frozen=True, slots=True)
class ViewRequest:
    """What is read, and for which scope."""

    ontology: Ontology
    columns: Sequence[str]
    protected: bool


def read_arrays(connection: Neo4jConnection, queries: CypherQueries, request: ViewRequest) -> dict[str, Any]:
    """Read topology, types and the named columns, page by page, by field of GraphView."""
    nodes = _concatenate(
        _node_pages(connection, queries, request), {"ids": _ID, "type": np.uint8, "caption": object, "sought": bool}
    )
    facts = {name: kind for name, (_, kind) in LINK_ARRAYS.items() if name in request.columns}
    types = {"ids": _ID, "type": np.uint8, "tail": np.int32, "head": np.int32, **facts}
    links = _concatenate(_link_pages(connection, queries, request, nodes["ids"]), types)
    order = np.argsort(links["ids"], kind="stable")
    links = {name: values[order] for name, values in links.items()}
    return {
        "ids": nodes["ids"],
        "node_type": nodes["type"],
        "link_ids": links["ids"],
        "link_type": links["type"],
        "tail": links["tail"],
        "head": links["head"],
        "columns": {name: (nodes | links)[name] for name in request.columns},
    }


def _node_pages(neo4j: Neo4jConnection, queries: CypherQueries, request: ViewRequest) -> Iterator[Columns]:
    code = {name: i for i, name in enumerate(request.ontology.node_names)}
    for page in read_pages(neo4j, queries.get("view_nodes"), PAGE, all=request.protected):
        captions = np.empty(len(page["ids"]), object)
        captions[:] = page["captions"] if "caption" in request.columns else None
        yield {
            "ids": np.array(page["ids"], _ID),
            "type": np.array([code[t] for t in page["types"]], np.uint8),
            "caption": captions,
            "sought": np.array(page["sought"], bool),
        }


def _link_pages(neo4j: Neo4jConnection, queries: CypherQueries, request: ViewRequest, ids: Array) -> Iterator[Columns]:
    """The links both of whose ends are among `ids`."""
    requested = [name for name in request.columns if name in LINK_ARRAYS]
    query = "view_links_with_facts" if requested else "view_links"
    codes = {name: code for code, name in enumerate(request.ontology.link_names)}
    for link_type in link_types(neo4j, request.ontology, queries):
        for page in read_pages(neo4j, queries.with_types(query, link_type), PAGE, all=request.protected):
            tail, head = (_positions(ids, page[end]) for end in ("tails", "heads"))
            is_visible = (tail >= 0) & (head >= 0)
            columns = {"ids": np.array(page["ids"], _ID), "type": np.full(len(tail), codes[link_type], np.uint8)}
            columns |= {"tail": tail, "head": head}
            if requested:
                columns |= _facts(page["facts"], requested)
            yield {name: values[is_visible] for name, values in columns.items()}


def _facts(rows: Sequence[Sequence[float]], requested: Sequence[str]) -> Columns:
    facts = np.array([line or _DEFAULT_FACTS for line in rows], np.float64).reshape(-1, len(_FACTS))
    facts[:, :2][facts[:, :2] == UNKNOWN_SHARE] = np.nan
    columns = {name: facts[:, [_FACTS.index(f) for f in LINK_ARRAYS[name][0]]] for name in requested}
    return {
        name: (values if values.shape[1] > 1 else values[:, 0]).astype(LINK_ARRAYS[name][1])
        for name, values in columns.items()
    }


def _positions(ids: Array, requested: Sequence[str]) -> NDArray[np.int32]:
    """The index of each requested id in sorted ids; -1 if it is absent."""
    names = np.array(requested, _ID)
    if not len(ids):
        return np.full(len(names), -1, np.int32)
    at = np.minimum(np.searchsorted(ids, names), len(ids) - 1)
    return np.where(ids[at] == names, at, -1).astype(np.int32)


def _concatenate(pages: Iterator[Columns], types: Mapping[str, Any]) -> Columns:
    """One array for each column; an empty one of the right type if there are no pages."""
    found = list(pages)
    if found:
        return {name: np.concatenate([page[name] for page in found]) for name in types}
    widths = {name: len(LINK_ARRAYS[name][0]) if name in LINK_ARRAYS else 1 for name in types}
    return {name: np.empty((0, widths[name]) if widths[name] > 1 else 0, kind) for name, kind in types.items()}
