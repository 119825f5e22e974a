"""Which commands ask what can be done by law?"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.commands.routes_text import show_everybody, show_people
from kg.cli.terminal import Json, open_workspace, print_json, print_json_items, print_line, print_table
from kg.errors import InputError

if TYPE_CHECKING:
    from kg.findings import Portfolio

DEFAULT_PORTFOLIO = 20
"""People in the portfolio unless somebody says otherwise."""

Requesting = Annotated[str, typer.Option(help="Code of the jurisdiction that requests, such as CN.")]
AsOf = Annotated[str, typer.Option(help="Day on which law and facts are looked at; that of the graph by default.")]
Hosts = Annotated[list[str] | None, typer.Option("--host", help="Only this host jurisdiction; repeatable.")]
Law = Annotated[
    Path | None, typer.Option(help="Folder with tables and routes of your own, in the form of graph/reference.")
]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command(epilog='Example: kg routes "Ann Example" --requesting CN --as-of 2014-12-05')(routes)
    app.command(epilog="Example: kg gaps --requesting CN --host US --as-of 2014-12-05 --limit 10")(gaps)
    app.command(epilog="Example: kg portfolio --requesting CN --as-of 2014-12-05 --limit 20")(portfolio)


def routes(  # noqa: PLR0913  # one flag a parameter
    person: Annotated[
        str, typer.Argument(help="An id, namespace:key, or a name; everybody sought when left out.")
    ] = "",
    requesting: Requesting = ...,  # type: ignore[assignment]  # how typer says that it is required
    as_of: AsOf = "",
    host: Hosts = None,
    route: Annotated[list[str] | None, typer.Option(help="Only this route; repeatable.")] = None,
    law: Law = None,
    report: Annotated[
        Path | None, typer.Option(help="Write a page a person and one for the portfolio into this folder.")
    ] = None,
    json: Json = False,
) -> None:
    """Show which legal routes are open, blocked or in need of facts, for a person and each asset in their cluster.

    Each with its instrument, who carries it, what speaks for and against it, which facts are missing, and its sources.
    Research, not legal advice.
    """
    from kg import operations

    with open_workspace() as place, operations.open_store(place) as store:
        order = operations.LegalQuery(requesting, as_of, tuple(host or ()), tuple(route or ()), law, place.protected)
        if report:
            if person:
                raise InputError("pages are written about everybody; leave the person out")
            files = operations.write_legal_pages(place, store, order, report, DEFAULT_PORTFOLIO)
            print_line(f"{len(files)} pages in {report}, the first is {files[0].name}")
            return
        found = operations.find_routes(store, order, (person,) if person else ())
        if json:
            print_json_items(answer.to_json() for one in found for answer in one.routes)
            return
        for line in operations.DISCLAIMERS:
            print_line(line)
        print_line()
        if person:
            show_people(store, list(found))
        else:
            show_everybody(store, found)


def gaps(
    requesting: Requesting = ...,  # type: ignore[assignment]  # how typer says that it is required
    as_of: AsOf = "",
    host: Hosts = None,
    limit: Annotated[int, typer.Option(min=1, help="Most questions.")] = 20,
    law: Law = None,
    json: Json = False,
) -> None:
    """List the missing facts over all people: how many routes one would open, and how many wait for it.

    Protected facts and what only the person can set off are never listed.
    """
    from kg import operations

    with open_workspace() as place, operations.open_store(place) as store:
        order = operations.LegalQuery(requesting, as_of, tuple(host or ()), (), law, place.protected)
        found = operations.find_gaps(store, order)
    if json:
        print_json([gap.to_json() for gap in found[:limit]])
        return
    print_line(operations.DISCLAIMERS[0])
    rows = [
        (
            g.fact,
            g.host or "not known",
            str(g.opens),
            str(g.routes),
            str(g.people),
            g.whom,
        )
        for g in found[:limit]
    ]
    print_table(("fact", "host", "opens", "routes waiting", "people", "who can answer"), rows)
    if len(found) > limit:
        print_line(f"{len(found) - limit} more; --limit shows them")


def portfolio(
    requesting: Requesting = ...,  # type: ignore[assignment]  # how typer says that it is required
    as_of: AsOf = "",
    host: Hosts = None,
    limit: Annotated[int, typer.Option(min=0, help="Most people.")] = DEFAULT_PORTFOLIO,
    law: Law = None,
    json: Json = False,
) -> None:
    """Choose whom to work on when only so many can be: by harm and assets covered, never by ease alone.

    Prints the objective, its weights, how good the choice is, and who was left out and why.
    """
    from kg import operations

    with open_workspace() as place, operations.open_store(place) as store:
        order = operations.LegalQuery(requesting, as_of, tuple(host or ()), (), law, place.protected)
        found = operations.find_portfolio(store, order, limit)
        if json:
            print_json(found.to_json())
            return
        everybody = [c.person for c in found.chosen] + [p for p, _ in found.left_out]
        names = {node.id: node.caption for node in store.nodes(everybody).values()}
    print_line(operations.DISCLAIMERS[0])
    _show_portfolio(found, names)


def _show_portfolio(found: Portfolio, names: Mapping[str, str]) -> None:
    print_line(f"objective: {found.objective}")
    print_line(f"weights: {', '.join(f'{kind} {weight:g}' for kind, weight in found.weights.items())}")
    rows = [
        (str(i), names[c.person], f"{c.gain:g}", ", ".join(f"{n} {kind}" for kind, n in c.adds.items()), c.person)
        for i, c in enumerate(found.chosen, 1)
    ]
    if found.limit:
        print_table(("", "person", "gain", "adds", "id"), rows)
        print_line(f"value {found.value:g}; no choice of {found.limit} has more than {found.bound:g}")
        print_line(found.guarantee)
    else:
        print_line("nobody is chosen, because the limit is 0; --limit says how many people can be worked on")
    print_line()
    print_line(f"left out: {len(found.left_out)}")
    for person, why in found.left_out:
        print_line(f"  {names[person]} ({person}): {why}")
