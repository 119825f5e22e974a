"""`kg load`: load files as a source's snapshot, or as a delta."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.terminal import Json, open_workspace, print_json, print_line
from kg.errors import InputError

if TYPE_CHECKING:
    from kg.ledger.loads import LoadResult


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: kg load entities.ftm.json --source opensanctions")(load)


def load(  # noqa: PLR0913  # one flag a parameter
    files: Annotated[
        list[Path] | None, typer.Argument(help="Files of one source: its complete snapshot.", readable=False)
    ] = None,
    source: Annotated[str, typer.Option(help="Name of the source, unless the files declare it.")] = "",
    connector: Annotated[
        str,
        typer.Option(
            "--as",
            help="A connector, or the path of a declaration of tables; chosen by the files' names.",
        ),
    ] = "",
    namespace: Annotated[str, typer.Option(help="Namespace of the source's keys; the source's name by default.")] = "",
    reference: Annotated[bool, typer.Option("--reference", help="Load the reference facts that came with kg.")] = False,
    delta: Annotated[
        bool, typer.Option("--delta", help="The files change what the source said; rows they do not name stay.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Stop at the first row or value that cannot be read.")
    ] = False,
    store: Annotated[str, typer.Option(help="A Neo4j to bring up to date, such as neo4j://HOST:7687.")] = "",
    json: Json = False,
) -> None:
    """Load files as one source's complete snapshot: whatever it said before and does not say here is withdrawn.

    With --delta each line brings, replaces or takes back one row, in the order of the files; the last word counts.

    A row that cannot be read is kept in a rejects file with its reason, and counted. The load happens as a whole, or
    not at all.
    """
    from kg import operations
    from kg.operations import FileLoadRequest

    if reference == bool(files):
        raise InputError("give either files to load, or --reference")
    if reference and delta:
        raise InputError("the reference facts are a snapshot; leave --delta out")
    order = FileLoadRequest(tuple(files or ()), connector, source, namespace, strict, delta=delta)
    if reference:
        order = operations.reference_load_request()
    with open_workspace(store=store) as workspace:
        result = operations.load(workspace, order)
    if json:
        print_json(load_json(result))
    else:
        show_load(result)


def show_load(result: LoadResult) -> None:
    """Say what a load did."""
    print_line(
        f"{result.source}: {result.added:,} records added, {result.changed:,} changed, {result.withdrawn:,} withdrawn, "
        f"{result.unchanged:,} as before; now {result.nodes:,} about nodes and {result.links:,} about links"
    )
    if result.rejected or result.set_aside:
        print_line(f"  {result.rejected:,} rows rejected, {result.set_aside:,} values set aside: {result.rejects_file}")
        for reason, count in _most_frequent(result.reasons):
            print_line(f"    {count:,} × {reason}")
    if result.repeated:
        print_line(f"  {result.repeated:,} records repeat another one of the same key")
    if result.unmapped:
        names = ", ".join(f"{name} ({count:,})" for name, count in _most_frequent(result.unmapped))
        print_line(f"  kept under the source's own names, because the ontology has no place for them: {names}")
    if result.waiting:
        print_line(f"  {result.waiting:,} links of the graph wait for an end that no source describes yet")


def show_load_in_one_line(result: LoadResult) -> None:
    """Say on one line what a load into a new store did; nothing that was lost is left out."""
    lost = f", {result.rejected + result.set_aside:,} rejects in {result.rejects_file}" if result.reasons else ""
    print_line(f"  {result.source:14} {result.nodes:>5,} records about nodes, {result.links:>5,} about links{lost}")


def _most_frequent(counts: dict[str, int], limit: int = 5) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:limit]


def load_json(result: LoadResult) -> dict[str, object]:
    return {name: getattr(result, name) for name in result.__dataclass_fields__}
