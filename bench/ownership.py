"""How long does effective ownership of everybody take, and how much memory?

    python -m bench.ownership                                    # an invented set of 100,000 nodes and 300,000 links
    python -m bench.ownership --nodes 1000000 --links 3000000
    python -m bench.ownership --store graph.sqlite               # a store that is there

Opening the view is stated apart. The peak is that of the whole process, the view included.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

import numpy as np

from kg import operations


def main() -> None:
    """Measure on one store."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", type=Path, help="a store to ask; else one is made")
    parser.add_argument("--nodes", type=int, default=100_000)
    parser.add_argument("--links", type=int, default=300_000)
    parser.add_argument("--runs", type=int, default=1)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(wanted.store or make_store(Path(folder), wanted.nodes, wanted.links), wanted.runs)


def measure(store: Path, runs: int) -> None:
    """Print what opening the view and each interest take."""
    from kg.analysis.ownership import COLUMNS, effective_ownership
    from kg.findings import INTERESTS

    with operations.open_store(operations.Workspace(store)) as opened:
        start = time.perf_counter()
        view = opened.view(COLUMNS)
        print(f"{len(view.ids):,} nodes, {len(view.link_ids):,} links; view {time.perf_counter() - start:.1f} s")
        people = view.nodes_of("Person")
        for interest in INTERESTS:
            for _ in range(runs):
                start = time.perf_counter()
                found = effective_ownership(view, interest)
                took = time.perf_counter() - start
                held = np.unique(found.held[people[found.holder]])
                print(f"{interest:10} {len(found.held):>11,} holdings of {len(held):,} things by people: {took:.1f} s")
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MiB")


def make_store(folder: Path, nodes: int, links: int) -> Path:
    """An invented set, loaded into a store of its own."""
    from bench.generate import ftm

    file, store = folder / "set.ftm.jsonl", folder / "graph.sqlite"
    ftm.write(ftm.plan(ftm.SetSize(nodes=nodes, links=links)), file)
    operations.load(operations.Workspace(store), operations.FileLoadRequest((file,), source="set", namespace="demo"))
    return store


if __name__ == "__main__":
    main()
