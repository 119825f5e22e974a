"""How fast does the whole graph get into a Neo4j in bulk, and out again as arrays?

Run: python -m bench.neo4j_bulk s [--runs 3] [--folder DIR]    100,000 nodes and 300,000 links
     python -m bench.neo4j_bulk m --runs 1                     ten times that
`kg export neo4j-admin` is timed from the finished projection, then a bare import of these files by neo4j-admin, then
`kg neo4j import`, which starts the server and makes indexes too. Last come the view with shares and dates, read by a
process of its own, and a comparison of everything with the SQLite file. Servers are local and of this script alone.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.figures.files import make_files
from bench.neo4j_load import SIZES, SOURCE, BenchSetup, in_own_process, show, verify, view
from kg import operations
from kg.neo4j_server import server as local
from kg.neo4j_server.home import ServerHome, ServerOptions
from kg.neo4j_server.jars import fetch_jars
from kg.neo4j_server.java import find_java
from kg.neo4j_server.releases import DEFAULT_VERSION, RELEASES, release
from kg.neo4j_server.server import JVM_FLAGS
from kg.operations import FileLoadRequest
from kg.settings import read as read_settings
from kg.stores.neo4j_address import Neo4jAddress
from tests.neo4j_server import free_ports

TARGET = 3.0
"""How many times the bare import export and import may take."""


@dataclass(frozen=True, slots=True)
class BulkSetup:
    """Where everything is."""

    store: Path
    files: Path
    home: ServerHome
    plan: ServerOptions


def main() -> None:
    options = _parser().parse_args()
    with _folder(options.folder) as name:
        folder, (bolt, http) = Path(name), free_ports(2)
        plan = ServerOptions(options.version, bolt, http, 0, heap=options.heap, page_cache=options.page_cache)
        setup = BulkSetup(_store(folder, options.size), folder / "bulk", ServerHome(folder / "neo4j-bulk"), plan)
        setup.home.prepare(plan)
        exports, bare, ours = [], [], []
        for _ in range(options.runs):
            exports.append(export(setup))
            bare.append(bare_import(setup))
            ours.append(import_(setup))
        _compare_times(exports, bare, ours)
        try:
            address = Neo4jAddress(f"bolt://127.0.0.1:{bolt}", "neo4j", setup.home.password())
            bench = BenchSetup(setup.store, address, folder / "none")
            show("view with shares and dates", *in_own_process(view, bench))
            show("verify of the copy", *in_own_process(verify, bench))
        finally:
            local.stop(setup.home)


def export(setup: BulkSetup) -> float:
    """Seconds of `kg export neo4j-admin`, from the command to its end."""
    begin = time.perf_counter()
    said = kg(setup, "export", "neo4j-admin", str(setup.files), "--json")
    seconds = time.perf_counter() - begin
    size = sum(file.stat().st_size for file in setup.files.iterdir())
    rows = said["nodes"] + said["links"]
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(
        f"kg export neo4j-admin: {seconds:.1f} s, {rows:,} rows, {rows / seconds:,.0f} rows/s, "
        f"{size / 2**20:,.0f} MiB of files, at most {peak / 1024:,.0f} MiB a process",
        flush=True,
    )
    return seconds


def bare_import(setup: BulkSetup) -> float:
    """Seconds of neo4j-admin alone, into a folder that is thrown away."""
    wanted = release(setup.plan.version)
    jars = fetch_jars(wanted, read_settings().neo4j_cache, lambda *_: None)
    with tempfile.TemporaryDirectory(dir=setup.store.parent) as home:
        conf = Path(home) / "conf"
        conf.mkdir()
        (conf / "neo4j.conf").touch()
        words = ["database", "import", "full", "neo4j", "@import.args", f"--report-file={home}/import.report"]
        java = [str(find_java(wanted).path), f"-Xmx{setup.plan.heap}", *JVM_FLAGS]
        path = os.pathsep.join(map(str, jars))
        begin = time.perf_counter()
        subprocess.run(
            [*java, "-cp", path, "org.neo4j.cli.AdminTool", *words],
            cwd=setup.files,
            env=os.environ | {"NEO4J_HOME": home, "NEO4J_CONF": str(conf)},
            check=True,
            capture_output=True,
        )
        seconds = time.perf_counter() - begin
    print(f"neo4j-admin alone: {seconds:.1f} s", flush=True)
    return seconds


def import_(setup: BulkSetup) -> float:
    """Seconds that `kg neo4j import` takes to import, without the start of the server and the making of indexes."""
    local.stop(setup.home)
    begin = time.perf_counter()
    said = kg(setup, "neo4j", "import", str(setup.files), "--overwrite", "--json")
    whole, seconds = time.perf_counter() - begin, float(said["seconds"])
    print(f"kg neo4j import: {seconds:.1f} s, and {whole - seconds:.1f} s for start and indexes", flush=True)
    return seconds


def kg(setup: BulkSetup, *words: str) -> Any:
    """What a command prints."""
    settings = {"KG_STORE": f"embedded:{setup.store}", "KG_NEO4J_HOME": str(setup.home.folder)}
    done = subprocess.run(
        [sys.executable, "-m", "kg", *words], env=os.environ | settings, check=True, stdout=subprocess.PIPE
    )
    return json.loads(done.stdout)


def _compare_times(exports: list[float], bare: list[float], ours: list[float]) -> None:
    one = statistics.median(e + i for e, i in zip(exports, ours, strict=True))
    other = statistics.median(bare)
    print(f"export and import: {one:.1f} s, {one / other:.2f} times the import alone (target {TARGET})", flush=True)


def _store(folder: Path, size: str) -> Path:
    if (given := Path(size)).is_file():
        return Path(shutil.copy(given, folder / "given.sqlite"))
    nodes = SIZES.get(size) or int(size)
    store = folder / f"store-{nodes}.sqlite"
    if not store.exists():
        files = make_files(folder, nodes, 3 * nodes)
        operations.load(operations.Workspace(store), FileLoadRequest((files.first,), source=SOURCE))
    return store


def _folder(chosen: Path | None) -> Any:
    if chosen is None:
        return tempfile.TemporaryDirectory(prefix="kg-neo4j-")
    chosen.mkdir(parents=True, exist_ok=True)
    return nullcontext(str(chosen))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.neo4j_bulk", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("size", help="s, m, a number of nodes, or a SQLite file, which is copied")
    parser.add_argument("--runs", type=int, default=1, help="times each is timed (default 1)")
    parser.add_argument("--version", choices=RELEASES, default=DEFAULT_VERSION)
    parser.add_argument("--heap", default="1g", help="memory of the server and of neo4j-admin (default 1g)")
    parser.add_argument("--page-cache", default="512m", help="memory of the server for pages (default 512m)")
    parser.add_argument("--folder", type=Path, help="where the files are kept (default: nowhere, they are removed)")
    return parser


if __name__ == "__main__":
    main()
