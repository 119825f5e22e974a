"""Which links does a node have, which of its neighbours matter most, and which links are between some nodes?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kg.analysis.validity import may_hold, parse_period
from kg.ontology import Ontology
from kg.view import BoolArray, GraphView, IntArray

COLUMNS = ("sought", "dates", "reliability")
"""Columns of the view that are needed."""

OUT, IN = "out", "in"

_SOUGHT, _ASSET, _PARTY, _OTHER = range(4)
"""What matters, first to last: who is sought, assets, people and companies, and anything else."""

_DEGREE_BITS, _GRADE_BITS, _NODE_BITS = 24, 3, 32
"""Bits of a key that orders neighbours: above these stands what matters. A degree that needs more is cut to them."""


class LinkGroup(NamedTuple):
    """Links of one type that lead one way, to nodes of one type."""

    type: str
    direction: str
    other: str


@dataclass(frozen=True, slots=True)
class GroupCount:
    """How many links a group has, and how many of them lead to nodes that are drawn."""

    group: LinkGroup
    links: int
    drawn: int


@dataclass(frozen=True, slots=True)
class NeighbourQuery:
    """Which neighbours of some nodes are wanted; of each group the first `each`, and `limit` in all."""

    types: frozenset[str] = frozenset()
    """Links of these types; all when empty."""
    others: frozenset[str] = frozenset()
    """Neighbours of these types; all when empty."""
    direction: str = ""
    """Only links that lead `out` of the node, or `in` to it; both when empty."""
    each: int = 12
    limit: int = 60

    def includes(self, group: LinkGroup) -> bool:
        """Whether neighbours of a group are wanted."""
        return (
            (not self.types or group.type in self.types)
            and (not self.others or group.other in self.others)
            and self.direction in ("", group.direction)
        )


@dataclass(frozen=True)
class NodeLinks:
    """The links of one node that may hold on a day, and the group of each; a link to itself counts once, as `out`."""

    node: int
    links: NDArray[np.int32]
    far: NDArray[np.int32]
    groups: tuple[LinkGroup, ...]
    group: IntArray
    """The group of each link, into `groups`."""

    def counts(self, is_drawn: BoolArray) -> Iterator[GroupCount]:
        """How many links each group has, and how many lead to nodes that are drawn; `is_drawn`: bool (nodes)."""
        links, seen = (
            np.bincount(of, minlength=len(self.groups)) for of in (self.group, self.group[is_drawn[self.far]])
        )
        for i, group in enumerate(self.groups):
            yield GroupCount(group, int(links[i]), int(seen[i]))


def links_of_node(view: GraphView, node: int, as_of: str = "") -> NodeLinks:
    """The links of a node that may hold on a day, in and out, with their groups. Raises InputError for no day."""
    sides = view.outgoing, view.incoming
    rows = [slice(int(near.start[node]), int(near.start[node + 1])) for near in sides]
    leaves = np.repeat((True, False), [row.stop - row.start for row in rows])
    links, far, kind = (
        np.concatenate([getattr(near, name)[row] for near, row in zip(sides, rows, strict=True)])
        for name in ("links", "far", "kind")
    )
    wanted = (leaves | (far != node)) & may_hold(view, links, parse_period(as_of))
    links, far, kind, leaves = links[wanted], far[wanted], kind[wanted], leaves[wanted]
    types = len(view.node_types)
    codes = (kind * np.int64(2) + ~leaves) * types + view.node_type[far]
    found, group = np.unique(codes, return_inverse=True)
    groups = tuple(
        LinkGroup(view.link_types[code // types // 2], (OUT, IN)[code // types % 2], view.node_types[code % types])
        for code in map(int, found)
    )
    return NodeLinks(node, links, far, groups, group)


def choose_neighbours(
    view: GraphView, nodes: Sequence[NodeLinks], query: NeighbourQuery, is_drawn: BoolArray
) -> IntArray:
    """The neighbours of some nodes that matter most, the first of them first; none that `is_drawn`.

    First who is sought, then assets, then people and companies; within each of these the groups take turns, and in a
    group who has few links comes before who has many, and the better source before the worse.
    """
    classes = _classes_of_types(view)
    candidates = [
        (key >> (_DEGREE_BITS + _GRADE_BITS + _NODE_BITS), turn, key)
        for own in nodes
        for keys in _keys_of_groups(view, own, query, is_drawn, classes)
        for turn, key in enumerate(_first_nodes(keys, query.each))
    ]
    chosen = dict.fromkeys(_node_of(key) for _, _, key in sorted(candidates))
    return np.array(list(chosen)[: query.limit], np.int64)


def links_among(view: GraphView, nodes: IntArray, one_end: IntArray, as_of: str = "") -> IntArray:
    """The links between some nodes of which an end is in `one_end`, in the order of their ids.

    Only those that may hold on a day. Raises InputError for what is no day.
    """
    if not len(nodes):
        return np.zeros(0, np.int64)
    among, chosen = mask_of(view, nodes), mask_of(view, one_end)
    few = nodes[np.argsort(view.degree[nodes], kind="stable")]
    most, found = few[-1], list[NDArray[np.int32]]()  # the links of `most` with others are found at their other ends
    for near in (view.outgoing, view.incoming):
        owner, at = near.of_several(few[:-1])
        here, there = few[owner], near.far[at]
        found.append(near.links[at[among[there] & (chosen[here] | chosen[there])]])
    if chosen[most]:
        row = slice(int(view.outgoing.start[most]), int(view.outgoing.start[most + 1]))
        found.append(view.outgoing.links[row][view.outgoing.far[row] == most])
    links = np.unique(np.concatenate(found)).astype(np.int64)
    return links[may_hold(view, links, parse_period(as_of))]


def asset_types(ontology: Ontology) -> frozenset[str]:
    """The types of assets that are no parties: an enterprise can be owned, and owns."""
    return ontology.kinds_of("Asset") - ontology.kinds_of("Party")


def mask_of(view: GraphView, nodes: IntArray) -> BoolArray:
    """Which nodes are among some: bool (nodes)."""
    mask = np.zeros(len(view.ids), bool)
    mask[nodes] = True
    return mask


def _keys_of_groups(
    view: GraphView, own: NodeLinks, query: NeighbourQuery, is_drawn: BoolArray, classes: NDArray[np.uint8]
) -> Iterator[IntArray]:
    """For each group that is wanted, a key of each neighbour: the smaller, the more it matters."""
    wanted = np.array([query.includes(group) for group in own.groups], bool)
    rest = np.flatnonzero(wanted[own.group] & ~is_drawn[own.far]) if len(wanted) else np.zeros(0, np.int64)
    far, links = own.far[rest], own.links[rest]
    matters = np.where(view.column("sought")[far], _SOUGHT, classes[view.node_type[far]]).astype(np.int64)
    degree = np.minimum(view.degree[far], (1 << _DEGREE_BITS) - 1)
    keys = matters << _DEGREE_BITS | degree
    keys = keys << _GRADE_BITS | view.column("reliability")[links]
    keys = keys << _NODE_BITS | far
    order = np.argsort(own.group[rest], kind="stable")
    ends = np.cumsum(np.bincount(own.group[rest], minlength=len(wanted)))
    return (part for part in np.split(keys[order], ends[:-1]) if len(part))


def _first_nodes(keys: IntArray, count: int) -> list[int]:
    """The smallest keys of different nodes, sorted."""
    some = min(len(keys), 4 * count)  # a node may have several links
    while True:
        smallest = np.sort(np.partition(keys, some - 1)[:some])
        _, first = np.unique(smallest & ((1 << _NODE_BITS) - 1), return_index=True)
        if len(first) >= count or some == len(keys):
            return [int(key) for key in smallest[np.sort(first)][:count]]
        some = len(keys)


def _node_of(key: int) -> int:
    return key & ((1 << _NODE_BITS) - 1)


def _classes_of_types(view: GraphView) -> NDArray[np.uint8]:
    """What matters about the nodes of each type: uint8 (node types)."""
    assets, parties = asset_types(view.ontology), view.ontology.kinds_of("Party")
    classes = [_ASSET if name in assets else _PARTY if name in parties else _OTHER for name in view.node_types]
    return np.array(classes, np.uint8)
