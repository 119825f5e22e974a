"""Does every saved query answer on a real Neo4j, and can none of them do harm there?"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import neo4j as driver
import pytest
from neo4j import GraphDatabase
from typer.testing import CliRunner, Result

from kg import operations
from kg.cli import app
from kg.errors import OutOfTime, StoreError
from kg.ontology import load_ontology
from kg.ontology.derive.cypher import owned_keys, owned_labels
from kg.operations import SavedQueryRequest, Workspace
from kg.queries import SavedQuery, find_query, parse_query, query_pack
from tests import golden, neo4j_copies
from tests.house.tree import ROOT
from tests.neo4j_server import Neo4jServer

GOLDEN = ROOT / "tests" / "golden" / "queries"
ALL = [pytest.param(query, id=query.name) for query in query_pack().values()]
PAIR = "CartesianProduct"
ONE_ROW = {"NodeUniqueIndexSeek", "Argument"}
"""Operators that give a row or none: a product of two such is a pair, not every pair there is."""
ONTOLOGY = load_ontology()
KNOWN = {*owned_labels(ONTOLOGY), *ONTOLOGY.link_names, *owned_keys(ONTOLOGY), *owned_keys(ONTOLOGY, links=True)}
"""Names that the ontology has, though the demo set may not."""

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def place(neo4j_with_demo: tuple[Neo4jServer, Path]) -> Workspace:
    """The demo set in a file, and a copy of it in the Neo4j."""
    server, path = neo4j_with_demo
    return operations.Workspace(path, neo4j=neo4j_copies.address(server))


@pytest.fixture(scope="module")
def session(neo4j_with_demo: tuple[Neo4jServer, Path]) -> Iterator[driver.Session]:
    server, _ = neo4j_with_demo
    with (
        GraphDatabase.driver(server.uri, auth=(server.user, server.password)) as opened,
        opened.session(default_access_mode=driver.READ_ACCESS) as session,
    ):
        yield session


@pytest.fixture
def run(neo4j_with_demo: tuple[Neo4jServer, Path], monkeypatch: pytest.MonkeyPatch) -> Run:
    server, path = neo4j_with_demo
    settings = {"KG_STORE": server.uri, "KG_LEDGER": str(path), "KG_WAIT": "5"}
    for name, value in {**settings, "KG_NEO4J_USER": server.user, "KG_NEO4J_PASSWORD": server.password}.items():
        monkeypatch.setenv(name, value)
    return lambda *words: CliRunner().invoke(app, ["query", *words])


@pytest.mark.parametrize("query", ALL)
def test_a_query_answers_the_demo_set_as_written_down(query: SavedQuery, place: Workspace) -> None:
    table = operations.run_query(place, query, SavedQueryRequest({}, use_examples=True))
    assert table.rows, "example values that have no answer show nothing"
    path = GOLDEN / f"{query.name}.json"
    if os.environ.get(golden.UPDATE_VARIABLE) == "1":
        path.parent.mkdir(parents=True, exist_ok=True)
    rows = ",\n".join(json.dumps(row, ensure_ascii=False) for row in table.rows)
    golden.check(path, f'{{"columns": {json.dumps(table.columns)}, "rows": [\n{rows}\n]}}\n')


@pytest.mark.parametrize("query", ALL)
def test_a_query_reads_only_and_looks_no_further_than_it_must(query: SavedQuery, session: driver.Session) -> None:
    summary = session.run(f"EXPLAIN {query.text}", dict(query.examples())).consume()
    assert summary.query_type == "r"
    plan = summary.plan
    assert plan is not None
    assert not [step for step in _steps(plan) if step["operatorType"].startswith("AllNodesScan")]
    assert not [step for step in _steps(plan) if step["operatorType"].startswith(PAIR) and not _is_a_pair(step)]
    said = "\n".join(status.status_description for status in summary.gql_status_objects)
    assert set(re.findall(r"The (?:label|relationship type|property) `(\w+)` does not exist", said)) <= KNOWN


def _steps(plan: Any) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("children", ()):
        yield from _steps(child)


def _is_a_pair(product: dict[str, Any]) -> bool:
    """Whether both sides of a product have at most one row."""
    leaves = [step for step in _steps(product) if not step.get("children")]
    return all(step["operatorType"].split("@")[0].split("(")[0] in ONE_ROW for step in leaves)


@pytest.mark.parametrize("query", [query for query in query_pack().values() if query.topic == "paths"])
def test_a_path_from_a_node_to_itself_is_the_node(query: SavedQuery, place: Workspace) -> None:
    """As `kg path` answers: not the error with which Neo4j refuses such a path."""
    ends = dict.fromkeys(("from", "to"), "demo:p-017")
    if not ends.keys() <= {parameter.name for parameter in query.parameters}:
        pytest.fail(f"{query.name} has other ends; say here what it answers")
    table = operations.run_query(place, query, SavedQueryRequest(ends, use_examples=True))
    [row] = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    assert (row["hops"], len(row["through"]), row["by"]) == (0, 1, [])


def test_golden_answers_are_those_of_queries_there_are() -> None:
    """No query without an answer, no answer without a query."""
    kept = {path.relative_to(GOLDEN).with_suffix("").as_posix() for path in GOLDEN.glob("*/*.json")}
    assert kept == set(query_pack())


def test_the_command_says_what_the_golden_file_says(run: Run) -> None:
    done = run("people/family", "--param", "person=demo:p-017", "--json")
    kept = json.loads((GOLDEN / "people" / "family.json").read_text(encoding="utf-8"))
    assert done.exit_code == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer == {"version": answer["version"], "query": "people/family", **kept, "more": False}


def test_a_person_reads_captions_and_what_is_left_out(run: Run) -> None:
    done = run("holdings_down", "--example")
    assert done.exit_code == 0, done.stderr
    assert "-OWNS- " in done.stdout
    assert find_query("holdings_down").title in done.stdout
    assert "limits: eight layers" in done.stdout


@pytest.mark.parametrize(
    ("words", "code", "problem"),
    [
        (["people/family"], 2, "people/family needs the parameter person: The person."),
        (["people/family", "--param", "who=x"], 2, "key who: people/family has no such parameter; expected person"),
        (["people/family", "--param", "person"], 2, "expected NAME=VALUE"),
        (["limitation_dates", "--param", "day=soon"], 2, "key day, value 'soon': expected a day, such as 2014-12-05"),
        (["people/family", "--param", "person=demo:nobody"], 3, "demo:nobody"),
        (["people/nobody"], 3, "no saved query is called 'people/nobody'"),
    ],
)
def test_a_mistake_is_one_line(run: Run, words: list[str], code: int, problem: str) -> None:
    done = run(*words)
    assert done.exit_code == code
    assert problem in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_the_sqlite_file_does_not_answer_cypher(run: Run, place: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_STORE", f"embedded:{place.path}")
    done = run("people/family", "--example")
    assert (done.exit_code, "need a Neo4j" in done.stderr) == (4, True)


def test_a_query_cannot_write(place: Workspace) -> None:
    with pytest.raises(StoreError, match="refuses"):
        operations.run_query(place, _query("CREATE (x:Person) RETURN x"), SavedQueryRequest({}))


def test_a_query_that_takes_too_long_is_ended(place: Workspace) -> None:
    endless = _query("UNWIND range(1, 10000) AS a UNWIND range(1, 1000000) AS b RETURN sum(a * b) AS s")
    with pytest.raises(OutOfTime, match=r"ended the query, which took over 0\.2 seconds"):
        operations.run_query(place, endless, SavedQueryRequest({}, timeout=0.2))


def test_every_kind_of_value_becomes_plain_data(place: Workspace) -> None:
    text = "RETURN date('2014-12-05') AS d, [1, 2.5, true, null] AS l, {a: 'b'} AS m, point({x: 1, y: 2}) AS p"
    [row] = operations.run_query(place, _query(text), SavedQueryRequest({})).rows
    assert row[:3] == ["2014-12-05", [1, 2.5, True, None], {"a": "b"}]
    assert "1.0" in row[3]


def _query(text: str) -> SavedQuery:
    return parse_query("tests/one", f"// One\n{text};")
