"""Writes the report on clusters: one report, or the one that is due with what is different from the one before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import InputError, InputLocation, KgError, StoreBusy
from kg.ledger.changes import ledger_mark
from kg.operations.ledger.erase import remember_report
from kg.operations.questions.clusters import (
    STABILITY_LIMIT,
    compare_cluster_runs,
    compute_cluster_details,
    compute_cluster_run,
    find_clusters,
    read_cluster_run,
)
from kg.operations.questions.suggestions import candidates_of_sought
from kg.operations.reports.subject_changes import find_subject_changes
from kg.operations.store.as_of import store_for_report
from kg.operations.store.attachments import AttachmentFolder, check_of_exhibits
from kg.operations.store.view_cache import open_store
from kg.operations.workspace import Workspace, open_sqlite_store
from kg.resources import installed_version

if TYPE_CHECKING:
    from kg.analysis.clusters import ClusterParameters
    from kg.findings import ClusterChanges, Clusters, LedgerChanges, LedgerPosition
    from kg.operations.questions.clusters import ClusterRun
    from kg.ports import Store
    from kg.records import GraphVersion
    from kg.reports.changes.former_ids import Successors
    from kg.reports.changes.neighbourhood import Neighbourhood
    from kg.reports.changes.previous_report import PreviousReport
    from kg.reports.cluster_report.model import ClusterSection, Report, ReportParameters
    from kg.reports.context import ReportGraph
    from kg.view import GraphView

MAX_CANDIDATES = 20
"""Suggestions that a report lists."""

PERIODS = ("day", "week", "month")
"""How often: each day, each Monday, each first of a month."""


@dataclass(frozen=True, slots=True)
class PeriodicReportRequest:
    """Which report is wanted how often, and in which folder. `today` decides which one is due."""

    folder: Path
    today: str
    every: str = "week"
    limit: int = 50
    """How many clusters are described."""
    pages: int = 0
    """How many of them have a page with all their facts."""
    again: bool = False
    """Whether to write the report that is due anew if it was written before."""
    as_of: str = ""
    """The day that counts as now: a day, `stated` for that of the report, or empty for that of the graph."""
    formats: tuple[str, ...] = ()
    """Further formats: `xlsx`, `docx`, `pdf`."""


@dataclass(frozen=True, slots=True)
class PeriodicReportRun:
    """What a run did: the day of the report, its files, and the days missed before."""

    day: str
    files: Mapping[str, Path]
    """Empty if the report had been written before."""
    missed: tuple[str, ...] = ()


def write_report(  # noqa: PLR0913  # what a report is about, and how long it is
    workspace: Workspace,
    store: Store,
    folder: Path,
    day: str,
    limit: int,
    parameters: ClusterParameters,
    pages: int = 0,
    formats: tuple[str, ...] = (),
) -> dict[str, Path]:
    """Find the clusters and write the report about them; returns the path of each format's file.

    `pages`: how many clusters have a page with all their facts, in a folder, `clusters` among the paths. `formats`:
    some of `xlsx`, `docx` and `pdf` besides. The ledger remembers where the report went and which sources it names.
    """
    from kg.reports.cluster_report.report import build_report
    from kg.reports.render.files import require_formats, write_files

    require_formats(formats)
    store = _with_one_view(store)
    clusters = find_clusters(store, parameters)
    details = compute_cluster_details(store, clusters, limit, parameters, pages)
    report = build_report(_report_graph(workspace, store), clusters, _report_parameters(store, day, limit), details)
    _remember_report(workspace, report, folder, pages, formats)
    return write_files(report, folder, pages, formats)


def _report_graph(workspace: Workspace, store: Store) -> ReportGraph:
    """The graph of a store as a report looks it up, which checks the files of its exhibits."""
    from kg.reports.context import report_graph

    folder = AttachmentFolder(workspace.attachments_folder)
    return report_graph(store, file_problem=check_of_exhibits(workspace.path, folder))


def _report_parameters(store: Store, day: str, limit: int) -> ReportParameters:
    """What a report is about, with the suggestions about people who are sought."""
    from kg.reports.cluster_report.model import ReportParameters

    entries = candidates_of_sought(store)
    shown = tuple(entries[:MAX_CANDIDATES])
    return ReportParameters(day, limit=limit, candidates=shown, candidates_left_out=len(entries) - len(shown))


def _remember_report(
    workspace: Workspace, report: Report, folder: Path, pages: int, formats: Sequence[str]
) -> dict[str, Path]:
    """Record where a report will be; returns its files.

    It comes before the writing: a report of which the ledger does not know is worse than a record of one that failed.
    """
    from kg.reports.render.files import report_paths

    paths = report_paths(report, folder, pages, formats)
    remember_report(workspace, tuple(paths.values()), report.date, tuple(s.name for s in report.sources))
    return paths


def write_periodic_report(
    workspace: Workspace, request: PeriodicReportRequest, parameters: ClusterParameters
) -> PeriodicReportRun:
    """Write the report that is due, unless it was written; one report covers all missed runs.

    If it fails, the index says so and why, the last good report stays, and the error is raised. Raises StoreBusy at
    once if another run is under way.
    """
    from kg.reports.changes.report_folder import BEGUN, FAILED, MADE, ReportFolder, ReportRun

    day, reports = due_day(request.today, request.every), ReportFolder(request.folder)
    with reports.lock():
        runs = reports.runs()
        if not request.again and any(run.day == day and run.state == MADE for run in runs):
            return PeriodicReportRun(day, {})
        made = [run.day for run in runs if run.state == MADE and run.day < day]
        missed = _missed_days(made[-1], day, request.every) if made else ()
        before = next((run for run in runs if run.day == day and run.state == MADE), None)
        if before is None:
            reports.record_run(ReportRun(day, BEGUN, missed=missed))
        try:
            files, says, version = _write_due_report(workspace, request, parameters, day, missed)
        except BaseException as error:
            reason = " ".join(str(error).split()) if isinstance(error, KgError | OSError) else type(error).__name__
            reports.record_run(before or ReportRun(day, FAILED, says=reason or type(error).__name__, missed=missed))
            raise
        reports.record_run(ReportRun(day, MADE, version, says, missed))
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
    workspace: Workspace,
    request: PeriodicReportRequest,
    parameters: ClusterParameters,
    day: str,
    missed: tuple[str, ...],
) -> tuple[dict[str, Path], str, str]:
    """Write the report of a day; returns its files, what it says in a few words, and the graph version."""
    from kg.findings import NO_CLUSTER_DETAILS
    from kg.reports.changes.comparison import ChangeInputs, add_changes
    from kg.reports.changes.exhibits import exhibit_problems
    from kg.reports.changes.former_ids import record_keys
    from kg.reports.changes.previous_report import summarise_report
    from kg.reports.changes.report_folder import ReportFolder
    from kg.reports.cluster_report.report import build_report
    from kg.reports.render.files import require_formats, write_files

    require_formats(request.formats)
    reports, studied = ReportFolder(request.folder), NO_CLUSTER_DETAILS
    public_workspace = replace(workspace, protected=False)
    last = reports.last_before(day)
    with open_store(public_workspace) as opened:
        store = store_for_report(_with_one_view(opened), request.as_of, day)
        previous, earlier = (last[0], read_cluster_run(last[1])) if last else (None, None)
        method = _method(workspace, parameters)
        sections_before = cache(partial(reports.sections, previous)) if previous else dict
        same_software = previous is not None and previous.method == method
        found = compute_cluster_run(public_workspace, store, parameters, earlier, same_software=same_software)
        clusters = found.clusters
        known: dict[str, ClusterSection] = {}
        if previous and earlier and clusters is earlier.clusters:
            known = _sections_that_hold(sections_before(), clusters, request, day)
        if len(known) < len(clusters.clusters[: request.limit]):
            studied = compute_cluster_details(store, clusters, request.limit, parameters, request.pages)
        graph = _report_graph(public_workspace, store)
        report = build_report(graph, clusters, _report_parameters(store, day, request.limit), studied, known)
        exhibits = exhibit_problems(graph)
        now = _ledger_position(public_workspace, previous, clusters.version)
        if previous and earlier:
            given = request.limit, exhibits, sections_before
            since = _changes_since(public_workspace, graph, report, previous, earlier, found)
            report = add_changes(graph, report, clusters, previous, ChangeInputs(*since, method, *given))
        report = replace(report, front=replace(report.front, missed=missed))
        members = _member_ids(clusters)
        same_keys = previous.keys if previous and previous.version == str(clusters.version) and same_software else None
        keys = partial(record_keys, store, members) if same_keys is None else lambda _: same_keys
        memory = summarise_report(report, now, method, request.limit, exhibits, keys)
    folder = reports.create_staging_folder(day)
    paths = _remember_report(public_workspace, report, request.folder / day, request.pages, request.formats)
    write_files(report, folder, request.pages, request.formats)
    reports.publish(day, folder, memory, found.to_bytes())
    return paths, _run_sentence(report), report.version


def _sections_that_hold(
    sections: Mapping[str, ClusterSection], clusters: Clusters, request: PeriodicReportRequest, day: str
) -> dict[str, ClusterSection]:
    """The sections of the last report, by cluster, that a report of the same graph on a later day would have too."""
    wanted = clusters.clusters[: request.limit]
    tried = {cluster.id for cluster in wanted[: min(request.pages, STABILITY_LIMIT)]}
    return {
        cluster.id: section
        for cluster in wanted
        if (section := sections.get(cluster.id))
        and not section.exhibits  # their files are checked anew
        and (not section.same_until or day < section.same_until)
        and (section.firmness is not None) == (cluster.id in tried)
    }


def _member_ids(clusters: Clusters) -> set[str]:
    return {member.id for cluster in clusters.clusters for member in cluster.members}


def _method(workspace: Workspace, parameters: ClusterParameters) -> dict[str, str]:
    """Everything that decides what is found besides the data."""
    software = f"kg {installed_version()}"
    known = {"ontology": workspace.ontology.digest[:12], "software": software}
    return {name: str(value) for name, value in parameters.to_json().items()} | known


def _ledger_position(workspace: Workspace, last: PreviousReport | None, version: GraphVersion) -> LedgerPosition:
    """The ledger's position now.

    Raises InputError if the last report is about another ledger, StoreBusy if the graph has changed meanwhile.
    """
    with open_sqlite_store(workspace) as store:
        if store.version() != version:
            raise StoreBusy(f"the graph changed from {version} meanwhile; run it again")
        ledger, remembered = version.ledger, last.version.partition("@")[0] if last else version.ledger
        if ledger != remembered:
            raise InputError(f"the reports here are about ledger {remembered}, the store has {ledger}")
        return ledger_mark(store.connection)


def _changes_since(  # two reports, and the graph
    workspace: Workspace,
    graph: ReportGraph,
    report: Report,
    last: PreviousReport,
    earlier: ClusterRun,
    found: ClusterRun,
) -> tuple[LedgerChanges, ClusterChanges, Successors, Neighbourhood]:
    """What has changed in ledger and clusters since the last report, as far as it bears on members and people sought.

    Raises StoreBusy if the graph has changed meanwhile.
    """
    from kg.reports.changes.former_ids import Successors, clusters_by_present_ids

    before, members = _member_ids(earlier.clusters), _member_ids(found.clusters)
    asked = before | last.named_nodes if last.version != str(found.clusters.version) else set[str]()
    successors = Successors(graph.store, last.keys, asked, members)
    subjects = before | members | {*last.sought, *(person.id for person in report.people_sought)}
    with open_sqlite_store(workspace) as store:
        if store.version() != (version := graph.contents.version):
            raise StoreBusy(f"the graph changed from {version} meanwhile; run it again")
        ledger, near = find_subject_changes(store.connection, graph, subjects, last.moment, (last.day, report.date))
    if asked:
        earlier = replace(earlier, clusters=clusters_by_present_ids(earlier.clusters, found.clusters, successors))
    return ledger, compare_cluster_runs(workspace, graph.store, earlier, found), successors, near


def _with_one_view(store: Store) -> Store:
    """The same store, which reads its graph into arrays once."""

    @cache
    def view() -> GraphView:
        from kg.analysis.clusters import COLUMNS

        return store.view(sorted({*COLUMNS, "sought", "dates", "caption"}))

    return store.with_view(lambda columns: view())


def _run_sentence(report: Report) -> str:
    """The first page in a few words: `1 action overdue, 3 actions due within a week, 12 clusters in all`."""
    from kg.findings.counts import plural

    summary = report.front
    if summary.has_nothing_material:
        return "nothing material"
    counts = [
        (sum(action.is_overdue for action in summary.actions), "actions", "overdue"),
        (sum(action.is_soon for action in summary.actions), "actions", "due within a week"),
    ]
    if changes := summary.changes:
        counts += [(len(g.items), "changes", f"of {g.title[0].lower()}{g.title[1:]}") for g in changes.groups]
        counts += [(len(changes.clusters), "changes", "of clusters"), (len(changes.method), "changes", "in the method")]
    counts.append((len(report.clusters) + len(report.other_clusters), "clusters", "in all"))
    return ", ".join(f"{plural(number, things)} {where}" for number, things, where in counts if number)
