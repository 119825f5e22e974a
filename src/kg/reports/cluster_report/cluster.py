"""Builds the section about one cluster."""

from __future__ import annotations

from collections.abc import Mapping

from kg.findings import Cluster, ClusterDetails, Indicator
from kg.reports.cluster_report.model import ClusterSection
from kg.reports.cluster_report.outside_payments import outside_payment_ids, outside_payments
from kg.reports.cluster_report.sections.contradictions import contradictions
from kg.reports.cluster_report.sections.jurisdictions import jurisdiction_counts
from kg.reports.cluster_report.sections.members import asset_entry, group_members, membership_links, party_entry
from kg.reports.cluster_report.sections.network import lines_of_ties, network_diagram
from kg.reports.cluster_report.sections.not_understood import unread_entries
from kg.reports.cluster_report.sections.ownership import chain_link_ids, ownership_entries
from kg.reports.cluster_report.sections.procedures import procedures
from kg.reports.cluster_report.sections.red_flags import red_flags
from kg.reports.cluster_report.sections.stability import bridges, cluster_stability, select_bridges
from kg.reports.cluster_report.sections.stale_claims import stale_claims
from kg.reports.cluster_report.sections.timeline import timeline
from kg.reports.cluster_report.sections.valuations import asset_values, value_totals
from kg.reports.cluster_report.sections.values_by_status import (
    alleged_sums,
    cleared_origins,
    totals_by_jurisdiction,
    totals_by_status,
)
from kg.reports.cluster_report.validity import first_day_of_change
from kg.reports.context import ReportGraph, load_context, post_and_victim_ids, with_all_holders
from kg.reports.evidence import exhibit_entries, link_statement, source_names

MAX_TIES = 20
"""Ties and bridges listed for each cluster; the number of the others is given."""


def cluster_section(
    graph: ReportGraph, cluster: Cluster, day: str, indicators: Mapping[str, Indicator], details: ClusterDetails
) -> ClusterSection:
    """One cluster in full, for the report of a day."""
    cut_off, holdings = details.cut_off_members.get(cluster.id, {}), details.holdings.get(cluster.id, ())
    members = [m.id for m in cluster.members]
    weights_shown = {t.id: f"{t.weight:.3g}" for t in cluster.ties[:MAX_TIES]}
    weights = {t.id: t.weight for t in cluster.ties}
    shown_link_ids = {i for m in cluster.members for i in membership_links(m, weights)}
    shown_link_ids |= {*select_bridges(cluster, cut_off, MAX_TIES), *chain_link_ids(holdings)}
    shown_link_ids |= {link for sign in cluster.signs for link in sign.because}
    crossing, crossing_left_out = outside_payment_ids(graph, members)
    shown_link_ids |= {*crossing, *post_and_victim_ids(graph, members)}
    context = load_context(graph, members, [*weights_shown, *shown_link_ids])
    outside, sums_left_out = outside_payments(context, members, crossing)
    groups = group_members(graph.ontology, [m for m in cluster.members if m.id in context.nodes])
    people, enterprises, arrangements = (
        tuple(party_entry(graph, context, m, weights) for m in groups[name])
        for name in ("people", "enterprises", "arrangements")
    )
    member_procedures = procedures(context, members)
    cleared = cleared_origins(graph, context, (m.id for m in groups["assets"]))
    assets = tuple(asset_entry(graph, context, m, member_procedures, cleared, day) for m in groups["assets"])
    shown = ((context.links[i], weight) for i, weight in weights_shown.items() if i in context.links)
    ties = tuple(link_statement(context, link, weight) for link, weight in shown)
    sources = {name for entry in (*people, *enterprises, *arrangements, *assets) for name in entry.sources}
    sources.update(*(source_names(t.evidence) for t in ties))
    sums = tuple(alleged_sums(graph, context))
    held = [asset for asset in assets if asset.is_held]
    given_up = {asset.id for asset in assets if not asset.is_held}
    values = [v for a in assets for v in a.values]
    values += [v for e in enterprises for v in asset_values(context, context.nodes[e.id])]
    nodes = [context.nodes[m] for m in members if m in context.nodes]
    wide = with_all_holders(graph, context, members, weights)
    near_links = [k for k in wide.links.values() if not {*members}.isdisjoint((k.source_id, k.target_id))]
    return ClusterSection(
        id=cluster.id,
        name=cluster.name,
        people=people,
        enterprises=enterprises,
        arrangements=arrangements,
        assets=assets,
        values=tuple(values),
        totals=value_totals(v for v in values if v.asset_id not in given_up),
        procedures=member_procedures,
        jurisdictions=jurisdiction_counts(people, enterprises, arrangements, held),
        ties=ties,
        ties_left_out=len(cluster.ties) - len(ties),
        bridges=bridges(context, cluster, cut_off, MAX_TIES),
        bridges_left_out=max(0, len(cluster.bridges) - MAX_TIES),
        circular=tuple(tuple(context.display_name(n) for n in cycle) for cycle in cluster.circular),
        circular_cut=cluster.circular_cut,
        contradictions=contradictions(wide, nodes, near_links),
        sources=tuple(sorted(sources)),
        not_understood=unread_entries(context),
        exhibits=exhibit_entries(context, members),
        outside=outside,
        outside_left_out=sums_left_out,
        outside_unread=crossing_left_out,
        picture=network_diagram(context, cluster, lines_of_ties(graph, cluster), outside),
        timeline=timeline(context, members, member_procedures, day),
        apart=totals_by_status(((a.state, a.values) for a in assets), sums)[0],
        alleged=sums,
        worth_in=totals_by_jurisdiction(assets),
        stale=stale_claims(context, cluster, day),
        score=cluster.score,
        signs=red_flags(context, cluster, indicators),
        owned=ownership_entries(context, cluster, holdings),
        firmness=cluster_stability(context, cluster, details.stability.get(cluster.id)),
        same_until=first_day_of_change(context, day),
    )
