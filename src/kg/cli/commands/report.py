"""`kg report`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.terminal import Json, open_workspace, print_json, print_line

if TYPE_CHECKING:
    from kg.operations import PeriodicReportRun


DESCRIBED, FULL_PAGES = 50, 10
"""How many clusters a report describes, and how many have a page of their own with --full, unless --limit says."""

POLL_SECONDS = 3600.0
"""Seconds until `--stay` checks again whether a report is due."""


def report(  # noqa: PLR0913  # one flag a parameter
    out: Annotated[Path, typer.Option(help="Folder for the report's files; created if absent.")],
    date: Annotated[
        str, typer.Option(help="Day that the report states, such as 2014-12-05; today for a periodic one.")
    ] = "",
    limit: Annotated[
        int | None,
        typer.Option(min=0, help="Number of clusters described, 50 by default; the others are listed."),
    ] = None,
    full: Annotated[
        bool,
        typer.Option(
            "--full", help="Also write a page about each of the first clusters, 10 or --limit, with all facts."
        ),
    ] = False,
    sought_only: Annotated[bool, typer.Option("--sought", help="Only clusters with a person sought.")] = False,
    periodic: Annotated[
        bool,
        typer.Option(
            "--periodic", help="Write the report that is due, unless it was written, and say what is different."
        ),
    ] = False,
    every: Annotated[
        str, typer.Option(help="How often one is due: day, week (its Monday) or month (its first).")
    ] = "week",
    again: Annotated[bool, typer.Option("--again", help="Write the report that is due anew.")] = False,
    stay: Annotated[
        bool, typer.Option("--stay", help="Keep running, and check each hour whether a report is due.")
    ] = False,
    as_of: Annotated[
        str,
        typer.Option(
            help="Day that counts as now: a day, or `stated` for that of the report; by default that of the graph."
        ),
    ] = "",
    formats: Annotated[
        str, typer.Option("--format", help="Further formats, separated by commas: xlsx, docx, pdf.")
    ] = "",
    json: Json = False,
) -> None:
    """Write the report on asset clusters as one HTML file, one Markdown file and one JSON file.

    It begins with who and what matters, what has changed, and what is overdue and due; --full adds a page about each
    cluster.

    With --periodic (`kg report --periodic --out reports`) reports are stored in a folder with an index, and each says
    what is different from the one before.
    Protected facts are never in a report, whatever the scope.
    """
    from dataclasses import replace

    from kg import operations
    from kg.analysis.clusters import ClusterParameters
    from kg.errors import InputError, InputLocation, KgError

    parameters = ClusterParameters(only_sought=sought_only)
    described = DESCRIBED if limit is None else limit
    pages = (FULL_PAGES if limit is None else limit) if full else 0
    more = tuple(dict.fromkeys(name for part in formats.split(",") if (name := part.strip().lower())))
    if periodic:
        while True:
            try:
                order = operations.PeriodicReportRequest(
                    out, date or operations.today(), every, described, pages, again, as_of, more
                )
                with open_workspace(syncs=False) as place:
                    _print_run(operations.write_periodic_report(place, order, parameters), out, json=json)
            except KgError as error:
                if not stay:
                    raise
                print_line(f"kg: {' '.join(str(error).split())}; trying again in an hour", err=True)
            if not stay:
                return
            time.sleep(POLL_SECONDS)
    if not date:
        raise InputError("expected the day that the report states, or --periodic", InputLocation(key="--date"))
    with open_workspace(syncs=False) as place, operations.open_store(replace(place, protected=False)) as opened:
        store = operations.store_for_report(opened, as_of, date)
        files = operations.write_report(place, store, out, date, described, parameters, pages, more)
    if json:
        print_json({name: str(file) for name, file in files.items()})
    else:
        for file in files.values():
            print_line(str(file))


def _print_run(run: PeriodicReportRun, out: Path, *, json: bool) -> None:
    if json:
        files = {name: str(file) for name, file in run.files.items()}
        print_json({"day": run.day, "made": bool(files), "files": files, "missed": list(run.missed)})
    elif not run.files:
        print_line(f"the report of {run.day} was written before; --again writes it anew")
    else:
        for file in run.files.values():
            print_line(str(file))
        if run.missed:
            print_line(f"covers the missed runs of {', '.join(run.missed)}")
        print_line(f"all reports: {out / 'index.html'}")
