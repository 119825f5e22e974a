"""`kg demo`: the main job on the invented demo case set, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.commands.clusters import show_clusters
from kg.cli.commands.load import show_load_in_one_line
from kg.cli.commands.path import show_paths
from kg.cli.terminal import print_line, show_progress

if TYPE_CHECKING:
    from kg.operations import Progress, Workspace

MAX_CLUSTERS = 5


def demo(
    out: Annotated[Path, typer.Option(help="Folder for the demo's store and report; made anew each time.")] = Path(
        "kg-demo"
    ),
) -> None:
    """Run the main job on the invented demo case set, in a store of its own."""
    with show_progress() as progress:
        _run(out, progress)


def _run(out: Path, progress: Progress) -> None:
    from kg import operations
    from kg.analysis.clusters import ClusterParameters
    from kg.analysis.paths import PathQuestion, Ranking

    workspace = operations.Workspace(_new_store_path(out), progress=progress)
    print_line("Loading the reference facts and the demo case set. All people and companies in it are invented.")
    for request in operations.demo_load_requests():
        show_load_in_one_line(operations.load(workspace, request))
    for exhibit in operations.demo_attach_requests():
        operations.attach(workspace, exhibit)
        print_line(f"  {exhibit.source:16} {exhibit.file.name}, an exhibit")
    found = operations.verify(workspace)
    verdict = "clean" if found.is_clean else "NOT clean"
    print_line(f"verify: {verdict}, {found.nodes:,} nodes, {found.links:,} links, digest {found.digest[:16]}…")
    with operations.open_store(workspace) as store:
        print_line()
        print_line("Which assets are held together (kg clusters --sought):")
        parameters = ClusterParameters(only_sought=True)
        show_clusters(store, operations.find_clusters(store, parameters), MAX_CLUSTERS)
        start, goal = operations.demo_path_ends()
        print_line()
        print_line(f"How are they connected (kg path {start} {goal}):")
        show_paths(operations.find_paths(store, PathQuestion(start, goal), Ranking(most=1)), workspace.ontology)
        files = operations.write_report(workspace, store, out, operations.DEMO_DAY, 50, parameters)
    print_line()
    _show_next_steps(workspace, list(files.values()))


def _new_store_path(out: Path) -> Path:
    """The path of the demo's own store; files of an earlier demo are removed."""
    from kg.database import COMPANIONS

    path = out / "demo.sqlite"
    for ending in ("", *COMPANIONS):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    return path


def _show_next_steps(workspace: Workspace, files: Sequence[Path]) -> None:
    print_line("Look at the report in a browser:")
    for file in files:
        print_line(f"  {file}")
    print_line("Ask on your own:")
    print_line(f"  export KG_STORE='embedded:{workspace.path}'")
    print_line("  .venv/bin/kg explore  # the explorer: a page in your browser")
    print_line("  .venv/bin/kg show demo:p-003")
    print_line("  .venv/bin/kg exhibits demo:as-0001")
    print_line("  .venv/bin/kg clusters --sought")
