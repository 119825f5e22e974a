"""What does the finding of one cluster state?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from kg.analysis.clusters.clustered_graph import ClusteredGraph
from kg.analysis.clusters.roles import role_of
from kg.analysis.clusters.score import CommunityScores
from kg.findings import ROLES, Cluster, Member, RedFlag, Tie
from kg.records import derived_id
from kg.view import IntArray

LinkEnds = Sequence[tuple[int, int]]
"""Tail and head of each link of a cluster, as positions in the view."""


@dataclass(frozen=True)
class ClusterBuilder:
    """Makes the findings of clusters from what is known of the whole graph."""

    graph: ClusteredGraph
    signs: Mapping[int, tuple[RedFlag, ...]]
    scores: CommunityScores
    truncated: frozenset[int]
    """Clusters that may have more circular holdings than are known."""

    def build(self, name: str, nodes: IntArray, links: IntArray, bridges: Iterable[bool]) -> Cluster:
        """One cluster. `nodes`: positions in the view; `links`: in the network, both ends inside; both ascending.

        `bridges`: which of the links alone connect two parts of the cluster.
        """
        network, smallest = self.graph.network, int(nodes[0])
        ends = list(zip(network.tail[links].tolist(), network.head[links].tolist(), strict=True))
        ids = [link.decode() for link in self.graph.view.link_ids[network.links[links]].tolist()]
        sought = nodes[self.graph.view.column("sought")[nodes]]
        first = sought[0] if len(sought) else nodes[self.graph.assets[nodes]][0]
        cycles = self.graph.circular_holdings.get(smallest, ())
        return Cluster(
            id=derived_id("cluster", self._names[int(first)]),
            name=name,
            members=self._members(nodes, ids, ends),
            ties=self._ties(links, ids, ends),
            circular=tuple(tuple(self._names[node] for node in cycle) for cycle in cycles),
            bridges=tuple(sorted(name for name, is_bridge in zip(ids, bridges, strict=True) if is_bridge)),
            circular_cut=smallest in self.truncated,
            score=self.scores.of_cluster(smallest),
            signs=self.signs.get(smallest, ()),
        )

    @cached_property
    def _names(self) -> list[str]:
        return [name.decode() for name in self.graph.view.ids.tolist()]

    def _members(self, nodes: IntArray, ids: Sequence[str], ends: LinkEnds) -> tuple[Member, ...]:
        """Members by role and id. A role that every member can have rests on the member's ties."""
        ties: defaultdict[int, list[str]] = defaultdict(list)
        for link, pair in zip(ids, ends, strict=True):
            for node in set(pair):
                ties[node].append(link)
        view, members = self.graph.view, []
        for node in nodes.tolist():
            role, links = role_of(view, node, self.graph.evidence)
            because = ties[node] if links is None else (view.link_id(link) for link in links)
            members.append(Member(self._names[node], view.type(node), role, tuple(because)))
        return tuple(sorted(members, key=lambda m: (ROLES.index(m.role), m.id)))

    def _ties(self, links: IntArray, ids: Sequence[str], ends: LinkEnds) -> tuple[Tie, ...]:
        """The ties, heaviest first."""
        view, network = self.graph.view, self.graph.network
        types = (view.link_types[i] for i in view.link_type[network.links[links]].tolist())
        weights = network.weight[links].round(6).tolist()
        via = (view.link_id(other) if other >= 0 else "" for other in network.via[links].tolist())
        ties = [
            Tie(link, link_type, self._names[tail], self._names[head], weight, shared)
            for link, link_type, (tail, head), weight, shared in zip(ids, types, ends, weights, via, strict=True)
        ]
        return tuple(sorted(ties, key=lambda tie: (-tie.weight, tie.id)))
