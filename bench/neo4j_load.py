"""How fast does the graph get into a Neo4j, and out again as arrays?

Run: python -m bench.neo4j_load s [--runs 3] [--folder DIR]    100,000 nodes and 300,000 links
     python -m bench.neo4j_load m --runs 1                     ten times that
A sync into an empty Neo4j is measured from the finished projection, beside a bare script that sends the same ready rows
in the same batches to the same warm server; then a sync after a reload of the same file, one after a
delta, and the view. Without KG_TEST_NEO4J_URI, a local server is started for it.
"""

from __future__ import annotations

import argparse
import os
import pickle
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from neo4j import GraphDatabase

from bench.figures.files import make_files
from kg import operations
from kg.database import connect
from kg.neo4j_server import server as local
from kg.neo4j_server.home import ServerHome, ServerOptions
from kg.ontology import load_ontology
from kg.operations import FileLoadRequest
from kg.settings import read as read_settings
from kg.stores.neo4j import CopyScope, Neo4jConnection, Neo4jStore, SyncRequest, compare, sync, sync_state_path
from kg.stores.neo4j.sync import batches as outbox
from kg.stores.neo4j_address import Neo4jAddress
from kg.view import LINK_COLUMNS
from tests.neo4j_server import free_ports

SIZES = {"s": 100_000, "m": 1_000_000}
SOURCE = "bench"


@dataclass(frozen=True, slots=True)
class BenchSetup:
    """Where everything is."""

    store: Path
    address: Neo4jAddress
    batches: Path


def main() -> None:
    options = _parser().parse_args()
    nodes = SIZES.get(options.size) or int(options.size)
    with _folder(options.folder) as name, _server(Path(name), options.heap) as address:
        files = make_files(Path(name), nodes, 3 * nodes)
        bench = BenchSetup(Path(name) / f"store-{nodes}.sqlite", address, Path(name) / "batches.pickle")
        if not bench.store.exists():
            operations.load(operations.Workspace(bench.store), FileLoadRequest((files.first,), source=SOURCE))
        show("warm-up, which records the batches", *in_own_process(record_batches, bench))
        ours, bare = [], []
        for _ in range(options.runs):
            bare.append(in_own_process(send_bare, bench)[0])
            ours.append(in_own_process(send, bench)[0])
        _compare_rates(ours, bare)
        again_the_same = FileLoadRequest((files.first,), source=SOURCE)
        operations.load(operations.Workspace(bench.store), again_the_same)
        show("sync after a reload of the same file", *in_own_process(sync_again, bench))
        delta = FileLoadRequest((files.delta,), source=SOURCE, delta=True)
        operations.load(operations.Workspace(bench.store), delta)
        show("sync after a delta of 1,000 changes", *in_own_process(sync_again, bench))
        show("view with shares and dates", *in_own_process(view, bench))
        show("verify of the copy", *in_own_process(verify, bench))


def record_batches(bench: BenchSetup) -> str:
    """Sync once, and keep what was sent."""
    deliver = outbox.BatchSender._write_batch
    with bench.batches.open("wb") as file:

        def kept(self: outbox.BatchSender, text: str, parameters: Any) -> None:
            pickle.dump((text, dict(parameters)), file)
            deliver(self, text, parameters)

        outbox.BatchSender._write_batch = kept  # type: ignore[method-assign]  # this process ends with the function
        return send(bench)[1]


def send(bench: BenchSetup) -> tuple[float, str]:
    """Seconds of a sync into the emptied Neo4j."""
    empty_neo4j(bench)
    begin = time.perf_counter()
    counts = _sync(bench)
    return time.perf_counter() - begin, counts


def send_bare(bench: BenchSetup) -> tuple[float, str]:
    """Seconds in which a bare script sends the same; reading the batches is not counted."""
    empty_neo4j(bench)
    seconds, rows = 0.0, 0
    with bench.batches.open("rb") as file, _driver(bench) as driver, driver.session() as session:
        while True:
            try:
                text, parameters = pickle.load(file)
            except EOFError:
                return seconds, f"{rows:,} rows"
            begin = time.perf_counter()
            session.execute_write(lambda tx, q=text, p=parameters: tx.run(q, p).consume())
            seconds += time.perf_counter() - begin
            rows += len(parameters["rows"])


