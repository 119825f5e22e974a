"""Read the graph of the SQLite file as arrays."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.ontology import Ontology
from kg.records import ID_LENGTH
from kg.stores.row_decoder import tells_damage
from kg.view import LINK_COLUMNS, NODE_COLUMNS

CHUNK = 50_000

_ID = f"S{ID_LENGTH}"


LINK_ARRAYS: dict[str, tuple[tuple[str, ...], type[np.generic]]] = {
    "share": (("share_low", "share_high"), np.float32),
    "dates": (("first_day", "last_day"), np.int32),
    "reliability": (("reliability",), np.uint8),
    "interest": (("interest",), np.uint8),
    "credibility": (("credibility",), np.uint8),
}
"""The database columns of each view column of links, and the type of its array."""


@tells_damage
def read_arrays(connection: sqlite3.Connection, ontology: Ontology, columns: Sequence[str]) -> dict[str, Any]:
    """Read topology, types and the named columns, by field of GraphView."""
    nodes = _NodeArrays(connection, ontology, columns)
    links = _link_arrays(connection, ontology, columns, nodes.position)
    columns_of_links = {name: links.pop(name) for name in columns if name in LINK_ARRAYS}
    return {"ids": nodes.ids, "node_type": nodes.type, **links, "columns": nodes.columns | columns_of_links}


class _NodeArrays:
    """The nodes, sorted by id; `position` maps numbers of the store to array indexes, -1 for invisible nodes."""

    def __init__(self, connection: sqlite3.Connection, ontology: Ontology, columns: Sequence[str]) -> None:
        selected = [c for c in NODE_COLUMNS if c in columns]
        select = {"caption": "caption", "sought": "sought <> '[]'"}
        extra = "".join(f", {select[c]}" for c in selected)
        count = connection.execute("SELECT count(*) FROM node").fetchone()[0]
        highest = connection.execute("SELECT coalesce(max(num), 0) FROM node").fetchone()[0]
        numbers, codes = np.empty(count, np.int64), np.empty(count, np.uint8)
        ids = np.empty(count, _ID)
        raw: dict[str, NDArray[Any]] = {c: np.empty(count, object if c == "caption" else bool) for c in selected}
        code = {name: i for i, name in enumerate(ontology.node_names)}
        for part, rows in _row_chunks(connection.execute(f"SELECT num, id, type{extra} FROM node")):
            columns_of = list(zip(*rows, strict=True))
            numbers[part], ids[part] = columns_of[0], columns_of[1]
            codes[part] = [code[t] for t in columns_of[2]]
            for name, values in zip(selected, columns_of[3:], strict=True):
                raw[name][part] = values
        order = np.argsort(ids, kind="stable")
        self.ids, self.type = ids[order], codes[order]
        self.columns = {name: values[order] for name, values in raw.items()}
        self.position = np.full(highest + 1, -1, np.int32)
        self.position[numbers[order]] = np.arange(count, dtype=np.int32)


def _link_arrays(
    connection: sqlite3.Connection,
    ontology: Ontology,
    columns: Sequence[str],
    position: NDArray[np.int32],
) -> dict[str, NDArray[Any]]:
    """The links whose ends are both visible, sorted by id."""
    selected = {c: LINK_ARRAYS[c] for c in LINK_COLUMNS if c in columns}
    fields = [field for names, _ in selected.values() for field in names]
    count = connection.execute("SELECT count(*) FROM link").fetchone()[0]
    codes, ids, ends = np.empty(count, np.uint8), np.empty(count, _ID), np.empty((2, count), np.int32)
    values = {c: np.empty((count, len(names)), kind) for c, (names, kind) in selected.items()}
    known = {name: i for i, name in enumerate(ontology.link_names)}
    code = {num: known[name] for num, name in connection.execute("SELECT num, name FROM link_type")}
    query = f"SELECT {', '.join(('id', 'type_number', 'tail', 'head', *fields))} FROM link"
    for part, rows in _row_chunks(connection.execute(query)):
        link_ids, types, tails, heads, *rest = zip(*rows, strict=True)
        ids[part], codes[part] = link_ids, [code[t] for t in types]
        ends[0, part], ends[1, part] = position[list(tails)], position[list(heads)]
        for array in values.values():
            for i in range(array.shape[1]):
                array[part, i] = rest.pop(0)
    order = np.argsort(ids, kind="stable")
    order = order[(ends[0, order] >= 0) & (ends[1, order] >= 0)]
    found = {"link_ids": ids, "link_type": codes, "tail": ends[0], "head": ends[1]}
    found |= {name: array.squeeze(axis=1) if array.shape[1] == 1 else array for name, array in values.items()}
    return {name: array[order] for name, array in found.items()}


def _row_chunks(cursor: sqlite3.Cursor) -> Iterator[tuple[slice, list[Any]]]:
    start = 0
    while rows := cursor.fetchmany(CHUNK):
        yield slice(start, start + len(rows)), rows
        start += len(rows)
