"""The command `kg routes`: which legal routes are there about a person and their assets?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.commands.routes_text import show_everybody, show_person
from kg.cli.terminal import Json, open_workspace, print_json, print_json_items, print_line
from kg.errors import InputError

DEFAULT_PORTFOLIO = 20
"""How many people are in the portfolio by default."""

Requesting = Annotated[
    str, typer.Option(help="Code of the jurisdiction that requests, such as CN; that of KG_REQUESTING by default.")
]
AsOf = Annotated[str, typer.Option(help="Day of law and facts; that of the graph by default.")]
Hosts = Annotated[list[str] | None, typer.Option("--host", help="Only this host jurisdiction; repeatable.")]
Law = Annotated[
    Path | None, typer.Option(help="Folder with tables and routes of your own, in the form of graph/reference.")
]


def routes(  # noqa: PLR0913  # one flag a parameter
    person: Annotated[str, typer.Argument(help="An id, namespace:key, or a name; everybody sought if left out.")] = "",
    requesting: Requesting = "",
    as_of: AsOf = "",
    host: Hosts = None,
    route: Annotated[list[str] | None, typer.Option(help="Only this route; repeatable.")] = None,
    law: Law = None,
    report: Annotated[
        Path | None, typer.Option(help="Write a page about each person and one about the portfolio into this folder.")
    ] = None,
    json: Json = False,
) -> None:
    """Show which legal routes are open, blocked or incomplete, for a person and each asset in their cluster.

    Each route is shown with its instrument, competent authorities, facts for and against it, missing facts and sources.
    This is research, not legal advice.
    """
    from kg import operations
    from kg.findings import DISCLAIMERS
    from kg.operations.answers import RoutesAnswer

    with open_workspace() as workspace, operations.open_store(workspace) as opened:
        store = operations.store_for_question(opened, as_of)
        code = operations.requesting_code(workspace, requesting)
        query = operations.LegalQuery(code, as_of, tuple(host or ()), tuple(route or ()), law, workspace.protected)
        if report:
            if person:
                raise InputError("pages are written about everybody; leave the person out")
            files = operations.write_legal_pages(workspace, store, query, report, DEFAULT_PORTFOLIO)
            print_line(f"{len(files)} pages in {report}, the first is {files[0].name}")
            return
        found = operations.find_routes(store, query, (person,) if person else ())
        frame = operations.legal_frame(store, query)
        if json:
            answers = (RoutesAnswer.of_person(frame, one, store) for one in found)
            print_json(next(answers)) if person else print_json_items(answers)
            return
        for line in (*DISCLAIMERS, *(f"! {note}" for note in frame.notes)):
            print_line(line)
        print_line()
        if person:
            show_person(store, next(found))
        else:
            show_everybody(store, found)