def sync_again(bench: BenchSetup) -> str:
    """Sync, and count every row that is sent, and every statement that may write."""
    sent: list[int] = []
    told: list[int] = []
    deliver, tell = outbox.BatchSender._write_batch, Neo4jConnection.write_all

    def counted(self: outbox.BatchSender, text: str, parameters: Any) -> None:
        sent.append(len(parameters["rows"]))
        deliver(self, text, parameters)

    def heard(self: Neo4jConnection, statements: Any) -> Any:
        told.append(len(statements))
        return tell(self, statements)

    outbox.BatchSender._write_batch = counted  # type: ignore[method-assign]  # this process ends with the function
    Neo4jConnection.write_all = heard  # type: ignore[method-assign]  # the same
    counts = _sync(bench)
    return f"{sum(sent):,} rows sent, {sum(told):,} statements that may write; {counts}"


def view(bench: BenchSetup) -> str:
    with Neo4jConnection(bench.address) as talk, Neo4jStore(talk, load_ontology()) as store:
        found = store.view(LINK_COLUMNS)
    return f"{len(found.ids):,} nodes, {len(found.link_ids):,} links"


def verify(bench: BenchSetup) -> str:
    with closing(connect(bench.store)) as connection, Neo4jConnection(bench.address) as talk:
        return "clean" if compare(connection, talk, CopyScope(load_ontology())).is_clean else "NOT clean"


def empty_neo4j(bench: BenchSetup) -> None:
    """Take everything out but constraints and indexes, and forget what was sent."""
    with _driver(bench) as driver, driver.session() as session:
        for pattern in ("MATCH ()-[x]->()", "MATCH (x)"):
            session.run(f"{pattern} CALL (x) {{ DELETE x }} IN TRANSACTIONS OF 10000 ROWS").consume()
    sync_state_path(bench.store, bench.address.target).unlink(missing_ok=True)


def in_own_process(work: Callable[[BenchSetup], Any], bench: BenchSetup) -> tuple[Any, float, int]:
    """Do it in a process of its own: what it gives, how many seconds it took, and the most KiB it held."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_measured, work, bench).result()


def _measured(work: Callable[[BenchSetup], Any], bench: BenchSetup) -> tuple[Any, float, int]:
    begin = time.perf_counter()
    found = work(bench)
    return found, time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def show(what: str, said: object, seconds: float, peak: int) -> None:
    print(f"{what}: {seconds:.2f} s, {peak / 1024:,.0f} MiB; {said}", flush=True)


def _compare_rates(ours: list[tuple[float, str]], bare: list[tuple[float, str]]) -> None:
    one, other = (statistics.median(seconds for seconds, _ in times) for times in (ours, bare))
    rows = int(bare[0][1].split()[0].replace(",", ""))
    for name, median, times in (("bare script", other, bare), ("kg sync", one, ours)):
        every = ", ".join(f"{seconds:.2f}" for seconds, _ in times)
        print(f"{name}: median {median:.2f} s ({every}), {rows / median:,.0f} rows/s")
    print(f"kg sync reaches {other / one:.2f} of the rate of the bare script", flush=True)


def _sync(bench: BenchSetup) -> str:
    kept = sync_state_path(bench.store, bench.address.target)
    with closing(connect(bench.store)) as connection, Neo4jConnection(bench.address) as talk:
        return str(dict(sync(connection, talk, SyncRequest(CopyScope(load_ontology()), kept)).counts))


def _driver(bench: BenchSetup) -> Any:
    who = (bench.address.user, bench.address.password)
    return GraphDatabase.driver(bench.address.uri, auth=who, notifications_min_severity="OFF")


@contextmanager
def _server(folder: Path, heap: str) -> Iterator[Neo4jAddress]:
    if uri := os.environ.get("KG_TEST_NEO4J_URI"):
        user = os.environ.get("KG_TEST_NEO4J_USER", "neo4j")
        yield Neo4jAddress(uri, user, os.environ.get("KG_TEST_NEO4J_PASSWORD", ""))
        return
    home, (bolt, http) = ServerHome(folder / "neo4j"), free_ports(2)
    plan = ServerOptions(bolt_port=bolt, http_port=http, guide_port=0, heap=heap, page_cache="512m")
    local.start(home, plan, read_settings().neo4j_cache, lambda *_: None)
    try:
        yield Neo4jAddress(f"bolt://127.0.0.1:{bolt}", "neo4j", home.password())
    finally:
        local.stop(home)


def _folder(chosen: Path | None) -> Any:
    if chosen is None:
        return tempfile.TemporaryDirectory(prefix="kg-neo4j-")
    chosen.mkdir(parents=True, exist_ok=True)
    return nullcontext(str(chosen))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.neo4j_load", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("size", help="s, m, or a number of nodes")
    parser.add_argument("--runs", type=int, default=3, help="times each way is timed (default 3)")
    parser.add_argument("--heap", default="1g", help="memory of the server (default 1g)")
    parser.add_argument("--folder", type=Path, help="where the files are kept (default: nowhere, they are removed)")
    return parser


if __name__ == "__main__":
    main()
