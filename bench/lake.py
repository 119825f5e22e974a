"""What does the projection of a lake cost, beside that of the SQLite file, and how large is each?

    python -m bench.lake --nodes 100000 --links 300000                  # an invented set, made and loaded first
    python -m bench.lake --store graph.sqlite --engines duckdb sail     # a store that is there

    python -m bench.lake --nodes 100000 --links 300000 --changes 1000   # and what following 1,000 changes costs

Each step runs in a process of its own. CPU seconds and peak memory are those of it and all of its children, Java too;
on a busy machine compare CPU seconds and ratios, not the time on the clock. The sums have to be equal.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

_TICKS, _PAGE = os.sysconf("SC_CLK_TCK"), os.sysconf("SC_PAGE_SIZE")
_EVERY = 0.1
"""Seconds between two looks at a process and its children."""


@dataclass
class Cost:
    """CPU seconds, peak bytes and seconds on the clock of a process with its children."""

    cpu: dict[int, float] = field(default_factory=dict)
    peak: int = 0
    seconds: float = 0.0

    def text(self) -> str:
        return f"{sum(self.cpu.values()):7.1f} s CPU, {self.seconds:7.1f} s, peak {self.peak / 2**20:6,.0f} MiB"


def main() -> None:
    """Print what each step costs, and the sums."""
    chosen = _parser().parse_args()
    if chosen.step:
        print(json.dumps(_step(chosen.step, *map(Path, chosen.paths))))
        return
    with _folder(chosen.folder) as folder:
        store = chosen.store or _made(folder, chosen.nodes, chosen.links)
        lake = folder / "lake"
        print(f"load average {os.getloadavg()[0]:.1f}", flush=True)
        copy = folder / "copy.sqlite"
        shutil.copyfile(store, copy)
        costs = {"sqlite": _run("sqlite", "sqlite", copy, copy)[0]}
        _, found = _run("sum", "sum", copy, copy)
        share = found["seconds"] / sum(costs["sqlite"].cpu.values())
        print(f"lines of the graph made and summed once, without reading them: {share:.3f} of that")
        exported, found = _run("export", "export", store, lake)
        sizes = _size(lake / "ledger"), store.stat().st_size
        print(f"ledger {sizes[0] / 2**20:,.1f} MiB, SQLite file {sizes[1] / 2**20:,.1f} MiB: {sizes[0] / sizes[1]:.3f}")
        for engine in chosen.engines:
            costs[engine], found = _run(engine, engine, lake, lake)
            print(f"  sum {found['sum']}", flush=True)
            if "shuffled" in found:
                print(f"  {found['shuffled']:,} bytes shuffled, {found['shuffled'] / found['records']:.0f} a record")
        print(f"graph of the lake {_size(lake / 'graphs') / 2**20:,.1f} MiB")
        for engine in chosen.engines:
            ratio = sum(costs[engine].cpu.values()) / sum(costs["sqlite"].cpu.values())
            print(f"{engine} takes {ratio:.2f} times the CPU of SQLite")
        if chosen.changes:
            _change(store, chosen.changes)
            _run("export", "export", store, lake)
            followed, found = _run("follow", "follow", lake, lake)
            whole, again = _run("whole", "duckdb", lake, lake)
            share = sum(followed.cpu.values()) / sum(whole.cpu.values())
            print(
                f"{chosen.changes:,} changes take {share:.3f} of the CPU of the whole;"
                f" sums {found['sum']}, {again['sum']}"
            )
        print(f"load average {os.getloadavg()[0]:.1f}; export {exported.text()}")
        from kg.ledger.verification import verify
        from kg.ontology import load_ontology

        print(f"kg verify: sum {verify(store, load_ontology()).graph_sum}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", type=Path, help="a store to export; else one is made")
    parser.add_argument("--nodes", type=int, default=100_000)
    parser.add_argument("--links", type=int, default=300_000)
    parser.add_argument("--engines", nargs="+", default=["duckdb"])
    parser.add_argument("--changes", type=int, default=0)
    parser.add_argument("--folder", type=Path, help="where to keep what is made; else it is removed")
    parser.add_argument("--step", help=argparse.SUPPRESS)
    parser.add_argument("--paths", nargs=2, help=argparse.SUPPRESS)
    return parser


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is None:
        with tempfile.TemporaryDirectory() as name:
            yield Path(name)
    else:
        kept.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(kept / "lake", ignore_errors=True)
        yield kept


def _made(folder: Path, nodes: int, links: int) -> Path:
    from bench.generate import ftm
    from kg import operations

    store, file = folder / "graph.sqlite", folder / "set.ftm.jsonl"
    if not store.exists():
        ftm.write(ftm.plan(ftm.SetSize(nodes=nodes, links=links)), file)
        request = operations.FileLoadRequest((file,), source="set", namespace="demo")
        operations.load(operations.Workspace(store), request)
    return store


def _change(store: Path, changes: int) -> None:
    """Load a delta that renames some nodes."""
    from kg.database import connect
    from kg.ledger.ledger import Ledger
    from kg.ledger.loads import LoadRequest
    from kg.ontology import load_ontology
    from kg.records import Record

    query = "SELECT key, type, body FROM record WHERE until IS NULL AND from_key IS NULL AND part = '' LIMIT ?"
    with closing(connect(store)) as connection:
        rows = connection.execute(query, (changes,)).fetchall()
        source, namespace = connection.execute(
            "SELECT s.name, n.name FROM source s JOIN namespace n ON n.num = s.namespace"
        ).fetchone()
        named = [(key, kind, json.loads(body).get("properties", {})) for key, kind, body in rows]
        records = [Record(key, kind, {**said, "name": [f"Renamed {key}"]}) for key, kind, said in named]
        request = LoadRequest(source, namespace, source, True, ("changes",), "2030-01-01", delta=True)
        Ledger(connection, load_ontology()).load(request, records)


def _run(name: str, step: str, one: Path, other: Path) -> tuple[Cost, dict[str, Any]]:
    """Run a step in a process of its own, and watch what it and its children take."""
    command = [sys.executable, "-m", "bench.lake", "--step", step, "--paths", str(one), str(other)]
    cost, begun = Cost(), time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    ended = threading.Event()
    watcher = threading.Thread(target=_watch, args=(process.pid, cost, ended))
    watcher.start()
    assert process.stdout is not None
    output = process.stdout.read()
    ended.set()
    watcher.join()
    if process.wait():
        sys.exit(f"{name} failed; run it alone: {' '.join(command)}")
    cost.seconds = time.monotonic() - begun
    print(f"{name:8} {cost.text()}", flush=True)
    return cost, json.loads(output.splitlines()[-1])


def _watch(root: int, cost: Cost, ended: threading.Event) -> None:
    while not ended.wait(_EVERY):
        resident, parents = 0, {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(folder.name)] = (int(fields[1]), int(fields[11]) + int(fields[12]), int(fields[21]))
        for pid, (_, ticks, pages) in parents.items():
            if _is_below(pid, root, parents):
                cost.cpu[pid] = ticks / _TICKS
                resident += pages * _PAGE
        cost.peak = max(cost.peak, resident)


def _is_below(pid: int, root: int, parents: dict[int, tuple[int, int, int]]) -> bool:
    while pid in parents and pid != root:
        pid = parents[pid][0]
    return pid == root


def _step(step: str, one: Path, other: Path) -> dict[str, Any]:
    """What one process does."""
    from kg.ontology import load_ontology

    if step == "sqlite":
        from kg.database import connect, write_transaction
        from kg.ledger.projection.rebuild import rebuild_projection

        with closing(connect(one)) as connection, write_transaction(connection):
            rebuild_projection(connection, load_ontology())
        return {}
    if step == "sum":
        return _sum(one)
    if step == "export":
        from kg.operations.lake.export import export_lake
        from kg.operations.workspace import Workspace

        return {"events": export_lake(Workspace(one, protected=True), str(other), protected=True).events}
    from kg.operations.lake.project import EngineOptions, project_lake

    if step == "spark":
        return _on_spark(one)
    engine = "duckdb" if step == "follow" else step
    graph = project_lake(one, EngineOptions(engine), whole=step != "follow")
    return {"sum": graph.open.graph_sum}


def _sum(store: Path) -> dict[str, float]:
    """CPU seconds to make the lines of nodes and links that are in memory, and to add their digests."""
    from kg.database import connect
    from kg.ledger.rules.graph_digest import GraphSum, link_line, node_line
    from kg.ledger.verification import _LINKS, _NODES

    with closing(connect(store)) as connection:
        nodes, links = (connection.execute(query.format(in_="")).fetchall() for query in (_NODES, _LINKS))
    total, begun = GraphSum(), time.process_time()
    for *row, sought, body, protected in nodes:
        total.add(node_line(row, orjson.loads(sought), orjson.loads(body), protected=bool(protected)))
    for *row, body, protected in links:
        total.add(link_line(row, orjson.loads(body), protected=bool(protected)))
    return {"seconds": time.process_time() - begun}


def _on_spark(lake: Path) -> dict[str, Any]:
    """Project on two threads of Spark, which broadcasts tables of 64 KiB at most, as it would of a larger set."""
    from kg.lake.engines.spark import spark_session
    from kg.lake.events import Lake
    from kg.operations.lake.project import EngineOptions, project_lake

    with tempfile.TemporaryDirectory() as log:
        settings = {"spark.eventLog.enabled": "true", "spark.eventLog.dir": Path(log).as_uri()}
        settings |= {"spark.eventLog.compress": "false", "spark.eventLog.rolling.enabled": "false"}
        broadcast = ("spark.sql.autoBroadcastJoinThreshold", "spark.sql.adaptive.autoBroadcastJoinThreshold")
        settings |= {"spark.sql.shuffle.partitions": "4", **dict.fromkeys(broadcast, str(64 << 10))}
        session = spark_session("local[2]", settings, "2g")
        graph = project_lake(lake, EngineOptions("spark", parts=4), whole=True)
        session.stop()
        events = (json.loads(line) for path in Path(log).iterdir() for line in path.open())
        tasks = (event.get("Task Metrics") for event in events if event["Event"] == "SparkListenerTaskEnd")
        shuffled = sum(task["Shuffle Write Metrics"]["Shuffle Bytes Written"] for task in tasks if task)
    records = sum(entry.details["added"] - entry.details["withdrawn"] for entry in Lake(lake).loads())
    return {"sum": graph.open.graph_sum, "shuffled": shuffled, "records": records}


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    main()
