"""Is a graph that was imported in bulk the one that kg sync would have written?"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from kg import operations
from kg.cli import app
from kg.errors import ServerError
from kg.neo4j_server import server as local
from kg.neo4j_server.bulk_import import import_files
from kg.neo4j_server.home import ServerHome, ServerOptions
from kg.neo4j_server.readiness import run_statement
from kg.records import Provenance
from kg.settings import read as read_settings
from tests.neo4j_server import FAST, free_ports, version_under_test
from tests.stores import link, load, node

Run = Callable[..., Result]

RECORDS = [
    node("ann", name='"Ann" Example|安娜|\\"; x', birth_date="1958-03|1958-03-04", passport_number="G 123456"),
    node("bo", name="Bo Example", tax_number="T 1", provenance=Provenance(handling="protected")),
    node("double", name="Ann Example", passport_number="G 123456"),
    node("acme", "Enterprise", name='"Acme"', incorporation_date="2001-02-03", state_owned="no"),
    node("both", "Vessel", name="MY 'Example' 😀 \uffff", valuation="market 2014-06 1200000..1500000 USD gross"),
    node("w", "Warrant", name="W 1", number="1"),
    link("ann OWNS acme", share="51", start_date="2001", provenance=Provenance(reliability="A")),
    link("acme OWNS both", share="25..50"),
    link("acme PAID ann", amount="1200.50 USD", date="2010-05-06"),
    link("ann SOUGHT_UNDER w"),
    link("bo OWNS acme"),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerHome]:
    """A folder whose server does not outlive this module; options of it are remembered."""
    home, (bolt, http) = ServerHome(tmp_path_factory.mktemp("bulk") / "my server"), free_ports(2)
    home.prepare(ServerOptions(version_under_test(), bolt, http, 0, heap="384m", page_cache="64m", jvm=FAST))
    yield home
    local.stop(home, kill=True)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("store") / "graph.sqlite"
    load(path, "register", RECORDS)
    load(path, "press", [node("both", "Aircraft", name="MY 'Example' 😀 \uffff")])
    return path


@pytest.fixture
def run(home: ServerHome, store: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Commands in the protected scope, which speak to that server."""
    plan = home.options()
    assert plan is not None
    settings = {"STORE": f"bolt://127.0.0.1:{plan.bolt_port}", "LEDGER": store, "NEO4J_HOME": home.folder}
    for name, value in {**settings, "SCOPE": "protected"}.items():
        monkeypatch.setenv(f"KG_{name}", str(value))
    return lambda *words: CliRunner().invoke(app, [str(word) for word in words])


@pytest.mark.usefixtures("neo4j_server")
class TestOneImport:
    """Each test leaves the server as the next one expects it."""

    def test_it_brings_the_server_up_with_all_indexes(self, home: ServerHome, run: Run, tmp_path: Path) -> None:
        data(run("export", "neo4j-admin", tmp_path / "bulk", "--protected", "--json"))
        done = data(run("neo4j", "import", tmp_path / "bulk", "--json"))
        assert (done["nodes"], done["links"], done["server"]["ready"]) == (6, 6, True)
        states = run_statement(home, plan(home), "SHOW INDEXES YIELD state, name RETURN state, count(*)")
        names = run_statement(
            home, plan(home), "CALL db.index.fulltext.queryNodes('names', '安娜') YIELD node RETURN node.name"
        )
        assert (states, names) == ([["ONLINE", states[0][1]]], [['"Ann" Example']])

    def test_verify_finds_no_difference_and_sync_has_nothing_to_send(self, run: Run) -> None:
        found = data(run("verify", "--json"))
        assert (found["clean"], found["neo4j"]["differing"]) == (True, [])
        assert found["neo4j"]["digest"] == found["digest"]
        assert data(run("sync", "--json"))["counts"] == {}
        assert data(run("sync", "--full", "--json"))["counts"] == {}

    def test_values_have_their_types(self, home: ServerHome) -> None:
        [row] = run_statement(
            home,
            plan(home),
            """MATCH (p:Person:Fugitive {kg_type: 'Person'})-[o:OWNS]->(e:Enterprise)-[m:PAID]->(p), (v:Vessel:Aircraft)
            RETURN valueType(p.birth_date_last), valueType(o.share), valueType(m.amount_minor), valueType(v.name),
            valueType(e.state_owned), valueType(p.name_all), valueType(o.zz_kg_facts)""",
        )
        assert [said.removesuffix(" NOT NULL") for said in row] == [
            "DATE",
            "FLOAT",
            "INTEGER",
            "STRING",
            "BOOLEAN",
            "LIST<STRING NOT NULL>",
            "LIST<FLOAT NOT NULL>",
        ]

    def test_a_delta_is_followed(self, run: Run, store: Path) -> None:
        load(store, "press", [node("both", "Aircraft", name="Another Example")])
        assert data(run("sync", "--json"))["counts"] == {"nodes_changed": 1}
        assert data(run("verify", "--json"))["neo4j"]["differing"] == []

    def test_a_running_server_and_a_database_are_left_as_they_are(self, run: Run, tmp_path: Path) -> None:
        data(run("export", "neo4j-admin", tmp_path / "bulk", "--json"))
        refused = run("neo4j", "import", tmp_path / "bulk", "--overwrite")
        assert (refused.exit_code, "stop it first: kg neo4j stop" in refused.stderr) == (4, True)
        assert run("neo4j", "stop").exit_code == 0
        refused = run("neo4j", "import", tmp_path / "bulk")
        assert (refused.exit_code, "has a database already" in refused.stderr) == (4, True)

    def test_an_import_that_fails_leaves_what_was_there_and_nothing_else(
        self, home: ServerHome, store: Path, tmp_path: Path
    ) -> None:
        goal = tmp_path / "bulk"
        operations.export_bulk(operations.Workspace(store), str(goal))
        links = goal / "links-01-OWNS.csv"
        links.write_bytes(links.read_bytes().replace(links.read_bytes()[:4], b"zzzz"))
        before = files(home)
        killed = home.folder / "importing.1"
        killed.mkdir()
        (killed / "left").touch()
        with pytest.raises(ServerError, match="neo4j-admin did not import"):
            import_files(home, plan(home), goal, read_settings().neo4j_cache, lambda *_: None, overwrite=True)
        assert files(home) == before


@pytest.mark.parametrize("harm", ["a file is gone", "a file is cut short", "no export"])
def test_half_a_folder_is_not_imported(home: ServerHome, store: Path, run: Run, tmp_path: Path, harm: str) -> None:
    goal = tmp_path / "bulk"
    operations.export_bulk(operations.Workspace(store), str(goal))
    if harm == "a file is gone":
        (goal / "links-01-OWNS.csv").unlink()
    elif harm == "a file is cut short":
        (goal / "links-01-OWNS.csv").write_bytes(b"")
    else:
        (goal / "export.json").unlink()
    refused = run("neo4j", "import", goal)
    assert (refused.exit_code, refused.stderr.count("\n"), str(goal) in refused.stderr) == (2, 1, True)


def data(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def plan(home: ServerHome) -> ServerOptions:
    found = home.options()
    assert found is not None
    return found


def files(home: ServerHome) -> dict[str, int]:
    """Everything in the folder but its logs."""
    every = (path for path in home.folder.rglob("*") if path.is_file() and home.logs not in path.parents)
    return {str(path): path.stat().st_size for path in every}
