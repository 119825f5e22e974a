"""How fast does the service answer, how many requests can it serve, and how much memory does it need?

Run: python -m bench.service s                 100,000 nodes and 300,000 links
     python -m bench.service m --folder DIR    ten times that
     python -m bench.service m --store FILE    a store that is there already; it is copied, and a load changes the copy

The service and its clients run in processes of their own and share the processors.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from bench.figures.files import make_files
from bench.figures.questions import pairs_at_distance
from bench.paths import SIZES, loaded_store, working_folder
from kg import operations
from kg.analysis.paths import PathQuestion, Ranking
from kg.operations import FileLoadRequest, Workspace, find_paths, workspace_environment
from kg.view import GraphView

CLIENTS, RATE = 16, 300.0

LONGEST_IDLE = 2.0
"""Seconds after which the service may hang up on a connection that nobody uses."""

Request = tuple[str, str, object]


def main() -> None:
    """Print what was measured."""
    chosen = _parser().parse_args()
    nodes = SIZES.get(chosen.size) or int(chosen.size)
    with working_folder(chosen.folder) as name:
        folder = Path(name)
        workspace = _prepared_workspace(folder, nodes, chosen.store)
        shutil.rmtree(folder / "views", ignore_errors=True)
        with ServiceProcess(workspace) as service:
            print(f"start to ready, with clusters, no files: {service.wait():.2f} s", flush=True)
            print(f"most memory meanwhile, with the processes that read: {service.peak / 1024:,.0f} MiB")
        with ServiceProcess(workspace) as service:
            print(f"start to ready, files there: {service.wait():.2f} s", flush=True)
            with operations.open_store(workspace) as store:
                pairs = pairs_at_distance(store.view(), chosen.pairs, range(3, 7))
                _compare_with_engine(service, store, pairs)
                requests = _mixed_requests(store.view(), pairs)
            _run_clients(service, folder, requests, chosen.seconds)
            service.peak = 0
            delta = make_files(folder, nodes, 3 * nodes).delta if not chosen.store else _small_delta(folder)
            operations.load(workspace, FileLoadRequest((delta,), source="figures", delta=True))
            print(f"a load of few changes to the new graph: {service.wait('view'):.2f} s", flush=True)
            print(f"to its clusters: {service.wait('clusters'):.2f} s")
            print(
                f"most memory of the service and its processes meanwhile: {service.peak / 1024:,.0f} MiB (target 2,048)"
            )
            print(f"of the service alone: {service.alone / 1024:,.0f} MiB")


def _compare_with_engine(service: ServiceProcess, store: Any, pairs: Sequence[tuple[str, str]]) -> None:
    """The same questions in this process and over one connection, one after the other."""
    print("", "| question | engine, median | over HTTP, median | more |", "|---|---|---|---|", sep="\n")
    for name, ranking in {
        "shortest": Ranking("shortest", 1, sample=0),
        "ten most credible": Ranking(most=10, sample=0),
    }.items():
        bodies = [{"from": a, "to": b, "ranking": ranking.name, "limit": ranking.most, "sample": 0} for a, b in pairs]
        engine, http = [], []
        for (a, b), body in zip(pairs, bodies, strict=True):
            begin = time.perf_counter()
            find_paths(store, PathQuestion(a, b), ranking)
            middle = time.perf_counter()
            assert service.ask("POST", "/v1/paths", body)[0] == 200
            engine.append(1000 * (middle - begin))
            http.append(1000 * (time.perf_counter() - middle))
        one, other = statistics.median(engine), statistics.median(http)
        print(f"| {name} | {one:.2f} ms | {other:.2f} ms | {other - one:.2f} ms (target 3) |", flush=True)


def _mixed_requests(view: GraphView, pairs: Sequence[tuple[str, str]]) -> list[Request]:
    """What people ask, in turns: a node, its links, a search, a shortest path."""
    found: list[Request] = []
    for start, goal in pairs:
        found += [
            ("GET", f"/v1/entities/{start}", None),
            ("GET", f"/v1/entities/{goal}/links?limit=20", None),
            ("GET", f"/v1/entities/{goal}", None),
            ("POST", "/v1/paths", {"from": start, "to": goal, "ranking": "shortest", "limit": 1, "sample": 0}),
        ]
    return found


def _run_clients(service: ServiceProcess, folder: Path, requests: Sequence[Request], seconds: float) -> None:
    file = folder / "requests.jsonl"
    file.write_text("\n".join(map(json.dumps, requests)))
    words = [sys.executable, "-m", "bench.clients", service.port, file, CLIENTS, RATE, seconds]
    done = subprocess.run(list(map(str, words)), stdout=subprocess.PIPE, check=True, text=True)
    found = json.loads(done.stdout)
    waits = found["waits"]
    parts = ", ".join(f"{part} % {waits[int(len(waits) * part / 100) - 1]:.1f} ms" for part in (50, 95, 99, 100))
    print(
        f"\n{CLIENTS} clients, {RATE:.0f} requests/s asked for, {found['asked'] / found['seconds']:.0f} answered; ",
        end="",
    )
    print(f"{found['failed']} of {found['asked']} failed; waits: {parts}", flush=True)


@dataclass
class ServiceProcess:
    """A service in a process of its own; `peak` and `alone` are KiB, with the processes it starts and without."""

    workspace: Workspace
    peak: int = 0
    alone: int = 0
    port: int = 0
    _connection: HTTPConnection | None = None
    _asked: float = 0.0
    _done: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> ServiceProcess:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("KG_")}
        self._begin = time.perf_counter()
        # Nobody's keys are asked for, and clients that ask as fast as is measured are not held up.
        free = {"KG_API_RATE": "", "XDG_DATA_HOME": str(self.workspace.path.with_name("no-keys"))}
        command = [sys.executable, "-m", "kg_api", "--port", "0"]
        self._process = subprocess.Popen(
            command, env=kept | workspace_environment(self.workspace) | free, stderr=subprocess.PIPE, text=True
        )
        assert self._process.stderr
        line = self._process.stderr.readline()
        self.port = int(re.findall(r":(\d+)/v1", line)[0])
        self._watching = threading.Thread(target=self._watch)
        self._watching.start()
        threading.Thread(target=self._process.stderr.read, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._watching.join()
        self._process.terminate()
        self._process.wait()

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self._process.pid

    def cpu_seconds(self) -> float:
        """What the process has taken so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def wait(self, what: str = "") -> float:
        """Seconds until it is ready, or until its `view` or `clusters` are those of the store's graph."""
        begin = time.perf_counter() if what else self._begin
        while True:
            status, said = self.ask("GET", "/readyz", None)
            if status == 200 and (not what or self._is_current(what, said)):
                return time.perf_counter() - begin
            time.sleep(0.05)

    def _is_current(self, what: str, said: Any) -> bool:
        with operations.open_uncached_store(self.workspace) as store:
            return bool(said[what]["version"] == str(store.version()))

    def ask(self, method: str, address: str, body: object, headers: Mapping[str, str] | None = None) -> tuple[int, Any]:
        """Status and answer, over one connection that stays open while it is used."""
        if self._connection is None or time.perf_counter() - self._asked > LONGEST_IDLE:
            self._connection = HTTPConnection("127.0.0.1", self.port, timeout=120)
        self._asked = time.perf_counter()
        sent = None if body is None else json.dumps(body)
        kind = {"Content-Type": "application/json"} if sent else {}
        self._connection.request(method, address, sent, {**kind, **(headers or {})})
        answer = self._connection.getresponse()
        return answer.status, json.loads(answer.read())

    def _watch(self) -> None:
        while not self._done.wait(0.25):
            own = _memory(self._process.pid)
            self.alone = max(self.alone, own)
            self.peak = max(self.peak, own + sum(map(_memory, _children(self._process.pid))))


