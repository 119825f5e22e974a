"""Which Neo4j do the tests use, and who stops it?

Run as a program, it watches over a test run: python -m tests.neo4j_server FOLDER PID STARTED
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from neo4j import Driver, GraphDatabase

from kg.errors import ServerError
from kg.files import lock_file
from kg.neo4j_server import server as local
from kg.neo4j_server.home import ServerHome, ServerOptions
from kg.neo4j_server.process import ServerProcess, launch, start_time
from kg.neo4j_server.releases import DEFAULT_VERSION
from kg.settings import read as read_settings

ROOT = Path(__file__).resolve().parents[1]
GROUP = "neo4j"
"""Tests that share the one database run one after another, on one worker."""
WATCH_SECONDS = 1.0

# A server for little data that lives for a minute: a small heap, no second compiler.
FAST = ("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:ReservedCodeCacheSize=160m")


@dataclass(frozen=True)
class Neo4jServer:
    """A server the tests may fill and empty as they like."""

    uri: str
    user: str
    password: str
    browser: str = ""
    """Where its Browser is, with the guide beside it; empty for a server that kg does not run."""
    holds: list[Path] = field(default_factory=list, compare=False)
    """The store that was copied into it whole, and that no module may change; empty when it holds anything else."""

    def run(self, query: str, **parameters: Any) -> list[dict[str, Any]]:
        """The rows of one query."""
        with self._driver.session() as session:
            return [dict(row) for row in session.run(query, parameters)]

    @cached_property
    def _driver(self) -> Driver:
        return GraphDatabase.driver(self.uri, auth=(self.user, self.password))

    def wipe(self, *, keep: Collection[str] = ()) -> None:
        """Take away all nodes, links, constraints and indexes, but those constraints and indexes of these names."""
        self.holds.clear()
        self.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS")
        for kind, query in (
            ("CONSTRAINT", "SHOW CONSTRAINTS"),
            ("INDEX", "SHOW INDEXES YIELD * WHERE type <> 'LOOKUP'"),
        ):
            for name in [row["name"] for row in self.run(query)]:
                if name not in keep:
                    self.run(f"DROP {kind} `{name}`")

    def close(self) -> None:
        """End the connections to it."""
        self._driver.close()


@contextmanager
def only_one_worker(folder: Path) -> Iterator[None]:
    """Fails when another worker of this run uses the server too: they would wipe what the other has just written."""
    with lock_file(folder / "neo4j.lock", wait=False) as is_locked:
        if not is_locked:
            pytest.fail("two workers use the one Neo4j of the tests; give --dist loadgroup", pytrace=False)
        yield


@contextmanager
def neo4j_for_tests(folder: Path) -> Iterator[Neo4jServer]:
    """The server that the environment names, else one in a container, else one of our own.

    Where there is none, the test is skipped with the reason; where KG_REQUIRE_NEO4J=1, it fails.
    """
    if uri := os.environ.get("KG_TEST_NEO4J_URI"):
        user = os.environ.get("KG_TEST_NEO4J_USER", "neo4j")
        yield from _served(Neo4jServer(uri, user, os.environ.get("KG_TEST_NEO4J_PASSWORD", "")))
    elif docker_answers():
        with _in_a_container() as server:
            yield server
    else:
        with _our_own(folder) as server:
            yield server


def docker_answers() -> bool:
    """Whether a Docker engine can be asked to run something."""
    asked = ["docker", "version", "--format", "{{.Server.Version}}"]
    found = shutil.which("docker")
    return bool(found) and subprocess.run(asked, capture_output=True, check=False).returncode == 0


@contextmanager
def _in_a_container() -> Iterator[Neo4jServer]:
    from testcontainers.community.neo4j import Neo4jContainer

    password = secrets.token_urlsafe(24)
    container = Neo4jContainer(f"neo4j:{version_under_test()}-community", username="neo4j", password=password)
    container.with_env("NEO4J_server_memory_heap_max__size", "512m")
    with container:
        yield from _served(Neo4jServer(container.get_connection_url(), "neo4j", password))


@contextmanager
def _our_own(folder: Path) -> Iterator[Neo4jServer]:
    home = ServerHome(folder)
    try:
        found = local.start(home, _plan(home), read_settings().neo4j_cache, lambda *_: None)
    except ServerError as error:
        if os.environ.get("KG_REQUIRE_NEO4J") == "1":
            pytest.fail(f"no Neo4j, which KG_REQUIRE_NEO4J=1 asks for: {error}", pytrace=False)
        pytest.skip(f"no Neo4j: {error}")
    _have_watched(home)
    yield from _served(Neo4jServer(found.bolt, found.user, home.password(), found.browser))
    _clear(home)


def _served(server: Neo4jServer) -> Iterator[Neo4jServer]:
    try:
        yield server
    finally:
        server.close()


def _plan(home: ServerHome) -> ServerOptions:
    """That of a server which a worker left behind when it crashed, else a new one on free ports."""
    left = home.options()
    if left is not None and home.process() is not None:
        return left
    bolt, http, guide = free_ports(3)
    return ServerOptions(version_under_test(), bolt, http, guide, heap="384m", page_cache="64m", jvm=FAST)


def version_under_test() -> str:
    """The release that the tests start: KG_TEST_NEO4J_VERSION, else that of a user who names none."""
    return os.environ.get("KG_TEST_NEO4J_VERSION", DEFAULT_VERSION)


def free_ports(count: int) -> list[int]:
    """Ports of this machine that nobody listens on now."""
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports: list[int] = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def _have_watched(home: ServerHome) -> None:
    """Leave a watcher that clears up after a run that is killed."""
    run = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
    watcher = [sys.executable, "-m", "tests.neo4j_server", str(home.folder), str(run), str(start_time(run))]
    launch(watcher, home.folder / "watcher.log", os.environ | {"PYTHONPATH": str(ROOT)})


def _watch(home: ServerHome, run: ServerProcess) -> None:
    """Until either ends: the server, because the run stopped it, or the run, which then could not."""
    while home.process() is not None and run.is_alive():
        time.sleep(WATCH_SECONDS)
    _clear(home)


def _clear(home: ServerHome) -> None:
    local.stop(home, kill=True)
    shutil.rmtree(home.folder, ignore_errors=True)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _, home_folder, pid, since = sys.argv
    _watch(ServerHome(Path(home_folder)), ServerProcess(int(pid), since))
