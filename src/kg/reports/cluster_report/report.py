"""Builds a report about the clusters of a graph."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

import numpy as np

from kg.errors import InputError
from kg.findings import NO_CLUSTER_DETAILS, STATUS_LABELS, Cluster, ClusterDetails, Clusters
from kg.reports.cluster_report.cluster import cluster_section
from kg.reports.cluster_report.deadlines import action_items
from kg.reports.cluster_report.headline import cluster_headline
from kg.reports.cluster_report.model import (
    ClearedParty,
    ClusteringMethod,
    ClusterSection,
    ClusterTableRow,
    KeyFigures,
    NamedCount,
    NamedTimeline,
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
    date_of_death,
    pursuits,
    relative_notes,
)
from kg.reports.cluster_report.sections.red_flags import IndicatorSummary
from kg.reports.cluster_report.sections.values_by_status import totals_by_jurisdiction, totals_by_status
from kg.reports.cluster_report.summary import ReportSummary
from kg.reports.context import ReportGraph, load_context
from kg.reports.names import caption, other_names

NOTES = (
    "This report is research. It is not legal advice.",
    "Membership in a cluster is not wrongdoing. A cluster shows who and what is held together, not who did wrong.",
    "An allegation is shown as an allegation, with the source that makes it.",
)
"""Notes on every page."""

EVENT_LABELS = (
    ("offence", "Alleged offences"),
    ("authority", "Acts of authorities"),
    ("holding", "Holdings begun or ended"),
    ("payment", "Payments"),
)
"""What the picture of events shows, by the kind of event."""

MAX_LEADING = 4
"""Clusters at the head of the report."""

MAX_STALE_CLAIMS = 20
"""Stale claims on the first page; each cluster lists all of its own."""

NO_SECTIONS: Mapping[str, ClusterSection] = MappingProxyType({})

ALL_INVENTED = "All people and companies in this report are invented."
SOME_INVENTED = "Some people and companies in this report are invented. Each of them is marked."


def build_report(
    graph: ReportGraph,
    clusters: Clusters,
    parameters: ReportParameters,
    details: ClusterDetails = NO_CLUSTER_DETAILS,
    known: Mapping[str, ClusterSection] = NO_SECTIONS,
) -> Report:
    """Everything the report shows, as plain data: the same graph and parameters give the same report.

    `details`: ownership and stability of the clusters; what it lacks is left out of the report. `known`: sections by
    cluster that still hold, from an earlier report on the same graph.

    Raises InputError when the clusters are those of another version of the graph.
    """
    contents = graph.contents
    if contents.version != clusters.version:
        found = contents.version
        raise InputError(f"the clusters are those of graph version {clusters.version}, the store has {found}")
    indicators = {i.name: i for i in clusters.indicators}
    shown, others = clusters.clusters[: parameters.limit], clusters.clusters[parameters.limit :]
    sections = tuple(
        known.get(cluster.id) or cluster_section(graph, cluster, parameters.date, indicators, details)
        for cluster in shown
    )
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
        other_clusters=_cluster_table(graph, others),
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
            modularity=f"{clusters.modularity:z.3f}",
        ),
        front=_summary(graph, clusters_by_member, sections, parameters.date),
        everybody_cleared=_cleared_parties(graph, clusters_by_member),
        candidates=parameters.candidates,
        candidates_left_out=parameters.candidates_left_out,
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
        names = graph.names_of({i: nodes[i] for i in ids if i in nodes and not nodes[i].protected})
        oldest.append(replace(claim, notes=relative_notes(names.values())))
    return ReportSummary(
        leading=tuple(map(cluster_headline, sections[:MAX_LEADING])),
        actions=action_items(graph, clusters_by_member, day, relatives),
        apart=apart,
        without_value=without,
        stale=tuple(oldest),
        stale_left_out=max(0, len(stale) - MAX_STALE_CLAIMS),
        by_jurisdiction=totals_by_jurisdiction(a for section in sections for a in section.assets),
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
        called = context.told_apart(node.id, caption(node))
        found.append(SoughtPerson(node.id, called, other_names(node), in_force, *where, invented, date_of_death(node)))
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
            called = context.told_apart(node.id, caption(node))
            found.append(ClearedParty(node.id, called, cleared, *((home.id, home.name) if home else ("", ""))))
    return tuple(sorted(found, key=lambda p: (p.name, p.id)))


def _key_figures(
    graph: ReportGraph, clusters: Clusters, sections: Sequence[ClusterSection], sought: Sequence[SoughtPerson]
) -> KeyFigures:
    groups = group_members(graph.ontology, [m for cluster in clusters.clusters for m in cluster.members])
    assets = [asset for section in sections for asset in section.assets]
    states = Counter(asset.state for asset in assets)
    # One for each asset and each jurisdiction it is tied to.
    jurisdictions = (name for asset in assets if asset.is_held for name in {w.name for w in asset.where if w.name})
    return KeyFigures(
        people_sought=len(sought),
        sought_in_clusters=sum(bool(p.cluster_id) for p in sought),
        people_cleared=sum(bool(p.cleared) for section in sections for p in section.people),
        clusters=len(clusters.clusters),
        clusters_shown=len(sections),
        assets=len(groups["assets"]) - states["former"],
        held_formerly=states["former"],
        enterprises=len(groups["enterprises"]),
        contradictions=len({(c.about, c.of, c.about_ids) for section in sections for c in section.contradictions}),
        sources=len(graph.sources),
        assets_by_status=tuple(NamedCount(label, states[s]) for s, label in STATUS_LABELS.items() if states[s]),
        assets_by_jurisdiction=_named_counts(jurisdictions),
        events=tuple(_events_by_year(sections)),
        not_counted=sum(entry.bears_on == "values" for section in sections for entry in section.not_understood),
    )


def _events_by_year(sections: Iterable[ClusterSection]) -> Iterator[NamedTimeline]:
    """The events that the clusters list, each once."""
    events = {(e.what, e.date, e.text) for section in sections for e in section.timeline.events}
    for what, label in EVENT_LABELS:
        years = Counter(int(day[:4]) for kind, day, _ in events if kind == what)
        if years:
            yield NamedTimeline(label, tuple(sorted(years.items())))


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


def _cluster_table(graph: ReportGraph, clusters: Sequence[Cluster]) -> tuple[ClusterTableRow, ...]:
    groups = [group_members(graph.ontology, cluster.members) for cluster in clusters]
    leading = [
        next((m.id for m in (*cluster.with_role("sought"), *each["enterprises"], *cluster.members)), "")
        for cluster, each in zip(clusters, groups, strict=True)
    ]
    named = {i: node for i, node in graph.store.nodes(sorted({*leading})).items() if not node.protected}
    names = graph.names_of(named)
    return tuple(
        ClusterTableRow(
            cluster.id,
            cluster.name,
            names.get(first, ""),
            len(cluster.with_role("sought")),
            **{name: len(found) for name, found in each.items()},
        )
        for cluster, each, first in zip(clusters, groups, leading, strict=True)
    )
