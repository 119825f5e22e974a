"""Read the graph in a Neo4j as arrays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.errors import InputError
from kg.ontology import Ontology
from kg.records import ID_LENGTH
from kg.stores.neo4j.connection import Neo4jConnection
from kg.stores.neo4j.cypher_queries import CypherQueries
from kg.stores.neo4j.projection_reader import UNKNOWN_SHARE
from kg.stores.neo4j.sync.contents import link_types, read_pages
from kg.stores.sqlite.view_arrays import ViewContext
from kg.view import LINK_COLUMNS, NODE_COLUMNS, GraphView

PAGE = 10_000
"""Nodes or links of one page, which is in memory twice while it is read."""

_ID = f"S{ID_LENGTH}"
_FACTS = ("share_low", "share_high", "first_day", "last_day", "reliability", "interest", "credibility")
_DEFAULT_FACTS = (np.nan, np.nan, 0.0, 0.0, 6.0, 0.0, 6.0)
_FACT_COLUMNS: Mapping[str, tuple[slice, type[np.generic]]] = {
    "share": (slice(0, 2), np.float32),
    "dates": (slice(2, 4), np.int32),
    "reliability": (slice(4, 5), np.uint8),
    "interest": (slice(5, 6), np.uint8),
    "credibility": (slice(6, 7), np.uint8),
}
"""The position of a view column among the facts of a link, and the type of its array."""

Array = NDArray[Any]
Columns = dict[str, Array]


@dataclass(frozen=True, slots=True)
class ViewRequest:
    """What is read, and for which scope."""

    context: ViewContext
    columns: Sequence[str]
    protected: bool

    @property
    def ontology(self) -> Ontology:
        """The ontology of the graph."""
        return self.context.ontology


def read_view(connection: Neo4jConnection, queries: CypherQueries, request: ViewRequest) -> GraphView:
    """Read topology, types and the named columns, page by page. Raises InputError for a column that does not exist."""
    for name in request.columns:
        if name not in NODE_COLUMNS + LINK_COLUMNS:
            raise InputError(f"there is no column {name!r}; columns: {', '.join(NODE_COLUMNS + LINK_COLUMNS)}")
    nodes = _concatenate(_node_pages(connection, queries, request), request, ("ids", "type", "caption", "sought"))
    links = _concatenate(
        _link_pages(connection, queries, request, nodes["ids"]), request, ("ids", "type", "tail", "head")
    )
    order = np.argsort(links["ids"], kind="stable")
    links = {name: values[order] for name, values in links.items()}
    columns = {**nodes, **links}
    return GraphView(
        ontology=request.ontology,
        version=request.context.version,
        as_of=request.context.as_of,
        node_types=request.ontology.node_names,
        link_types=request.ontology.link_names,
        ids=nodes["ids"],
        node_type=nodes["type"],
        link_ids=links["ids"],
        link_type=links["type"],
        tail=links["tail"],
        head=links["head"],
        columns={name: columns[name] for name in request.columns},
    ).with_records(request.context.store)


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
    requested = [name for name in request.columns if name in _FACT_COLUMNS]
    query = "view_links_with_facts" if requested else "view_links"
    codes = {name: code for code, name in enumerate(request.ontology.link_names)}
    for link_type in link_types(neo4j, request.ontology, queries):
        code = codes[link_type]
        for page in read_pages(neo4j, queries.with_types(query, link_type), PAGE, all=request.protected):
            tail, head = (_positions(ids, page[end]) for end in ("tails", "heads"))
            is_visible = (tail >= 0) & (head >= 0)
            columns = {"ids": np.array(page["ids"], _ID), "type": np.full(len(tail), code, np.uint8)}
            columns |= {"tail": tail, "head": head}
            if requested:
                columns |= _facts(page["facts"], requested)
            yield {name: values[is_visible] for name, values in columns.items()}


def _facts(rows: Sequence[Sequence[float]], requested: Sequence[str]) -> Columns:
    facts = np.array([line or _DEFAULT_FACTS for line in rows], np.float64).reshape(-1, len(_FACTS))
    facts[:, :2][facts[:, :2] == UNKNOWN_SHARE] = np.nan
    columns = {name: facts[:, _FACT_COLUMNS[name][0]].astype(_FACT_COLUMNS[name][1]) for name in requested}
    return {name: values if values.shape[1] > 1 else values[:, 0] for name, values in columns.items()}


def _positions(ids: Array, requested: Sequence[str]) -> NDArray[np.int32]:
    """The index of each requested id in sorted ids; -1 if it is absent."""
    names = np.array(requested, _ID)
    if not len(ids):
        return np.full(len(names), -1, np.int32)
    at = np.minimum(np.searchsorted(ids, names), len(ids) - 1)
    return np.where(ids[at] == names, at, -1).astype(np.int32)


def _concatenate(parts: Iterator[Columns], request: ViewRequest, names: Sequence[str]) -> Columns:
    """One array for each column; an empty one of the right type if there are no pages."""
    found = list(parts)
    types: dict[str, Any] = {"ids": _ID, "caption": object, "sought": bool, "type": np.uint8}
    types |= {"tail": np.int32, "head": np.int32}
    arrays: Columns = {}
    for name in (*names, *(c for c in request.columns if c in _FACT_COLUMNS and "tail" in names)):
        if found:
            arrays[name] = np.concatenate([part[name] for part in found])
        else:
            where, kind = _FACT_COLUMNS.get(name, (slice(0, 1), types.get(name, object)))
            width = where.stop - where.start
            arrays[name] = np.empty((0, width) if width > 1 else 0, kind)
    return arrays
