"""How does the SQLite file become arrays?"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from kg.errors import InputError
from kg.ontology import Ontology
from kg.ontology.values import date_span, percent_interval
from kg.records import ID_LENGTH, RELIABILITIES, Claim, GraphVersion
from kg.view import LINK_COLUMNS, NODE_COLUMNS, GraphView

CHUNK = 50_000
UNGRADED = len(RELIABILITIES)

_ID = f"S{ID_LENGTH}"


@dataclass(frozen=True, slots=True)
class Frame:
    """What a view is besides its arrays."""

    ontology: Ontology
    version: GraphVersion
    as_of: str
    claims: Callable[[Sequence[str]], Mapping[str, Sequence[Claim]]]


def open_view(connection: sqlite3.Connection, frame: Frame, columns: Sequence[str], protected: bool) -> GraphView:
    """Read topology, types and the named columns. Raises InputError for a column that does not exist."""
    for name in columns:
        if name not in NODE_COLUMNS + LINK_COLUMNS:
            raise InputError(f"there is no column {name!r}; columns: {', '.join(NODE_COLUMNS + LINK_COLUMNS)}")
    ontology = frame.ontology
    nodes = _Nodes(connection, ontology, columns, protected)
    links = _Links(connection, ontology, columns, protected, nodes.position)
    return GraphView(
        ontology=ontology,
        version=frame.version,
        as_of=frame.as_of,
        node_types=ontology.node_names,
        link_types=ontology.link_names,
        ids=nodes.ids,
        node_type=nodes.type,
        link_ids=links.ids,
        link_type=links.type,
        tail=links.tail,
        head=links.head,
        columns={**nodes.columns, **links.columns},
        claims=frame.claims,
    )


class _Nodes:
    """The nodes, sorted by id; `position` maps numbers of the store to places in the arrays, -1 for hidden ones."""

    def __init__(
        self, connection: sqlite3.Connection, ontology: Ontology, columns: Sequence[str], protected: bool
    ) -> None:
        wanted = [c for c in NODE_COLUMNS if c in columns]
        select = {"caption": "caption", "sought": "sought <> '[]'"}
        extra = "".join(f", {select[c]}" for c in wanted)
        where = "" if protected else "WHERE NOT protected"
        count, highest = connection.execute(f"SELECT count(*), coalesce(max(num), 0) FROM node {where}").fetchone()
        numbers, codes = np.empty(count, np.int64), np.empty(count, np.uint8)
        ids = np.empty(count, _ID)
        raw: dict[str, NDArray[Any]] = {c: np.empty(count, object if c == "caption" else bool) for c in wanted}
        code = {name: i for i, name in enumerate(ontology.node_names)}
        for part, rows in _chunks(connection.execute(f"SELECT num, id, type{extra} FROM node {where}")):
            columns_of = list(zip(*rows, strict=True))
            numbers[part], ids[part] = columns_of[0], columns_of[1]
            codes[part] = [code[t] for t in columns_of[2]]
            for name, values in zip(wanted, columns_of[3:], strict=True):
                raw[name][part] = values
        order = np.argsort(ids, kind="stable")
        self.ids, self.type = ids[order], codes[order]
        self.columns = {name: values[order] for name, values in raw.items()}
        self.position = np.full(highest + 1, -1, np.int32)
        self.position[numbers[order]] = np.arange(count, dtype=np.int32)


class _Links:
    """The links whose ends are both seen, sorted by id."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        ontology: Ontology,
        columns: Sequence[str],
        protected: bool,
        position: NDArray[np.int32],
    ) -> None:
        wanted = [c for c in LINK_COLUMNS if c in columns]
        body = ", body" if wanted else ", ''"
        where = "" if protected else "WHERE NOT protected"
        count = connection.execute(f"SELECT count(*) FROM link {where}").fetchone()[0]
        codes, ids = np.empty(count, np.uint8), np.empty(count, _ID)
        ends = np.empty((2, count), np.int32)
        readers = [_READERS[c](count) for c in wanted]
        code = {name: i for i, name in enumerate(ontology.link_names)}
        for part, rows in _chunks(connection.execute(f"SELECT id, type, tail, head{body} FROM link {where}")):
            link_ids, types, tails, heads, bodies = zip(*rows, strict=True)
            ids[part] = link_ids
            codes[part] = [code[t] for t in types]
            ends[0, part], ends[1, part] = position[list(tails)], position[list(heads)]
            for reader in readers:
                reader.read(part.start, bodies)
        order = np.argsort(ids, kind="stable")
        order = order[(ends[0, order] >= 0) & (ends[1, order] >= 0)]
        self.ids, self.type = ids[order], codes[order]
        self.tail, self.head = ends[0, order], ends[1, order]
        self.columns = {name: reader.values[order] for name, reader in zip(wanted, readers, strict=True)}


class _Share:
    """Lowest and highest percentage that any source says."""

    needle = '"share"'

    def __init__(self, count: int) -> None:
        self.values: NDArray[Any] = np.full((count, 2), np.nan, np.float32)

    def read(self, start: int, bodies: Sequence[str]) -> None:
        for i, body in enumerate(bodies, start):
            if self.needle in body and (texts := orjson.loads(body).get("properties", {}).get("share")):
                intervals = [percent_interval(t) for t in texts]
                self.values[i] = min(v.low for v in intervals), max(v.high for v in intervals)


class _Dates:
    """First and last day on which the link may hold, as any source says; 0 where open."""

    def __init__(self, count: int) -> None:
        self.values: NDArray[Any] = np.zeros((count, 2), np.int32)

    def read(self, start: int, bodies: Sequence[str]) -> None:
        for i, body in enumerate(bodies, start):
            if "date" not in body:
                continue
            properties = orjson.loads(body).get("properties", {})
            once = properties.get("date", ())
            first = [date_span(t).first.toordinal() for t in (*properties.get("start_date", ()), *once)]
            last = [date_span(t).last.toordinal() for t in (*properties.get("end_date", ()), *once)]
            self.values[i] = min(first, default=0), max(last, default=0)


class _Reliability:
    """The best grade of any source, 1 (A) to 6 (F, unknown)."""

    def __init__(self, count: int) -> None:
        self.values: NDArray[Any] = np.full(count, UNGRADED, np.uint8)

    def read(self, start: int, bodies: Sequence[str]) -> None:
        for i, body in enumerate(bodies, start):
            if '"reliability"' in body:
                grades = [s.get("reliability") for s in orjson.loads(body).get("said", ())]
                self.values[i] = min((RELIABILITIES.index(g) + 1 for g in grades if g), default=UNGRADED)


class _Interest:
    """1 where the title is held, 2 where the benefit is."""

    def __init__(self, count: int) -> None:
        self.values: NDArray[Any] = np.zeros(count, np.uint8)

    def read(self, start: int, bodies: Sequence[str]) -> None:
        for i, body in enumerate(bodies, start):
            if '"interest"' in body:
                said = orjson.loads(body).get("properties", {}).get("interest", ())
                self.values[i] = 2 if "beneficial" in said else 1 if "legal" in said else 0


_READERS: dict[str, Callable[[int], Any]] = {
    "share": _Share,
    "dates": _Dates,
    "reliability": _Reliability,
    "interest": _Interest,
}


def _chunks(cursor: sqlite3.Cursor) -> Iterator[tuple[slice, list[Any]]]:
    start = 0
    while rows := cursor.fetchmany(CHUNK):
        yield slice(start, start + len(rows)), rows
        start += len(rows)
