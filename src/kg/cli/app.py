"""How is the command line put together, and what does it end with?"""

from __future__ import annotations

import signal
from typing import Annotated

import typer

from kg.cli.commands import (
    clusters,
    export,
    gaps,
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
    serve,
    show,
    sync,
    template,
    view,
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

load.register(app)
sync.register(app)
template.register(app)
show.register(app)
clusters.register(app)
report.register(app)
judgements.register(app)
path.register(app)
owners.register(app)
routes.register(app)
gaps.register(app)
portfolio.register(app)
query.register(app)
view.register(app)
export.register(app)
ref.register(app)
neo4j.register(app)
serve.register(app)
keys.register(app)


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
