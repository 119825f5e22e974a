"""`kg attach` and `kg exhibits`: files that show something, kept beside the store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.citations import Citations
from kg.cli.terminal import Json, open_workspace, print_json, print_line, print_table
from kg.errors import InputError
from kg.files import is_stdout
from kg.findings.counts import plural

if TYPE_CHECKING:
    from kg.operations.answers import ExhibitOut

DIGITS = 12
"""Digits of a SHA-256 in a table."""


def attach(  # noqa: PLR0913  # one flag a parameter
    file: Annotated[Path, typer.Argument(help="The file: a contract, judgment, extract or picture.")],
    to: Annotated[
        str,
        typer.Option(help="What it shows: an id, namespace:key, or a name that only one node has; or a link's id."),
    ],
    page: Annotated[str, typer.Option(help="Where in the document, such as 12.")] = "",
    title: Annotated[str, typer.Option(help="What the document is called; else the file's name.")] = "",
    source: Annotated[str, typer.Option(help="Who says so: a source of attachments; `attachments` by default.")] = "",
    origin: Annotated[str, typer.Option(help="What the document goes back to, such as a register.")] = "",
    stated: Annotated[str, typer.Option(help="The document's day, such as 2014-06-30.")] = "",
    url: Annotated[str, typer.Option(help="Where the document was found.")] = "",
    reliability: Annotated[str, typer.Option(help="Reliability of the source, A to F.")] = "",
    credibility: Annotated[str, typer.Option(help="Credibility of the document, 1 to 6.")] = "",
    handling: Annotated[str, typer.Option(help="open, restricted or protected.")] = "open",
    media_type: Annotated[str, typer.Option(help="Media type; else by the ending of the file's name.")] = "",
    json: Json = False,
) -> None:
    """Keep a copy of a file beside the store, and record that it shows something about a node or a link.

    The same file is kept once, under its SHA-256, however often it is attached. `kg withdraw SOURCE --erase` erases it
    too, unless another source has attached it.
    """
    from kg import operations
    from kg.records import Provenance

    said = Provenance(origin, reliability.upper(), credibility, handling, stated, url, page=page)
    with open_workspace() as workspace:
        request = operations.AttachRequest(file, to, source, title, media_type, said)
        done = operations.attach(workspace, request)
    if json:
        print_json(done)
        return
    what = "attached" if done.changed else "was attached before, nothing changed"
    again = "" if done.is_new_file else "; its bytes were kept already"
    print_line(f"{file}: {what}, by {done.source}, {done.size:,} bytes, {done.media_type}{again}")
    print_line(f"sha256 {done.sha256}")
    print_line(f"document {done.document}")


def exhibits(
    name: Annotated[
        str, typer.Argument(help="An id, namespace:key or name; `document:SHA256` is one document. All if left out.")
    ] = "",
    extract: Annotated[
        str,
        typer.Option("--extract", help="Copy the files into this folder, which is made, or the only one to this file."),
    ] = "",
    json: Json = False,
) -> None:
    """List the documents that show something about a node, with the digests of their files, or copy the files out."""
    from kg import operations

    if extract and not name:
        raise InputError("--extract needs the name of a node or document")
    with open_workspace(syncs=False) as workspace, operations.open_store(workspace) as store:
        node = operations.resolve_node(store, "id", name) if name else ""
        if extract:
            written = operations.extract_exhibits(workspace, store, node, extract)
        else:
            found = list(operations.iterate_exhibits(workspace, store, node))
            problems = () if json else tuple(operations.exhibit_problems(workspace, found))
    if extract:
        if json:
            print_json(written)
        elif not is_stdout(extract):
            for path in written:
                print_line(f"wrote {path}")
    elif json:
        print_json([exhibit.model_dump(mode="json") for exhibit in found])
    elif found:
        show_exhibits(found)
        for problem in problems:
            print_line(f"! {problem}")
        print_line(plural(len(found), "exhibits"))
    else:
        print_line("no exhibits; `kg attach FILE --to NAME` adds one")


def show_exhibits(found: list[ExhibitOut], citations: Citations | None = None) -> None:
    """Print exhibits as a table; the documents cited under it, unless the caller has its own list."""
    marks = citations or Citations()
    rows = [
        (
            exhibit.title,
            exhibit.caption,
            " or ".join(exhibit.pages),
            exhibit.media_type,
            "" if exhibit.size is None else f"{exhibit.size:,}",
            f"{exhibit.sha256[:DIGITS]}{'' if exhibit.is_kept or not exhibit.sha256 else ' (no file)'}",
            "; ".join(
                dict.fromkeys(marks.statement(s.source, s.model_copy(update={"page": ""})) for s in exhibit.said)
            ),
        )
        for exhibit in found
    ]
    print_table(("exhibit", "shows", "page", "media type", "bytes", "sha256", "sources"), rows)
    if citations is None:
        marks.show()
