"""The commands `kg lake`, for what is too large for one SQLite file."""

from __future__ import annotations

from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.cli.commands.backup import print_missing
from kg.cli.commands.load import Replaces, ReverseOption, load_json, show_load
from kg.cli.commands.screen import Connector, Files, Least, Out, show_screening, write_screening
from kg.cli.errors import HelpedGroup
from kg.cli.terminal import Json, confirm, open_workspace, print_json, print_line
from kg.errors import InputError
from kg.findings.counts import plural

if TYPE_CHECKING:
    from kg.lake.graph import LakeGraph
    from kg.operations.lake.project import EngineOptions

Folder = Annotated[Path, typer.Argument(metavar="LAKE", help="Folder of the lake; `kg export lake LAKE` makes one.")]
EngineName = Annotated[str, typer.Option("--engine", help="What moves the rows: duckdb, spark or sail.")]
Master = Annotated[str, typer.Option(help="Address of a cluster for spark or sail; by default this machine.")]
Parts = Annotated[
    int, typer.Option(min=0, max=10_000, help="Into how many parts rows are divided; by default by their number.")
]
Memory = Annotated[str, typer.Option(help="Memory of the engine before it spills to disk, such as 4GB.")]

group = typer.Typer(
    add_completion=False,
    cls=HelpedGroup,
    rich_markup_mode=None,
    help="Keep a ledger as files that Spark, Sail and DuckDB read, and make the same graph from them.",
)


@group.command(epilog="Example: kg lake project lake --engine duckdb --parts 8")
def project(  # noqa: PLR0913  # one flag a parameter
    lake: Folder,
    engine: EngineName = "duckdb",
    master: Master = "",
    parts: Parts = 0,
    memory: Memory = "",
    load: Annotated[int | None, typer.Option(help="The graph as of this load; by default the newest.")] = None,
    whole: Annotated[bool, typer.Option("--whole", help="Make all of it anew, not only what has changed.")] = False,
    json: Json = False,
) -> None:
    """Make the graph of the lake. Its sum is the one that `kg verify` prints of the same records in SQLite.

    After a load, only what it has touched is made anew; the graph is the same.
    """
    from kg.operations.lake.project import project_lake, using_lakes

    with using_lakes(_extra(engine)), open_workspace(syncs=False) as workspace:
        options = _options(engine, master, parts, memory)
        made = project_lake(lake, options, load=load, progress=workspace.progress, whole=whole)
        data = _graph_json(made, protected=workspace.protected)
    if json:
        print_json(data)
    else:
        _show_graph(data)


@group.command(epilog="Example: kg lake load lake entities.ftm.json --source opensanctions")
def load(  # noqa: PLR0913  # one flag a parameter
    lake: Folder,
    files: Annotated[list[Path], typer.Argument(help="Files, folders and zip archives, as kg load takes them.")],
    source: Annotated[str, typer.Option(help="Name of the source; needed unless the files declare it.")] = "",
    connector: Annotated[str, typer.Option("--as", help="How to read the files; by default by their names.")] = "",
    replaces: Replaces = False,
    reverse: ReverseOption = "",
    json: Json = False,
) -> None:
    """Load files as a source's complete snapshot into the lake, which is made when absent.

    They are read as `kg load` reads them. Only what came and went is written; `kg lake project` makes the graph.
    """
    from kg.operations import FileLoadRequest
    from kg.operations.lake.load import load_into_lake
    from kg.operations.lake.project import using_lakes

    with using_lakes(), open_workspace(syncs=False) as workspace:
        request = FileLoadRequest(tuple(files), connector, source, replace=replaces, reverse=reverse)
        done = load_into_lake(workspace, lake, request)
    if json:
        print_json({**load_json(done.result), "load": done.load, "version": done.version})
        return
    show_load(done.result, lake=str(lake))
    print_line(f"  in load {done.load}; kg lake project {quote(str(lake))} makes the graph")


@group.command(epilog="Example: kg lake verify lake")
def verify(
    lake: Folder,
    engine: EngineName = "duckdb",
    master: Master = "",
    parts: Parts = 0,
    json: Json = False,
) -> None:
    """Compare the records with the digests of their loads, the graph with its sum, attached files with their digests.

    One node in a hundred is made anew.
    """
    from dataclasses import asdict

    from kg.operations.lake.project import using_lakes, verify_lake

    with using_lakes(_extra(engine)), open_workspace(syncs=False) as workspace:
        found = verify_lake(
            lake, _options(engine, master, parts, ""), workspace.progress, protected=workspace.protected
        )
        graph = _graph_json(found.graph, protected=workspace.protected) if found.graph else None
    if json:
        print_json({"clean": found.is_clean, **asdict(found), "graph": graph})
    elif found.is_clean:
        print_line(f"clean: the records of {plural(found.sources, 'sources')} at load {found.load} are as loaded")
        if found.attachments:
            print_line(f"{plural(found.attachments, 'attached files')} as attached")
        if graph:
            print_line(f"graph at load {graph['load']}: {plural(found.nodes_made_anew, 'nodes')} made anew are equal")
            _show_graph(graph)
    else:
        print_line("differs: " + ", ".join(found.differing))
    if not found.is_clean:
        raise typer.Exit(1)


