"""What is known of one cluster in full?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from kg.analysis.clusters.connectivity import connectivity
from kg.analysis.clusters.context import ClusterContext, member_positions, node_positions
from kg.findings import BoundaryMember, Cluster, ClusterExplanation, Clusters, JurisdictionCount, ValuationTotal
from kg.findings.statements import unread_node_sentences
from kg.findings.valuation import stated_values, value_group, value_properties, value_sums
from kg.view import GraphView, IntArray

MEMBER_GROUPS = ("people", "enterprises", "arrangements", "assets")

PLACE_TRAITS = ("citizenship", "presence", "location", "registration")
"""Traits of links that lead to a jurisdiction, or to an address that is in one."""

MAX_SHOWN = 20
"""Most boundary members of a cluster that are listed, and most links of each."""


def explain(
    view: GraphView, clusters: Clusters, selected: Sequence[Cluster], context: ClusterContext
) -> tuple[ClusterExplanation, ...]:
    """Some of the clusters in full, in the order given. The view must be the one they were found in, with COLUMNS."""
    return tuple(_explain_cluster(view, context, clusters, cluster) for cluster in selected)


def _explain_cluster(
    view: GraphView, context: ClusterContext, clusters: Clusters, cluster: Cluster
) -> ClusterExplanation:
    groups = _member_groups(view, cluster)
    inside = member_positions(view, cluster)
    holds, middle, weakest_cut = connectivity(cluster)
    papers = _legal_papers(view, inside)
    return ClusterExplanation(
        cluster=cluster.id,
        **groups,
        holds=holds,
        middle=middle,
        weakest_cut=weakest_cut,
        stability=None,
        passages=_outside_connections(view, context, clusters, inside),
        worth=_total_valuations(view, (*groups["assets"], *groups["enterprises"])),
        not_counted=_uncounted_values(view, (*groups["assets"], *groups["enterprises"])),
        jurisdictions=_jurisdictions(view, groups),
        agencies=_agencies(view, papers),
        measures=_ids(view, papers[view.nodes_of("Measure", "Request", "Case")[papers]]),
    )


def _member_groups(view: GraphView, cluster: Cluster) -> dict[str, tuple[str, ...]]:
    """The members in four groups; an enterprise is a party and an asset, but listed once."""
    kinds = {"Arrangement": "arrangements", "Enterprise": "enterprises", "Agency": "enterprises", "Party": "people"}
    found: dict[str, list[str]] = {name: [] for name in MEMBER_GROUPS}
    for member in cluster.members:
        group = next((group for kind, group in kinds.items() if view.ontology.is_a(member.type, kind)), "assets")
        found[group].append(member.id)
    return {name: tuple(ids) for name, ids in found.items()}


def _outside_connections(
    view: GraphView, context: ClusterContext, clusters: Clusters, inside: IntArray
) -> tuple[BoundaryMember, ...]:
    """The members that are linked to other clusters, largest weight first."""
    network, home = context.network, context.cluster_position
    own = home[inside[0]]
    mine = np.isin(network.tail, inside) | np.isin(network.head, inside)
    other = np.where(home[network.tail] == own, home[network.head], home[network.tail])
    links = np.flatnonzero(mine & (other != own) & (other >= 0))
    by_member: defaultdict[int, list[int]] = defaultdict(list)
    for at in links[np.lexsort((network.links[links], -network.weight[links]))].tolist():
        member = network.tail[at] if home[network.tail[at]] == own else network.head[at]
        by_member[int(member)].append(at)
    weight = {member: round(float(network.weight[some].sum()), 6) for member, some in by_member.items()}
    first = sorted(by_member, key=lambda member: (-weight[member], member))[:MAX_SHOWN]
    found = []
    for member in first:
        others = sorted(clusters.clusters[number].id for number in {int(other[at]) for at in by_member[member]})
        ties = tuple(view.link_id(int(network.links[at])) for at in by_member[member][:MAX_SHOWN])
        found.append(BoundaryMember(view.id(member), tuple(others), ties, weight[member]))
    return tuple(found)


def _jurisdictions(view: GraphView, groups: Mapping[str, Sequence[str]]) -> tuple[JurisdictionCount, ...]:
    """The jurisdictions by how many members are linked to them, directly or by an address; most first."""
    counts: defaultdict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(MEMBER_GROUPS, 0))
    kinds = view.link_types_with(*PLACE_TRAITS)
    places, addresses = view.nodes_of("Jurisdiction"), view.nodes_of("Address")
    for name, ids in groups.items():
        for member in node_positions(view, ids).tolist():
            near = set(view.outgoing.ends(member, kinds).tolist())
            near |= {far for at in near if addresses[at] for far in view.outgoing.ends(at, kinds).tolist()}
            for place in near:
                if places[place]:
                    counts[place][name] += 1
    order = sorted(counts, key=lambda place: (-sum(counts[place].values()), place))
    return tuple(JurisdictionCount(view.id(place), **counts[place]) for place in order)


def _legal_papers(view: GraphView, inside: IntArray) -> IntArray:
    """Warrants, notices and list entries that name members, and measures, requests and cases about them; ascending."""
    kinds = view.link_types_with("pursuit", "procedure")
    about = view.nodes_of("Sought", "Measure", "Request", "Case")
    near = [rows.ends(member, kinds) for member in inside.tolist() for rows in (view.outgoing, view.incoming)]
    found = np.unique(np.concatenate(near))
    return np.asarray(found[about[found]], np.int64)


def _agencies(view: GraphView, legal_papers: IntArray) -> tuple[str, ...]:
    kinds, agency = view.link_types_with("procedure"), view.nodes_of("Agency")
    found = {at for paper in legal_papers.tolist() for at in view.outgoing.ends(paper, kinds).tolist() if agency[at]}
    return _ids(view, sorted(found))


def _ids(view: GraphView, nodes: Iterable[int]) -> tuple[str, ...]:
    return tuple(view.id(int(node)) for node in nodes)


def _uncounted_values(view: GraphView, assets: Sequence[str]) -> tuple[str, ...]:
    """A sentence for each value of the assets (by id) that could not be read, and so is in no total."""
    nodes = view.records.nodes(assets).values()
    return tuple(
        s for node in nodes for s in unread_node_sentences((node,), value_properties(view.ontology, node.type))
    )


def _total_valuations(view: GraphView, assets: Sequence[str]) -> tuple[ValuationTotal, ...]:
    """The newest values of each asset (by id), added up by currency, kind, basis and group."""
    stated = (
        (node.id, value_group(view.ontology, node), value.valuation)
        for node in view.records.nodes(assets).values()
        for value in stated_values(view.ontology, node)
    )
    totals = (
        ValuationTotal(s.currency, s.kind, s.basis, s.of, low=f"{s.low:f}", high=f"{s.high:f}", assets=s.assets)
        for s in value_sums(stated)
    )
    return tuple(sorted(totals, key=lambda total: (total.currency, total.kind, total.basis, total.of)))
