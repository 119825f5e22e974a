"""The key figures of a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from kg.findings import Clusters
from kg.reports.cluster_report.model import ClusterSection, KeyFigures, NamedCount, SoughtPerson
from kg.reports.cluster_report.sections.members import group_members
from kg.reports.cluster_report.sections.valuations import value_totals
from kg.reports.context import ReportGraph
from kg.reports.terms import type_label

UNKNOWN = "unknown"


def key_figures(
    graph: ReportGraph, clusters: Clusters, sections: Sequence[ClusterSection], sought: Sequence[SoughtPerson]
) -> KeyFigures:
    """The figures, computed once for all formats."""
    groups = group_members(graph.ontology, [m for cluster in clusters.clusters for m in cluster.members])
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
        assets_by_jurisdiction=_named_counts(name for section in sections for name in _asset_jurisdictions(section)),
        sought_by_year=_counts_by_year(sought),
        totals=value_totals(value for section in sections for value in section.values),
    )


def _named_counts(names: Iterable[str]) -> tuple[NamedCount, ...]:
    """Most first, then by name."""
    counted = Counter(names)
    return tuple(NamedCount(name, counted[name]) for name in sorted(counted, key=lambda n: (-counted[n], n)))


def _asset_jurisdictions(section: ClusterSection) -> Iterable[str]:
    """One name for each asset and each jurisdiction it is tied to."""
    return (name for asset in section.assets for name in sorted({w.name for w in asset.where if w.name}))


def _counts_by_year(sought: Iterable[SoughtPerson]) -> tuple[NamedCount, ...]:
    """People by the year of the earliest warrant, notice or list entry in force."""
    firsts = (min((p.since for p in person.pursuits if p.since), default=UNKNOWN) for person in sought)
    counted = Counter(first if first == UNKNOWN else first[:4] for first in firsts)
    return tuple(NamedCount(year, counted[year]) for year in sorted(counted))
