"""How is one report written?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kg.operations.ledger.erase import remember_report
from kg.operations.questions.clusters import study_clusters
from kg.operations.questions.find_clusters import find_clusters
from kg.operations.workspace import Workplace
from kg.ports import Store

if TYPE_CHECKING:
    from kg.analysis.clusters.parameters import ClusterParameters


def write_report(
    place: Workplace, store: Store, folder: Path, day: str, limit: int, parameters: ClusterParameters
) -> dict[str, Path]:
    """Find the clusters and write the report about them; returns the path of each format's file.

    The ledger remembers where the report went and which sources it names.
    """
    from kg.reports.cluster_report.model import ReportParameters
    from kg.reports.cluster_report.report import collect
    from kg.reports.render.files import paths, write

    clusters = find_clusters(store, parameters)
    studied = study_clusters(store, clusters, limit, parameters)
    report = collect(store, clusters, ReportParameters(day, limit=limit), studied)
    # Noted before it is written: a report that nobody knows of is worse than a note of one that failed.
    remember_report(place, tuple(paths(report, folder).values()), day, tuple(s.name for s in report.sources))
    return write(report, folder)
