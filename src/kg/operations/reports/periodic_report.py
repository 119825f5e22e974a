"""How is a report made again and again, each time telling what is different?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from importlib.metadata import version as installed_version
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import InputError, KgError, Place, StoreBusy
from kg.ledger.changes import changes, moment
from kg.operations.ledger.erase import remember_report
from kg.operations.questions.clusters import ClusterRun, cluster_run, read_run, study_clusters, tell_story
from kg.operations.store.as_of import on_stated_day
from kg.operations.store.view_cache import open_store
from kg.operations.workspace import Workplace, open_embedded

if TYPE_CHECKING:
    from kg.analysis.clusters.parameters import ClusterParameters
    from kg.findings import LedgerChanges, LedgerMark
    from kg.records import GraphVersion
    from kg.reports.changes.previous_report import Memory
    from kg.reports.cluster_report.model import Report

PERIODS = ("day", "week", "month")
"""How often: each day, each Monday, each first of a month."""


@dataclass(frozen=True, slots=True)
class PeriodicOrder:
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
class PeriodicRun:
    """What a run did: the day that is due, the files, and the days that were missed before."""

    day: str
    files: Mapping[str, Path]
    """Empty where the report was there already."""
    missed: tuple[str, ...] = ()


def make_periodic(place: Workplace, order: PeriodicOrder, parameters: ClusterParameters) -> PeriodicRun:
    """Make the report that is due, unless it was made; one report makes up for all that were missed.

    Never two at once: StoreBusy at once where another run is under way. If it fails, the index says so and why, the
    last good report stays, and the error is raised.
    """
    from kg.reports.changes.report_folder import BEGUN, FAILED, MADE, ReportFolder, Run

    day, shelf = due(order.today, order.every), ReportFolder(order.folder)
    with shelf.locked():
        runs = shelf.runs()
        if not order.again and any(run.day == day and run.state == MADE for run in runs):
            return PeriodicRun(day, {})
        made = [run.day for run in runs if run.state == MADE and run.day < day]
        missed = _missed(made[-1], day, order.every) if made else ()
        before = next((run for run in runs if run.day == day and run.state == MADE), None)
        if before is None:
            shelf.note(Run(day, BEGUN, missed=missed))
        try:
            files, says, version = _make(place, order, parameters, (day, missed))
        except BaseException as error:
            reason = " ".join(str(error).split()) if isinstance(error, KgError | OSError) else type(error).__name__
            shelf.note(before or Run(day, FAILED, says=reason or type(error).__name__, missed=missed))
            raise
        shelf.note(Run(day, MADE, version, says, missed))
    return PeriodicRun(day, files, missed)


def due(today: str, every: str) -> str:
    """The day of the report that is due on a day: the day itself, its Monday, or the first of its month."""
    if every not in PERIODS:
        raise InputError(f"expected one of {', '.join(PERIODS)}", Place(key="every", value=every))
    try:
        day = date.fromisoformat(today)
    except ValueError:
        raise InputError("expected a day such as 2024-06-30", Place(key="date", value=today)) from None
    if every == "week":
        day -= timedelta(days=day.weekday())
    return day.replace(day=1).isoformat() if every == "month" else day.isoformat()


def _missed(last: str, day: str, every: str) -> tuple[str, ...]:
    """The days between on which a report was due; the last 20 of them."""
    found, at = list[str](), date.fromisoformat(day) - timedelta(days=1)
    while (before := due(at.isoformat(), every)) > last and len(found) < 20:
        found.insert(0, before)
        at = date.fromisoformat(before) - timedelta(days=1)
    return tuple(found)


def _make(
    place: Workplace, order: PeriodicOrder, parameters: ClusterParameters, stated: tuple[str, tuple[str, ...]]
) -> tuple[dict[str, Path], str, str]:
    """Write the report that states a day; its files, what it says in a few words, and the graph version."""
    from kg.reports.changes.previous_report import remembered
    from kg.reports.changes.report_folder import ReportFolder
    from kg.reports.cluster_report.model import ReportParameters
    from kg.reports.cluster_report.report import collect, compared
    from kg.reports.render.files import paths, write

    day, missed = stated
    shelf = ReportFolder(order.folder)
    open_place = replace(place, protected=False)
    last = shelf.last_before(day)
    with open_store(open_place) as opened:
        store = on_stated_day(opened, order.as_of, day)
        earlier = read_run(last[1]) if last else None
        found = cluster_run(open_place, store, parameters, earlier)
        clusters = found.clusters
        studied = study_clusters(store, clusters, order.limit, parameters)
        report = collect(store, clusters, ReportParameters(day, limit=order.limit), studied)
        now, ledger = _ledger(open_place, last[0] if last else None, _members(found, earlier), clusters.version)
        method = _method(place, clusters.parameters)
        if last and earlier and ledger:
            story = tell_story(open_place, store, earlier, found)
            report = compared(store, report, clusters, last[0], (ledger, story, method))
        report = replace(report, front=replace(report.front, missed=missed))
        memory = remembered(report, now, method)
    folder = shelf.fresh(day)
    remember_report(
        open_place, tuple(paths(report, order.folder / day).values()), day, tuple(s.name for s in report.sources)
    )
    write(report, folder)
    shelf.keep(day, folder, memory, found.to_json())
    return paths(report, order.folder / day), _says(report), report.version


def _members(*runs: ClusterRun | None) -> set[str]:
    """Everybody and everything that is in a cluster now, or was."""
    return {m.id for run in runs if run for c in run.clusters.clusters for m in c.members}


def _ledger(
    place: Workplace, last: Memory | None, members: set[str], version: GraphVersion
) -> tuple[LedgerMark, LedgerChanges | None]:
    """How far the ledger has come, and what is different from what the last report remembers.

    Raises InputError where the last report is about another ledger, StoreBusy where a load came between.
    """
    with open_embedded(place) as store:
        if store.version() != version:
            raise StoreBusy(f"the graph changed from {version} meanwhile; run it again")
        now = moment(store.connection)
        if last is None:
            return now, None
        ledger, remembered = store.version().ledger, last.version.partition("@")[0]
        if ledger != remembered:
            raise InputError(f"the reports here are about ledger {remembered}, the store has {ledger}")
        return now, changes(store.connection, place.ontology, last.moment, members)


def _method(place: Workplace, parameters: Mapping[str, float | int | str]) -> dict[str, str]:
    """All that decides what is found besides the data."""
    software = {"ontology": place.ontology.digest[:12], "software": f"kg {installed_version('kg-investigations')}"}
    return {**{name: str(value) for name, value in parameters.items()}, **software}


def _says(report: Report) -> str:
    """The first page in a few words."""
    from kg.reports.changes.report_folder import told

    front, changed = report.front, report.front.changes
    if front.nothing:
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
    return told(figures)
