"""How long does a local Neo4j take to its first answer, and how long to arrive?

Run: python -m bench.server_start [--runs 5] [--version 5.26.30] [--download]
A run is `kg neo4j start` on a new folder, as a person types it, and one query over HTTP after it; then the same on the
folder that now holds data. --download also fetches everything into an empty folder, once.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from kg.neo4j_server import server as local
from kg.neo4j_server.home import ServerHome
from kg.neo4j_server.readiness import run_statement
from kg.neo4j_server.releases import DEFAULT_VERSION, RELEASES
from tests.neo4j_server import free_ports


def main() -> None:
    options = parse()
    if options.download:
        print(f"fetch into an empty cache: {fetch(options.version):.1f} s")
    first: list[float] = []
    again: list[float] = []
    stops: list[float] = []
    for _ in range(options.runs):
        with tempfile.TemporaryDirectory() as folder:
            home = ServerHome(Path(folder) / "neo4j")
            for times in (first, again):
                times.append(start(home, options.version))
                begin = time.perf_counter()
                local.stop(home)
                stops.append(time.perf_counter() - begin)
    for name, times in (("first start", first), ("next start", again), ("stop", stops)):
        print(f"{name}: median {statistics.median(times):.1f} s, {min(times):.1f} to {max(times):.1f} s")


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--version", choices=RELEASES, default=DEFAULT_VERSION)
    parser.add_argument("--download", action="store_true")
    return parser.parse_args()


def start(home: ServerHome, version: str) -> float:
    """Seconds from the command to the first answer."""
    bolt, http, guide = free_ports(3)
    ports = ["--bolt-port", str(bolt), "--http-port", str(http), "--guide-port", str(guide)]
    begin = time.perf_counter()
    kg("neo4j", "start", "--version", version, *ports, KG_NEO4J_HOME=str(home.folder))
    plan = home.options()
    assert plan is not None
    assert run_statement(home, plan, "RETURN 1") == [[1]]
    return time.perf_counter() - begin


def fetch(version: str) -> float:
    """Seconds to fetch a release."""
    with tempfile.TemporaryDirectory() as cache:
        begin = time.perf_counter()
        kg("neo4j", "fetch", "--version", version, KG_NEO4J_CACHE=cache)
        return time.perf_counter() - begin


def kg(*words: str, **settings: str) -> None:
    subprocess.run([sys.executable, "-m", "kg", *words], env=os.environ | settings, check=True, capture_output=True)


if __name__ == "__main__":
    main()
