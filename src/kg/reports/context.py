"""What stands around the members of a cluster in the graph?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from kg.ontology import Ontology
from kg.ports import SourceInfo, Store
from kg.records import Claim, Link, Node
from kg.reports.entries import Evidence
from kg.reports.names import called
from kg.view import GraphView

FACTS = ("pursuit", "accusation", "citizenship", "presence", "location", "registration", "procedure", "proceeds")
"""Traits of links that are told of a member whatever stands at their other end."""

HOLDINGS = ("ownership", "control", "benefit", "encumbrance")
"""Traits of links that are told when both ends are members: a hub's other clients are no concern of this cluster."""

STEPS = ("procedure", "location")
"""Traits that lead on from a paper, measure or address to who issued it or where it is."""

STEPS_TO = frozenset(("Agency", "Jurisdiction"))
"""Where such a link must go: not on to the other targets of a measure."""

LEADING_ON = ("Sought", "Measure", "Request", "Case", "Address", "Agency")
"""Kinds of node from which `STEPS` are followed."""


@dataclass(frozen=True)
class Graph:
    """A store with its view and sources, opened once for a report."""

    store: Store
    view: GraphView
    sources: Mapping[str, SourceInfo]

    @property
    def ontology(self) -> Ontology:
        """The ontology the graph was made under."""
        return self.view.ontology

    @cached_property
    def facts(self) -> NDArray[np.bool_]:
        """Which links are `FACTS`."""
        return self.view.links_with(*FACTS)

    @cached_property
    def holdings(self) -> NDArray[np.bool_]:
        """Which links are `HOLDINGS`."""
        return self.view.links_with(*HOLDINGS)

    @cached_property
    def steps(self) -> NDArray[np.bool_]:
        """Which links are `STEPS` and go to `STEPS_TO`."""
        links = self.ontology.links
        return self.view.links_of(t for t in self.ontology.with_trait(*STEPS) if STEPS_TO & {*links[t].to})

    @cached_property
    def leading_on(self) -> NDArray[np.bool_]:
        """Which nodes are `LEADING_ON`."""
        return self.view.nodes_of(*LEADING_ON)

    @cached_property
    def jurisdictions(self) -> Mapping[str, Node]:
        """Every jurisdiction by its code."""
        ids = [self.view.id(int(n)) for n in np.flatnonzero(self.view.nodes_of("Jurisdiction"))]
        return {n.first("code"): n for _, n in sorted(self.store.nodes(ids).items())}

    def inside(self, ids: Sequence[str]) -> NDArray[np.int64]:
        """Where nodes stand in the view; one that the view does not show is left out."""
        ids = [i for i in ids if len(i) <= self.view.ids.dtype.itemsize]
        wanted = np.array([i.encode() for i in ids], self.view.ids.dtype)
        at = np.searchsorted(self.view.ids, wanted)
        known = at < len(self.view.ids)
        known[known] = self.view.ids[at[known]] == wanted[known]
        return np.unique(at[known])


@dataclass(frozen=True)
class Surroundings:
    """Nodes, links and claims around some members, nothing protected. A link is there only if both its ends are."""

    ontology: Ontology
    nodes: Mapping[str, Node]
    links: Mapping[str, Link]
    claims: Mapping[str, Sequence[Claim]]
    sources: Mapping[str, SourceInfo]

    def leaving(self, node_id: str, types: Iterable[str]) -> list[Link]:
        """The links of some types that leave a node, by type and id."""
        wanted = frozenset(types)
        return [link for link in self._tails.get(node_id, ()) if link.type in wanted]

    def arriving(self, node_id: str, types: Iterable[str]) -> list[Link]:
        """The links of some types that arrive at a node, by type and id."""
        wanted = frozenset(types)
        return [link for link in self._heads.get(node_id, ()) if link.type in wanted]

    def called(self, node_id: str) -> str:
        """What a sentence calls a node."""
        if node_id not in self._names:
            node = self.nodes.get(node_id)
            self._names[node_id] = called(node) if node else node_id
        return self._names[node_id]

    @cached_property
    def heard(self) -> dict[str, tuple[Evidence, ...]]:
        """Who says each link, as far as it was asked before."""
        return {}

    @cached_property
    def _names(self) -> dict[str, str]:
        return {}

    @cached_property
    def _tails(self) -> Mapping[str, Sequence[Link]]:
        return _by(self.links.values(), "source_id")

    @cached_property
    def _heads(self) -> Mapping[str, Sequence[Link]]:
        return _by(self.links.values(), "target_id")


def surroundings(graph: Graph, members: Sequence[str], links: Iterable[str] = ()) -> Surroundings:
    """What a report may tell about `members`, and `links` besides."""
    found = _around(graph, members) | set(links)
    known = {k: v for k, v in graph.store.links_by_id(sorted(found)).items() if _shown(graph.ontology, v)}
    ends = {*members, *(end for link in known.values() for end in (link.source_id, link.target_id))}
    nodes = {k: n for k, n in graph.store.nodes(sorted(ends)).items() if not n.protected}
    kept = {k: known[k] for k in sorted(known) if known[k].source_id in nodes and known[k].target_id in nodes}
    spoken = graph.store.claims([*(m for m in members if m in nodes), *kept])
    claims = {k: [c for c in said if c.said.handling != "protected"] for k, said in spoken.items()}
    return Surroundings(graph.ontology, nodes, kept, claims, graph.sources)


def _around(graph: Graph, members: Sequence[str]) -> set[str]:
    """The ids of the members' facts and holdings, and of the steps that lead on from there, twice."""
    view = graph.view
    inside = graph.inside(members)
    facts = _touching(view, inside, graph.facts)
    holdings = _touching(view, inside, graph.holdings)
    holdings = holdings[np.isin(view.tail[holdings], inside) & np.isin(view.head[holdings], inside)]
    found = [facts, holdings]
    reached = np.setdiff1d(np.union1d(view.tail[facts], view.head[facts]), inside)
    for _ in range(2):
        further = _leaving(view, reached[graph.leading_on[reached]], graph.steps)
        found.append(further)
        reached = np.unique(view.head[further])
    return {view.link_id(int(link)) for link in np.unique(np.concatenate(found))}


def _touching(view: GraphView, nodes: Iterable[int], wanted: NDArray[np.bool_]) -> NDArray[np.int32]:
    rows = [rows.of(n) for n in nodes for rows in (view.outgoing, view.incoming)]
    return _chosen(rows, wanted)


def _leaving(view: GraphView, nodes: Iterable[int], wanted: NDArray[np.bool_]) -> NDArray[np.int32]:
    return _chosen([view.outgoing.of(n) for n in nodes], wanted)


def _chosen(rows: Sequence[NDArray[np.int32]], wanted: NDArray[np.bool_]) -> NDArray[np.int32]:
    links: NDArray[np.int32] = np.unique(np.concatenate([np.empty(0, np.int32), *rows]))
    return links[wanted[links]]


def _shown(ontology: Ontology, link: Link) -> bool:
    return not link.protected and ontology.links[link.type].handling != "protected"


def _by(links: Iterable[Link], end: str) -> dict[str, list[Link]]:
    found: dict[str, list[Link]] = defaultdict(list)
    for link in sorted(links, key=lambda k: (k.type, k.id)):
        found[getattr(link, end)].append(link)
    return found
