"""How is a report made again and again, each time telling what is different?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import InputError, InputLocation, KgError, StoreBusy
from kg.ledger.changes import changes_since, ledger_mark
from kg.operations.ledger.erase import remember_report
from kg.operations.questions.clusters import (
    ClusterRun,
    compare_cluster_runs,
    compute_cluster_details,
    compute_cluster_run,
    read_cluster_run,
)
from kg.operations.store.as_of import store_for_report
from kg.operations.store.view_cache import open_store
from kg.operations.workspace import Workspace, open_sqlite_store

if TYPE_CHECKING:
    from kg.analysis.clusters import ClusterParameters
    from kg.findings import LedgerChanges, LedgerPosition
    from kg.records import GraphVersion
    from kg.reports.changes.previous_report import PreviousReport
    from kg.reports.cluster_report.model import Report

PERIODS = ("day", "week", "month")
"""How often: each day, each Monday, each first of a month."""


@dataclass(frozen=True, slots=True)
class PeriodicReportRequest:
    """Which report is wanted how often, and where the reports are kept. `today` decides which one is due."""

    folder: Path
    today: str
    every: str = "week"
    limit: int = 50
    again: bool = False
    """Whether the report that is due is made anew where it was made before."""
    as_of: str = ""
    """The day that counts as now; the day of the graph when empty, that of the report for `stated`."""


@dataclass(frozen=True, slots=True)
class PeriodicReportRun:
    """What a run did: the day that is due, the files, and the days that were missed before."""

    day: str
    files: Mapping[str, Path]
    """Empty where the report was there already."""
    missed: tuple[str, ...] = ()


def write_periodic_report(
    place: Workspace, request: PeriodicReportRequest, parameters: ClusterParameters
) -> PeriodicReportRun:
    """Make the report that is due, unless it was made; one report makes up for all that were missed.

    Never two at once: StoreBusy at once where another run is under way. If it fails, the index says so and why, the
    last good report stays, and the error is raised.
    """
    from kg.reports.changes.report_folder import BEGUN, FAILED, MADE, ReportFolder, ReportRun

    day, shelf = due_day(request.today, request.every), ReportFolder(request.folder)
    with shelf.lock():
        runs = shelf.runs()
        if not request.again and any(run.day == day and run.state == MADE for run in runs):
            return PeriodicReportRun(day, {})
        made = [run.day for run in runs if run.state == MADE and run.day < day]
        missed = _missed_days(made[-1], day, request.every) if made else ()
        before = next((run for run in runs if run.day == day and run.state == MADE), None)
        if before is None:
            shelf.record_run(ReportRun(day, BEGUN, missed=missed))
        try:
            files, says, version = _write_due_report(place, request, parameters, (day, missed))
        except BaseException as error:
            reason = " ".join(str(error).split()) if isinstance(error, KgError | OSError) else type(error).__name__
            shelf.record_run(before or ReportRun(day, FAILED, says=reason or type(error).__name__, missed=missed))
            raise
        shelf.record_run(ReportRun(day, MADE, version, says, missed))
    return PeriodicReportRun(day, files, missed)


def due_day(today: str, every: str) -> str:
    """The day of the report that is due on a day: the day itself, its Monday, or the first of its month."""
    if every not in PERIODS:
        raise InputError(f"expected one of {', '.join(PERIODS)}", InputLocation(key="every", value=every))
    try:
        day = date.fromisoformat(today)
    except ValueError:
        raise InputError("expected a day such as 2024-06-30", InputLocation(key="date", value=today)) from None
    if every == "week":
        day -= timedelta(days=day.weekday())
    return day.replace(day=1).isoformat() if every == "month" else day.isoformat()


def _missed_days(last: str, day: str, every: str) -> tuple[str, ...]:
    """The days between on which a report was due; the last 20 of them."""
    found, at = list[str](), date.fromisoformat(day) - timedelta(days=1)
    while (before := due_day(at.isoformat(), every)) > last and len(found) < 20:
        found.insert(0, before)
        at = date.fromisoformat(before) - timedelta(days=1)
    return tuple(found)


def _write_due_report(
    place: Workspace, request: PeriodicReportRequest, parameters: ClusterParameters, stated: tuple[str, tuple[str, ...]]
) -> tuple[dict[str, Path], str, str]:
    """Write the report that states a day; its files, what it says in a few words, and the graph version."""
    from kg.reports.changes.previous_report import summarise_report
    from kg.reports.changes.report_folder import ReportFolder
    from kg.reports.cluster_report.model import ReportParameters
    from kg.reports.cluster_report.report import add_changes, build_report
    from kg.reports.render.files import report_paths, write_files

    day, missed = stated
    shelf = ReportFolder(request.folder)
    open_place = replace(place, protected=False)
    last = shelf.last_before(day)
    with open_store(open_place) as opened:
        store = store_for_report(opened, request.as_of, day)
        earlier = read_cluster_run(last[1]) if last else None
        found = compute_cluster_run(open_place, store, parameters, earlier)
        clusters = found.clusters
        studied = compute_cluster_details(store, clusters, request.limit, parameters)
        report = build_report(store, clusters, ReportParameters(day, limit=request.limit), studied)
        now, ledger = _ledger_changes(
            open_place, last[0] if last else None, _member_ids(found, earlier), clusters.version
        )
        method = _method_parameters(place, clusters.parameters)
        if last and earlier and ledger:
            story = compare_cluster_runs(open_place, store, earlier, found)
            report = add_changes(store, report, clusters, last[0], (ledger, story, method))
        report = replace(report, front=replace(report.front, missed=missed))
        memory = summarise_report(report, now, method)
    folder = shelf.create_staging_folder(day)
    remember_report(
        open_place,
        tuple(report_paths(report, request.folder / day).values()),
        day,
        tuple(s.name for s in report.sources),
    )
    write_files(report, folder)
    shelf.publish(day, folder, memory, found.to_json())
    return report_paths(report, request.folder / day), _run_sentence(report), report.version


def _member_ids(*runs: ClusterRun | None) -> set[str]:
    """Everybody and everything that is in a cluster now, or was."""
    return {m.id for run in runs if run for c in run.clusters.clusters for m in c.members}


def _ledger_changes(
    place: Workspace, last: PreviousReport | None, members: set[str], version: GraphVersion
) -> tuple[LedgerPosition, LedgerChanges | None]:
    """How far the ledger has come, and what is different from what the last report remembers.

    Raises InputError where the last report is about another ledger, StoreBusy where a load came between.
    """
    with open_sqlite_store(place) as store:
        if store.version() != version:
            raise StoreBusy(f"the graph changed from {version} meanwhile; run it again")
        now = ledger_mark(store.connection)
        if last is None:
            return now, None
        ledger, remembered = store.version().ledger, last.version.partition("@")[0]
        if ledger != remembered:
            raise InputError(f"the reports here are about ledger {remembered}, the store has {ledger}")
        return now, changes_since(store.connection, place.ontology, last.moment, members)


def _method_parameters(place: Workspace, parameters: Mapping[str, float | int | str]) -> dict[str, str]:
    """All that decides what is found besides the data."""
    software = {"ontology": place.ontology.digest[:12], "software": f"kg {installed_version('kg-investigations')}"}
    return {**{name: str(value) for name, value in parameters.items()}, **software}


def _run_sentence(report: Report) -> str:
    """The first page in a few words."""
    from kg.reports.changes.report_folder import figures_sentence

    front, changed = report.front, report.front.changes
    if front.has_nothing_material:
        return "nothing material"
    soon = sum(action.soon for action in front.actions)
    figures = {"to act on this week": soon}
    if changed:
        figures |= {
            "newly contradicted, corrected or cleared": len(changed.first),
            "changes in the world": len(changed.world),
        }
        figures |= {"changes of clusters": len(changed.clusters), "changes in the data": len(changed.data)}
        figures |= {"changes in the method": len(changed.method)}
    figures["clusters"] = len(report.clusters) + len(report.other_clusters)
    return figures_sentence(figures)
