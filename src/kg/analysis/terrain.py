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
        from_out, out = self._rows(view.outgoing, some, self.types if forward else back)
        from_in, into = self._rows(view.incoming, some, back if forward else self.types)
        far = np.concatenate((view.head[out], view.tail[into])).astype(np.intp)
        opened = self._may_enter(far)
        here, links = np.concatenate((from_out, from_in)), np.concatenate((out, into))
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

    def _rows(self, rows: Neighbours, some: Nodes, types: NDArray[np.bool_]) -> tuple[Nodes, Links]:
        """The links of several nodes, one after the other, with the node of each."""
        first = rows.start[some]
        count = rows.start[some + 1] - first
        skip = np.repeat(first - np.cumsum(count) + count, count)
        links = rows.links[skip + np.arange(len(skip))]
        walkable = self._may_walk(links, types)
        return np.repeat(some, count)[walkable], links[walkable]

    def _may_walk(self, links: Links, types: NDArray[np.bool_]) -> NDArray[np.bool_]:
        view = self.view
        fine = types[view.link_type[links]]
        if self.worst:
            fine &= view.column("reliability")[links] <= self.worst
        if self.day:
            fine &= ~view.over(links, self.day)
        return np.asarray(fine)

    def _may_enter(self, far: Nodes) -> NDArray[np.bool_]:
        fine = self.nodes[self.view.node_type[far]]
        if self.crowd:
            fine &= self.view.degree[far] <= self.crowd
        for node in (*self.ends, *self.opened):
            fine |= far == node
        for node in self.shut:
            fine &= far != node
        return np.asarray(fine)
