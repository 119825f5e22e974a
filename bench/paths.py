"""How fast are paths in the engine, and how fast is the same question in a Neo4j?

Run: python -m bench.paths s [--peer]      100,000 nodes and 300,000 links; with --peer, in a Neo4j in the same run too
     python -m bench.paths m --peer        ten times that
     python -m bench.paths s --store FILE  a store that is there already, brought to this version's format first

Pairs of people and companies at a distance of 3 to 6 are asked for, one after the other, nothing filtered, nothing
warmed up but for the first question. Without KG_TEST_NEO4J_URI, a local server is started for the peer.
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from neo4j import GraphDatabase

from bench.figures.files import make_files
from bench.figures.questions import distance, pairs_at_distance
from kg import operations
from kg.analysis.paths import DEFAULT_EXCLUDED_TRAITS, PathQuestion, Ranking, ranked_paths
from kg.neo4j_server import server as local
from kg.neo4j_server.home import ServerHome, ServerOptions
from kg.operations import FileLoadRequest, Workspace
from kg.settings import read as read_settings
from kg.stores.neo4j_address import Neo4jAddress
from kg.view import GraphView, NoRecords
from tests.neo4j_server import free_ports

SIZES = {"s": 100_000, "m": 1_000_000}
TEN = Ranking("credible", 10, sample=0)
FILTERED: dict[str, dict[str, Any]] = {
    "as of a day": {"as_of": "2012-06-30"},
    "ownership, control and benefit only": {"only_traits": ("ownership", "control", "benefit")},
    "through nodes of at most 50 links": {"max_degree": 50},
}

Pair = tuple[str, str]


def main() -> None:
    """Print a table."""
    chosen = _parser().parse_args()
    nodes = SIZES.get(chosen.size) or int(chosen.size)
    with working_folder(chosen.folder) as name:
        workspace = loaded_store(Path(name), nodes, chosen.store)
        _timed_line("view read from the store", lambda: operations.build_cached_view(workspace))
        with operations.open_store(workspace) as store:
            view = _timed_line("view opened from its files", store.view)
            pairs = pairs_at_distance(view, chosen.pairs, range(3, 7))
            print(f"{len(view.ids):,} nodes, {len(view.link_ids):,} links, {len(pairs)} pairs at distance 3 to 6")
            print("", "| what | median | 95 % | slowest | target |", "|---|---|---|---|---|", sep="\n")
            ours = measure_engine(view, pairs)
        if chosen.peer:
            with neo4j_server(Path(name), chosen.heap) as address:
                workspace = replace(workspace, neo4j=address)
                begin = time.perf_counter()
                operations.sync(workspace)
                compare_with_neo4j(workspace, view, pairs, ours)
                print(f"\nsync before that: {time.perf_counter() - begin:,.0f} s")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"\nmost memory of this process: {peak:,.0f} MiB")


def measure_engine(view: GraphView, pairs: Sequence[Pair]) -> list[float]:
    """Every kind of question; returns the seconds of the shortest paths."""
    distance(view, *pairs[0])
    times = [_timed(distance, view, *pair) for pair in pairs]
    print_row("length of the shortest path, engine", times, "5 ms (95 %)")
    ranked_paths(view, PathQuestion(*pairs[0]), TEN)
    ten = [_timed(ranked_paths, view, PathQuestion(*pair), TEN) for pair in pairs]
    print_row("ten most credible, depth 6, with their claims", ten, "30 ms (median), 150 ms (95 %)")
    bare = view.with_records(NoRecords())
    print_row("the same, no claims read", [_timed(ranked_paths, bare, PathQuestion(*pair), TEN) for pair in pairs], "")
    for name, limits in FILTERED.items():
        print_row(
            f"the ten, {name}", [_timed(ranked_paths, view, PathQuestion(*p, **limits), TEN) for p in pairs], "stated"
        )
    return times


def compare_with_neo4j(workspace: Workspace, view: GraphView, pairs: Sequence[Pair], ours: list[float]) -> None:
    """The same shortest paths through the driver; both must be as long."""
    assert workspace.neo4j
    types = "|".join(sorted(set(view.link_types) - view.ontology.with_trait(*DEFAULT_EXCLUDED_TRAITS)))
    query = f"""MATCH (a:Entity {{id: $a}}), (b:Entity {{id: $b}})
        MATCH p = shortestPath((a)-[:{types}*..6]-(b)) RETURN length(p) AS links"""
    who = (workspace.neo4j.user, workspace.neo4j.password) if workspace.neo4j.password else None
    with GraphDatabase.driver(workspace.neo4j.uri, auth=who) as driver, driver.session() as session:

        def ask(a: str, b: str) -> int | None:
            found = session.run(query, a=a, b=b).single()
            return found["links"] if found else None

        warm = [ask(*pair) for pair in pairs]  # its page cache and its plans
        times = [_timed(ask, *pair) for pair in pairs]
    print_row("the same through the driver in a warm Neo4j", times, "")
    lengths = [distance(view, *pair) or None for pair in pairs]
    apart = sum(one != other for one, other in zip(lengths, warm, strict=True))
    ratio = _quantile(ours, 0.95) / _quantile(times, 0.95)
    print(f"\nours take {ratio:.2f} of theirs at 95 % (target 0.5); {apart} of {len(pairs)} lengths differ")


def print_row(what: str, times: Sequence[float], target: str) -> None:
    """A line of the table."""
    shown = (f"{1000 * _quantile(times, part):.2f} ms" for part in (0.5, 0.95, 1.0))
    print("| " + " | ".join((what, *shown, target)) + " |", flush=True)


def loaded_store(folder: Path, nodes: int, store: Path | None) -> Workspace:
    """The store to ask, loaded first where there is none."""
    path = store or folder / f"store-{nodes}.sqlite"
    workspace = replace(operations.Workspace(path), view_cache=folder / "views")
    if not path.exists():
        files = make_files(folder, nodes, 3 * nodes)
        operations.load(workspace, operations.reference_load_request())
        operations.load(workspace, FileLoadRequest((files.first,), source="figures", day="2014-12-05"))
    return workspace


@contextmanager
def neo4j_server(folder: Path, heap: str) -> Iterator[Neo4jAddress]:
    """A Neo4j to compare with."""
    if uri := os.environ.get("KG_TEST_NEO4J_URI"):
        user = os.environ.get("KG_TEST_NEO4J_USER", "neo4j")
        yield Neo4jAddress(uri, user, os.environ.get("KG_TEST_NEO4J_PASSWORD", ""))
        return
    home, (bolt, http) = ServerHome(folder / "neo4j"), free_ports(2)
    plan = ServerOptions(bolt_port=bolt, http_port=http, guide_port=0, heap=heap, page_cache="2g")
    local.start(home, plan, read_settings().neo4j_cache, lambda *_: None)
    try:
        yield Neo4jAddress(f"bolt://127.0.0.1:{bolt}", "neo4j", home.password())
    finally:
        local.stop(home)


def _timed_line(what: str, work: Callable[[], Any]) -> Any:
    begin = time.perf_counter()
    found = work()
    print(f"{what}: {time.perf_counter() - begin:.2f} s", flush=True)
    return found


def _timed(ask: Callable[..., object], *question: object) -> float:
    begin = time.perf_counter()
    ask(*question)
    return time.perf_counter() - begin


def _quantile(times: Sequence[float], part: float) -> float:
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))]


def working_folder(chosen: Path | None) -> Any:
    import tempfile
    from contextlib import nullcontext

    if chosen is None:
        return tempfile.TemporaryDirectory(prefix="kg-paths-")
    chosen.mkdir(parents=True, exist_ok=True)
    return nullcontext(str(chosen))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.paths", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("size", help="s, m, or a number of nodes")
    parser.add_argument("--pairs", type=int, default=200, help="how many pairs are asked for (default 200)")
    parser.add_argument("--peer", action="store_true", help="ask a Neo4j too")
    parser.add_argument("--heap", default="2g", help="memory of that server (default 2g)")
    parser.add_argument("--store", type=Path, help="a store to ask in place of a generated one")
    parser.add_argument("--folder", type=Path, help="where files are kept (default: nowhere, they are removed)")
    return parser


if __name__ == "__main__":
    main()
