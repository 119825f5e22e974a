"""What does one report say about the clusters of a graph?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from kg.errors import InputError
from kg.findings import NOTHING_STUDIED, Cluster, Clusters, Studied
from kg.ports import Contents, Store
from kg.reports.changes.comparison import Since, changes
from kg.reports.changes.previous_report import Memory
from kg.reports.cluster_report.clearances import everybody_cleared
from kg.reports.cluster_report.cluster import Known, cluster_page
from kg.reports.cluster_report.deadlines import actions
from kg.reports.cluster_report.key_figures import figures
from kg.reports.cluster_report.model import (
    ClusterLine,
    ClusterPage,
    Method,
    Report,
    ReportParameters,
    SoughtPerson,
    SourceLine,
)
from kg.reports.cluster_report.relatives import Kin, beside
from kg.reports.cluster_report.sections.members import groups, invented
from kg.reports.cluster_report.sections.pursuits import pursuits
from kg.reports.cluster_report.sections.red_flags import indicator_line
from kg.reports.cluster_report.sections.values_by_status import by_state
from kg.reports.cluster_report.summary import Front
from kg.reports.context import Graph, Surroundings, surroundings
from kg.reports.names import called, caption, other_names

NOTES = (
    "This report is research. It is not legal advice.",
    "Membership in a cluster is not wrongdoing. A cluster shows who and what is held together, not who did wrong.",
    "An allegation is shown as an allegation, with the source that makes it.",
)
"""What holds for every page."""

STALEST = 20
"""Stale claims on the first page; each cluster has all of its own."""

ALL_INVENTED = "All people and companies in this report are invented."
SOME_INVENTED = "Some people and companies in this report are invented. Each of them is marked."


def collect(
    store: Store, clusters: Clusters, parameters: ReportParameters, studied: Studied = NOTHING_STUDIED
) -> Report:
    """Everything the report shows, as plain data: the same graph and parameters give the same report.

    `studied`: what was worked out of the clusters besides; what it leaves out is not told.

    Raises InputError when the clusters are those of another version of the graph.
    """
    contents = store.contents()
    if contents.version != clusters.version:
        raise InputError(
            f"the clusters are those of graph version {clusters.version}, the store has {contents.version}"
        )
    graph = Graph(store, store.view(("sought",)), {s.name: s for s in contents.sources})
    known = Known(parameters.date, {i.name: i for i in clusters.indicators}, studied)
    pages = tuple(cluster_page(graph, cluster, known) for cluster in clusters.clusters[: parameters.limit])
    homes = clusters.homes()
    sought = _sought(graph, homes)
    banner = _banner(pages, sought)
    return Report(
        title=parameters.title,
        date=parameters.date,
        version=str(clusters.version),
        as_of=clusters.as_of,
        banner=banner,
        mark_invented=banner == SOME_INVENTED,
        notes=NOTES,
        figures=figures(graph, clusters, pages, sought),
        people_sought=sought,
        clusters=pages,
        other_clusters=tuple(_line(graph, cluster) for cluster in clusters.clusters[parameters.limit :]),
        sources=tuple(SourceLine(s.name, s.title, s.invented, s.records, s.changed) for s in contents.sources),
        method=_method(clusters, contents),
        front=_front(graph, homes, pages, parameters.date),
        everybody_cleared=everybody_cleared(graph, homes),
        indicators=tuple(indicator_line(i) for i in clusters.indicators),
    )


def compared(store: Store, report: Report, clusters: Clusters, before: Memory, since: Since) -> Report:
    """The same report, its first page telling what is different from an earlier one."""
    graph = Graph(store, store.view(("sought",)), {s.name: s for s in store.contents().sources})
    found = changes(graph, report, clusters, before, since)
    return replace(report, front=replace(report.front, changes=found))


def _front(graph: Graph, homes: Mapping[str, Cluster], pages: Sequence[ClusterPage], day: str) -> Front:
    kin = Kin(graph, homes)
    assets = ((a.state, a.values) for page in pages for a in page.assets)
    apart, without = by_state(assets, sorted({pair for page in pages for pair in page.alleged}))
    old = sorted((s for page in pages for s in page.stale), key=lambda s: (s.said, s.about, s.what))
    oldest = [replace(s, notes=beside(_names(graph, kin.among(s.about_ids)))) for s in old[:STALEST]]
    return Front(
        actions=actions(graph, homes, day, kin),
        apart=apart,
        without_value=without,
        stale=tuple(oldest),
        stale_left_out=max(0, len(old) - STALEST),
    )


def _names(graph: Graph, ids: Sequence[str]) -> list[str]:
    found = graph.store.nodes(ids) if ids else {}
    return [called(found[i]) for i in ids if i in found and not found[i].protected]


def _sought(graph: Graph, homes: Mapping[str, Cluster]) -> tuple[SoughtPerson, ...]:
    """Everybody whom a paper in force names, whether in a cluster or not, by name."""
    ids = [graph.view.id(int(n)) for n in np.flatnonzero(graph.view.column("sought"))]
    around = surroundings(graph, ids)
    found = [_sought_person(graph, around, i, homes.get(i)) for i in ids if i in around.nodes]
    return tuple(sorted(found, key=lambda p: (p.name, p.id)))


def _sought_person(graph: Graph, around: Surroundings, node_id: str, home: Cluster | None) -> SoughtPerson:
    node = around.nodes[node_id]
    in_force = tuple(p for p in pursuits(around, node) if p.in_force)
    where = (home.id, home.name) if home else ("", "")
    return SoughtPerson(node.id, caption(node), other_names(node), in_force, *where, invented(graph, node))


def _banner(pages: Iterable[ClusterPage], sought: Iterable[SoughtPerson]) -> str:
    """Agencies and jurisdictions do not count: the reference facts are real beside an invented case."""
    named = [e.invented for p in pages for e in (*p.people, *p.enterprises) if e.kind != "agency"]
    named += [p.invented for p in sought]
    if named and all(named):
        return ALL_INVENTED
    return SOME_INVENTED if any(named) else ""


def _line(graph: Graph, cluster: Cluster) -> ClusterLine:
    counts = {name: len(found) for name, found in groups(graph.ontology, cluster.members).items()}
    return ClusterLine(cluster.id, cluster.name, len(cluster.with_role("sought")), **counts)


def _method(clusters: Clusters, contents: Contents) -> Method:
    return Method(
        parameters=tuple((name.replace("_", " "), str(value)) for name, value in sorted(clusters.parameters.items())),
        nodes=sum(contents.nodes.values()),
        links=sum(contents.links.values()),
        nodes_considered=clusters.nodes_considered,
        links_considered=clusters.links_considered,
        modularity=f"{clusters.modularity:.3f}",
    )
