"""The command `kg request`: the draft of a request to another state."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from kg.cli.commands.routes import AsOf, Law, Requesting
from kg.cli.terminal import open_workspace, print_line

Kind = Literal["mutual_assistance", "freeze", "return", "extradition"]


def request(  # noqa: PLR0913  # one flag a parameter
    action: Annotated[Literal["draft"], typer.Argument(help="What to do: draft.")],
    kind: Annotated[Kind, typer.Argument(help="What the request asks for.")],
    person: Annotated[str, typer.Argument(help="An id, namespace:key, or a name.")],
    to: Annotated[str, typer.Option(help="Code of the jurisdiction that is asked.")],
    requesting: Requesting = "",
    as_of: AsOf = "",
    law: Law = None,
    out: Annotated[str, typer.Option(help="File to write; - is standard output.")] = "-",
) -> None:
    """Write a draft request from the graph in Markdown: legal basis, facts, property, numbered exhibits, holes marked.

    It is for counsel to complete; nothing is sent. Protected facts are never in it, whatever the scope.
    """
    from dataclasses import replace

    from kg import operations
    from kg.errors import InputError, InputLocation
    from kg.files import is_stdout, output_file

    with open_workspace() as workspace, operations.open_store(replace(workspace, protected=False)) as opened:
        store = operations.store_for_question(opened, as_of)
        code = operations.requesting_code(workspace, requesting)
        query = operations.LegalQuery(code, as_of, (to,), (), law)
        text = operations.draft_legal_request(workspace, store, query, kind, person)
    if is_stdout(out):
        for line in text.splitlines():
            print_line(line)
        return
    try:
        with output_file(out) as file:
            file.write(text.encode())
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror or error}", InputLocation(file=out)) from None
