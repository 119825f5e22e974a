"""What do processes that read beside the one that writes give a first load?

Run: python -m bench.readers [NODES …] [--before COMMIT] [--turns 3]

For each number of nodes, with three links each, a set of FollowTheMoney is generated and loaded into a new store by
turns: with the code of an earlier commit if one is named, in one process, and with the processes that `KG_READERS`
gives by default. Printed are medians: CPU seconds of the process that writes and of those that read, the wall clock,
the most memory that each had, and whether all of them made one graph.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.generate import __main__ as generate

ROOT = Path(__file__).resolve().parent.parent
SIZES = (30_000, 100_000)

LOAD = """
import json, resource, sys, time
from pathlib import Path
from kg import operations
from kg.operations import FileLoadRequest, Workspace
store, file, readers = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
workspace = Workspace(store, **({"readers": int(readers)} if readers else {}))
operations.load(workspace, operations.reference_load_request())
wall, cpu = time.perf_counter(), time.process_time()
digest = operations.load(workspace, FileLoadRequest((file,), source="figures")).digest
own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(json.dumps({
    "digest": digest, "writer": time.process_time() - cpu, "readers": children.ru_utime + children.ru_stime,
    "wall": time.perf_counter() - wall, "peak": own.ru_maxrss / 1024, "reader peak": children.ru_maxrss / 1024,
}))
"""
"""What each load runs; the peaks are in MiB, that of the readers of the largest of them."""

COLUMNS = ("writer", "readers", "wall", "peak", "reader peak")


def main() -> None:
    """Print a line for each size and way to load."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("nodes", type=int, nargs="*", default=SIZES)
    parser.add_argument("--before", metavar="COMMIT", help="load with the code of this commit too")
    parser.add_argument("--turns", type=int, default=3)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        earlier = folder / "earlier"
        ways = {"one process": (ROOT, "0"), "readers": (ROOT, "")}
        if wanted.before:
            add = ["git", "-C", str(ROOT), "worktree", "add", "--detach", "--quiet", str(earlier), wanted.before]
            subprocess.run(add, check=True)
            ways = {wanted.before: (earlier, ""), **ways}
        try:
            print(f"{'nodes':>9} {'way':14}{''.join(f'{column:>12}' for column in COLUMNS)}")
            for nodes in wanted.nodes:
                _compare(folder, nodes, ways, wanted.turns)
        finally:
            if wanted.before:
                subprocess.run(["git", "-C", str(ROOT), "worktree", "remove", "--force", str(earlier)], check=True)


def _compare(folder: Path, nodes: int, ways: Mapping[str, tuple[Path, str]], turns: int) -> None:
    file = folder / f"{nodes}.ftm.json"
    generate.main(["ftm", "--out", str(file), "--nodes", str(nodes)])
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in ways}
    for _ in range(turns):
        for name, (tree, readers) in ways.items():
            found[name].append(_load(tree, folder, file, readers))
    digests = {run["digest"] for runs in found.values() for run in runs}
    for name, runs in found.items():
        medians = (statistics.median(run[column] for run in runs) for column in COLUMNS)
        print(f"{nodes:9,} {name[:14]:14}{''.join(f'{median:12.1f}' for median in medians)}", flush=True)
    same = "one graph" if len(digests) == 1 else f"DIFFERENT GRAPHS: {digests}"
    print(f"{same}; load average {os.getloadavg()[0]:.1f}, {os.cpu_count()} processors", flush=True)


def _load(tree: Path, folder: Path, file: Path, readers: str) -> dict[str, Any]:
    store = folder / "graph.sqlite"
    environment = {**os.environ, "PYTHONPATH": f"{tree}/src:{tree}/api"}
    command = [sys.executable, "-c", LOAD, str(store), str(file), readers]
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    for left in folder.glob(f"{store.name}*"):
        left.unlink() if left.is_file() else None
    return dict(json.loads(done.stdout))


if __name__ == "__main__":
    main()
