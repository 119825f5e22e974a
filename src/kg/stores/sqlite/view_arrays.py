"""Read the graph of the SQLite file as arrays."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kg.errors import InputError
from kg.ontology import Ontology
from kg.records import ID_LENGTH, GraphVersion
from kg.view import LINK_COLUMNS, NODE_COLUMNS, GraphRecords, GraphView

CHUNK = 50_000

_ID = f"S{ID_LENGTH}"


@dataclass(frozen=True, slots=True)
class ViewContext:
    """What a view has besides its arrays."""

    ontology: Ontology
    version: GraphVersion
    as_of: str
    store: GraphRecords


def graph_fingerprint(version: GraphVersion, ontology: Ontology, state: str, *, protected: bool) -> str:
    """A digest that differs between any two graphs, and between scopes."""
    return hashlib.sha256(f"{version} {ontology.digest} {protected} {state}".encode()).hexdigest()


def read_view(
    connection: sqlite3.Connection, context: ViewContext, columns: Sequence[str], protected: bool
) -> GraphView:
    """Read topology, types and the named columns. Raises InputError for a column that does not exist."""
    for name in columns:
        if name not in NODE_COLUMNS + LINK_COLUMNS:
            raise InputError(f"there is no column {name!r}; columns: {', '.join(NODE_COLUMNS + LINK_COLUMNS)}")
    ontology = context.ontology
    nodes = _NodeArrays(connection, ontology, columns, protected)
    links = _LinkArrays(connection, ontology, columns, protected, nodes.position)
    return GraphView(
        ontology=ontology,
        version=context.version,
        as_of=context.as_of,
        node_types=ontology.node_names,
        link_types=ontology.link_names,
        ids=nodes.ids,
        node_type=nodes.type,
        link_ids=links.ids,
        link_type=links.type,
        tail=links.tail,
        head=links.head,
        columns={**nodes.columns, **links.columns},
    ).with_records(context.store)


class _NodeArrays:
    """The nodes, sorted by id; `position` maps numbers of the store to array indexes, -1 for invisible nodes."""

    def __init__(
        self, connection: sqlite3.Connection, ontology: Ontology, columns: Sequence[str], protected: bool
    ) -> None:
        selected = [c for c in NODE_COLUMNS if c in columns]
        select = {"caption": "caption", "sought": "sought <> '[]'"}
        extra = "".join(f", {select[c]}" for c in selected)
        where = "" if protected else "WHERE NOT protected"
        count = connection.execute(f"SELECT count(*) FROM node {where}").fetchone()[0]
        highest = connection.execute("SELECT coalesce(max(num), 0) FROM node").fetchone()[0]
        numbers, codes = np.empty(count, np.int64), np.empty(count, np.uint8)
        ids = np.empty(count, _ID)
        raw: dict[str, NDArray[Any]] = {c: np.empty(count, object if c == "caption" else bool) for c in selected}
        code = {name: i for i, name in enumerate(ontology.node_names)}
        for part, rows in _row_chunks(connection.execute(f"SELECT num, id, type{extra} FROM node {where}")):
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


class _LinkArrays:
    """The links whose ends are both visible, sorted by id."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        ontology: Ontology,
        columns: Sequence[str],
        protected: bool,
        position: NDArray[np.int32],
    ) -> None:
        selected = [c for c in LINK_COLUMNS if c in columns]
        fields = [field for c in selected for field in _LINK_COLUMNS[c].names]
        where = "" if protected else "WHERE NOT protected"
        count = connection.execute(f"SELECT count(*) FROM link {where}").fetchone()[0]
        codes, ids, ends = np.empty(count, np.uint8), np.empty(count, _ID), np.empty((2, count), np.int32)
        values = {c: np.empty((count, len(_LINK_COLUMNS[c].names)), _LINK_COLUMNS[c].type) for c in selected}
        code = {name: i for i, name in enumerate(ontology.link_names)}
        query = f"SELECT {', '.join(('id', 'type', 'tail', 'head', *fields))} FROM link {where}"
        for part, rows in _row_chunks(connection.execute(query)):
            link_ids, types, tails, heads, *rest = zip(*rows, strict=True)
            ids[part], codes[part] = link_ids, [code[t] for t in types]
            ends[0, part], ends[1, part] = position[list(tails)], position[list(heads)]
            for array in values.values():
                for i in range(array.shape[1]):
                    array[part, i] = rest.pop(0)
        order = np.argsort(ids, kind="stable")
        order = order[(ends[0, order] >= 0) & (ends[1, order] >= 0)]
        self.ids, self.type = ids[order], codes[order]
        self.tail, self.head = ends[0, order], ends[1, order]
        self.columns = {
            name: array[order].squeeze(axis=1) if array.shape[1] == 1 else array[order]
            for name, array in values.items()
        }


class _LinkColumn(NamedTuple):
    """The database columns of a view column of links, and the type of its array."""

    names: tuple[str, ...]
    type: type[np.generic]


_LINK_COLUMNS = {
    "share": _LinkColumn(("share_low", "share_high"), np.float32),
    "dates": _LinkColumn(("first_day", "last_day"), np.int32),
    "reliability": _LinkColumn(("reliability",), np.uint8),
    "interest": _LinkColumn(("interest",), np.uint8),
    "credibility": _LinkColumn(("credibility",), np.uint8),
}


def _row_chunks(cursor: sqlite3.Cursor) -> Iterator[tuple[slice, list[Any]]]:
    start = 0
    while rows := cursor.fetchmany(CHUNK):
        yield slice(start, start + len(rows)), rows
        start += len(rows)
