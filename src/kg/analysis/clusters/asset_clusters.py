"""Which assets are held together?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kg.analysis.clusters.builder import ClusterBuilder, build_cluster
from kg.analysis.clusters.circular_holdings import circular_holdings, may_be_circular
from kg.analysis.clusters.clustered_graph import ClusteredGraph
from kg.analysis.clusters.context import ClusterContext, build_context
from kg.analysis.clusters.network.holding_network import COLUMNS, HOLDING_TRAITS, HoldingNetwork, holding_network
from kg.analysis.clusters.network.partition import Nodes, modularity, partition
from kg.analysis.clusters.parameters import ClusterParameters
from kg.analysis.clusters.red_flags import find_red_flags
from kg.analysis.clusters.roles import role_evidence
from kg.analysis.clusters.score import CommunityScores, score_communities
from kg.findings import Cluster, Clusters
from kg.view import GraphView

__all__ = ["COLUMNS", "ClusterParameters", "asset_clusters", "cluster_members", "iterate_clusters"]

DEFAULTS = ClusterParameters()

CyclesByCluster = Mapping[int, tuple[tuple[int, ...], ...]]


def asset_clusters(view: GraphView, parameters: ClusterParameters = DEFAULTS) -> Clusters:
    """The communities of the holding network that have an asset and a party besides.

    The view must have the columns COLUMNS; raises InputError otherwise. Every node is in one cluster at most. An
    enterprise counts as an asset if a member of its cluster owns it or benefits from it. Clusters are ordered by score,
    highest first, then by number of sought people, number of assets and smallest member. A cluster's id is derived from
    its smallest sought person, or else its smallest asset; `kg.analysis.clusters.changes.comparison` keeps the
    ids of an earlier run.
    """
    found, each, _ = iterate_clusters(view, parameters)
    return replace(found, clusters=tuple(each))


def cluster_members(view: GraphView, parameters: ClusterParameters = DEFAULTS) -> tuple[frozenset[str], ...]:
    """The members of each of the same clusters, and nothing else of them; by the smallest member."""
    found = _find_communities(view, parameters)
    nodes = _positions_by_key(found.community, _communities_among(found.community, found.reported)[found.community])
    return tuple(frozenset(view.id(node) for node in nodes[smallest].tolist()) for smallest in found.reported.tolist())


def iterate_clusters(
    view: GraphView, parameters: ClusterParameters = DEFAULTS
) -> tuple[Clusters, Iterator[Cluster], Callable[[], ClusterContext]]:
    """The same, without clusters; each cluster when its turn comes, since all at once are half a gigabyte at a million
    nodes; and their surroundings for who wants them."""
    network, group, assets, counted, kept = _find_communities(view, parameters)
    circles, cut = _circular_holdings(view, network, group, kept, parameters)
    scene = ClusteredGraph(
        view, parameters, network, group, kept, assets, role_evidence(view, group, parameters), circles
    )
    signs, indicators = find_red_flags(scene)
    points = score_communities(view, parameters, network, group, counted, signs)
    known = ClusterBuilder(scene, signs, points, cut)
    found = Clusters(
        version=view.version,
        as_of=view.as_of,
        parameters=parameters.to_json(),
        nodes_considered=int(np.count_nonzero(network.degree)),
        links_considered=len(network.links),
        modularity=round(modularity(network, group), 6),
        clusters=(),
        indicators=indicators,
    )
    order = _by_score(kept, counted, points)
    return found, _build_clusters(known, group, order), lambda: build_context(network, _cluster_positions(group, order))


class _Communities(NamedTuple):
    """The network cut into communities, and what decides which of them are clusters."""

    network: HoldingNetwork
    community: Nodes
    assets: NDArray[np.bool_]
    counts: Mapping[str, Nodes]
    reported: Nodes


def _find_communities(view: GraphView, parameters: ClusterParameters) -> _Communities:
    network = holding_network(view, parameters)
    group = partition(view, network, parameters)
    assets = _counted_assets(view, network, group)
    counted = _member_counts(view, group, assets)
    return _Communities(network, group, assets, counted, _reported_communities(view, group, counted, parameters))


def _communities_among(community: Nodes, some: Nodes) -> NDArray[np.bool_]:
    """Which communities, by their smallest node, are among some: bool (nodes)."""
    marked = np.zeros(len(community), bool)
    marked[some] = True
    return marked


def _cluster_positions(community: Nodes, order: Nodes) -> Nodes:
    """The place of each node's cluster in the list, -1 for none: int64 (nodes)."""
    place = np.full(len(community), -1, np.int64)
    place[order] = np.arange(len(order))
    return np.asarray(place[community])


