"""How fast does each export write, and how much memory does it take?

    python -m bench.export --store graph.sqlite              # a store that is there
    python -m bench.export --nodes 100000 --links 300000     # an invented set, made and loaded first

Each format runs in a process of its own, because peak memory is that of a process. The output has the nodes and links
written per second, the peak memory and the size on the disk.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TARGETS = {
    "records": "records",
    "ftm by source": "ftm-folder",
    "ftm merged": "all.ftm.jsonl",
    "ftm merged, packed": "all.ftm.jsonl.gz",
    "graphml": "all.graphml",
    "gexf": "all.gexf",
    "csv": "csv",
}
FORMATS = {"records": "records", "ftm-folder": "ftm", "csv": "csv"}


def main() -> None:
    """Measure every format on a store."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", type=Path, help="a store to export; else one is made")
    parser.add_argument("--nodes", type=int, default=100_000)
    parser.add_argument("--links", type=int, default=300_000)
    parser.add_argument("--one", nargs=2, metavar=("TARGET", "FORMAT"), help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.one:
        print(json.dumps(_one(wanted.store, *wanted.one)))
        return
    with tempfile.TemporaryDirectory() as folder:
        store = wanted.store or _made(Path(folder), wanted.nodes, wanted.links)
        for name, target in TARGETS.items():
            command = [sys.executable, "-m", "bench.export", "--store", str(store), "--one"]
            done = subprocess.run(
                [*command, str(Path(folder) / target), FORMATS.get(target, "")], check=True, capture_output=True
            )
            found = json.loads(done.stdout)
            print(
                f"{name:20} {found['count']:>10,} in {found['seconds']:6.1f} s (digest {found['digest']:5.1f} s):"
                f" {found['count'] / found['seconds']:>9,.0f} a second, peak {found['peak']:>5,.0f} MiB,"
                f" {found['bytes'] / 2**20:>7,.0f} MiB on the disk"
            )


def _made(folder: Path, nodes: int, links: int) -> Path:
    from bench.generate import ftm
    from kg import operations

    file, store = folder / "set.ftm.jsonl", folder / "graph.sqlite"
    ftm.write(ftm.plan(ftm.SetSize(nodes=nodes, links=links)), file)
    operations.load(operations.Workspace(store), operations.FileLoadRequest((file,), source="set", namespace="demo"))
    return store


def _one(store: Path, target: str, kind: str) -> dict[str, float]:
    from kg import operations

    began, digested = time.perf_counter(), 0.0

    def watch(phase: str, done: int, total: int | None) -> None:
        nonlocal digested
        if phase != "digest" and not digested:
            digested = time.perf_counter()

    place = operations.Workspace(store, progress=watch)
    found = operations.export(place, operations.ExportRequest(target, kind))
    ended = time.perf_counter()
    return {
        "count": found.tally.nodes.total() + found.tally.links.total(),
        "seconds": ended - digested,
        "digest": digested - began,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "bytes": sum(f.size for f in found.files),
    }


if __name__ == "__main__":
    main()
