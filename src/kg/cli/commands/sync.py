"""The command `kg sync`."""

from __future__ import annotations

from typing import Annotated

import typer

from kg.cli.terminal import Json, open_workspace, print_json, print_sync_result


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command(epilog="Example: kg sync neo4j://localhost:7687")(sync)


def sync(
    address: Annotated[str, typer.Argument(help="Address of the Neo4j; by default that of KG_STORE.")] = "",
    full: Annotated[
        bool,
        typer.Option("--full", help="Compare and repair everything in the Neo4j; replace the graph of another ledger."),
    ] = False,
    protected: Annotated[
        bool | None,
        typer.Option("--protected/--open", help="Copy protected facts, or remove them; by default, change neither."),
    ] = None,
    json: Json = False,
) -> None:
    """Bring a Neo4j up to date with the ledger. What kg did not write there stays.

    Only changes since the last sync are sent. If a sync was interrupted, run it again.
    """
    from kg import operations

    with open_workspace(store=address) as workspace:
        done = operations.sync(workspace, full=full, protected=protected)
    if json:
        print_json(done.to_json())
    else:
        print_sync_result(done, str(workspace.neo4j))
