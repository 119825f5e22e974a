"""Write one report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kg.operations.ledger.erase import remember_report
from kg.operations.questions.clusters import compute_cluster_details, find_clusters
from kg.operations.workspace import Workspace
from kg.ports import Store

if TYPE_CHECKING:
    from kg.analysis.clusters import ClusterParameters


def write_report(
    workspace: Workspace, store: Store, folder: Path, day: str, limit: int, parameters: ClusterParameters
) -> dict[str, Path]:
    """Find the clusters and write the report about them; returns the path of each format's file.

    The ledger remembers where the report went and which sources it names.
    """
    from kg.reports.cluster_report.model import ReportParameters
    from kg.reports.cluster_report.report import build_report
    from kg.reports.render.files import report_paths, write_files

    clusters = find_clusters(store, parameters)
    details = compute_cluster_details(store, clusters, limit, parameters)
    report = build_report(store, clusters, ReportParameters(day, limit=limit), details)
    # Recorded first: a report of which the ledger does not know is worse than a record of one that failed.
    remember_report(workspace, tuple(report_paths(report, folder).values()), day, tuple(s.name for s in report.sources))
    return write_files(report, folder)
