"""What does it cost to draw the neighbourhood of anybody, and of the largest hubs?

Run: python -m bench.neighbourhoods s                 100,000 nodes and 300,000 links
     python -m bench.neighbourhoods m                 ten times that
     python -m bench.neighbourhoods s --store FILE    a store that is there already, brought to this format first

Each answer is made and written as JSON in this process, by the default limits, from a view in files as in the service.
CPU seconds are to be compared; wall clock only where nothing else runs.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from bench.paths import loaded_store, working_folder
from kg import operations
from kg.operations import NeighbourhoodQuery
from kg.operations.answers import Answer
from kg.ports import Store
from kg.view import GraphView

SIZES = {"s": 100_000, "m": 1_000_000}
HUBS, VIEW = 50, 200
"""How many of the largest hubs are drawn, and how many nodes a picture has that is restored."""

Cost = tuple[float, float, int]
"""CPU and wall seconds, and bytes of the answer."""


def main() -> None:
    """Print a table."""
    chosen = _parser().parse_args()
    nodes = SIZES.get(chosen.size) or int(chosen.size)
    with working_folder(chosen.folder) as name:
        workspace = loaded_store(Path(name), nodes, chosen.store)
        operations.build_cached_view(workspace)
        with operations.open_store(workspace) as store:
            view = store.view()
            print(
                f"{len(view.ids):,} nodes, {len(view.link_ids):,} links; the largest hub has {view.degree.max():,}",
                "",
                sep="\n",
            )
            print("| what | CPU ms, median | 95 % | most | wall ms, 95 % | largest answer | target |")
            print("|---|---|---|---|---|---|---|", flush=True)
            measure(store.with_view(lambda _: view), view, chosen.nodes)


def measure(store: Store, view: GraphView, count: int) -> None:
    """Every kind of question."""
    random = np.random.default_rng(0)
    some = [view.id(int(node)) for node in random.choice(len(view.ids), min(count, len(view.ids)), replace=False)]
    hubs = [view.id(int(node)) for node in np.argsort(-view.degree, kind="stable")[:HUBS]]
    target = "50 ms CPU, 200 ms wall, 64 kB"
    for what, ids, limit in (
        ("neighbourhood of a random node", some, 60),
        (f"of the {HUBS} largest hubs", hubs, 60),
        ("counts of these hubs alone", hubs, 0),
    ):
        print_row(what, [cost(partial(_around, store, n, limit)) for n in ids], target)
    drawn = tuple(some[:VIEW])
    print_row("hubs, 200 nodes drawn before", [cost(partial(_around, store, n, 60, drawn)) for n in hubs], target)
    pictures = [[*random.permutation(some)[:VIEW]] for _ in range(10)]
    print_row(f"picture of {VIEW} nodes restored", [cost(partial(_restored, store, p)) for p in pictures], "")


def cost(ask: Callable[[], Answer]) -> Cost:
    """What one answer costs, after it was given once."""
    ask()
    wall, cpu = time.perf_counter(), time.process_time()
    size = len(ask().model_dump_json(by_alias=True).encode())
    return time.process_time() - cpu, time.perf_counter() - wall, size


def print_row(what: str, costs: Sequence[Cost], target: str) -> None:
    """A line of the table."""
    cpu, wall, sizes = (sorted(one) for one in zip(*costs, strict=True))
    last = int(len(cpu) * 0.95)
    shown = (f"{1000 * seconds:.1f}" for seconds in (cpu[len(cpu) // 2], cpu[last], cpu[-1], wall[last]))
    print("| " + " | ".join((what, *shown, f"{sizes[-1] / 1000:.1f} kB", target)) + " |", flush=True)


def _around(store: Store, node: str, limit: int, drawn: tuple[str, ...] = ()) -> Answer:
    return operations.find_neighbourhoods(store, NeighbourhoodQuery((node,), limit=limit, drawn=drawn))


def _restored(store: Store, nodes: Sequence[str]) -> Answer:
    return operations.select_subgraph(store, nodes)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.neighbourhoods", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("size", help="s, m, or a number of nodes")
    parser.add_argument("--nodes", type=int, default=500, help="how many random nodes are drawn (default 500)")
    parser.add_argument("--store", type=Path, help="a store to ask in place of a generated one")
    parser.add_argument("--folder", type=Path, help="where files are kept (default: nowhere, they are removed)")
    return parser


if __name__ == "__main__":
    main()
