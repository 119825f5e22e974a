"""Builds a report about the clusters of a graph."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from kg.errors import InputError
from kg.findings import NO_CLUSTER_DETAILS, Cluster, ClusterDetails, Clusters
from kg.ports import Store
from kg.reports.cluster_report.cluster import cluster_section
from kg.reports.cluster_report.deadlines import action_items
from kg.reports.cluster_report.model import (
    ClearedParty,
    ClusteringMethod,
    ClusterSection,
    ClusterTableRow,
    KeyFigures,
    NamedCount,
    Report,
    ReportParameters,
    SoughtPerson,
    SourceTableRow,
)
from kg.reports.cluster_report.sections.members import group_members, is_invented
from kg.reports.cluster_report.sections.pursuits import (
    UnaccusedRelatives,
    accusations,
    clearances,
    pursuits,
    relative_notes,
)
from kg.reports.cluster_report.sections.red_flags import IndicatorSummary
from kg.reports.cluster_report.sections.valuations import value_totals
from kg.reports.cluster_report.sections.values_by_status import totals_by_status
from kg.reports.cluster_report.summary import ReportSummary
from kg.reports.context import ReportGraph, load_context
from kg.reports.names import caption, display_name, other_names
from kg.reports.terms import type_label

NOTES = (
    "This report is research. It is not legal advice.",
    "Membership in a cluster is not wrongdoing. A cluster shows who and what is held together, not who did wrong.",
    "An allegation is shown as an allegation, with the source that makes it.",
)
"""Notes on every page."""

MAX_STALE_CLAIMS = 20
"""Stale claims on the first page; each cluster lists all of its own."""

ALL_INVENTED = "All people and companies in this report are invented."
SOME_INVENTED = "Some people and companies in this report are invented. Each of them is marked."


def build_report(
    store: Store, clusters: Clusters, parameters: ReportParameters, details: ClusterDetails = NO_CLUSTER_DETAILS
) -> Report:
    """Everything the report shows, as plain data: the same graph and parameters give the same report.

    `details`: ownership and stability of the clusters; what it lacks is left out of the report.

    Raises InputError when the clusters are those of another version of the graph.
    """
    contents = store.contents()
    if contents.version != clusters.version:
        found = contents.version
        raise InputError(f"the clusters are those of graph version {clusters.version}, the store has {found}")
    graph = ReportGraph(store, store.view(("sought",)), {s.name: s for s in contents.sources})
    indicators = {i.name: i for i in clusters.indicators}
    shown, others = clusters.clusters[: parameters.limit], clusters.clusters[parameters.limit :]
    sections = tuple(cluster_section(graph, cluster, parameters.date, indicators, details) for cluster in shown)
    clusters_by_member = clusters.by_member()
    sought = _people_sought(graph, clusters_by_member)
    banner = _invented_banner(sections, sought)
    return Report(
        title=parameters.title,
        date=parameters.date,
        version=str(clusters.version),
        as_of=clusters.as_of,
        banner=banner,
        mark_invented=banner == SOME_INVENTED,
        notes=NOTES,
        figures=_key_figures(graph, clusters, sections, sought),
        people_sought=sought,
        clusters=sections,
        other_clusters=tuple(_cluster_table_row(graph, cluster) for cluster in others),
        sources=tuple(
            SourceTableRow(s.name, s.title, s.invented, s.records, s.changed, sum(s.not_understood.values()))
            for s in contents.sources
        ),
        method=ClusteringMethod(
            parameters=tuple(
                (name.replace("_", " "), str(value)) for name, value in sorted(clusters.parameters.items())
            ),
            nodes=sum(contents.nodes.values()),
            links=sum(contents.links.values()),
            nodes_considered=clusters.nodes_considered,
            links_considered=clusters.links_considered,
            modularity=f"{clusters.modularity:.3f}",
        ),
        front=_summary(graph, clusters_by_member, sections, parameters.date),
        everybody_cleared=_cleared_parties(graph, clusters_by_member),
        indicators=tuple(
            IndicatorSummary(i.name, i.title, i.asks, i.base_rate, i.innocent, i.basis, i.clusters, i.of)
            for i in clusters.indicators
        ),
    )


def _summary(
    graph: ReportGraph, clusters_by_member: Mapping[str, Cluster], sections: Sequence[ClusterSection], day: str
) -> ReportSummary:
    relatives = UnaccusedRelatives(graph, clusters_by_member)
    assets = ((a.state, a.values) for section in sections for a in section.assets)
    apart, without = totals_by_status(assets, sorted({pair for section in sections for pair in section.alleged}))
    stale = sorted((s for section in sections for s in section.stale), key=lambda s: (s.said, s.about, s.what))
    oldest = []
    for claim in stale[:MAX_STALE_CLAIMS]:
        ids = relatives.select(claim.about_ids)
        nodes = graph.store.nodes(ids) if ids else {}
        names = [display_name(nodes[i]) for i in ids if i in nodes and not nodes[i].protected]
        oldest.append(replace(claim, notes=relative_notes(names)))
    return ReportSummary(
        actions=action_items(graph, clusters_by_member, day, relatives),
        apart=apart,
        without_value=without,
        stale=tuple(oldest),
        stale_left_out=max(0, len(stale) - MAX_STALE_CLAIMS),
    )


def _people_sought(graph: ReportGraph, clusters_by_member: Mapping[str, Cluster]) -> tuple[SoughtPerson, ...]:
    """Everybody named by a warrant, notice or list entry in force, in a cluster or not, by name."""
    ids = [graph.view.id(int(n)) for n in np.flatnonzero(graph.view.column("sought"))]
    context = load_context(graph, ids)
    found = []
    for node in (context.nodes[i] for i in ids if i in context.nodes):
        in_force = tuple(p for p in pursuits(context, node) if p.in_force)
        home = clusters_by_member.get(node.id)
        where = (home.id, home.name) if home else ("", "")
        invented = is_invented(graph, node)
        found.append(SoughtPerson(node.id, caption(node), other_names(node), in_force, *where, invented))
    return tuple(sorted(found, key=lambda p: (p.name, p.id)))


def _cleared_parties(graph: ReportGraph, clusters_by_member: Mapping[str, Cluster]) -> tuple[ClearedParty, ...]:
    """Every party cleared by the issuer of a warrant or notice, or by whoever speaks of an offence; by name."""
    chosen = np.flatnonzero(graph.view.links_with("pursuit", "accusation"))
    links = graph.store.links_by_id([graph.view.link_id(int(link)) for link in chosen]).values()
    papers = graph.store.nodes(sorted({link.target_id for link in links if "stage" not in link.properties}))
    ids = set()
    for link in links:
        paper = papers.get(link.target_id)
        reasons = paper.properties.get("end_reason", ()) if paper else ()
        if "cleared" in (*link.properties.get("stage", ()), *reasons):
            ids.add(link.source_id)
    context = load_context(graph, sorted(ids))
    found = []
    for node in (context.nodes[i] for i in ids if i in context.nodes):
        if cleared := clearances(pursuits(context, node), accusations(context, node)):
            home = clusters_by_member.get(node.id)
            found.append(ClearedParty(node.id, caption(node), cleared, *((home.id, home.name) if home else ("", ""))))
    return tuple(sorted(found, key=lambda p: (p.name, p.id)))


def _key_figures(
    graph: ReportGraph, clusters: Clusters, sections: Sequence[ClusterSection], sought: Sequence[SoughtPerson]
) -> KeyFigures:
    groups = group_members(graph.ontology, [m for cluster in clusters.clusters for m in cluster.members])
    # One for each asset and each jurisdiction it is tied to.
    jurisdictions = (j for section in sections for a in section.assets for j in {w.name for w in a.where if w.name})
    firsts = (min((p.since for p in person.pursuits if p.since), default="") for person in sought)
    by_year = Counter(first[:4] or "unknown" for first in firsts)
    return KeyFigures(
        people_sought=len(sought),
        sought_in_clusters=sum(bool(p.cluster_id) for p in sought),
        people_cleared=sum(bool(p.cleared) for section in sections for p in section.people),
        clusters=len(clusters.clusters),
        clusters_shown=len(sections),
        assets=len(groups["assets"]),
        enterprises=len(groups["enterprises"]),
        contradictions=sum(len(section.contradictions) for section in sections),
        sources=len(graph.sources),
        assets_by_kind=_named_counts(type_label(m.type) for m in groups["assets"]),
        assets_by_jurisdiction=_named_counts(jurisdictions),
        sought_by_year=tuple(NamedCount(year, by_year[year]) for year in sorted(by_year)),
        totals=value_totals(value for section in sections for value in section.values),
        not_counted=sum(entry.bears_on == "values" for section in sections for entry in section.not_understood),
    )


def _named_counts(names: Iterable[str]) -> tuple[NamedCount, ...]:
    """Most first, then by name."""
    counted = Counter(names)
    return tuple(NamedCount(name, counted[name]) for name in sorted(counted, key=lambda n: (-counted[n], n)))


def _invented_banner(sections: Iterable[ClusterSection], sought: Iterable[SoughtPerson]) -> str:
    """Agencies and jurisdictions do not count: the reference facts are real beside an invented case."""
    named = [e.invented for p in sections for e in (*p.people, *p.enterprises) if e.kind != "agency"]
    named += [p.invented for p in sought]
    if named and all(named):
        return ALL_INVENTED
    return SOME_INVENTED if any(named) else ""


def _cluster_table_row(graph: ReportGraph, cluster: Cluster) -> ClusterTableRow:
    counts = {name: len(found) for name, found in group_members(graph.ontology, cluster.members).items()}
    return ClusterTableRow(cluster.id, cluster.name, len(cluster.with_role("sought")), **counts)
