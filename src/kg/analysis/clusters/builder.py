"""What is written down about one cluster?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from kg.analysis.clusters.clustered_graph import ClusteredGraph
from kg.analysis.clusters.roles import role_of
from kg.analysis.clusters.score import CommunityScores
from kg.findings import ROLES, Cluster, Member, RedFlag, Tie
from kg.records import derived_id

LinkEnds = Sequence[tuple[int, int]]
"""Tail and head of each link of a cluster, as positions in the view."""


@dataclass(frozen=True)
class ClusterBuilder:
    """All that is known about the graph when its clusters are written down."""

    graph: ClusteredGraph
    signs: Mapping[int, tuple[RedFlag, ...]]
    scores: CommunityScores
    truncated: frozenset[int]
    """Clusters with more circular holdings than are known."""

    @cached_property
    def names(self) -> list[str]:
        """The id of each node."""
        return [name.decode() for name in self.graph.view.ids.tolist()]


def build_cluster(name: str, builder: ClusterBuilder, nodes: NDArray[np.int64], links: NDArray[np.int64]) -> Cluster:
    """One cluster. `nodes`: positions in the view; `links`: in the network, both ends inside; both ascending."""
    scene, network = builder.graph, builder.graph.network
    smallest = int(nodes[0])
    ends = list(zip(network.tail[links].tolist(), network.head[links].tolist(), strict=True))
    ids = [link.decode() for link in scene.view.link_ids[network.links[links]].tolist()]
    return Cluster(
        id=derived_id("cluster", builder.names[_id_node(scene, nodes)]),
        name=name,
        members=_members(builder, nodes, ids, ends),
        ties=_ties(builder, links, ids, ends),
        circular=tuple(
            tuple(builder.names[node] for node in circle) for circle in scene.circular_holdings.get(smallest, ())
        ),
        bridges=_bridges(ids, ends),
        circular_cut=smallest in builder.truncated,
        score=builder.scores.of_cluster(smallest),
        signs=builder.signs.get(smallest, ()),
    )


def _id_node(graph: ClusteredGraph, nodes: NDArray[np.int64]) -> int:
    """The node whose id makes the cluster's: the smallest sought person, or else the smallest asset."""
    sought = nodes[graph.view.column("sought")[nodes]]
    return int(sought[0] if len(sought) else nodes[graph.assets[nodes]][0])


def _members(
    builder: ClusterBuilder, nodes: NDArray[np.int64], ids: Sequence[str], ends: LinkEnds
) -> tuple[Member, ...]:
    """Members by role and id. A role that being a member is enough for rests on the member's ties."""
    ties: defaultdict[int, list[str]] = defaultdict(list)
    for link, pair in zip(ids, ends, strict=True):
        for node in set(pair):
            ties[node].append(link)
    view, members = builder.graph.view, []
    for node in nodes.tolist():
        name, links = role_of(view, node, builder.graph.evidence)
        because = ties[node] if links is None else (view.link_id(link) for link in links)
        members.append(Member(builder.names[node], view.type(node), name, tuple(because)))
    return tuple(sorted(members, key=lambda m: (ROLES.index(m.role), m.id)))


def _ties(builder: ClusterBuilder, links: NDArray[np.int64], ids: Sequence[str], ends: LinkEnds) -> tuple[Tie, ...]:
    view, network = builder.graph.view, builder.graph.network
    types = (view.link_types[i] for i in view.link_type[network.links[links]].tolist())
    weights = network.weight[links].round(6).tolist()
    via = (view.link_id(other) if other >= 0 else "" for other in network.via[links].tolist())
    ties = [
        Tie(link, kind, builder.names[tail], builder.names[head], weight, shared)
        for link, kind, (tail, head), weight, shared in zip(ids, types, ends, weights, via, strict=True)
    ]
    return tuple(sorted(ties, key=lambda tie: (-tie.weight, tie.id)))


def _bridges(ids: Sequence[str], ends: LinkEnds) -> tuple[str, ...]:
    """The links that alone connect two parts of the cluster, by id."""
    between: defaultdict[tuple[int, int], list[str]] = defaultdict(list)
    for link, (tail, head) in zip(ids, ends, strict=True):
        if tail != head:
            between[min(tail, head), max(tail, head)].append(link)
    graph: nx.Graph[int] = nx.Graph(between.keys())
    is_tree = len(between) < len(graph)  # every edge of a tree is a bridge; most clusters are trees
    pairs = between if is_tree else ((min(a, b), max(a, b)) for a, b in nx.bridges(graph))
    return tuple(sorted(between[pair][0] for pair in pairs if len(between[pair]) == 1))
