"""`kg export`: write the graph for other tools."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.commands.backup import print_missing
from kg.cli.terminal import Json, open_workspace, print_json, print_line
from kg.errors import InputError

if TYPE_CHECKING:
    from kg.operations import BulkExportResult, ExportRequest, ExportResult, Workspace


def export(  # noqa: PLR0913  # one flag a parameter
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="[FORMAT] TARGET",
            help="The format, if the target's name does not determine it; then a file, a folder, or - for stdout.",
        ),
    ],
    kind: Annotated[
        str,
        typer.Option(
            "--format",
            help="records, ftm, graphml, gexf, csv, neo4j-admin, lake or package; by default by the target's name.",
        ),
    ] = "",
    sources: Annotated[
        list[str] | None, typer.Option("--source", help="Only the claims of this source; repeatable.")
    ] = None,
    types: Annotated[
        list[str] | None,
        typer.Option("--type", help="Only this node type with its subtypes, or this link type; repeatable."),
    ] = None,
    handling: Annotated[
        str, typer.Option(help="The strictest handling code exported: open, restricted or protected.")
    ] = "restricted",
    protected: Annotated[bool, typer.Option("--protected", help="The same as --handling protected.")] = False,
    cluster: Annotated[str, typer.Option("--cluster", help="Of a package: the cluster, by number, id or member.")] = "",
    around: Annotated[
        str, typer.Option("--around", help="Of a package: the entity whose neighbourhood is packed.")
    ] = "",
    packed: Annotated[bool, typer.Option("--gzip", help="Compress the files of a folder.")] = False,
    suggestions: Annotated[
        bool, typer.Option("--suggestions", help="Of one FollowTheMoney file: with suggestions, as Similar.")
    ] = False,
    json: Json = False,
) -> None:
    """Write the graph, or a part of it, for other tools.

    records: the records of each source in a file of its own; loaded again, they give the same graph. ftm:
    FollowTheMoney, one file of the merged graph, or a folder with a file for each source. graphml: for yEd and
    NetworkX. gexf: for Gephi. csv: tables. neo4j-admin: the whole graph for a bulk import into a Neo4j.
    lake: the whole ledger for kg lake; what has come since, if the lake is there.
    package: one cluster or neighbourhood as a ZIP file with a page, its records and the list of exhibits.
    What a format cannot hold is counted and listed. Protected facts need --handling protected and that scope.
    """
    from kg import operations
    from kg.files import is_stdout
    from kg.operations import ExportRequest

    kind, target = _format_and_target(words, kind)
    if json and is_stdout(target):
        raise InputError("the export and --json cannot both go to standard output; name a file")
    order = ExportRequest(
        *(target, kind, tuple(sources or ()), tuple(types or ()), "protected" if protected else handling, packed),
        suggestions=suggestions,
    )
    with open_workspace(syncs=False) as place:
        if kind == operations.PACKAGE:
            return _export_package(place, order, (cluster, around), json)
        if cluster or around:
            raise InputError("--cluster and --around are for a package: kg export package OUT.zip")
        if kind == operations.NEO4J_ADMIN:
            return _export_bulk(place, order, json)
        if kind == "lake":
            return _export_lake(place, order, json)
        done = operations.export(place, order)
    if json:
        print_json(done.to_json())
    else:
        _show(done, err=is_stdout(target))


def _format_and_target(words: list[str], kind: str) -> tuple[str, str]:
    """The format and the target, of one word or two."""
    if len(words) > 2:
        raise InputError(f"expected a format and a target, not {len(words)} arguments: {' '.join(words)}")
    if len(words) == 2 and kind not in ("", words[0]):
        raise InputError(f"{words[0]!r} and --format {kind} are two formats; give one")
    return (words[0], words[1]) if len(words) == 2 else (kind, words[0])


def _export_package(workspace: Workspace, request: ExportRequest, about: tuple[str, str], json: bool) -> None:
    from dataclasses import asdict

    from kg import operations
    from kg.findings.counts import plural

    if request.sources or request.types or request.is_compressed or request.handling != "restricted":
        raise InputError("a package has all but protected facts; leave out --source, --type, --handling and --gzip")
    done = operations.export_package(workspace, operations.PackageRequest(request.target, *about))
    if json:
        print_json({"format": operations.PACKAGE, **asdict(done)})
        return
    counted = ((done.nodes, "nodes"), (done.links, "links"), (done.records, "records"), (done.exhibits, "exhibits"))
    print_line(f"{done.target}: {done.title}: {', '.join(plural(number, things) for number, things in counted)}")
    print_line("  protected facts, if there are any, are left out")
    print_line(f"  graph {done.version}, SHA-256 {done.sha256}")


def _export_bulk(workspace: Workspace, request: ExportRequest, json: bool) -> None:
    from kg import operations

    if request.sources or request.types or request.is_compressed:
        raise InputError("a bulk import needs the whole graph, uncompressed; leave out --source, --type and --gzip")
    done = operations.export_bulk(workspace, request.target, protected=request.handling == "protected")
    if json:
        print_json(done.to_json())
    else:
        show_bulk(done, then="then start it and run kg sync")


def _export_lake(workspace: Workspace, request: ExportRequest, json: bool) -> None:
    from kg.findings.counts import plural
    from kg.operations.lake.export import export_lake
    from kg.operations.lake.project import using_lakes

    if request.sources or request.types or request.is_compressed:
        raise InputError("a lake has the whole ledger; leave out --source, --type and --gzip")
    with using_lakes():
        done = export_lake(workspace, request.target, protected=request.handling == "protected")
    print_missing(done.missing, "lake")
    if json:
        print_json(done.to_json())
        return
    counts = f"{plural(done.events, 'events')} of {plural(done.sources, 'sources')}"
    print_line(f"{done.target}: {counts}, as of load {done.load}")
    if done.resumed:
        print_line(f"  {plural(done.resumed, 'files')} of an interrupted export were complete")
    if not done.protected:
        print_line("  protected facts, if there are any, are left out")
    print_line(f"  graph {done.ledger}, version {done.version} of the lake")


def show_bulk(result: BulkExportResult, *, then: str) -> None:
    """Print what was written, how it is imported, and what is done after that."""
    from shlex import quote

    print_line(f"{result.target}: {result.nodes:,} nodes and {result.links:,} links in files for neo4j-admin")
    folder = quote(result.target)
    print_line("  to import into the Neo4j of kg neo4j, while it is stopped:")
    print_line(f"    kg neo4j import {folder}")
    print_line(f"  to import into another one, 5.x or 2026.x, while it is stopped; {then}:")
    print_line(f"    cd {folder} && {result.command}")
    if not result.protected:
        print_line("  protected facts, if there are any, are left out")
    print_line(f"  graph {result.version}")


def _show(result: ExportResult, *, err: bool) -> None:
    nodes, links = result.tally.nodes.total(), result.tally.links.total()
    print_line(f"{result.target}: {nodes:,} nodes and {links:,} links as {result.format}", err=err)
    lost = sorted(result.tally.lost.items(), key=lambda item: (-item[1], item[0]))
    if lost:
        print_line(f"  not exported, {sum(result.tally.lost.values()):,} in all:", err=err)
    for (what, why), count in lost:
        print_line(f"    {count:,} × {what}: {why}", err=err)
    if unread := result.tally.not_understood:
        print_line(f"  not understood, and exported in the source's own words, {unread.total():,} in all:", err=err)
        for what, count in unread.most_common():
            print_line(f"    {count:,} × {what}", err=err)
    if result.request.handling != "protected":
        print_line("  protected facts, if there are any, are left out", err=err)
    print_line(f"  graph {result.version}, digest {result.digest}", err=err)
