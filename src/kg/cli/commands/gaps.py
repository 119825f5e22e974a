"""The command `kg gaps`: which missing facts would open most legal routes?"""

from __future__ import annotations

from typing import Annotated

import typer

from kg.cli.commands.routes import AsOf, Hosts, Law, Requesting
from kg.cli.terminal import Json, open_workspace, print_json, print_line, print_table


def gaps(
    requesting: Requesting = "",
    as_of: AsOf = "",
    host: Hosts = None,
    limit: Annotated[int, typer.Option(min=1, help="Most questions.")] = 20,
    law: Law = None,
    json: Json = False,
) -> None:
    """List the unanswered questions about all people: how many routes each would open, and how many routes need it.

    Protected facts, and routes that only the person can begin, are never listed.
    """
    from kg import operations
    from kg.findings import DISCLAIMERS
    from kg.operations.answers import GapsAnswer

    with open_workspace() as workspace, operations.open_store(workspace) as opened:
        store = operations.store_for_question(opened, as_of)
        code = operations.requesting_code(workspace, requesting)
        query = operations.LegalQuery(code, as_of, tuple(host or ()), (), law, workspace.protected)
        found = operations.find_gaps(store, query)
        frame = operations.legal_frame(store, query)
    if json:
        print_json(GapsAnswer.of(frame, found, limit))
        return
    listed, needs = found
    for line in (DISCLAIMERS[0], *(f"! {note}" for note in frame.notes)):
        print_line(line)
    if not listed and not needs:
        print_line("no route waits for an answer")
        return
    print_line('"would open": routes that the answer alone would open; "needed by": routes that need the answer')
    rows = [
        (g.question, g.host or "not known", str(g.opens), str(g.routes), str(g.people), g.whom, g.fact)
        for g in listed[:limit]
    ]
    print_table(("question", "host", "would open", "needed by", "people", "who can answer", "fact"), rows)
    if len(listed) > limit:
        print_line(f"{len(listed) - limit} more; --limit shows them")
    print_line(
        '"sets": distinct sets of what cases lack: facts, documents of the stage reached, elements without evidence'
    )
    print_table(
        ("route", "about", "waiting", "sets", "in the largest", "id"),
        [(n.name, n.subject, str(n.waiting), str(n.sets), str(n.shared_by), n.route) for n in needs],
    )
