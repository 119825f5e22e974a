"""Are saved queries listed, described and run, and only where they can be?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kg.operations import Workspace
from kg.queries import find_query, query_pack
from kg.records import node_id
from kg_api.routes import queries
from tests import neo4j_copies
from tests.api.service_client import ServiceClient, run_service
from tests.stores import link, load, node

ADDRESS = "/v1/queries/enterprises/owners_up"
ANN, ACME, LTD = (node_id("test", key) for key in ("ann", "acme", "ltd"))

RECORDS = [
    node("ann", name="Ann Example"),
    node("acme", "Enterprise", name="Acme Holding"),
    node("ltd", "Enterprise", name="Example Ltd"),
    node("us", "Jurisdiction", code="US", name="United States"),
    link("ann OWNS acme", share="51", start_date="2001"),
    link("acme OWNS ltd"),
    link("ann HAS_STATUS_IN jurisdiction:US", kind="asylum"),
]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("api") / "graph.sqlite"
    load(path, "s", RECORDS)
    return path


@pytest.fixture(scope="module")
def place(path: Path, neo4j: neo4j_copies.Neo4jFixture) -> Workspace:
    neo4j_copies.sync_copy(neo4j, path, take_over=True)
    return replace(Workspace(path), neo4j=neo4j_copies.address(neo4j))


@pytest.fixture(scope="module")
def client(place: Workspace) -> Iterator[ServiceClient]:
    with run_service(place) as client:
        yield client


@pytest.fixture(scope="module")
def embedded(path: Path) -> Iterator[ServiceClient]:
    with run_service(Workspace(path)) as client:
        yield client


def test_each_is_listed_and_described_with_what_it_has_to_be_told(
    client: ServiceClient, embedded: ServiceClient
) -> None:
    found = client.get("/v1/queries").data
    assert [query["name"] for query in found["queries"]] == list(query_pack())
    one = client.get(ADDRESS).data
    assert one["query"] in found["queries"]
    assert [(p["name"], p["type"], p["optional"]) for p in one["query"]["parameters"]] == [
        ("enterprise", "node", False),
        ("most", "integer", True),
    ]
    assert "MATCH" not in str(found)
    assert (found["runs_here"], one["runs_here"], embedded.get(ADDRESS).data["runs_here"]) == (True, True, False)


def test_one_is_run_with_typed_values_and_says_where_it_stopped(client: ServiceClient) -> None:
    found = client.post(ADDRESS, {"parameters": {"enterprise": "test:ltd"}})
    assert (found.status, found.data["columns"][:2], found.data["more"]) == (200, ["owner", "layers"], False)
    assert [row[:2] for row in found.data["rows"]] == [["Acme Holding", 1], ["Ann Example", 2]]
    assert found.data["rows"][1][-1]["nodes"][0] == {
        "id": ANN,
        "caption": "Ann Example",
        "labels": ["Entity", "Party", "Person"],
    }
    first = client.post(ADDRESS, {"parameters": {"enterprise": LTD, "most": 5}, "limit": 1}).data
    assert (first["more"], first["rows"]) == (True, found.data["rows"][:1])
    assert first["version"] == client.get("/readyz").data["version"]
    none = client.post("/v1/queries/paths/as_of", {"parameters": {"from": ANN, "to": LTD, "day": "2000-01-01"}})
    assert (none.status, none.data["rows"]) == (200, [])


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({"parameters": {}}, "needs the parameter enterprise"),
        ({"parameters": {"enterprise": 7}}, "parameters.enterprise '7': expected an id"),
        ({"parameters": {"enterprise": "test:ltd", "most": "5"}}, "parameters.most '5': expected a whole number"),
        ({"parameters": {"enterprise": "test:ltd", "most": -1}}, "parameters.most '-1': expected a whole number"),
        ({"parameters": {"enterprise": "test:ltd", "most": 2**63}}, "a whole number of at most 64 bits"),
        ({"parameters": {"enterprise": "test:ltd", "most": True}}, "parameters.most"),
        (
            {"parameters": {"enterprise": "test:ltd", "least": 1}},
            "parameters.least '1': enterprises/owners_up has no such",
        ),
        (
            {"parameters": {"enterprise": "test:ltd"}, "cypher": "MATCH (n) RETURN n"},
            "cypher 'MATCH (n) RETURN n': Extra inputs",
        ),
        ({"parameters": {"enterprise": "test:ltd"}, "seconds": 31}, "seconds '31': "),
        ({"parameters": {"enterprise": "test:ltd"}, "limit": 10_001}, "limit '10001': "),
    ],
)
def test_values_that_do_not_fit_are_refused(client: ServiceClient, body: dict[str, Any], detail: str) -> None:
    found = client.post(ADDRESS, body)
    assert found.status == 422
    assert detail in found.data["detail"]


def test_a_day_is_refused_that_is_none(client: ServiceClient) -> None:
    found = client.post("/v1/queries/paths/as_of", {"parameters": {"from": ANN, "to": LTD, "day": "2000"}})
    assert (found.status, "parameters.day '2000': expected a day" in found.data["detail"]) == (422, True)


def test_a_query_that_runs_out_of_time_says_so_and_how_much_it_had(
    client: ServiceClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    endless = replace(
        find_query("people/family"), parameters=(), text="UNWIND range(1, 1000000000) AS a RETURN sum(a * a)"
    )
    monkeypatch.setattr(queries, "find_query", {endless.name: endless}.__getitem__)
    found = client.post("/v1/queries/people/family", {"seconds": 0.2})
    assert (found.status, found.data["title"]) == (504, "Gateway Timeout")
    assert found.data["detail"].endswith("ended the query, which took over 0.2 seconds")
    assert "retry-after" not in found.headers


def test_what_is_no_query_or_no_node_is_not_found(client: ServiceClient) -> None:
    assert client.get("/v1/queries/people/nothing").status == 404
    assert client.post("/v1/queries/people/nothing", {}).status == 404
    none = client.post(ADDRESS, {"parameters": {"enterprise": "test:nobody"}})
    assert (none.status, none.data["errors"][0]["field"]) == (404, "parameters.enterprise")


def test_without_a_neo4j_none_is_run(embedded: ServiceClient) -> None:
    found = embedded.post(ADDRESS, {"parameters": {"enterprise": "test:ltd"}})
    assert (found.status, found.data["title"]) == (409, "Conflict")
    assert "saved queries are Cypher and need a Neo4j; set KG_STORE to one" in found.data["detail"]


def test_none_is_run_where_protected_facts_would_be_found(
    path: Path, place: Workspace, neo4j: neo4j_copies.Neo4jFixture
) -> None:
    neo4j_copies.sync_copy(neo4j, path, protected=True, take_over=True)
    with run_service(place) as client:
        found = client.post(ADDRESS, {"parameters": {"enterprise": "test:ltd"}})
    neo4j_copies.sync_copy(neo4j, path, take_over=True)
    assert found.status == 409
    assert "holds protected facts" in found.data["detail"]