@group.command(epilog="Example: kg lake pull lake --around demo:p-003 2 --to piece.sqlite")
def pull(  # one flag a parameter
    lake: Folder,
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Ids, namespace:key or whole names.")
    ] = None,
    target: Annotated[
        Path, typer.Option("--to", help="The new store; set KG_STORE to embedded:PATH to use it.")
    ] = Path("piece.sqlite"),
    around: Annotated[
        tuple[str, int] | None, typer.Option(metavar="NAME DEPTH", help="A node, and how many links away others are.")
    ] = None,
    depth: Annotated[int, typer.Option(min=0, max=10, help="The same depth for all names.")] = 1,
    json: Json = False,
) -> None:
    """Make an ordinary store of a piece of the graph, where every command works.

    A piece has all records about its nodes and the links between them. Links that lead out of it are left out and
    counted, and every command on the piece says so.
    """
    from kg.operations.lake.project import EngineOptions, using_lakes
    from kg.operations.lake.pull import PullRequest
    from kg.operations.lake.pull import pull as pull_piece

    if around and not 0 <= around[1] <= 10:
        raise InputError(f"--around {around[0]} {around[1]}: expected a depth from 0 to 10")
    wanted = (*(names or ()), *((around[0],) if around else ()))
    with using_lakes(), open_workspace(syncs=False) as workspace:
        request = PullRequest(lake, target, wanted, around[1] if around else depth)
        done = pull_piece(workspace, request, EngineOptions())
    print_missing(done.missing)
    if json:
        print_json(done.to_json())
        return
    files = f", {plural(done.attachments, 'attached files')}" if done.attachments else ""
    print_line(
        f"{done.target}: {plural(done.nodes, 'nodes')}, {plural(done.records, 'records')},"
        f" {plural(done.judgements, 'judgements')}{files} as of load {done.load}"
    )
    print_line(f"  left out at its edge: {plural(done.cut_links, 'links')} of {plural(done.cut_nodes, 'nodes')}")
    for name, count in sorted(done.cut_types.items(), key=lambda item: (-item[1], item[0])):
        print_line(f"    {count:,} × {name}")


@group.command(epilog="Example: kg lake export neo4j-admin lake bulk --engine spark --parts 400")
def export(  # noqa: PLR0913  # one flag a parameter
    form: Annotated[str, typer.Argument(metavar="FORMAT", help="neo4j-admin: files for a bulk import into a Neo4j.")],
    lake: Folder,
    target: Annotated[str, typer.Argument(metavar="FOLDER", help="The new folder, which all workers reach.")],
    engine: EngineName = "duckdb",
    master: Master = "",
    parts: Parts = 0,
    memory: Memory = "",
    protected: Annotated[
        bool, typer.Option("--protected", help="Protected facts too; only in the protected scope.")
    ] = False,
    json: Json = False,
) -> None:
    """Write the lake's graph for a Neo4j: the nodes and links that `kg export neo4j-admin` writes, by many workers."""
    from kg.cli.commands.export import show_bulk
    from kg.operations.lake.project import using_lakes

    if form != "neo4j-admin":
        raise InputError(f"format {form!r}: expected neo4j-admin; `kg lake pull` makes a store that kg export takes")
    with using_lakes(_extra(engine)), open_workspace(syncs=False) as workspace:
        from kg.operations.lake.bulk import export_lake_bulk
        from kg.stores.neo4j.bulk_files import SCHEMA

        done = export_lake_bulk(workspace, lake, target, _options(engine, master, parts, memory), protected=protected)
    if json:
        print_json(done.to_json())
    else:
        show_bulk(done, then=f"then start it and run {SCHEMA} there")


@group.command(epilog="Example: kg lake screen lake wanted.csv --out hits.xlsx")
def screen(  # noqa: PLR0913  # one flag a parameter
    lake: Folder,
    files: Files,
    source: Annotated[str, typer.Option("--source", help="Search only what this source of the lake says.")] = "",
    least: Least = 0.1,
    expect: Annotated[
        float, typer.Option(min=0.0001, max=1, help="The share of the list that you expect to be in the lake.")
    ] = 0.5,
    connector: Connector = "",
    out: Out = "",
    engine: EngineName = "duckdb",
    master: Master = "",
    parts: Parts = 0,
    memory: Memory = "",
    json: Json = False,
) -> None:
    """Screen a list of people or companies against the lake's graph: what `kg screen` finds in a store of it.

    Nothing is loaded. The engine finds the entries that may be on the list; they are compared on this machine.
    """
    from kg.operations.lake.project import using_lakes
    from kg.operations.matching.hits import check_output
    from kg.operations.matching.screening import ScreeningRequest

    check_output(out)
    request = ScreeningRequest(tuple(files), (), source, least, expect, connector)
    with using_lakes(_extra(engine)), open_workspace(syncs=False) as workspace:
        from kg.operations.lake.screen import screen_lake

        screening = screen_lake(workspace, lake, request, _options(engine, master, parts, memory))
    write_screening(screening, out)
    show_screening(screening, out, json=json)


