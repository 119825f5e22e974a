"""What does an indicator get, and what does it return?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kg.analysis.clusters.network.holding_network import HoldingNetwork
from kg.analysis.clusters.parameters import ClusterParameters
from kg.analysis.clusters.roles import RoleEvidence
from kg.findings import RedFlag
from kg.view import BoolArray, GraphView, IntArray


class IndicatorMeaning(NamedTuple):
    """What an indicator means; every indicator has one, called MEANING."""

    title: str
    asks: str
    """What is looked for."""
    innocent: tuple[str, ...]
    """Explanations that have nothing to do with hiding anything."""
    basis: str
    """Paper, standard or reasoning behind it."""


class IndicatorResult(NamedTuple):
    """The clusters in which an indicator can be observed, and the red flags of each cluster.

    A cluster is identified by its smallest node.
    """

    observable: IntArray
    signs: Mapping[int, Sequence[RedFlag]]


@dataclass(frozen=True)
class ClusteredGraph:
    """A graph whose clusters are known.

    `community`: int64 (nodes), the smallest node of each node's community. `reported`: int64, the communities that are
    reported as clusters. `assets`: bool (nodes), which nodes count as assets of their community. `circular_holdings`:
    by cluster, as nodes.
    """

    view: GraphView
    parameters: ClusterParameters
    network: HoldingNetwork
    community: IntArray
    reported: IntArray
    assets: BoolArray
    evidence: RoleEvidence
    circular_holdings: Mapping[int, tuple[tuple[int, ...], ...]]

    @cached_property
    def is_member(self) -> BoolArray:
        """Which nodes are members of a cluster: bool (nodes)."""
        return np.isin(self.community, self.reported)

    @cached_property
    def ownership_links(self) -> IntArray:
        """Ownership links in force inside a cluster, as positions in the view, ascending."""
        return self.within_clusters(self.network.links[~self.network.not_in_force])

    @cached_property
    def all_ownership_links(self) -> IntArray:
        """The same, in force or not."""
        return self.within_clusters(self.network.links)

    def within_clusters(self, links: IntArray) -> IntArray:
        """The ownership links among some links that have both ends in one cluster."""
        tail, head = self.view.tail[links], self.view.head[links]
        owns = self.view.link_types_with("ownership")[self.view.link_type[links]]
        return np.asarray(links[owns & (self.community[tail] == self.community[head]) & self.is_member[tail]])

    def clusters_of(self, nodes: NDArray[np.integer[Any]]) -> IntArray:
        """The clusters of some members, each once, ascending."""
        return np.unique(self.community[nodes])

    def sign(self, name: str, nodes: Sequence[int], links: Sequence[int], says: str) -> RedFlag:
        """A red flag about nodes that rests on links, both as positions in the view."""
        return RedFlag(name, tuple(map(self.view.id, nodes)), tuple(map(self.view.link_id, links)), says)
