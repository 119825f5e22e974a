"""The commands of `kg` in the order of its help, and its exit codes."""

from __future__ import annotations

import signal
from typing import Annotated

import typer

from kg.cli.commands import (
    clusters,
    demo,
    export,
    gaps,
    generate,
    judgements,
    keys,
    load,
    neo4j,
    owners,
    path,
    portfolio,
    query,
    ref,
    report,
    routes,
    search,
    serve,
    show,
    sources,
    sync,
    template,
    verify,
    view,
    withdraw,
)
from kg.cli.errors import CommandGroup, raise_terminated

EPILOG = """Exit codes: 0 done; 1 verify found differences; 2 bad input or usage; 3 nothing by that name; 4 the store
cannot be used; 130 interrupted; 143 terminated. Errors are one line on stderr."""

app = typer.Typer(
    cls=CommandGroup,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    epilog=EPILOG,
    help="Follow people and money across borders: load what sources claim, see one graph, find what is held together.",
)

for command in (
    load,
    withdraw,
    sources,
    verify,
    sync,
    template,
    search,
    show,
    clusters,
    report,
    judgements,
    path,
    owners,
    routes,
    gaps,
    portfolio,
    query,
    view,
    export,
    ref,
    generate,
    demo,
    neo4j,
    serve,
    keys,
):
    command.register(app)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version as installed_version

        typer.echo(f"kg {installed_version('kg-investigations')}")
        raise typer.Exit


@app.callback()
def _root_options(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Options of kg itself."""


def main() -> None:
    """Run the command line."""
    signal.signal(signal.SIGTERM, raise_terminated)
    app()
