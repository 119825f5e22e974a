"""Which assets are held together?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kg.analysis.clusters.builder import Knowledge, cluster
from kg.analysis.clusters.circular_holdings import circular_holdings, on_circles
from kg.analysis.clusters.clustered_graph import Scene
from kg.analysis.clusters.context import Surroundings, around
from kg.analysis.clusters.network.holding_network import COLUMNS, HOLDING, HoldingNetwork, holding_network
from kg.analysis.clusters.network.partition import Nodes, modularity, partition
from kg.analysis.clusters.parameters import ClusterParameters
from kg.analysis.clusters.red_flags import warning_signs
from kg.analysis.clusters.roles import evidence
from kg.analysis.clusters.score import Scores, scores
from kg.findings import Cluster, Clusters
from kg.view import GraphView

__all__ = ["COLUMNS", "ClusterParameters", "asset_clusters", "clusters_in_turn", "memberships"]

DEFAULTS = ClusterParameters()

Circles = Mapping[int, tuple[tuple[int, ...], ...]]


def asset_clusters(view: GraphView, parameters: ClusterParameters = DEFAULTS) -> Clusters:
    """The communities of the holding network that have an asset and a party besides.

    The view must have the columns COLUMNS; raises InputError otherwise. Every node is in one cluster at most. An
    enterprise counts as an asset if a member of its cluster owns it or benefits from it. Clusters are ordered by score,
    highest first, then by number of sought people, number of assets and smallest member. A cluster's id is derived from
    its smallest sought person, or else its smallest asset; `kg.analysis.clusters.changes.comparison` keeps the
    ids of an earlier run.
    """
    found, each, _ = clusters_in_turn(view, parameters)
    return replace(found, clusters=tuple(each))


def memberships(view: GraphView, parameters: ClusterParameters = DEFAULTS) -> tuple[frozenset[str], ...]:
    """The members of each of the same clusters, and nothing else of them; by the smallest member."""
    found = _cut(view, parameters)
    nodes = _grouped(found.group, _marked(found.group, found.kept)[found.group])
    return tuple(frozenset(view.id(node) for node in nodes[smallest].tolist()) for smallest in found.kept.tolist())


def clusters_in_turn(
    view: GraphView, parameters: ClusterParameters = DEFAULTS
) -> tuple[Clusters, Iterator[Cluster], Callable[[], Surroundings]]:
    """The same, without clusters; each cluster when its turn comes, since all at once are half a gigabyte at a million
    nodes; and their surroundings for who wants them."""
    network, group, assets, counted, kept = _cut(view, parameters)
    circles, cut = _circles(view, network, group, kept, parameters)
    scene = Scene(view, parameters, network, group, kept, assets, evidence(view, group, parameters), circles)
    signs, indicators = warning_signs(scene)
    points = scores(view, parameters, network, group, counted, signs)
    known = Knowledge(scene, signs, points, cut)
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
    order = _ordered(kept, counted, points)
    return found, _clusters(known, group, order), lambda: around(network, _home(group, order))


class _Cut(NamedTuple):
    """The network cut into communities, and what decides which of them are clusters."""

    network: HoldingNetwork
    group: Nodes
    assets: NDArray[np.bool_]
    counted: Mapping[str, Nodes]
    kept: Nodes


def _cut(view: GraphView, parameters: ClusterParameters) -> _Cut:
    network = holding_network(view, parameters)
    group = partition(view, network, parameters)
    assets = _assets(view, network, group)
    counted = _counted(view, group, assets)
    return _Cut(network, group, assets, counted, _kept(view, group, counted, parameters))


def _marked(group: Nodes, kept: Nodes) -> NDArray[np.bool_]:
    """Which communities, by their smallest node, are among some: bool (nodes)."""
    marked = np.zeros(len(group), bool)
    marked[kept] = True
    return marked


def _home(group: Nodes, order: Nodes) -> Nodes:
    """The place of each node's cluster in the list, -1 for none: int64 (nodes)."""
    place = np.full(len(group), -1, np.int64)
    place[order] = np.arange(len(order))
    return np.asarray(place[group])


def _assets(view: GraphView, network: HoldingNetwork, group: Nodes) -> NDArray[np.bool_]:
    """Which nodes count as assets: those that are no enterprise, and enterprises another member holds. bool (nodes)."""
    inside = (network.tail != network.head) & (group[network.tail] == group[network.head])
    held = np.zeros(len(view.ids), bool)
    held[network.head[inside & view.links_with(*HOLDING)[network.links]]] = True
    return view.nodes_of("Asset") & (held | ~view.nodes_of("Enterprise"))


def _counted(view: GraphView, group: Nodes, assets: NDArray[np.bool_]) -> Mapping[str, Nodes]:
    """How many people sought, assets, parties and members each community has: int64 (nodes)."""
    every = np.ones(len(group), bool)
    kinds = {"sought": view.column("sought"), "assets": assets, "parties": view.nodes_of("Party"), "members": every}
    return {name: np.bincount(group[which], minlength=len(group)) for name, which in kinds.items()}


def _kept(view: GraphView, group: Nodes, counted: Mapping[str, Nodes], parameters: ClusterParameters) -> Nodes:
    """The communities to report, by their smallest node, ascending."""
    keep = (counted["assets"] > 0) & (counted["parties"] > 0) & (counted["sought"] >= int(parameters.only_sought))
    return np.flatnonzero(keep & (counted["members"] >= max(2, parameters.minimum_members)))


def _ordered(kept: Nodes, counted: Mapping[str, Nodes], points: Scores) -> Nodes:
    """The same in the order of the report."""
    return kept[np.lexsort((kept, -counted["assets"][kept], -counted["sought"][kept], -points.total(kept)))]


def _circles(
    view: GraphView, network: HoldingNetwork, group: Nodes, kept: Nodes, parameters: ClusterParameters
) -> tuple[Circles, frozenset[int]]:
    """The circular holdings of each cluster, and the clusters that have more."""
    owned = view.links_with("ownership")[network.links] & ~network.over
    owned &= (group[network.tail] == group[network.head]) & np.isin(group[network.tail], kept)
    tail, head = network.tail[owned], network.head[owned]
    some = on_circles(len(view.ids), tail, head)
    tail, head = tail[some], head[some]
    circles: dict[int, tuple[tuple[int, ...], ...]] = {}
    cut = set()
    for smallest, at in _grouped(group[tail], np.ones(len(tail), bool)).items():
        edges = list(zip(tail[at].tolist(), head[at].tolist(), strict=True))
        found, more = circular_holdings(edges, parameters.circular_length, parameters.circular_limit)
        if found:
            circles[smallest] = tuple(found)
        if more:
            cut.add(smallest)
    return circles, frozenset(cut)


def _clusters(known: Knowledge, group: Nodes, kept: Nodes) -> Iterator[Cluster]:
    network = known.scene.network
    wanted = _marked(group, kept)
    nodes = _grouped(group, wanted[group])
    links = _grouped(group[network.tail], (group[network.tail] == group[network.head]) & wanted[group[network.tail]])
    for number, smallest in enumerate(kept.tolist(), 1):
        yield cluster(f"Cluster {number}", known, nodes[smallest], links[smallest])


def _grouped(keys: Nodes, wanted: NDArray[np.bool_]) -> Mapping[int, Nodes]:
    """The positions that are wanted, by their key, each ascending."""
    some = np.flatnonzero(wanted)
    order = some[np.argsort(keys[some], kind="stable")]
    cuts = np.flatnonzero(np.diff(keys[order])) + 1
    return {int(keys[part[0]]): part for part in np.split(order, cuts) if len(part)}