@group.command(epilog="Example: kg lake clusters lake --limit 5")
def clusters(
    lake: Folder,
    limit: Annotated[int, typer.Option(min=1, help="How many clusters are printed.")] = 20,
    json: Json = False,
) -> None:
    """Find the clusters of the lake's graph: the members that `kg clusters` finds of the same records.

    One worker partitions the graph. Of one that is too large for it, pull a piece and run `kg clusters` there.
    """
    from dataclasses import asdict

    from kg.operations.lake.clusters import cluster_lake
    from kg.operations.lake.project import using_lakes

    with using_lakes(), open_workspace(syncs=False) as workspace:
        found = cluster_lake(workspace, lake)
    if json:
        print_json(asdict(found))
        return
    print_line(f"{plural(len(found.clusters), 'clusters')} of {found.nodes:,} nodes as of {found.as_of}")
    for members in found.clusters[:limit]:
        print_line(f"  {plural(len(members), 'members')}: {', '.join(members[:3])}{' …' if len(members) > 3 else ''}")


@group.command(epilog="Example: kg lake withdraw lake opensanctions --yes")
def withdraw(
    lake: Folder,
    source: Annotated[str, typer.Argument(help="Name of the source.")],
    erase: Annotated[bool, typer.Option("--erase", help="Remove it from the lake's files and log, for good.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    json: Json = False,
) -> None:
    """Withdraw everything a source said from the lake. The graph is then as if it had never been loaded.

    The lake keeps the events unless you give --erase: then files are rewritten and every file that is left is read to
    see that nothing of it stays. Graphs made before go too; make one anew with `kg lake project`.
    """
    from dataclasses import asdict

    from kg.operations.lake.project import using_lakes
    from kg.operations.lake.withdraw import erase_from_lake, withdraw_from_lake
    from kg.operations.workspace import today

    if not yes:
        question = f"Erase everything that {source!r} ever said, for good?" if erase else f"Withdraw all of {source!r}?"
        confirm(question, "withdrawing needs a confirmation")
    with using_lakes(), open_workspace(syncs=False) as workspace:
        done = erase_from_lake(lake, source) if erase else withdraw_from_lake(lake, source, today(), workspace.user)
    if json:
        print_json(asdict(done))
    elif erase:
        print_line(
            f"{source}: erased, {plural(done.erased_files, 'files')} removed, {done.rewritten_files:,} rewritten"
        )
        if done.attachments:
            print_line(f"  {plural(done.attachments, 'attached files')} removed")
        print_line(f"  {plural(done.checked_files, 'files')} read: nothing of it is left")
    else:
        print_line(f"{source}: {done.withdrawn:,} records withdrawn in load {done.load}")


@group.command(epilog="Example: kg lake compact lake")
def compact(
    lake: Folder,
    retain: Annotated[int, typer.Option(min=0, help="Hours for which replaced files stay for those who read.")] = 168,
    json: Json = False,
) -> None:
    """Join the small files of many loads into larger ones, and the log into one checkpoint. No event is lost.

    Every load stays there for `kg lake project --load`. With --retain 0, nobody else may read or write meanwhile.
    """
    from dataclasses import asdict

    from kg.operations.lake.project import using_lakes

    with using_lakes():
        from kg.lake.events import Lake

        done = Lake(lake).compact(retain)
    if json:
        print_json(asdict(done))
        return
    print_line(f"{lake}: {plural(done.joined, 'small files')} joined into {done.made:,}")
    print_line(f"  {plural(done.removed, 'old files')} removed")


def _options(engine: str, master: str, parts: int, memory: str) -> EngineOptions:
    from kg.operations.lake.project import EngineOptions

    return EngineOptions(engine, parts, master, memory)


def _extra(engine: str) -> str:
    return engine if engine in ("spark", "sail") else "lake"


def _graph_json(graph: LakeGraph, *, protected: bool) -> dict[str, Any]:
    seen = graph.protected if protected else graph.open
    return {
        "engine": graph.engine,
        "load": graph.load,
        "version": graph.version,
        "as_of": graph.day(protected=protected),
        "nodes": seen.nodes,
        "links": seen.links,
        "graph_sum": seen.graph_sum,
    }


def _show_graph(graph: dict[str, Any]) -> None:
    print_line(
        f"{graph['nodes']:,} nodes and {graph['links']:,} links as of load {graph['load']}, made by {graph['engine']}"
    )
    print_line(f"sum    {graph['graph_sum']}")
