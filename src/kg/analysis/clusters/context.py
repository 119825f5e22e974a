"""Which network are the clusters part of, and which cluster is each node in?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.analysis.clusters.network.components import components
from kg.analysis.clusters.network.holding_network import HoldingNetwork, holding_network
from kg.analysis.clusters.parameters import ClusterParameters
from kg.findings import Cluster, Clusters
from kg.view import GraphView, IntArray


@dataclass(frozen=True)
class ClusterContext:
    """What explaining one cluster needs of the whole graph; computing it takes time in proportion to the graph.

    `cluster_position`: int64 (nodes of the view), the position of each node's cluster in the list, -1 for none.
    `component`: int64 (nodes), the smallest node that each is connected to.
    """

    network: HoldingNetwork
    cluster_position: IntArray
    component: IntArray

    def to_arrays(self) -> Mapping[str, NDArray[Any]]:
        """The arrays by name, for files."""
        network = {f.name: getattr(self.network, f.name) for f in fields(HoldingNetwork) if f.name != "nodes"}
        return {**network, "cluster_position": self.cluster_position, "component": self.component}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> ClusterContext:
        """The context that `to_arrays` returned. Raises KeyError or TypeError for other arrays."""
        network = dict(arrays)
        cluster_position, component = network.pop("cluster_position"), network.pop("component")
        return cls(HoldingNetwork(nodes=len(component), **network), cluster_position, component)


def cluster_context(view: GraphView, clusters: Clusters, parameters: ClusterParameters) -> ClusterContext:
    """The context of clusters that were found in this view with these parameters. The view must have COLUMNS."""
    cluster_position = np.full(len(view.ids), -1, np.int64)
    for number, cluster in enumerate(clusters.clusters):
        cluster_position[member_positions(view, cluster)] = number
    return build_context(holding_network(view, parameters), cluster_position)


def build_context(network: HoldingNetwork, cluster_position: IntArray) -> ClusterContext:
    """The context, of which only the components are computed."""
    return ClusterContext(network, cluster_position, components(network.nodes, network.low, network.high))


def member_positions(view: GraphView, cluster: Cluster) -> IntArray:
    """The positions of a cluster's members in the view, ascending."""
    return node_positions(view, (m.id for m in cluster.members))


def node_positions(view: GraphView, ids: Iterable[str]) -> IntArray:
    """The positions of some nodes in the view, ascending."""
    return np.searchsorted(view.ids, np.array(sorted(ids), view.ids.dtype)).astype(np.int64)
