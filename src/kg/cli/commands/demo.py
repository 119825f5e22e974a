"""What does the demo do, step by step?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kg.cli.commands.clusters import show_clusters
from kg.cli.commands.load import show_load_in_one_line
from kg.cli.commands.path import show_paths
from kg.cli.terminal import print_line

if TYPE_CHECKING:
    from kg.operations import Progress, Workspace

MAX_CLUSTERS = 5


def run_demo(out: Path, progress: Progress) -> None:
    """Load the reference facts and the invented case set into a new store in `out`, and answer from it."""
    from kg import operations
    from kg.analysis.clusters import ClusterParameters
    from kg.analysis.paths import PathQuestion, Ranking

    place = operations.build_workspace(_new_store_path(out), progress=progress)
    print_line("Loading the reference facts and the demo case set. All people and companies in it are invented.")
    for order in operations.demo_load_requests():
        show_load_in_one_line(operations.load(place, order))
    found = operations.verify(place)
    verdict = "clean" if found.is_clean else "NOT clean"
    print_line(f"verify: {verdict}, {found.nodes:,} nodes, {found.links:,} links, digest {found.digest[:16]}…")
    with operations.open_store(place) as store:
        print_line()
        print_line("Which assets are held together (kg clusters --sought):")
        parameters = ClusterParameters(only_sought=True)
        show_clusters(store, operations.find_clusters(store, parameters), MAX_CLUSTERS)
        start, goal = operations.demo_path_ends()
        print_line()
        print_line(f"How are they connected (kg path {start} {goal}):")
        show_paths(operations.find_paths(store, PathQuestion(start, goal), Ranking(most=1)), place.ontology.links)
        files = operations.write_report(place, store, out, operations.DEMO_DAY, 50, parameters)
    print_line()
    _show_next_steps(place, list(files.values()))


def _new_store_path(out: Path) -> Path:
    """The path of the demo's own store, which an earlier demo may have left."""
    path = out / "demo.sqlite"
    for leftover in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        leftover.unlink(missing_ok=True)
    return path


def _show_next_steps(workspace: Workspace, files: Sequence[Path]) -> None:
    print_line("Look at the report in a browser:")
    for file in files:
        print_line(f"  {file}")
    print_line("Ask on your own:")
    print_line(f"  export KG_STORE='embedded:{workspace.path}'")
    print_line("  .venv/bin/kg show demo:p-003")
    print_line("  .venv/bin/kg clusters --sought")
