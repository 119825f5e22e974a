"""Which figures stand at the head of a report?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from kg.findings import Clusters
from kg.reports.cluster_report.model import ClusterPage, Count, Figures, SoughtPerson
from kg.reports.cluster_report.sections.members import groups
from kg.reports.cluster_report.sections.valuations import totals
from kg.reports.context import Graph
from kg.reports.terms import type_words

UNKNOWN = "unknown"


def figures(graph: Graph, clusters: Clusters, pages: Sequence[ClusterPage], sought: Sequence[SoughtPerson]) -> Figures:
    """Counted once, so that every form of the report says the same."""
    sorted_out = groups(graph.ontology, [m for cluster in clusters.clusters for m in cluster.members])
    return Figures(
        people_sought=len(sought),
        sought_in_clusters=sum(bool(p.cluster_id) for p in sought),
        people_cleared=sum(bool(p.cleared) for page in pages for p in page.people),
        clusters=len(clusters.clusters),
        clusters_shown=len(pages),
        assets=len(sorted_out["assets"]),
        enterprises=len(sorted_out["enterprises"]),
        contradictions=sum(len(page.contradictions) for page in pages),
        sources=len(graph.sources),
        assets_by_kind=_counts(type_words(m.type) for m in sorted_out["assets"]),
        assets_by_jurisdiction=_counts(name for page in pages for name in _jurisdictions(page)),
        sought_by_year=_years(sought),
        totals=totals(value for page in pages for value in page.values),
    )


def _counts(names: Iterable[str]) -> tuple[Count, ...]:
    """Most first, then by name."""
    counted = Counter(names)
    return tuple(Count(name, counted[name]) for name in sorted(counted, key=lambda n: (-counted[n], n)))


def _jurisdictions(page: ClusterPage) -> Iterable[str]:
    """One name for each asset and each jurisdiction it is tied to."""
    return (name for asset in page.assets for name in sorted({w.name for w in asset.where if w.name}))


def _years(sought: Iterable[SoughtPerson]) -> tuple[Count, ...]:
    """People by the year of the earliest paper in force."""
    firsts = (min((p.since for p in person.pursuits if p.since), default=UNKNOWN) for person in sought)
    counted = Counter(first if first == UNKNOWN else first[:4] for first in firsts)
    return tuple(Count(year, counted[year]) for year in sorted(counted))
