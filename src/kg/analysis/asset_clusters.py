"""Which assets are held together?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from kg.analysis.cluster_contents import Knowledge, cluster
from kg.analysis.cluster_parameters import ClusterParameters
from kg.analysis.holding_network import COLUMNS, HOLDING, HoldingNetwork, holding_network
from kg.analysis.partition import Nodes, modularity, partition
from kg.analysis.roles import evidence
from kg.findings import Cluster, Clusters
from kg.view import GraphView

__all__ = ["COLUMNS", "ClusterParameters", "asset_clusters"]

DEFAULTS = ClusterParameters()


def asset_clusters(view: GraphView, parameters: ClusterParameters = DEFAULTS) -> Clusters:
    """The communities of the holding network that have an asset and a party besides.

    The view must have the columns COLUMNS; raises InputError otherwise. Every node is in one cluster at most. An
    enterprise counts as an asset if a member of its cluster owns it or benefits from it. Clusters are ordered by number
    of sought people, number of assets (most first) and smallest member. A cluster's id is derived from its smallest
    sought person, or else its smallest asset: it changes when a smaller one joins or this one leaves, and not before.
    """
    network = holding_network(view, parameters)
    group = partition(view, network, parameters)
    assets = _assets(view, network, group)
    kept = _kept(view, group, assets, parameters)
    known = Knowledge(view, parameters, network, assets, evidence(view, group, parameters))
    return Clusters(
        version=view.version,
        as_of=view.as_of,
        parameters=parameters.to_json(),
        nodes_considered=int(np.count_nonzero(network.degree)),
        links_considered=len(network.links),
        modularity=round(modularity(network, group), 6),
        clusters=tuple(_clusters(known, group, kept)),
    )


def _assets(view: GraphView, network: HoldingNetwork, group: Nodes) -> NDArray[np.bool_]:
    """Which nodes count as assets: those that are no enterprise, and enterprises another member holds. bool (nodes)."""
    inside = (network.tail != network.head) & (group[network.tail] == group[network.head])
    held = np.zeros(len(view.ids), bool)
    held[network.head[inside & view.links_with(*HOLDING)[network.links]]] = True
    return view.nodes_of("Asset") & (held | ~view.nodes_of("Enterprise"))


def _kept(view: GraphView, group: Nodes, assets: NDArray[np.bool_], parameters: ClusterParameters) -> Nodes:
    """The communities to report, by their smallest node, in the order of the report."""

    def members(which: NDArray[np.bool_]) -> Nodes:
        return np.bincount(group[which], minlength=len(group))

    sought, held, parties = members(view.column("sought")), members(assets), members(view.nodes_of("Party"))
    keep = (held > 0) & (parties > 0) & (sought >= int(parameters.only_sought))
    keep &= np.bincount(group, minlength=len(group)) >= max(2, parameters.minimum_members)
    kept = np.flatnonzero(keep)
    return kept[np.lexsort((kept, -held[kept], -sought[kept]))]


def _clusters(known: Knowledge, group: Nodes, kept: Nodes) -> Iterator[Cluster]:
    network = known.network
    wanted = np.zeros(len(group), bool)
    wanted[kept] = True
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
