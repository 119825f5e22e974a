"""What does the demo do, step by step?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kg.cli.commands.clusters import show_clusters
from kg.cli.commands.load import show_brief
from kg.cli.commands.path import show_paths
from kg.cli.terminal import say

if TYPE_CHECKING:
    from kg.operations import Progress, Workplace

CLUSTERS_SHOWN = 5


def demonstrate(out: Path, progress: Progress) -> None:
    """Load the reference facts and the invented case set into a new store in `out`, and answer from it."""
    from kg import operations
    from kg.analysis.clusters.parameters import ClusterParameters
    from kg.analysis.paths.ranking import PathQuestion, Ranking

    place = operations.workplace(_fresh(out), progress=progress)
    say("Loading the reference facts and the demo case set. All people and companies in it are invented.")
    for order in operations.demo_orders():
        show_brief(operations.load(place, order))
    found = operations.verify(place)
    verdict = "clean" if found.clean else "NOT clean"
    say(f"verify: {verdict}, {found.nodes:,} nodes, {found.links:,} links, digest {found.digest[:16]}…")
    with operations.open_store(place) as store:
        say()
        say("Which assets are held together (kg clusters --sought):")
        parameters = ClusterParameters(only_sought=True)
        show_clusters(store, operations.find_clusters(store, parameters), CLUSTERS_SHOWN)
        start, goal = operations.demo_path()
        say()
        say(f"How are they connected (kg path {start} {goal}):")
        show_paths(operations.find_paths(store, PathQuestion(start, goal), Ranking(most=1)), place.ontology.links)
        files = operations.write_report(place, store, out, operations.DEMO_DAY, 50, parameters)
    say()
    _where_to_look(place, list(files.values()))


def _fresh(out: Path) -> Path:
    """The path of the demo's own store, which an earlier demo may have left."""
    path = out / "demo.sqlite"
    for leftover in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        leftover.unlink(missing_ok=True)
    return path


def _where_to_look(place: Workplace, files: Sequence[Path]) -> None:
    say("Look at the report in a browser:")
    for file in files:
        say(f"  {file}")
    say("Ask on your own:")
    say(f"  export KG_STORE='embedded:{place.path}'")
    say("  .venv/bin/kg show demo:p-003")
    say("  .venv/bin/kg clusters --sought")
