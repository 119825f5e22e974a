"""What of the graph may a question about paths walk?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kg.view import GraphView, Neighbours, row_positions

Nodes = NDArray[np.intp]
Links = NDArray[np.int32]


class TraversalSteps(NamedTuple):
    """Steps of one link each: where from, where to, and the link; each as positions in the view."""

    sources: Nodes
    targets: Nodes
    links: Links


def unique_nodes(nodes: Nodes, node_count: int) -> Nodes:
    """Each node of `some` once, ascending, in a view of `of` nodes: marked where there are many, sorted where few."""
    if len(nodes) * 32 < node_count:
        return np.unique(nodes)
    there = np.zeros(node_count, np.bool_)
    there[nodes] = True
    return np.flatnonzero(there)


@dataclass(frozen=True)
class Traversal:
    """What may be walked in a view; links are judged when the search gets to them, never all of them.

    `types`, `one_way`: bool (link types of the view), which may be walked at all, and which from tail to head alone.
    `nodes`: bool (node types of the view); nodes of other types may be ends of a path and no more. `ends`: the two.
    """

    view: GraphView
    walkable_types: NDArray[np.bool_]
    one_way_types: NDArray[np.bool_]
    step_types: NDArray[np.bool_]
    ends: tuple[int, int]
    avoided: tuple[int, ...] = ()
    """Nodes that no path may touch."""
    waypoints: tuple[int, ...] = ()
    """Nodes that may be steps whatever their type and however many neighbours they have."""
    day: int = 0
    """Proleptic ordinal of a day on which each link may hold, or by which it may have happened; 0 for any."""
    lowest_reliability: int = 0
    """The lowest grade of a link's best source, 1 (A) to 6 (F, unknown); 0 for any."""
    max_degree: int = 0
    """Most links that a step on the way may have; 0 for any number."""

    def steps(self, some: Nodes, *, forward: bool = True) -> TraversalSteps:
        """Every step that may be taken from `some`; against the way when not `forward`, as from a goal."""
        view, back = self.view, self.walkable_types & ~self.one_way_types
        out = self._walkable_steps(view.outgoing, some, self.walkable_types if forward else back)
        into = self._walkable_steps(view.incoming, some, back if forward else self.walkable_types)
        far = np.concatenate((out.targets, into.targets))
        opened = self._may_enter(far)
        here, links = np.concatenate((out.sources, into.sources)), np.concatenate((out.links, into.links))
        return TraversalSteps(here[opened], far[opened], links[opened])

    def neighbours(self, some: Nodes, *, forward: bool = True) -> Nodes:
        """The far ends of all steps from `some`; a node appears as often as links lead to it."""
        return self.steps(some, forward=forward).targets

    def links_between(self, one: int, other: int) -> Links:
        """The links by which one may step from `one` to `other`, in the order of their ids."""
        view, back = self.view, self.walkable_types & ~self.one_way_types
        if self.link_count(np.array([one])) <= self.link_count(np.array([other])):
            out, into = view.outgoing.of(one), view.incoming.of(one)
            out, into = out[view.head[out] == other], into[view.tail[into] == other]
        else:
            out, into = view.incoming.of(other), view.outgoing.of(other)
            out, into = out[view.tail[out] == one], into[view.head[into] == one]
        out, into = out[self._may_walk(out, self.walkable_types)], into[self._may_walk(into, back)]
        return np.unique(np.concatenate((out, into)))

    def link_count(self, some: Nodes) -> int:
        """How many links some nodes have, walkable or not."""
        return int(self.view.degree[some].sum())

    def _walkable_steps(self, rows: Neighbours, some: Nodes, types: NDArray[np.bool_]) -> TraversalSteps:
        """The links of several nodes, one after the other, that may be walked."""
        first = rows.start[some]
        count = rows.start[some + 1] - first
        at = row_positions(first, count)
        fine = types[rows.kind[at]]
        at, here = at[fine], np.repeat(some, count)[fine]
        if self.lowest_reliability or self.day:
            fine = self._is_usable(rows.links[at])
            at, here = at[fine], here[fine]
        return TraversalSteps(here, rows.far[at].astype(np.intp), rows.links[at])

    def _may_walk(self, links: Links, types: NDArray[np.bool_]) -> NDArray[np.bool_]:
        return np.asarray(types[self.view.link_type[links]] & self._is_usable(links))

    def _is_usable(self, links: Links) -> NDArray[np.bool_]:
        """Which links are good enough, and in force on the day."""
        fine = np.ones(len(links), bool)
        if self.lowest_reliability:
            fine &= self.view.column("reliability")[links] <= self.lowest_reliability
        if self.day:
            fine &= ~self.view.not_in_force(links, self.day)
        return fine

    def _may_enter(self, far: Nodes) -> NDArray[np.bool_]:
        fine = self.step_types[self.view.node_type[far]]
        if self.max_degree:
            fine &= self.view.degree[far] <= self.max_degree
        for node in (*self.ends, *self.waypoints):
            fine |= far == node
        for node in self.avoided:
            fine &= far != node
        return np.asarray(fine)
