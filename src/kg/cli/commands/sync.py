"""Which commands bring a Neo4j up to date?"""

from __future__ import annotations

from typing import Annotated

import typer

from kg.cli.terminal import Json, open_workspace, print_json, print_sync_result


def register(app: typer.Typer) -> None:
    """Add these commands."""
    app.command(epilog="Example: kg sync neo4j://localhost:7687")(sync)


def sync(
    address: Annotated[str, typer.Argument(help="Address of the Neo4j; KG_STORE's when left out.")] = "",
    full: Annotated[
        bool,
        typer.Option("--full", help="Compare everything there, and mend it; take the place of another ledger's graph."),
    ] = False,
    protected: Annotated[
        bool | None,
        typer.Option("--protected/--open", help="Put protected facts in, or take them out; as it is when left out."),
    ] = None,
    json: Json = False,
) -> None:
    """Bring a Neo4j to what the ledger says, whatever it held. What kg did not write there stays.

    Only what changed since the last sync is sent. If a sync was interrupted, run it again.
    """
    from kg import operations
    from kg.operations import SyncOptions

    with open_workspace(store=address) as workspace:
        done = operations.sync(workspace, SyncOptions(full, protected))
    if json:
        print_json(done.to_json())
    else:
        print_sync_result(done, str(workspace.neo4j))
