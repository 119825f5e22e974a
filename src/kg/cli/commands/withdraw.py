"""`kg withdraw`: take back what a source said, or erase it."""

from __future__ import annotations

from typing import Annotated

import typer

from kg.cli.commands.load import load_json
from kg.cli.terminal import Json, confirm, open_workspace, print_json, print_line
from kg.findings.counts import plural


def withdraw(
    source: Annotated[str, typer.Argument(help="Name of the source; `kg sources` lists them.")],
    erase: Annotated[
        bool, typer.Option("--erase", help="Also erase it from the ledger, with its rejects, for good.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    json: Json = False,
) -> None:
    """Withdraw everything a source said. The graph is then as if it had never been loaded.

    The ledger keeps what was withdrawn unless you give --erase: then no byte of it stays in the store's files. Reports
    that name the source are listed, because only you can remove them.
    """
    from kg import operations

    if not yes:
        with open_workspace(syncs=False) as workspace:
            operations.list_loads(workspace, source)  # there is no source of a mistyped name to ask about
        question = f"Erase everything that {source!r} ever said, for good?" if erase else f"Withdraw all of {source!r}?"
        confirm(question, "withdrawing needs a confirmation")
    if erase:
        _erase(source, json=json)
        return
    with open_workspace() as workspace:
        result = operations.withdraw(workspace, source)
    if json:
        print_json(load_json(result))
    else:
        print_line(f"{source}: {plural(result.withdrawn, 'records')} withdrawn")


def _erase(source: str, *, json: bool) -> None:
    from kg import operations

    with open_workspace() as workspace:
        erased = operations.erase(workspace, source)
    if json:
        print_json(erased)
        return
    print_line(f"{source}: {plural(erased.withdrawn, 'records')} withdrawn, {erased.records:,} erased from the ledger")
    if erased.judgements:
        print_line(f"  {plural(erased.judgements, 'judgements')} about keys of its own erased too")
    for file in erased.rejects:
        print_line(f"  erased {file}")
    for digest in erased.attachments:
        print_line(f"  erased the attached file {digest}")
    for report in erased.reports:
        print_line(f"  the report of {report.day} names it; remove it yourself: {', '.join(report.files)}")
    for copy in erased.copies:
        print_line(f"  a store of before a restore may hold it; remove it yourself: {copy}")
