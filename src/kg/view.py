"""What does the graph look like to an analysis?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from kg.errors import InputError, NotFound
from kg.ontology import Ontology
from kg.records import Claim, GraphVersion, Judgement, Node

_Number = TypeVar("_Number", bound=np.integer[Any])

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

NODE_COLUMNS = ("caption", "sought")
"""Columns of nodes: `caption` (object: str), `sought` (bool: a warrant, notice or listing is in force)."""

LINK_COLUMNS = ("share", "dates", "reliability", "interest", "credibility")
"""Columns of links.

`share`: float32 (links, 2), lowest and highest percentage, NaN where nobody says. `dates`: int32 (links, 2), first and
last day (proleptic ordinal) on which the link may hold, 0 where open. `reliability`: uint8, 1 (A) to 6 (F, unknown) of
the best source, 6 where nobody grades. `interest`: uint8, 0 not said, 1 legal, 2 beneficial. `credibility`: uint8, 1 to
6 (unknown), of the information as whoever grades it best does, 6 where nobody does.
"""


DAYS_PER_YEAR = 365.25

LEGAL, BENEFICIAL = 1, 2
"""The codes of the column `interest`."""


@dataclass(frozen=True)
class Neighbours:
    """Compressed sparse rows: node `i` has the links `links[start[i]:start[i + 1]]`, in the order of their ids.

    `far` and `kind` are the other end and the type of each of `links`. They repeat what the view has, in this order, so
    that a search reads memory sequentially.
    """

    start: IntArray
    links: NDArray[np.int32]
    far: NDArray[np.int32]
    kind: NDArray[np.uint8]

    def of(self, node: int) -> NDArray[np.int32]:
        """The links of one node."""
        return self.links[self.start[node] : self.start[node + 1]]

    def of_several(self, nodes: NDArray[np.integer[Any]]) -> tuple[IntArray, IntArray]:
        """The links of several nodes, one node after the other: into `nodes`, and into the arrays here."""
        first = self.start[nodes]
        count = self.start[nodes + 1] - first
        return np.repeat(np.arange(len(nodes)), count), row_positions(first, count)

    def between(self, node: int, other: int, link_types: BoolArray) -> NDArray[np.int32]:
        """The links of a node of some types whose other end is `other`; `link_types`: bool (link types)."""
        row = slice(int(self.start[node]), int(self.start[node + 1]))
        at = np.flatnonzero(self.far[row] == other)
        return self.links[row][at[link_types[self.kind[row][at]]]]

    def ends(self, node: int, link_types: BoolArray) -> NDArray[np.int32]:
        """The other ends of a node's links of some types; `link_types`: bool (link types)."""
        row = slice(int(self.start[node]), int(self.start[node + 1]))
        return self.far[row][link_types[self.kind[row]]]


def row_positions(first: NDArray[np.integer[Any]], count: NDArray[np.integer[Any]]) -> IntArray:
    """The positions of the entries of several rows, one row after the other: int64 (entries).

    `first`, `count`: where each row begins and how many entries it has.
    """
    positions = np.repeat(first - np.cumsum(count) + count, count)
    positions += np.arange(len(positions))
    return positions


def unique(values: NDArray[_Number]) -> NDArray[_Number]:
    """Each of a few values once, ascending. `numpy.unique` imports `numpy.ma`, which takes longer than a search."""
    ordered = np.sort(values)
    is_first = np.ones(len(ordered), np.bool_)
    is_first[1:] = ordered[1:] != ordered[:-1]
    return np.asarray(ordered[is_first])


class GraphRecords(Protocol):
    """Answers what the arrays of a view do not hold; as it stands here, nothing is known."""

    def claims(self, ids: Sequence[str], /) -> Mapping[str, Sequence[Claim]]:
        """The claims behind nodes or links, by id."""
        return {}

    def undisputed_shares(self, ids: Sequence[str], /) -> Mapping[str, tuple[float, float]]:
        """Lowest and highest percentage, NaN where none is stated, of links of which claims say no more than columns.

        Those are links that one record states, with one share at most and one day of each kind. Links may be left out:
        then their claims are read.
        """
        return {}

    def judgements(self, ids: Sequence[str], /) -> Mapping[str, Sequence[Judgement]]:
        """The judgements in force by which nodes are one thing, by id."""
        return {}

    def nodes(self, ids: Iterable[str], /) -> Mapping[str, Node]:
        """Nodes with their merged properties, by id."""
        return {}


class NoRecords(GraphRecords):
    """Knows nothing: for graphs that are arrays alone."""


