"""How is the command line put together, and what does it end with?"""

from __future__ import annotations

import signal
from typing import Annotated

import typer

from kg.cli import (
    answering,
    asking,
    clustering,
    copying,
    exporting,
    judging,
    keying,
    knowing,
    legal,
    loading,
    owning,
    pathfinding,
    querying,
    reporting,
    serving,
    templating,
    viewing,
)
from kg.cli.group import Commands, terminate

EPILOG = """Exit codes: 0 done; 1 verify found differences; 2 bad input or usage; 3 nothing by that name; 4 the store
cannot be used; 130 interrupted; 143 terminated. Errors are one line on stderr."""

app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    epilog=EPILOG,
    help="Follow people and money across borders: load what sources claim, see one graph, find what is held together.",
)

loading.register(app)
copying.register(app)
templating.register(app)
asking.register(app)
clustering.register(app)
reporting.register(app)
judging.register(app)
pathfinding.register(app)
owning.register(app)
legal.register(app)
querying.register(app)
viewing.register(app)
exporting.register(app)
knowing.register(app)
serving.register(app)
answering.register(app)
keying.register(app)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version as installed_version

        typer.echo(f"kg {installed_version('kg-investigations')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Options of kg itself."""


def main() -> None:
    """Run the command line."""
    signal.signal(signal.SIGTERM, terminate)
    app()
