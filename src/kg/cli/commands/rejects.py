"""`kg rejects`: what a source's loads rejected, as a list or as a sheet to mend it in."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.terminal import Json, open_workspace, print_json, print_line, print_table
from kg.errors import InputError
from kg.findings.counts import plural

if TYPE_CHECKING:
    from kg.operations.ledger.rejects import StoredReject


def rejects(
    source: Annotated[str, typer.Argument(help="Name of the source.")],
    xlsx: Annotated[
        str, typer.Option("--xlsx", help="A new workbook with the rejected rows and what is wrong with each.")
    ] = "",
    limit: Annotated[int, typer.Option(min=1, help="Most rejects shown.")] = 100,
    json: Json = False,
) -> None:
    """List what the loads of a source rejected or noted, each with file, line, cell and reason.

    A row was left out, a value set aside; a remark is on what was kept.

    With --xlsx the rows go to a workbook with the sheets' own columns. Mend them there, and load the workbook together
    with the files: each mended row replaces the one that was rejected.
    """
    from kg.operations.ledger.rejects import read_rejects, write_rejects_workbook

    if xlsx and json:
        raise InputError("give either --xlsx or --json")
    with open_workspace() as workspace:
        if xlsx:
            rows = write_rejects_workbook(workspace, source, xlsx)
        else:
            found = read_rejects(workspace, source)
    if xlsx:
        print_line(
            f"wrote {plural(rows, 'rows')} to {xlsx}; mend them there, then load it together with your files: "
            f"kg load YOUR-FILES {quote(xlsx)} --source {quote(source)}"
        )
        return
    if json:
        print_json([reject._asdict() for reject in found[:limit]])
        return
    if not found:
        print_line("nothing was rejected")
    else:
        places = (f"{r.file}:{r.line}" if r.line else r.file for r in found[:limit])
        print_table(
            ("where", "cell", "what", "reason"),
            [(p, r.cell, _what(r), r.reason) for p, r in zip(places, found, strict=False)],
        )
    if len(found) > limit:
        print_line(f"only the first {limit:,} of {len(found):,} are shown; --limit shows more")


def _what(reject: StoredReject) -> str:
    return "row" if reject.whole else "remark" if reject.remark else "value"
