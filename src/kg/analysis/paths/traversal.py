"""What of the graph may a question about paths walk?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kg.view import GraphView, Neighbours

Nodes = NDArray[np.intp]
Links = NDArray[np.int32]


class Steps(NamedTuple):
    """Steps of one link each: where from, where to, and the link; each as positions in the view."""

    here: Nodes
    far: Nodes
    links: Links


def each_once(some: Nodes, of: int) -> Nodes:
    """Each node of `some` once, ascending, in a view of `of` nodes: marked where there are many, sorted where few."""
    if len(some) * 32 < of:
        return np.unique(some)
    there = np.zeros(of, np.bool_)
    there[some] = True
    return np.flatnonzero(there)


@dataclass(frozen=True)
class Terrain:
    """What may be walked in a view; links are judged when the search gets to them, never all of them.

    `types`, `one_way`: bool (link types of the view), which may be walked at all, and which from tail to head alone.
    `nodes`: bool (node types of the view); nodes of other types may be ends of a path and no more. `ends`: the two.
    """

    view: GraphView
    types: NDArray[np.bool_]
    one_way: NDArray[np.bool_]
    nodes: NDArray[np.bool_]
    ends: tuple[int, int]
    shut: tuple[int, ...] = ()
    """Nodes that no path may touch."""
    opened: tuple[int, ...] = ()
    """Nodes that may be steps whatever their type and however many neighbours they have."""
    day: int = 0
    """Proleptic ordinal of a day on which each link may hold, or by which it may have happened; 0 for any."""
    worst: int = 0
    """The lowest grade of a link's best source, 1 (A) to 6 (F, unknown); 0 for any."""
    crowd: int = 0
    """Most links that a step on the way may have; 0 for any number."""

    def steps(self, some: Nodes, *, forward: bool = True) -> Steps:
        """Every step that may be taken from `some`; against the way when not `forward`, as from a goal."""
        view, back = self.view, self.types & ~self.one_way
        out = self._rows(view.outgoing, some, self.types if forward else back)
        into = self._rows(view.incoming, some, back if forward else self.types)
        far = np.concatenate((out.far, into.far))
        opened = self._may_enter(far)
        here, links = np.concatenate((out.here, into.here)), np.concatenate((out.links, into.links))
        return Steps(here[opened], far[opened], links[opened])

    def beside(self, some: Nodes, *, forward: bool = True) -> Nodes:
        """The far ends of all steps from `some`; a node appears as often as links lead to it."""
        return self.steps(some, forward=forward).far

    def links(self, one: int, other: int) -> Links:
        """The links by which one may step from `one` to `other`, in the order of their ids."""
        view, back = self.view, self.types & ~self.one_way
        if self.links_ahead(np.array([one])) <= self.links_ahead(np.array([other])):
            out, into = view.outgoing.of(one), view.incoming.of(one)
            out, into = out[view.head[out] == other], into[view.tail[into] == other]
        else:
            out, into = view.incoming.of(other), view.outgoing.of(other)
            out, into = out[view.tail[out] == one], into[view.head[into] == one]
        out, into = out[self._may_walk(out, self.types)], into[self._may_walk(into, back)]
        return np.unique(np.concatenate((out, into)))

    def links_ahead(self, some: Nodes) -> int:
        """How many links some nodes have, walkable or not."""
        return int(self.view.degree[some].sum())

    def _rows(self, rows: Neighbours, some: Nodes, types: NDArray[np.bool_]) -> Steps:
        """The links of several nodes, one after the other, that may be walked."""
        first = rows.start[some]
        count = rows.start[some + 1] - first
        at = np.repeat(first - np.cumsum(count) + count, count)
        at += np.arange(len(at))
        fine = types[rows.kind[at]]
        at, here = at[fine], np.repeat(some, count)[fine]
        if self.worst or self.day:
            fine = self._holds(rows.links[at])
            at, here = at[fine], here[fine]
        return Steps(here, rows.far[at].astype(np.intp), rows.links[at])

    def _may_walk(self, links: Links, types: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return np.asarray(types[self.view.link_type[links]] & self._holds(links))

    def _holds(self, links: Links) -> NDArray[np.bool_]:
        """Which links are good enough, and in force on the day."""
        fine = np.ones(len(links), bool)
        if self.worst:
            fine &= self.view.column("reliability")[links] <= self.worst
        if self.day:
            fine &= ~self.view.over(links, self.day)
        return fine

    def _may_enter(self, far: Nodes) -> NDArray[np.bool_]:
        fine = self.nodes[self.view.node_type[far]]
        if self.crowd:
            fine &= self.view.degree[far] <= self.crowd
        for node in (*self.ends, *self.opened):
            fine |= far == node
        for node in self.shut:
            fine &= far != node
        return np.asarray(fine)
