"""The command `kg portfolio`: whom should one work on when only so many people can be?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.commands.routes import DEFAULT_PORTFOLIO, AsOf, Hosts, Law, Requesting
from kg.cli.terminal import Json, open_workspace, print_json, print_line, print_table

if TYPE_CHECKING:
    from kg.findings import Portfolio


def portfolio(
    requesting: Requesting = "",
    as_of: AsOf = "",
    host: Hosts = None,
    limit: Annotated[int, typer.Option(min=0, help="Most people.")] = DEFAULT_PORTFOLIO,
    law: Law = None,
    json: Json = False,
) -> None:
    """Choose whom to work on when only so many people can be: by harm and assets covered, never by ease.

    Prints the objective, its weights, how good the choice is, and who was left out and why.
    """
    from kg import operations
    from kg.findings import DISCLAIMERS
    from kg.operations.answers import PortfolioAnswer

    with open_workspace() as workspace, operations.open_store(workspace) as store:
        code = operations.requesting_code(workspace, requesting)
        query = operations.LegalQuery(code, as_of, tuple(host or ()), (), law, workspace.protected)
        found = operations.find_portfolio(store, query, limit)
        notes = operations.missing_reference_notes(store, query)
        if json:
            print_json(PortfolioAnswer.of(store.version(), found, notes))
            return
        everybody = [one.person for one in found.chosen] + [one.person for one in found.left_out]
        names = {node.id: node.caption for node in store.nodes(everybody).values()}
    for line in (DISCLAIMERS[0], *(f"! {note}" for note in notes)):
        print_line(line)
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
        print_line("nobody is chosen, because the limit is 0; --limit sets how many people can be worked on")
    print_line()
    print_line(f"left out: {len(found.left_out)}")
    for one in found.left_out:
        print_line(f"  {names[one.person]} ({one.person}): {one.why}")
