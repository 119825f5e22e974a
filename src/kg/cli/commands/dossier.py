"""The command `kg dossier`: one person on one page, the rest folded."""

from __future__ import annotations

from typing import Annotated

import typer

from kg.cli.commands.routes import AsOf, Hosts, Law, Requesting
from kg.cli.terminal import Json, open_workspace, print_json, print_line


def dossier(  # noqa: PLR0913  # one flag a parameter
    person: Annotated[str, typer.Argument(help="An id, namespace:key, or a name.")],
    requesting: Requesting = "",
    as_of: AsOf = "",
    host: Hosts = None,
    law: Law = None,
    out: Annotated[str, typer.Option(help="File to write; one that ends in .md is Markdown.")] = "dossier.html",
    json: Json = False,
) -> None:
    """Write a dossier about a person: who, said by whom, reply, values, routes, bars, deadlines; the rest is folded.

    Allegations stand with who makes them and what the person answers, requests with the record of the requesting state.
    This is research, not legal advice. Protected facts are never in it, whatever the scope.
    """
    from dataclasses import replace

    from kg import operations
    from kg.operations.answers import DossierAnswer

    with open_workspace() as workspace, operations.open_store(replace(workspace, protected=False)) as opened:
        store = operations.store_for_question(opened, as_of)
        code = operations.requesting_code(workspace, requesting)
        query = operations.LegalQuery(code, as_of, tuple(host or ()), (), law)
        page = operations.build_person_dossier(workspace, store, query, person)
        if json:
            print_json(DossierAnswer.of(operations.legal_frame(store, query), page.dossier))
            return
        operations.write_dossier(workspace, page, tuple(s.name for s in store.contents().sources), out)
        print_line(f"the dossier about {page.name} is in {out}; every allegation in it is shown as one")