@dataclass(frozen=True)
class GraphView:
    """The graph as arrays, sorted by id, so that the same graph gives the same arrays whatever its history.

    `ids`: S26 (nodes), sorted. `node_type`: uint8 (nodes), into `node_types`. `link_ids`: S26 (links), sorted.
    `link_type`: uint8 (links), into `link_types`. `tail`, `head`: int32 (links), into `ids`.
    """

    ontology: Ontology
    version: GraphVersion
    as_of: str
    """What "now" means: the day of the newest load that changed something, unless another one was asked for."""
    node_types: tuple[str, ...]
    link_types: tuple[str, ...]
    ids: NDArray[np.bytes_]
    node_type: NDArray[np.uint8]
    link_ids: NDArray[np.bytes_]
    link_type: NDArray[np.uint8]
    tail: NDArray[np.int32]
    head: NDArray[np.int32]
    columns: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    records: GraphRecords = field(default_factory=NoRecords)
    """Where claims, judgements and merged properties are looked up."""
    remembered: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)
    """What analyses found out about the whole graph, by name: copies of the view as of the same day share it."""

    def with_records(self, records: GraphRecords) -> GraphView:
        """The same view that looks up claims, judgements and properties elsewhere."""
        return self._with(records=records)

    def as_of_day(self, day: str, **columns: NDArray[Any]) -> GraphView:
        """The same view as of another day, with other columns of these names."""
        return self._with(as_of=day, columns={**self.columns, **columns}, remembered={})

    def with_neighbours(self, outgoing: Neighbours, incoming: Neighbours, degree: IntArray) -> GraphView:
        """The same view with what would else be computed from its arrays."""
        return self._with(outgoing=outgoing, incoming=incoming, degree=degree)

    def _with(self, **values: object) -> GraphView:
        """A copy with other values that shares everything else, what was computed included."""
        same = copy(self)
        same.__dict__.update(values)
        return same

    def column(self, name: str) -> NDArray[Any]:
        """A column that the view was opened with. Raises InputError for any other."""
        if name not in self.columns:
            raise InputError(
                f"the view was opened without the column {name!r}; it has {', '.join(self.columns) or 'none'}"
            )
        return self.columns[name]

    def index(self, node_id: str) -> int:
        """The position of a node in `ids`. Raises NotFound."""
        wanted = np.bytes_(node_id.encode())
        at = int(np.searchsorted(self.ids, wanted))
        if at == len(self.ids) or self.ids[at] != wanted:
            raise NotFound(f"no node with the id {node_id!r} in graph {self.version}")
        return at

    def id(self, node: int) -> str:
        """The canonical id of a node."""
        return bytes(self.ids[node]).decode()

    def link_id(self, link: int) -> str:
        """The canonical id of a link."""
        return bytes(self.link_ids[link]).decode()

    def type(self, node: int) -> str:
        """The type of a node."""
        return self.node_types[int(self.node_type[node])]

    def type_of_link(self, link: int) -> str:
        """The type of a link."""
        return self.link_types[int(self.link_type[link])]

    def nodes_of(self, *kinds: str) -> BoolArray:
        """Which nodes are of any of `kinds`, or of a type that extends one: bool (nodes)."""
        wanted = frozenset[str]().union(*(self.ontology.kinds_of(k) for k in kinds))
        return np.array([name in wanted for name in self.node_types], bool)[self.node_type]

    def links_of_types(self, types: Iterable[str]) -> BoolArray:
        """Which links are of any of `types`: bool (links)."""
        return self.link_types_of(types)[self.link_type]

    def links_with(self, *traits: str) -> BoolArray:
        """Which links have any of `traits`: bool (links)."""
        return self.links_of_types(self.ontology.with_trait(*traits))

    def link_types_with(self, *traits: str) -> BoolArray:
        """Which link types have any of `traits`: bool (link types), into `link_types`."""
        return self.link_types_of(self.ontology.with_trait(*traits))

    def link_types_of(self, types: Iterable[str]) -> BoolArray:
        """Which link types are any of `types`: bool (link types), into `link_types`."""
        wanted = frozenset(types)
        return np.array([name in wanted for name in self.link_types], bool)

    @cached_property
    def event_types(self) -> BoolArray:
        """Which link types are events, which happen on a day and stay true: bool (link types)."""
        return np.array([self.ontology.links[name].event for name in self.link_types], bool)

    def not_in_force(self, links: NDArray[Any], day: int, last_day: int = 0) -> BoolArray:
        """Which of some links ended before a day or begin after it (or after a later `last_day`): bool (links).

        Days are proleptic ordinals. A link without dates is in force, and so is an event that has happened. Needs the
        column `dates`.
        """
        first, last = self.column("dates")[links].T
        ended = (last > 0) & (last < day) & ~self.event_types[self.link_type[links]]
        return np.asarray(ended | (first > max(day, last_day)))

    @cached_property
    def outgoing(self) -> Neighbours:
        """The links that leave each node."""
        return self._neighbours(self.tail, self.head)

    @cached_property
    def incoming(self) -> Neighbours:
        """The links that arrive at each node."""
        return self._neighbours(self.head, self.tail)

    @cached_property
    def degree(self) -> IntArray:
        """How many links each node has, in and out: int64 (nodes)."""
        return np.diff(self.outgoing.start) + np.diff(self.incoming.start)

    def _neighbours(self, near: NDArray[np.int32], far: NDArray[np.int32]) -> Neighbours:
        start = np.zeros(len(self.ids) + 1, np.int64)
        np.cumsum(np.bincount(near, minlength=len(self.ids)), out=start[1:])
        links = np.argsort(near, kind="stable").astype(np.int32)
        return Neighbours(start, links, far[links], self.link_type[links])
