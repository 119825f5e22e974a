"""Which assets are held together?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from kg import ontology
from kg.analysis.clusters.builder import ClusterBuilder
from kg.analysis.clusters.circular_holdings import circular_holdings, may_be_circular
from kg.analysis.clusters.clustered_graph import ClusteredGraph
from kg.analysis.clusters.context import ClusterContext, build_context
from kg.analysis.clusters.network.bridges import find_bridges
from kg.analysis.clusters.network.holding_network import (
    HOLDING_TRAITS,
    HoldingNetwork,
    holding_network,
    not_in_force,
)
from kg.analysis.clusters.network.partition import modularity, partition
from kg.analysis.clusters.parameters import CIRCULAR_LENGTH, ClusterParameters
from kg.analysis.clusters.red_flags import find_red_flags
from kg.analysis.clusters.roles import role_evidence
from kg.analysis.clusters.score import score_communities
from kg.findings import Cluster, Clusters
from kg.view import BoolArray, GraphView, IntArray

DEFAULTS = ClusterParameters()


def asset_clusters(view: GraphView, parameters: ClusterParameters = DEFAULTS) -> Clusters:
    """The communities of the holding network that have an asset and another party.

    The view must have the columns COLUMNS; raises InputError otherwise. Every node is in one cluster at most. An
    enterprise counts as an asset if a member of its cluster owns it or benefits from it. Clusters are ordered by score,
    highest first, then by number of sought people, number of assets and smallest member. A cluster's id is derived from
    its smallest sought person, or else its smallest asset; `keep_ids` gives clusters the ids of an earlier run.
    """
    found, each, _ = iterate_clusters(view, parameters)
    return replace(found, clusters=tuple(each))


def cluster_members(view: GraphView, parameters: ClusterParameters = DEFAULTS) -> tuple[frozenset[str], ...]:
    """The members of the same clusters and nothing else; by the smallest member."""
    found = _find_communities(view, parameters)
    nodes = _positions_by_key(found.community, np.isin(found.community, found.reported))
    return tuple(frozenset(view.id(node) for node in nodes[smallest].tolist()) for smallest in found.reported.tolist())


def iterate_clusters(
    view: GraphView, parameters: ClusterParameters = DEFAULTS
) -> tuple[Clusters, Iterator[Cluster], Callable[[], ClusterContext]]:
    """The same without the clusters, an iterator of the clusters, and a function that makes their context.

    All clusters at once would take half a gigabyte of memory at a million nodes.
    """
    network, community, assets, counts, reported = _find_communities(view, parameters)
    cycles, truncated = _circular_holdings(view, network, community, reported, parameters)
    evidence = role_evidence(view, community, parameters)
    graph = ClusteredGraph(view, parameters, network, community, reported, assets, evidence, cycles)
    signs, indicators = find_red_flags(graph)
    held = np.bincount(community[assets & ~_given_up(view)], minlength=len(community))
    scores = score_communities(view, parameters, network, community, {**counts, "assets": held}, signs)
    builder = ClusterBuilder(graph, signs, scores, truncated)
    found = Clusters(
        version=view.version,
        as_of=view.as_of,
        parameters=parameters.to_json(),
        nodes_considered=int(np.count_nonzero(network.degree)),
        links_considered=len(network.links),
        modularity=round(modularity(network, community), 6),
        clusters=(),
        indicators=indicators,
    )
    keys = (reported, -counts["assets"][reported], -counts["sought"][reported], -scores.totals(reported))
    order = reported[np.lexsort(keys)]

    def context() -> ClusterContext:
        position = np.full(len(community), -1, np.int64)
        position[order] = np.arange(len(order))
        return build_context(network, position[community])

    return found, _build_clusters(builder, order), context


class _Communities(NamedTuple):
    """The network partitioned into communities, and which of them are reported as clusters."""

    network: HoldingNetwork
    community: IntArray
    assets: BoolArray
    counts: Mapping[str, IntArray]
    reported: IntArray


def _find_communities(view: GraphView, parameters: ClusterParameters) -> _Communities:
    network = holding_network(view, parameters)
    community = partition(view, network, parameters)
    assets = _counted_assets(view, network, community)
    counts = _member_counts(view, community, assets)
    keep = (counts["assets"] > 0) & (counts["parties"] > 0) & (counts["sought"] >= int(parameters.only_sought))
    keep &= counts["members"] >= max(2, parameters.minimum_members)
    return _Communities(network, community, assets, counts, np.flatnonzero(keep))


def _counted_assets(view: GraphView, network: HoldingNetwork, community: IntArray) -> BoolArray:
    """Which nodes count as assets: all but enterprises, and enterprises that another member holds: bool (nodes)."""
    inside = (network.tail != network.head) & (community[network.tail] == community[network.head])
    is_held = np.zeros(len(view.ids), bool)
    is_held[network.head[inside & view.links_with(*HOLDING_TRAITS)[network.links]]] = True
    return view.nodes_of("Asset") & (is_held | ~view.nodes_of("Enterprise"))


def _given_up(view: GraphView) -> BoolArray:
    """Which nodes had holders of which each gave them up: bool (nodes)."""
    holds, over = view.links_with(*ontology.HOLDING_TRAITS), not_in_force(view)
    had, has = np.zeros(len(view.ids), bool), np.zeros(len(view.ids), bool)
    had[view.head[holds]] = True
    has[view.head[holds & ~over]] = True
    return had & ~has


def _member_counts(view: GraphView, community: IntArray, assets: BoolArray) -> Mapping[str, IntArray]:
    """The number of sought people, assets, parties and members of each community: int64 (nodes)."""
    every = np.ones(len(community), bool)
    kinds = {"sought": view.column("sought"), "assets": assets, "parties": view.nodes_of("Party"), "members": every}
    return {name: np.bincount(community[which], minlength=len(community)) for name, which in kinds.items()}


def _circular_holdings(
    view: GraphView, network: HoldingNetwork, community: IntArray, reported: IntArray, parameters: ClusterParameters
) -> tuple[Mapping[int, tuple[tuple[int, ...], ...]], frozenset[int]]:
    """The circular holdings of each cluster, and the clusters that may have more."""
    owned = view.links_with("ownership")[network.links] & ~network.not_in_force
    owned &= (community[network.tail] == community[network.head]) & np.isin(community[network.tail], reported)
    tail, head = network.tail[owned], network.head[owned]
    mask = may_be_circular(len(view.ids), tail, head)
    tail, head = tail[mask], head[mask]
    cycles: dict[int, tuple[tuple[int, ...], ...]] = {}
    truncated = set()
    for smallest, at in _positions_by_key(community[tail], np.ones(len(tail), bool)).items():
        edges = list(zip(tail[at].tolist(), head[at].tolist(), strict=True))
        found, more = circular_holdings(edges, CIRCULAR_LENGTH, parameters.circular_limit)
        if found:
            cycles[smallest] = tuple(found)
        if more:
            truncated.add(smallest)
    return cycles, frozenset(truncated)


def _build_clusters(builder: ClusterBuilder, order: IntArray) -> Iterator[Cluster]:
    network, community, is_member = builder.graph.network, builder.graph.community, builder.graph.is_member
    tail, head = community[network.tail], community[network.head]
    nodes = _positions_by_key(community, is_member)
    is_inside = (tail == head) & is_member[network.tail]
    links = _positions_by_key(tail, is_inside)
    is_bridge = np.zeros(len(tail), bool)
    is_bridge[is_inside] = find_bridges(network.tail[is_inside], network.head[is_inside])
    for number, smallest in enumerate(order.tolist(), 1):
        some = links[smallest]
        yield builder.build(f"Cluster {number}", nodes[smallest], some, is_bridge[some].tolist())


def _positions_by_key(keys: IntArray, is_wanted: BoolArray) -> Mapping[int, IntArray]:
    """The wanted positions by their key, ascending."""
    mask = np.flatnonzero(is_wanted)
    order = mask[np.argsort(keys[mask], kind="stable")]
    cuts = np.flatnonzero(np.diff(keys[order])) + 1
    return {int(keys[part[0]]): part for part in np.split(order, cuts) if len(part)}
