"""Do the commands say the same whether the SQLite file or a Neo4j answers?"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from kg import operations
from kg.cli import app
from tests import neo4j_copies

Run = Callable[..., Result]
SOURCES = ("demo-registry", "demo-list", "demo-land")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory, neo4j: neo4j_copies.Neo4jFixture) -> Path:
    """Some sources of the demo set in a file, and a copy of them in the Neo4j."""
    path = tmp_path_factory.mktemp("demo") / "graph.sqlite"
    place = operations.Workspace(path, neo4j=neo4j_copies.address(neo4j))
    for order in operations.demo_load_requests():
        if order.declaration and order.declaration.name in SOURCES:
            operations.load(place, order)
    operations.sync(place)
    return path


@pytest.fixture
def embedded(file: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    def run(*words: object) -> Result:
        with monkeypatch.context() as patched:
            patched.setenv("KG_STORE", f"embedded:{file}")
            return CliRunner().invoke(app, [str(w) for w in words])

    return run


@pytest.fixture
def copied(file: Path, neo4j: neo4j_copies.Neo4jFixture, monkeypatch: pytest.MonkeyPatch) -> Run:
    def run(*words: object) -> Result:
        with monkeypatch.context() as patched:
            for name, value in _environment(neo4j, file).items():
                patched.setenv(name, value)
            return CliRunner().invoke(app, [str(w) for w in words])

    return run


def _environment(server: neo4j_copies.Neo4jFixture, file: Path) -> dict[str, str]:
    who = {"KG_NEO4J_USER": server.user, "KG_NEO4J_PASSWORD": server.password}
    return {"KG_STORE": server.uri, "KG_LEDGER": str(file), "KG_WAIT": "5", **who}


@pytest.mark.parametrize(
    "words",
    [
        ("sources", "--json"),
        ("search", "holding", "--json"),
        ("search", "伟", "--type", "Person"),
        ("show", operations.demo_path_ends()[0], "--json"),
        ("path", *operations.demo_path_ends(), "--json"),
        ("clusters", "--json"),
        ("clusters", "--sought", "--limit", "2"),
    ],
    ids=" ".join,
)
def test_a_command_says_the_same(embedded: Run, copied: Run, words: tuple[str, ...]) -> None:
    one, other = embedded(*words), copied(*words)
    assert (one.exit_code, one.stdout) == (0, other.stdout), other.stderr


def test_the_report_is_the_same_to_the_byte(embedded: Run, copied: Run, tmp_path: Path) -> None:
    for run, folder in ((embedded, "one"), (copied, "other")):
        assert run("report", "--out", tmp_path / folder, "--date", "2014-12-05", "--limit", "3").exit_code == 0
    one, other = ({file.name: file.read_bytes() for file in (tmp_path / name).iterdir()} for name in ("one", "other"))
    assert one == other


def test_verify_compares_the_copy_too(copied: Run, neo4j: neo4j_copies.Neo4jFixture) -> None:
    found = _data(copied("verify", "--json"))
    assert (found["clean"], found["neo4j"]["clean"], found["neo4j"]["digest"]) == (True, True, found["digest"])
    [lost] = neo4j.run("MATCH (n:Enterprise) WITH n ORDER BY n.id LIMIT 1 SET n.caption = 'Another' RETURN n.id AS id")
    shown = copied("verify")
    assert (shown.exit_code, lost["id"] in shown.stdout, "kg sync --full" in shown.stdout) == (1, True, True)
    assert _data(copied("sync", "--full", "--json"))["counts"] == {"nodes_changed": 1}
    assert copied("verify").stdout.splitlines()[-1] == f"the Neo4j matches: digest {found['digest']}"


def test_loading_and_withdrawing_bring_the_copy_up_to_date(copied: Run, tmp_path: Path) -> None:
    before = _data(copied("verify", "--json"))["neo4j"]["digest"]
    file = tmp_path / "bo.records.jsonl"
    source = {"name": "bo", "title": "Bo (invented)", "namespace": "bo", "invented": True}
    person = {"key": "bo", "type": "Person", "properties": {"name": "Bo Example"}}
    file.write_text(f"{json.dumps({'source': source})}\n{json.dumps(person)}\n")
    done = copied("load", file, "--json")
    assert (json.loads(done.stdout)["added"], "1 nodes added" in done.stderr) == (1, True)
    assert "Bo Example" in copied("search", "Bo Example").stdout
    again = copied("load", file)
    assert (again.exit_code, "nodes" in again.stderr) == (0, False)
    assert copied("withdraw", "bo", "--yes").exit_code == 0
    assert _data(copied("verify", "--json"))["neo4j"]["digest"] == before
    assert "nothing to send" in copied("sync").stdout


def test_a_load_names_the_neo4j_that_follows_it(
    embedded: Run, neo4j: neo4j_copies.Neo4jFixture, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KG_NEO4J_PASSWORD", neo4j.password)
    file = tmp_path / "cy.records.jsonl"
    source = {"name": "cy", "title": "Cy (invented)", "namespace": "cy", "invented": True}
    person = {"key": "cy", "type": "Person", "properties": {"name": "Cy Example"}}
    file.write_text(f"{json.dumps({'source': source})}\n{json.dumps(person)}\n")
    done = embedded("load", file, "--store", neo4j.uri)
    assert (done.exit_code, "1 nodes added" in done.stderr) == (0, True)
    assert neo4j.run("MATCH (n:Person {name: 'Cy Example'}) RETURN n.sources AS by") == [{"by": ["cy"]}]
    assert embedded("withdraw", "cy", "--yes").exit_code == 0
    assert "1 nodes removed" in embedded("sync", neo4j.uri).stdout


def test_sync_takes_the_address_and_keeps_to_the_file_of_the_settings(
    embedded: Run, neo4j: neo4j_copies.Neo4jFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KG_NEO4J_PASSWORD", neo4j.password)
    assert "nothing to send" in embedded("sync", neo4j.uri).stdout


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("sync",), 2, "no Neo4j is named"),
        (("sync", "neo4j://"), 2, "KG_STORE is 'neo4j://'"),
        (("sync", "bolt://127.0.0.1:1"), 4, "bolt://127.0.0.1:1"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(
    embedded: Run, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], code: int, said: str
) -> None:
    monkeypatch.setenv("KG_WAIT", "0")
    shown = embedded(*words)
    assert (shown.exit_code, shown.stderr.count("\n"), said in shown.stderr) == (code, 1, True)


def test_protected_facts_are_not_copied_without_their_scope(copied: Run, neo4j: neo4j_copies.Neo4jFixture) -> None:
    refused = copied("sync", "--protected")
    assert (refused.exit_code, "KG_SCOPE=protected" in refused.stderr) == (2, True)
    assert neo4j.run("MATCH (n {kg_protected: true}) RETURN count(n) AS n") == [{"n": 0}]


def _data(result: Result) -> Any:
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_whoever_has_the_scope_is_shown_who_is_who_over_a_neo4j_without_protected_facts(
    file: Path, copied: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    hidden = tmp_path / "hidden.records.jsonl"
    hidden.write_text(
        '{"key": "h", "type": "Person", "handling": "protected", "properties": {"name": "Guest (invented)"}}\n'
    )
    with monkeypatch.context() as patched:
        patched.setenv("KG_STORE", f"embedded:{file}")
        assert CliRunner().invoke(app, ["load", str(hidden), "--source", "shelter"]).exit_code == 0
    person = operations.demo_path_ends()[0]
    expected = copied("show", person, "--json")
    monkeypatch.setenv("KG_SCOPE", "protected")
    shown = copied("show", person, "--json")
    assert (shown.exit_code, json.loads(shown.stdout)) == (0, json.loads(expected.stdout)), shown.stderr
