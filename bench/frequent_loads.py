"""Does the service keep up with a load every second, how old is the graph that answers, and how long does the log get?

Run: python -m bench.frequent_loads demo                   the demo set, for five minutes
     python -m bench.frequent_loads s --seconds 60         100,000 nodes and 300,000 links, for one minute
     python -m bench.frequent_loads s --folder DIR         the same, files kept in a folder
     python -m bench.frequent_loads s --every 0.25         four loads a second

The service starts while loads are coming. Each load adds one person. One client asks for a path, over and over.
"""

from __future__ import annotations

import argparse
import os
import statistics
import threading
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from bench.paths import SIZES, loaded_store, working_folder
from bench.service import ServiceProcess
from kg import operations
from kg.operations import FileLoadRequest, Workspace

ASK_EVERY = 0.1
"""Seconds between two questions."""


@dataclass
class Figures:
    """What was seen."""

    waits: list[float] = field(default_factory=list)
    refused: int = 0
    ages: list[float] = field(default_factory=list)
    builds: list[float] = field(default_factory=list)
    cluster_ages: list[float] = field(default_factory=list)
    cluster_builds: list[float] = field(default_factory=list)
    versions: set[str] = field(default_factory=set)
    log_bytes: int = 0
    loads: int = 0
    load_seconds: list[float] = field(default_factory=list)


def main() -> None:
    """Print what was measured."""
    chosen = _parser().parse_args()
    figures, done = Figures(), threading.Event()
    with working_folder(chosen.folder) as name:
        workspace = _prepared_workspace(Path(name), chosen.size)
        loader = threading.Thread(target=_load_often, args=(workspace, chosen.every, figures, done))
        loader.start()
        try:
            with ServiceProcess(workspace) as service:
                print(f"ready {service.wait():.1f} s after the start, amid loads", flush=True)
                _ask(service, workspace, figures, chosen.seconds)
                done.set()
                loader.join()
                print(f"newest graph {service.wait('view'):.1f} s after the last load", flush=True)
                print(f"its clusters {service.wait('clusters'):.1f} s after that", flush=True)
                print(f"most memory of the service and its processes: {service.peak / 1024:,.0f} MiB")
        finally:
            done.set()
            loader.join()
    _print(figures)


def _load_often(workspace: Workspace, every: float, figures: Figures, done: threading.Event) -> None:
    file = workspace.path.with_name("one-more.ftm.json")
    while not done.wait(every):
        figures.loads += 1
        entity = f'{{"id": "more-{figures.loads}", "schema": "Person", "properties": {{"name": ["One More"]}}}}'
        file.write_text(f'{{"op": "ADD", "entity": {entity}}}\n')
        begin = time.perf_counter()
        operations.load(workspace, FileLoadRequest((file,), source="more", delta=True))
        figures.load_seconds.append(time.perf_counter() - begin)


def _ask(service: ServiceProcess, workspace: Workspace, figures: Figures, seconds: float) -> None:
    with operations.open_uncached_store(workspace) as store:
        view = store.view()
        ends = {"from": view.id(int(view.tail[0])), "to": view.id(int(view.head[0])), "sample": 0}
    log = workspace.path.with_name(f"{workspace.path.name}-wal")
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        begin = time.perf_counter()
        status, answer = service.ask("POST", "/v1/paths", ends)
        figures.waits.append(1000 * (time.perf_counter() - begin))
        figures.refused += status == 503
        if status != 503:
            figures.versions.add(answer["version"])
        status, ready = service.ask("GET", "/readyz", None)
        figures.refused += status == 503
        if status == 200:
            for part, ages, builds in (
                ("view", figures.ages, figures.builds),
                ("clusters", figures.cluster_ages, figures.cluster_builds),
            ):
                if ready[part]["age_seconds"] is not None:
                    ages.append(ready[part]["age_seconds"])
                    builds.append(ready[part]["build_seconds"])
        figures.log_bytes = max(figures.log_bytes, log.stat().st_size if log.exists() else 0)
        time.sleep(ASK_EVERY)


def _print(figures: Figures) -> None:
    waits = sorted(figures.waits)
    p50, p99 = (waits[int(len(waits) * part)] for part in (0.5, 0.99))
    print(f"{figures.loads} loads, median {statistics.median(figures.load_seconds):.2f} s", end="")
    print(f", slowest {max(figures.load_seconds):.2f} s")
    print(f"{len(waits)} paths asked for, {figures.refused} answers 503; p50 {p50:.1f} ms, p99 {p99:.1f} ms")
    print(f"{len(figures.versions)} graphs answered")
    for what, ages, builds in (
        ("graph", figures.ages, figures.builds),
        ("clusters", figures.cluster_ages, figures.cluster_builds),
    ):
        if ages:
            print(f"age of the {what}: median {statistics.median(ages):.1f} s, most {max(ages):.1f} s", end="; ")
            print(f"build: median {statistics.median(builds):.1f} s, most {max(builds):.1f} s")
    print(f"longest write-ahead log: {figures.log_bytes / 2**20:.1f} MiB; load average {os.getloadavg()[0]:.1f}")


def _prepared_workspace(folder: Path, size: str) -> Workspace:
    if size != "demo":
        return loaded_store(folder, SIZES.get(size) or int(size), None)
    workspace = replace(operations.Workspace(folder / "demo.sqlite"), view_cache=folder / "views")
    for request in operations.demo_load_requests():
        operations.load(workspace, request)
    return workspace


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.frequent_loads", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("size", help="demo, s, m, or a number of nodes")
    parser.add_argument("--seconds", type=float, default=300.0, help="how long (default 300)")
    parser.add_argument("--every", type=float, default=1.0, help="seconds between two loads (default 1)")
    parser.add_argument("--folder", type=Path, help="where files are kept (default: nowhere, they are removed)")
    return parser


if __name__ == "__main__":
    main()