def _memory(pid: int) -> int:
    """KiB of a process; what it shares with others counts for each as its part."""
    try:
        said = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return 0
    return int(re.findall(r"^Pss:\s+(\d+)", said, re.MULTILINE)[0])


def _children(pid: int) -> list[int]:
    try:
        return [int(n) for task in Path(f"/proc/{pid}/task").iterdir() for n in (task / "children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def _prepared_workspace(folder: Path, nodes: int, store: Path | None) -> Workspace:
    if store is None:
        return loaded_store(folder, nodes, None)
    copy = folder / "service.sqlite"
    shutil.copyfile(store, copy)
    workspace = replace(operations.Workspace(copy), view_cache=folder / "views")
    with operations.open_uncached_store(workspace):  # brought to this version's format
        return workspace


def _small_delta(folder: Path) -> Path:
    file = folder / "small.ftm.json"
    file.write_text(
        '{"op": "ADD", "entity": {"id": "bench-new", "schema": "Person", "properties": {"name": ["New One"]}}}\n'
    )
    return file


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.service", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("size", help="s, m, or a number of nodes")
    parser.add_argument("--pairs", type=int, default=200, help="how many pairs paths are asked for (default 200)")
    parser.add_argument("--seconds", type=float, default=30.0, help="how long the clients ask (default 30)")
    parser.add_argument("--store", type=Path, help="a store to copy in place of a generated one")
    parser.add_argument("--folder", type=Path, help="where files are kept (default: nowhere, they are removed)")
    return parser


if __name__ == "__main__":
    main()
