"""In which network does a cluster stand, and in which cluster does each node?"""

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
from kg.view import GraphView

Nodes = NDArray[np.int64]

_NOT_NETWORK = ("home", "part")


@dataclass(frozen=True)
class ClusterContext:
    """What everything that is to be known of one cluster is looked up in; it costs as much as the graph is large.

    `home`: int64 (nodes of the view), the place of each node's cluster in the list, -1 for none. `part`: int64
    (nodes), the smallest node that each is connected to.
    """

    network: HoldingNetwork
    cluster_position: Nodes
    component: Nodes

    def to_arrays(self) -> Mapping[str, NDArray[Any]]:
        """By name, for files."""
        network = {f.name: getattr(self.network, f.name) for f in fields(HoldingNetwork) if f.name != "nodes"}
        return {**network, "home": self.cluster_position, "part": self.component}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> ClusterContext:
        """What `to_arrays` made plain. Raises KeyError and TypeError for other arrays."""
        network = {name: array for name, array in arrays.items() if name not in _NOT_NETWORK}
        return cls(HoldingNetwork(nodes=len(arrays["home"]), **network), arrays["home"], arrays["part"])


def cluster_context(view: GraphView, clusters: Clusters, parameters: ClusterParameters) -> ClusterContext:
    """Those of clusters that were found in this view with these parameters. The view must have COLUMNS."""
    home = np.full(len(view.ids), -1, np.int64)
    for number, cluster in enumerate(clusters.clusters):
        home[member_positions(view, cluster)] = number
    return build_context(holding_network(view, parameters), home)


def build_context(network: HoldingNetwork, cluster_position: Nodes) -> ClusterContext:
    """The surroundings, of which everything but what hangs together is known."""
    return ClusterContext(network, cluster_position, components(network.nodes, network.low, network.high))


def member_positions(view: GraphView, cluster: Cluster) -> Nodes:
    """Where the members of a cluster stand in the view, ascending."""
    return node_positions(view, (m.id for m in cluster.members))


def node_positions(view: GraphView, ids: Iterable[str]) -> Nodes:
    """Where some nodes of the view stand in it, ascending."""
    return np.searchsorted(view.ids, np.array(sorted(ids), view.ids.dtype)).astype(np.int64)
