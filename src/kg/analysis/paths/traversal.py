"""Which links may a path follow, and which nodes may it pass?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kg.view import BoolArray, GraphView, Neighbours, row_positions, unique

Nodes = NDArray[np.intp]
Links = NDArray[np.int32]


class TraversalSteps(NamedTuple):
    """Steps along one link each: its source, its target and the link, as positions in the view."""

    sources: Nodes
    targets: Nodes
    links: Links


def unique_nodes(nodes: Nodes, node_count: int) -> Nodes:
    """Each of `nodes` once, ascending; `node_count` is the size of the view. Few nodes are sorted, many are marked."""
    if len(nodes) * 32 < node_count:
        return unique(nodes)
    there = np.zeros(node_count, np.bool_)
    there[nodes] = True
    return np.flatnonzero(there)


@dataclass(frozen=True)
class Traversal:
    """The links and nodes of a view that paths may use; a link is checked when the search reaches it.

    `walkable_types`, `one_way_types`: bool (link types of the view), which may be followed at all, and which from tail
    to head only. `step_types`: bool (node types of the view); nodes of other types can only be ends of a path. `ends`:
    start and goal, as positions in the view.
    """

    view: GraphView
    walkable_types: BoolArray
    one_way_types: BoolArray
    step_types: BoolArray
    ends: tuple[int, int]
    avoided: tuple[int, ...] = ()
    """Nodes that no path may pass."""
    waypoints: tuple[int, ...] = ()
    """Nodes that may be steps whatever their type and however many neighbours they have."""
    day: int = 0
    """Proleptic ordinal of a day on which each link may be in force or by which it may have happened; 0 for any day."""
    lowest_reliability: int = 0
    """The lowest grade that the best source of a link may have, 1 (A) to 6 (F, unknown); 0 for any grade."""
    max_degree: int = 0
    """Most links that an intermediate node may have; 0 for any number."""
    _between: dict[tuple[int, int], Links] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What `links_between` has found."""

    def steps(self, nodes: Nodes, *, forward: bool = True) -> TraversalSteps:
        """Every step that may be taken from `nodes`; when not `forward`, the steps that lead to them."""
        view, backward_types = self.view, self.walkable_types & ~self.one_way_types
        outgoing = self._walkable_steps(view.outgoing, nodes, self.walkable_types if forward else backward_types)
        incoming = self._walkable_steps(view.incoming, nodes, backward_types if forward else self.walkable_types)
        here = np.concatenate((outgoing.sources, incoming.sources))
        far = np.concatenate((outgoing.targets, incoming.targets))
        links = np.concatenate((outgoing.links, incoming.links))
        allowed = self._may_enter(far)
        return TraversalSteps(here[allowed], far[allowed], links[allowed])

    def links_between(self, one: int, other: int) -> Links:
        """The links by which a path may go from `one` to `other`, in the order of their ids."""
        if (one, other) not in self._between:
            self._between[one, other] = self._find_links_between(one, other)
        return self._between[one, other]

    def _find_links_between(self, one: int, other: int) -> Links:
        view, near, far = self.view, one, other
        outgoing, incoming = view.outgoing, view.incoming
        if view.degree[one] > view.degree[other]:
            near, far, outgoing, incoming = other, one, incoming, outgoing
        links = np.concatenate(
            (
                outgoing.between(near, far, self.walkable_types),
                incoming.between(near, far, self.walkable_types & ~self.one_way_types),
            )
        )
        return unique(links[self._is_usable(links)])

    def link_count(self, nodes: Nodes) -> int:
        """How many links several nodes have together, walkable or not."""
        return int(self.view.degree[nodes].sum())

    def _walkable_steps(self, rows: Neighbours, nodes: Nodes, types: BoolArray) -> TraversalSteps:
        """The walkable links of several nodes, one node after the other."""
        first = rows.start[nodes]
        count = rows.start[nodes + 1] - first
        at = row_positions(first, count)
        usable = types[rows.kind[at]]
        at, here = at[usable], np.repeat(nodes, count)[usable]
        if self.lowest_reliability or self.day:
            usable = self._is_usable(rows.links[at])
            at, here = at[usable], here[usable]
        return TraversalSteps(here, rows.far[at].astype(np.intp), rows.links[at])

    def _is_usable(self, links: Links) -> BoolArray:
        """Which links have a good enough source and are in force on the day: bool (links)."""
        usable = np.ones(len(links), bool)
        if self.lowest_reliability:
            usable &= self.view.column("reliability")[links] <= self.lowest_reliability
        if self.day:
            usable &= ~self.view.not_in_force(links, self.day)
        return usable

    def _may_enter(self, far: Nodes) -> BoolArray:
        """Which nodes a path may step to: bool (nodes)."""
        usable = self.step_types[self.view.node_type[far]]
        if self.max_degree:
            usable &= self.view.degree[far] <= self.max_degree
        for node in (*self.ends, *self.waypoints):
            usable |= far == node
        for node in self.avoided:
            usable &= far != node
        return np.asarray(usable)
