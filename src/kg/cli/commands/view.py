"""`kg view`: cache the graph as files."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from kg.cli.terminal import Json, open_workspace, print_json, print_line


def view(
    clusters: Annotated[bool, typer.Option("--clusters", help="Also find the clusters and cache them.")] = False,
    state: Annotated[
        str, typer.Option(help="A cached graph other than the present one, by the state that --json prints.")
    ] = "",
    as_told: Annotated[
        bool, typer.Option("--as-told", hidden=True, help="Read commands from standard input, as kg-api writes them.")
    ] = False,
    json: Json = False,
) -> None:
    """Cache the graph as files in KG_VIEW_CACHE, so that kg-api starts and kg path answers at once.

    The service does this whenever the graph changes, and kg path when the graph is large.
    """
    from dataclasses import asdict, replace

    from kg import operations

    with open_workspace() as workspace:
        if as_told:
            operations.build_on_command(workspace, sys.stdin, sys.stdout)
            return
        made = operations.find_cached_view(workspace, state) if state else operations.build_cached_view(workspace)
        if clusters:
            found = operations.build_cached_clusters(workspace, made.state).clusters
            made = replace(made, clusters=len(found.clusters))
    if json:
        print_json({**asdict(made), "version": str(made.version), "folder": str(made.folder)})
        return
    print_line(f"graph {made.version}: {made.nodes:,} nodes and {made.links:,} links, in {made.folder}")
    if made.clusters is not None:
        print_line(f"{made.clusters:,} clusters")
