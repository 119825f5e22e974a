"""Which command writes the graph for other tools?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.terminal import Json, print_json, say, workplace
from kg.errors import InputError

if TYPE_CHECKING:
    from kg.operations import Exported


def register(app: typer.Typer) -> None:
    """Add this command."""
    app.command(epilog="Example: kg export case.graphml --type Party --type Asset")(export)


def export(  # noqa: PLR0913  # one flag a parameter
    target: Annotated[str, typer.Argument(help="A file, a folder, or - for standard output.")],
    kind: Annotated[
        str, typer.Option("--format", help="records, ftm, graphml or csv; by the target's name if it tells.")
    ] = "",
    sources: Annotated[
        list[str] | None, typer.Option("--source", help="Only what this source says; repeatable.")
    ] = None,
    types: Annotated[
        list[str] | None, typer.Option("--type", help="Only this node type and its kinds, or link type; repeatable.")
    ] = None,
    handling: Annotated[
        str, typer.Option(help="The strictest handling code exported: open, restricted or protected.")
    ] = "restricted",
    packed: Annotated[bool, typer.Option("--gzip", help="Pack the files of a folder.")] = False,
    json: Json = False,
) -> None:
    """Write the graph, or a part of it, for other tools.

    records: what the sources say, one file a source; loaded again it makes the same graph, as far as it is open. ftm:
    FollowTheMoney, one file of the merged graph, or a folder with a file a source. graphml: for Gephi, yEd and
    NetworkX. csv: tables.
    What a format cannot say is counted and listed. Protected facts need --handling protected and that scope.
    """
    from kg import operations
    from kg.operations import ExportOrder

    if json and target == "-":
        raise InputError("standard output cannot hold both the export and --json; name a file")
    order = ExportOrder(target, kind, tuple(sources or ()), tuple(types or ()), handling, packed)
    with workplace() as place:
        done = operations.export(place, order)
    if json:
        print_json(done.to_json())
    else:
        _show(done, err=target == "-")


def _show(done: Exported, *, err: bool) -> None:
    nodes, links = done.tally.nodes.total(), done.tally.links.total()
    say(f"{done.target}: {nodes:,} nodes and {links:,} links as {done.format}", err=err)
    lost = sorted(done.tally.lost.items(), key=lambda item: (-item[1], item[0]))
    if lost:
        say(f"  not exported, {sum(done.tally.lost.values()):,} in all:", err=err)
    for (what, why), count in lost:
        say(f"    {count:,} × {what}: {why}", err=err)
    if done.order.handling != "protected":
        say("  protected facts, if there are any, are left out", err=err)
    say(f"  graph {done.version}, digest {done.digest}", err=err)
