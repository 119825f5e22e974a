"""Which figures does this machine reach?

Run: python -m bench.figures s [--runs 3]        100,000 nodes and 300,000 links
     python -m bench.figures m [--runs 1]        ten times that
     python -m bench.figures 300000              any number of nodes, three links for each
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.figures.files import FigureFiles, make_files
from bench.figures.table import PHASES, Row, rows

SIZES = {"s": 100_000, "m": 1_000_000}
PEER_UP_TO = 300_000
"""Nodes of the largest graph that is also given to NetworkX, which takes some gigabytes for more."""


def main(words: list[str] | None = None) -> int:
    """Measure every phase in processes of its own and print a table."""
    chosen = _parser().parse_args(words)
    nodes = SIZES.get(chosen.size) or int(chosen.size)
    with _folder(chosen.folder) as name:
        folder = Path(name)
        files = make_files(folder, nodes, 3 * nodes)
        print(_machine(), f"{nodes:,} nodes, {3 * nodes:,} links", "", sep="\n", flush=True)
        print("| what | figure | range | peak memory | target |", "|---|---|---|---|---|", sep="\n", flush=True)
        for row in _measured(folder, files, nodes, chosen):
            print("| " + " | ".join(row) + " |", flush=True)
    return 0


def _measured(folder: Path, files: FigureFiles, nodes: int, chosen: argparse.Namespace) -> Iterator[Row]:
    wanted = {"questions": chosen.questions, "peer": nodes <= PEER_UP_TO}
    first = 0.0
    for phase in PHASES:
        if chosen.only and phase not in (*chosen.only, "load"):
            continue
        file = {"reload": files.changed, "delta": files.delta}.get(phase, files.first)
        store = folder / f"store-{nodes}.sqlite"
        kept = phase == "load" and store.exists() and chosen.only and "load" not in chosen.only
        found = [] if kept else [_run(phase, store, file, wanted) for _ in range(chosen.runs)]
        if found:
            first = first or statistics.median(f["seconds"] for f in found)
            yield from rows(phase, found, first)


def _run(phase: str, store: Path, file: Path, wanted: dict[str, Any]) -> dict[str, float]:
    words = [sys.executable, "-m", "bench.figures.phases", phase, str(store), str(file), json.dumps(wanted)]
    done = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def _machine() -> str:
    """Where and with what the figures were measured."""
    processor = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor(),
    )
    load = os.getloadavg()[0]
    return (
        f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d}, {platform.system()} {platform.machine()}, {processor}, "
        f"{os.cpu_count()} processors, load {load:.1f}; Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}"
    )


def _lines(path: str) -> list[str]:
    return Path(path).read_text().splitlines() if Path(path).exists() else []


def _folder(chosen: Path | None) -> Any:
    if chosen is None:
        return tempfile.TemporaryDirectory(prefix="kg-figures-")
    chosen.mkdir(parents=True, exist_ok=True)
    from contextlib import nullcontext

    return nullcontext(str(chosen))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.figures", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("size", help="s, m, or a number of nodes")
    parser.add_argument("--runs", type=int, default=3, help="times each phase is run; medians are printed (default 3)")
    parser.add_argument("--questions", type=int, default=300, help="searches, and paths (default 300)")
    parser.add_argument("--only", nargs="*", choices=PHASES, help="these phases; a kept store is not loaded again")
    parser.add_argument("--folder", type=Path, help="where the files are kept (default: nowhere, they are removed)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
