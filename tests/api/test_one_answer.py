"""Do the command line and the service give the same document for the same question?"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from kg.cli import app
from kg.operations import Workspace
from tests import neo4j_copies
from tests.api.service_client import ServiceClient, run_service
from tests.stores import link, load, node

PERSON, HOUSE, DAY = "demo:p-003", "demo:as-0001", "2014-12-05"

FAMILY = {"person": "test:ann"}
RELATIVES = [
    node("ann", name="Ann Example"),
    node("bo", name="Bo Example"),
    node("yacht", "Vessel", name="MY Example"),
    link("ann FAMILY_OF bo", relation="spouse"),
    link("bo OWNS yacht"),
]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory, demo_store: Path) -> Path:
    return Path(shutil.copy(demo_store, tmp_path_factory.mktemp("demo")))


@pytest.fixture(scope="module")
def client(path: Path) -> Iterator[ServiceClient]:
    with run_service(Workspace(path)) as client:
        yield client


def test_search(path: Path, client: ServiceClient) -> None:
    for limit in (3, 100):
        found = client.get("/v1/entities", q="Quillwater", type="RealEstate", limit=limit).data
        assert printed(path, "search", "Quillwater", "--type", "RealEstate", "--limit", limit) == found


def test_show_is_the_node_with_its_first_page_of_links(path: Path, client: ServiceClient) -> None:
    address = client.get(f"/v1/entities/{PERSON}").headers["location"]
    entity, links = client.get(address).data, client.get(f"{address}/links", limit=200).data
    exhibits = client.get(f"{address}/exhibits", limit=200).data["exhibits"]
    assert entity["sought"] and links["links"]
    assert printed(path, "show", PERSON) == {**links, **entity, "exhibits": exhibits}


def test_path(path: Path, client: ServiceClient) -> None:
    found = client.get("/v1/paths", from_=PERSON, to=HOUSE).data
    assert found["links"] and printed(path, "path", PERSON, HOUSE) == found
    asked = {"from": PERSON, "to": HOUSE, "ranking": "shortest", "as_of": DAY, "walk": ["location"], "limit": 5}
    words = ("--ranking", "shortest", "--as-of", DAY, "--walk", "location", "--limit", 5)
    assert printed(path, "path", PERSON, HOUSE, *words) == client.post("/v1/paths", asked).data


def test_owners_and_holdings(path: Path, client: ServiceClient) -> None:
    owners = client.get(f"/v1/entities/{HOUSE}/owners", as_of=DAY, least=10, between=True, seconds=30).data
    assert owners["links"] and printed(path, "owners", HOUSE, "--as-of", DAY, "--min", 10, "--all") == owners
    holdings = client.get(f"/v1/entities/{PERSON}/holdings", as_of=DAY, chains=1, seconds=30).data
    assert holdings["links"] and printed(path, "holdings", PERSON, "--as-of", DAY, "--chains", 1) == holdings


def test_money_flow(path: Path, client: ServiceClient) -> None:
    asked = {"from": "demo:body-02", "rules": ["fifo"], "as_of": DAY, "opening": "zero", "seconds": 30}
    found = client.post("/v1/flows", asked).data
    words = ("--rule", "fifo", "--as-of", DAY, "--opening", "zero")
    assert found["payments"] and printed(path, "flow", "demo:body-02", *words) == found


def test_one_cluster_in_full(path: Path, client: ServiceClient) -> None:
    name = client.get("/v1/clusters", sought="true", limit=1).data["clusters"][0]["id"]
    address = f"/v1/clusters/{name}/explanation"
    assert printed(path, "clusters", name) == client.get(address, stability="false").data
    assert printed(path, "clusters", name, "--stability") == client.get(address, seconds=30).data


def test_a_run_has_every_cluster_as_the_service_answers_it(path: Path, client: ServiceClient) -> None:
    run, listed = printed(path, "clusters"), client.get("/v1/clusters", limit=200).data
    assert [cluster["id"] for cluster in run["clusters"]] == [cluster["id"] for cluster in listed["clusters"]]
    same = ("version", "as_of", "parameters")
    assert [run[name] for name in same] == [listed[name] for name in same]
    for cluster in run["clusters"][:5]:
        one = client.get(f"/v1/clusters/{cluster['id']}").data
        assert one["cluster"] == cluster
        assert all(indicator in run["indicators"] for indicator in one["indicators"])


def test_legal_routes_gaps_and_portfolio(path: Path, client: ServiceClient) -> None:
    asked: dict[str, Any] = {"requesting": "CN", "as_of": DAY}
    words = ("--requesting", "CN", "--as-of", DAY)
    routes = client.get(f"/v1/persons/{PERSON}/routes", **asked, host="US").data
    assert routes["routes"] and printed(path, "routes", PERSON, *words, "--host", "US") == routes
    everybody = printed(path, "routes", *words, "--host", "US")
    assert [one for one in everybody if one["person"] == routes["person"]] == [routes]
    gaps = client.get("/v1/gaps", **asked, limit=3).data
    assert gaps["gaps"] and printed(path, "gaps", *words, "--limit", 3) == gaps
    portfolio = client.get("/v1/portfolio", **asked, limit=2).data
    assert portfolio["chosen"] and printed(path, "portfolio", *words, "--limit", 2) == portfolio
    budget = client.get("/v1/portfolio", **asked, limit=2, days=20, days_per_asset=1, currency="EUR").data
    told = ("--days", 20, "--days-per-asset", 1, "--currency", "EUR", "--limit", 2)
    assert budget["first_freezes"] and printed(path, "portfolio", *words, *told) == budget
    dossier = client.get(f"/v1/persons/{PERSON}/dossier", **asked, host="US").data
    assert dossier["routes"] and printed(path, "dossier", PERSON, *words, "--host", "US") == dossier
    freezes = client.get(f"/v1/persons/{PERSON}/freeze-set", **asked).data
    assert freezes["restrain"] and printed(path, "freeze-set", PERSON, *words) == freezes


def test_the_list_of_saved_queries(path: Path, client: ServiceClient) -> None:
    assert printed(path, "query", "--list") == client.get("/v1/queries").data


def test_a_saved_query(tmp_path: Path, neo4j: neo4j_copies.Neo4jFixture) -> None:
    path = tmp_path / "graph.sqlite"
    load(path, "register", RELATIVES)
    neo4j_copies.sync_copy(neo4j, path, take_over=True)
    settings = {"KG_NEO4J_USER": neo4j.user, "KG_NEO4J_PASSWORD": neo4j.password, "KG_LEDGER": str(path)}
    words = (f"{name}={value}" for name, value in FAMILY.items())
    found = printed(path, "query", "people/family", "--param", *words, KG_STORE=neo4j.uri, **settings)
    with run_service(replace(Workspace(path), neo4j=neo4j_copies.address(neo4j)), refresh=False) as client:
        answer = client.post("/v1/queries/people/family", {"parameters": FAMILY}).data
    assert answer["rows"] and found == answer


def printed(path: Path, *words: object, **settings: str) -> Any:
    """The document that a command prints about a store."""
    environment: Mapping[str, str] = {"KG_STORE": f"embedded:{path}", **settings}
    result = CliRunner().invoke(app, [*map(str, words), "--json"], env=environment)
    assert (result.exit_code, result.stderr) == (0, "")
    return json.loads(result.stdout)
