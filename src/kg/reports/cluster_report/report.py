"""Builds a report about the clusters of a graph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from kg.errors import InputError
from kg.findings import NO_CLUSTER_DETAILS, Cluster, ClusterDetails, Clusters
from kg.ports import Contents, Store
from kg.reports.cluster_report.clearances import cleared_parties
from kg.reports.cluster_report.cluster import SectionInputs, cluster_section
from kg.reports.cluster_report.deadlines import action_items
from kg.reports.cluster_report.key_figures import key_figures
from kg.reports.cluster_report.model import (
    ClusteringMethod,
    ClusterSection,
    ClusterTableRow,
    Report,
    ReportParameters,
    SoughtPerson,
    SourceTableRow,
)
from kg.reports.cluster_report.relatives import UnaccusedRelatives, relative_notes
from kg.reports.cluster_report.sections.members import group_members, is_invented
from kg.reports.cluster_report.sections.pursuits import pursuits
from kg.reports.cluster_report.sections.red_flags import indicator_summary
from kg.reports.cluster_report.sections.values_by_status import totals_by_status
from kg.reports.cluster_report.summary import ReportSummary
from kg.reports.context import ReportContext, ReportGraph, load_context
from kg.reports.names import caption, display_name, other_names

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
        raise InputError(
            f"the clusters are those of graph version {clusters.version}, the store has {contents.version}"
        )
    graph = ReportGraph(store, store.view(("sought",)), {s.name: s for s in contents.sources})
    inputs = SectionInputs(parameters.date, {i.name: i for i in clusters.indicators}, details)
    sections = tuple(cluster_section(graph, cluster, inputs) for cluster in clusters.clusters[: parameters.limit])
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
        figures=key_figures(graph, clusters, sections, sought),
        people_sought=sought,
        clusters=sections,
        other_clusters=tuple(_cluster_table_row(graph, cluster) for cluster in clusters.clusters[parameters.limit :]),
        sources=tuple(SourceTableRow(s.name, s.title, s.invented, s.records, s.changed) for s in contents.sources),
        method=_clustering_method(clusters, contents),
        front=_summary(graph, clusters_by_member, sections, parameters.date),
        everybody_cleared=cleared_parties(graph, clusters_by_member),
        indicators=tuple(indicator_summary(i) for i in clusters.indicators),
    )


def _summary(
    graph: ReportGraph, clusters_by_member: Mapping[str, Cluster], sections: Sequence[ClusterSection], day: str
) -> ReportSummary:
    relatives = UnaccusedRelatives(graph, clusters_by_member)
    assets = ((a.state, a.values) for section in sections for a in section.assets)
    apart, without = totals_by_status(assets, sorted({pair for section in sections for pair in section.alleged}))
    stale = sorted((s for section in sections for s in section.stale), key=lambda s: (s.said, s.about, s.what))
    oldest = [
        replace(s, notes=relative_notes(_visible_names(graph, relatives.select(s.about_ids))))
        for s in stale[:MAX_STALE_CLAIMS]
    ]
    return ReportSummary(
        actions=action_items(graph, clusters_by_member, day, relatives),
        apart=apart,
        without_value=without,
        stale=tuple(oldest),
        stale_left_out=max(0, len(stale) - MAX_STALE_CLAIMS),
    )


def _visible_names(graph: ReportGraph, ids: Sequence[str]) -> list[str]:
    found = graph.store.nodes(ids) if ids else {}
    return [display_name(found[i]) for i in ids if i in found and not found[i].protected]


def _people_sought(graph: ReportGraph, clusters_by_member: Mapping[str, Cluster]) -> tuple[SoughtPerson, ...]:
    """Everybody named by a warrant, notice or list entry in force, in a cluster or not, by name."""
    ids = [graph.view.id(int(n)) for n in np.flatnonzero(graph.view.column("sought"))]
    context = load_context(graph, ids)
    found = [_sought_person(graph, context, i, clusters_by_member.get(i)) for i in ids if i in context.nodes]
    return tuple(sorted(found, key=lambda p: (p.name, p.id)))


def _sought_person(graph: ReportGraph, context: ReportContext, node_id: str, cluster: Cluster | None) -> SoughtPerson:
    node = context.nodes[node_id]
    in_force = tuple(p for p in pursuits(context, node) if p.in_force)
    where = (cluster.id, cluster.name) if cluster else ("", "")
    return SoughtPerson(node.id, caption(node), other_names(node), in_force, *where, is_invented(graph, node))


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


def _clustering_method(clusters: Clusters, contents: Contents) -> ClusteringMethod:
    return ClusteringMethod(
        parameters=tuple((name.replace("_", " "), str(value)) for name, value in sorted(clusters.parameters.items())),
        nodes=sum(contents.nodes.values()),
        links=sum(contents.links.values()),
        nodes_considered=clusters.nodes_considered,
        links_considered=clusters.links_considered,
        modularity=f"{clusters.modularity:.3f}",
    )