def _counted_assets(view: GraphView, network: HoldingNetwork, community: Nodes) -> NDArray[np.bool_]:
    """Which nodes count as assets: those that are no enterprise, and enterprises another member holds. bool (nodes)."""
    inside = (network.tail != network.head) & (community[network.tail] == community[network.head])
    held = np.zeros(len(view.ids), bool)
    held[network.head[inside & view.links_with(*HOLDING_TRAITS)[network.links]]] = True
    return view.nodes_of("Asset") & (held | ~view.nodes_of("Enterprise"))


def _member_counts(view: GraphView, community: Nodes, assets: NDArray[np.bool_]) -> Mapping[str, Nodes]:
    """How many people sought, assets, parties and members each community has: int64 (nodes)."""
    every = np.ones(len(community), bool)
    kinds = {"sought": view.column("sought"), "assets": assets, "parties": view.nodes_of("Party"), "members": every}
    return {name: np.bincount(community[which], minlength=len(community)) for name, which in kinds.items()}


def _reported_communities(
    view: GraphView, community: Nodes, counts: Mapping[str, Nodes], parameters: ClusterParameters
) -> Nodes:
    """The communities to report, by their smallest node, ascending."""
    keep = (counts["assets"] > 0) & (counts["parties"] > 0) & (counts["sought"] >= int(parameters.only_sought))
    return np.flatnonzero(keep & (counts["members"] >= max(2, parameters.minimum_members)))


def _by_score(reported: Nodes, counts: Mapping[str, Nodes], scores: CommunityScores) -> Nodes:
    """The same in the order of the report."""
    return reported[
        np.lexsort((reported, -counts["assets"][reported], -counts["sought"][reported], -scores.totals(reported)))
    ]


def _circular_holdings(
    view: GraphView, network: HoldingNetwork, community: Nodes, reported: Nodes, parameters: ClusterParameters
) -> tuple[CyclesByCluster, frozenset[int]]:
    """The circular holdings of each cluster, and the clusters that have more."""
    owned = view.links_with("ownership")[network.links] & ~network.not_in_force
    owned &= (community[network.tail] == community[network.head]) & np.isin(community[network.tail], reported)
    tail, head = network.tail[owned], network.head[owned]
    some = may_be_circular(len(view.ids), tail, head)
    tail, head = tail[some], head[some]
    circles: dict[int, tuple[tuple[int, ...], ...]] = {}
    cut = set()
    for smallest, at in _positions_by_key(community[tail], np.ones(len(tail), bool)).items():
        edges = list(zip(tail[at].tolist(), head[at].tolist(), strict=True))
        found, more = circular_holdings(edges, parameters.circular_length, parameters.circular_limit)
        if found:
            circles[smallest] = tuple(found)
        if more:
            cut.add(smallest)
    return circles, frozenset(cut)


def _build_clusters(builder: ClusterBuilder, community: Nodes, reported: Nodes) -> Iterator[Cluster]:
    network = builder.graph.network
    wanted = _communities_among(community, reported)
    nodes = _positions_by_key(community, wanted[community])
    links = _positions_by_key(
        community[network.tail], (community[network.tail] == community[network.head]) & wanted[community[network.tail]]
    )
    for number, smallest in enumerate(reported.tolist(), 1):
        yield build_cluster(f"Cluster {number}", builder, nodes[smallest], links[smallest])


def _positions_by_key(keys: Nodes, wanted: NDArray[np.bool_]) -> Mapping[int, Nodes]:
    """The positions that are wanted, by their key, each ascending."""
    some = np.flatnonzero(wanted)
    order = some[np.argsort(keys[some], kind="stable")]
    cuts = np.flatnonzero(np.diff(keys[order])) + 1
    return {int(keys[part[0]]): part for part in np.split(order, cuts) if len(part)}
