"""A lake's graph as arrays, for analyses that one worker runs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from kg.errors import InputError
from kg.lake.engines import Engine
from kg.lake.graph import LakeGraph
from kg.ontology import Ontology
from kg.records import ID_LENGTH, GraphVersion
from kg.view import GraphView

MAX_LINKS = 20_000_000
"""How many links one worker takes: some 200 bytes each while they are weighed, 4 GB in all."""

_ID = f"S{ID_LENGTH}"
_COLUMNS = {
    "share": (("share_low", "share_high"), np.float32),
    "dates": (("first_day", "last_day"), np.int32),
    "reliability": (("reliability",), np.uint8),
    "interest": (("interest",), np.uint8),
}
"""The columns of links that clusters need, of which columns of the table they are made, and their types."""


def graph_view(engine: Engine, ontology: Ontology, graph: LakeGraph, *, protected: bool) -> GraphView:
    """The graph of the views `graph_node` and `graph_link` as one scope sees it, with the columns that clusters need.

    Raises InputError for a graph that is too large for one worker.
    """
    seen = graph.protected if protected else graph.open
    if seen.links > MAX_LINKS:
        raise InputError(
            f"{seen.links:,} links; one worker partitions at most {MAX_LINKS:,}."
            " Pull a piece with `kg lake pull --around`, and run `kg clusters` on it"
        )
    visible = "" if protected else " WHERE NOT protected"
    sought = "sought_protected" if protected else "sought"
    nodes = engine.rows(f"SELECT id, type, {sought} <> '[]' AS is_sought FROM graph_node{visible}")
    columns = [column for names, _ in _COLUMNS.values() for column in names]
    links = engine.rows(f"SELECT id, type, tail, head, {', '.join(columns)} FROM graph_link{visible}")
    ids, link_ids = _ids(nodes["id"]), _ids(links["id"])
    order, link_order = np.argsort(ids, kind="stable"), np.argsort(link_ids, kind="stable")
    ids = ids[order]
    ends = {end: np.searchsorted(ids, _ids(links[end])).astype(np.int32)[link_order] for end in ("tail", "head")}
    values: dict[str, NDArray[Any]] = {"sought": nodes["is_sought"].to_numpy()[order].astype(bool)}
    for name, (parts, kind) in _COLUMNS.items():
        found = np.stack([links[part].to_numpy().astype(kind) for part in parts], axis=1)[link_order]
        values[name] = found.squeeze(axis=1) if len(parts) == 1 else found
    return GraphView(
        ontology,
        GraphVersion("lake", graph.version),
        graph.day(protected=protected),
        tuple(ontology.node_names),
        tuple(ontology.link_names),
        ids,
        _codes(nodes["type"], ontology.node_names)[order],
        link_ids[link_order],
        _codes(links["type"], ontology.link_names)[link_order],
        ends["tail"],
        ends["head"],
        values,
    )


def _ids(column: pa.ChunkedArray) -> NDArray[np.bytes_]:
    return np.array(column.to_pylist(), dtype=_ID)


def _codes(column: pa.ChunkedArray, names: Any) -> NDArray[np.uint8]:
    code = {name: number for number, name in enumerate(names)}
    return np.array([code[name] for name in column.to_pylist()], dtype=np.uint8)
