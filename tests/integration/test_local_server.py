"""Does the local server start, keep its data, and end, as its commands say?"""

from __future__ import annotations

import json
import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from kg.cli import app
from kg.database import connect
from kg.errors import ServerError, StoreError
from kg.neo4j_server import server as local
from kg.neo4j_server.home import ServerHome, ServerOptions
from kg.neo4j_server.process import ServerProcess, start_time
from kg.neo4j_server.readiness import run_statement
from kg.neo4j_server.releases import RELEASES
from kg.ontology import load_ontology
from kg.settings import read as read_settings
from kg.stores.neo4j import CopyScope, Neo4jConnection, SyncRequest, compare, sync, sync_state_path
from kg.stores.neo4j.sync import batches
from kg.stores.neo4j_address import Neo4jAddress
from tests.neo4j_server import FAST, free_ports, version_under_test
from tests.stores import link, load, node

Run = Callable[..., Result]

PEOPLE = [node(f"p{i}", name=f"Person {i}") for i in range(400)]
TIES = [link(f"p{i} FAMILY_OF p{i + 1}") for i in range(399)]


def quiet(*_: object) -> None:
    """No progress wanted."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerHome]:
    """A folder with a blank in its name, whose server does not outlive this module."""
    home = ServerHome(tmp_path_factory.mktemp("local") / "my server")
    yield home
    local.stop(home, kill=True)


@pytest.fixture(scope="module")
def plan() -> ServerOptions:
    bolt, http, guide = free_ports(3)
    return ServerOptions(version_under_test(), bolt, http, guide, heap="256m", page_cache="32m", jvm=FAST)


@pytest.fixture
def run(home: ServerHome, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("KG_NEO4J_HOME", str(home.folder))
    return lambda *words: CliRunner().invoke(app, ["neo4j", *words])


def shown(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def start(home: ServerHome, plan: ServerOptions) -> local.ServerStatus:
    return local.start(home, plan, read_settings().neo4j_cache, quiet)


@pytest.mark.usefixtures("neo4j_server")
class TestOneServer:
    """From its first start to its end; each test leaves it as the next one expects it."""

    def test_it_starts_and_answers(self, home: ServerHome, plan: ServerOptions) -> None:
        found = start(home, plan)
        assert (found.running, found.ready, found.version) == (True, True, plan.version)
        assert run_statement(home, plan, "CREATE (n:Note {text: 'kept'}) RETURN n.text") == [["kept"]]

    def test_a_second_start_leaves_it_as_it_is(self, home: ServerHome, plan: ServerOptions, run: Run) -> None:
        assert start(home, plan) == local.status(home)
        assert shown(run("start", "--json"))["pid"] == local.status(home).pid

    def test_other_options_need_a_stop_first(self, run: Run) -> None:
        result = run("start", "--heap", "300m")
        assert (result.exit_code, result.stderr) == (
            4,
            "kg: the server runs with other options; stop it first: kg neo4j stop\n",
        )

    def test_status_says_where_everything_is_and_not_the_password(
        self, home: ServerHome, plan: ServerOptions, run: Run
    ) -> None:
        found = shown(run("status", "--json"))
        assert found["bolt"] == f"bolt://127.0.0.1:{plan.bolt_port}"
        assert Path(found["password_file"]) == home.password_file
        assert Path(found["logs"]).is_dir()
        everything = run("status").output + run("status", "--json").output + run("browser").output
        assert home.password() not in everything
        assert run("password").stdout == home.password() + "\n"

    def test_browser_is_served(self, plan: ServerOptions, run: Run) -> None:
        address = shown(run("browser", "--json"))["browser"]
        bolt = f"bolt://neo4j@127.0.0.1:{plan.bolt_port}"
        assert address == f"http://127.0.0.1:{plan.http_port}/browser/?dbms={bolt}&db=neo4j"
        with local_page(address) as page:
            assert b"<title>Neo4j Browser</title>" in page.read()

    def test_the_guide_is_handed_out_and_browser_is_told_to_open_it(
        self, home: ServerHome, plan: ServerOptions
    ) -> None:
        guide = f"http://127.0.0.1:{plan.guide_port}"
        assert local.status(home).guide == guide
        with local_page(f"{guide}/guide.html") as page:
            assert b"<title>Saved queries</title>" in page.read()
        asked = "SHOW SETTINGS YIELD name, value WHERE name STARTS WITH 'browser.' RETURN name, value ORDER BY name"
        assert run_statement(home, plan, asked) == [
            ["browser.post_connect_cmd", f"style {guide}/style.grass; guide {guide}/guide.html"],
            ["browser.remote_content_hostname_whitelist", "127.0.0.1"],
        ]

    def test_a_start_brings_back_a_guide_that_is_gone(self, home: ServerHome, plan: ServerOptions, run: Run) -> None:
        guide = home.process("guide")
        assert guide is not None
        guide.send(signal.SIGKILL)
        assert guide.wait(30)
        assert shown(run("status", "--json"))["guide"] == ""
        assert start(home, plan).guide == f"http://127.0.0.1:{plan.guide_port}"

    @pytest.mark.parametrize("address", ["http://127.0.0.1:9/", "http://[::1]:9/"])
    def test_no_query_reaches_an_address(self, home: ServerHome, plan: ServerOptions, address: str) -> None:
        with pytest.raises(ServerError, match="is blocked via the configuration"):
            run_statement(home, plan, f"LOAD CSV FROM '{address}' AS row RETURN row")

    def test_the_password_is_on_no_command_line(self, home: ServerHome) -> None:
        pid = local.status(home).pid
        assert home.password().encode() not in Path(f"/proc/{pid}/cmdline").read_bytes()

    def test_killed_in_a_sync_it_is_known_to_be_gone_keeps_its_data_and_gets_the_whole_graph(
        self, home: ServerHome, plan: ServerOptions, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(batches, "MAX_ROWS", 100)
        load(path := tmp_path / "graph.sqlite", "register", [*PEOPLE, *TIES])
        address = Neo4jAddress(f"bolt://127.0.0.1:{plan.bolt_port}", "neo4j", home.password())
        scope, kept = CopyScope(load_ontology()), sync_state_path(path, address.target)
        killed: list[int] = []

        def kill(phase: str, done: int, total: int | None) -> None:
            if done and not killed:
                pid = local.status(home).pid
                assert pid is not None
                process = ServerProcess(pid, str(start_time(pid)))
                os.kill(pid, signal.SIGKILL)
                assert process.wait(30)
                killed.append(done)

        with closing(connect(path)) as connection:
            with (
                Neo4jConnection(address, retry_seconds=0.5) as talk,
                pytest.raises(StoreError, match="does not answer"),
            ):
                sync(connection, talk, SyncRequest(scope, kept, progress=kill))
            assert (shown(run("status", "--json"))["running"], run("browser").exit_code) == (False, 4)
            start(home, plan)
            assert run_statement(home, plan, "MATCH (n:Note) RETURN n.text") == [["kept"]]
            with Neo4jConnection(address) as talk:
                done = sync(connection, talk, SyncRequest(scope, kept))
                assert compare(connection, talk, scope).is_clean
        assert 0 < done.counts["nodes_added"] + done.counts["links_added"] < len(PEOPLE) + len(TIES)

    def test_stop_waits_for_its_end_and_a_second_stop_finds_none(
        self, home: ServerHome, plan: ServerOptions, run: Run
    ) -> None:
        pid = local.status(home).pid
        assert pid is not None
        assert run("stop").stdout == "stopped\n"
        assert start_time(pid) is None
        assert home.process("guide") is None
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", plan.guide_port), timeout=5)
        assert run("stop").stdout == "no server was running\n"

    @pytest.mark.parametrize("which", ["http", "guide"])
    def test_a_taken_port_is_named_with_what_to_do(self, plan: ServerOptions, run: Run, which: str) -> None:
        port: int = getattr(plan, f"{which}_port")
        with socket.create_server(("127.0.0.1", port)):
            result = run("start")
        assert result.exit_code == 4
        assert f"port {port} cannot be had (Address already in use)" in result.stderr
        assert f"choose another port with --{which}-port" in result.stderr

    def test_another_line_of_neo4j_does_not_open_its_data(self, plan: ServerOptions, run: Run) -> None:
        [other] = RELEASES.keys() - {plan.version}
        result = run("start", "--version", other)
        assert result.exit_code == 4
        assert f"holds the data of Neo4j {plan.version}, which {other} is not made to open" in result.stderr

    def test_a_setting_it_does_not_know_is_said_in_its_own_words(self, run: Run) -> None:
        result = run("start", "--set", "server.no_such_thing=1")
        assert result.exit_code == 4
        assert "Unrecognized setting. No declared setting with name: server.no_such_thing" in result.stderr
        assert shown(run("status", "--json"))["running"] is False


def local_page(address: str) -> Any:
    import urllib.request

    return urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address, timeout=30)
