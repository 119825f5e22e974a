"""What does the service say about legal routes?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.operations import Workspace
from kg.records import node_id
from tests.api.service_client import ServiceClient, run_service
from tests.stores import load
from tests.unit.analysis.routes.legal_case import case, determination, node, resident

FIELDS = {
    *("person", "route", "host", "subject", "state", "possible_states", "instrument", "agencies", "warnings"),
    *("facts_for", "facts_against", "missing", "host_decides", "decided_by", "because", "sources"),
    *("law_holes", "bars", "presumed", "stage", "name", "name_zh"),
}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServiceClient]:
    path = tmp_path_factory.mktemp("legal") / "graph.sqlite"
    grounds = determination("freezing_order_or_grounds", "yes", "house")
    load(path, "case", case(resident("US"), grounds, node("bob", name="Bob Example")))
    with run_service(Workspace(path)) as asked:
        yield asked


def test_a_person_has_routes_with_everything_that_speaks_for_and_against_them(client: ServiceClient) -> None:
    found = client.get("/v1/persons/test:ann/routes", requesting="CN", as_of="2014-12-05").data
    assert (found["sought"], len(found["papers"]), found["reminders"][0][:42]) == (
        True,
        1,
        "This is research, not legal advice. Open m",
    )
    assert all(set(route) == FIELDS for route in found["routes"])
    names = {route["route"]: (route["name"], route["name_zh"]) for route in found["routes"]}
    assert names["letters_rogatory"] == ("Evidence by letters rogatory between courts", "法院间委托调查取证")
    states = {route["route"]: route["state"] for route in found["routes"]}
    assert (states["extradition"], states["mla_freeze"]) == ("blocked", "to_examine")


def test_routes_and_hosts_can_be_chosen(client: ServiceClient) -> None:
    found = client.get(
        "/v1/persons/test:ann/routes", requesting="CN", as_of="2014-12-05", host="TH", route="extradition"
    )
    assert [(r["route"], r["host"]) for r in found.data["routes"]] == [("extradition", "TH")]


def test_nobody_is_asked_after_whom_no_paper_names(client: ServiceClient) -> None:
    found = client.get("/v1/persons/test:bob/routes", requesting="CN", as_of="2014-12-05").data
    assert (found["sought"], found["routes"]) == (False, [])


def test_gaps_name_the_question_and_who_can_answer(client: ServiceClient) -> None:
    found = client.get("/v1/gaps", requesting="CN", as_of="2014-12-05", limit=1).data
    assert found["total"] > 1
    assert found["gaps"] == [
        {
            "fact": "evidence_needed_in_host",
            "question": "Is it stated which evidence in the host is needed, and where it is?",
            "ask": ["prosecutor", "court"],
            "host": "US",
            "of": ["CN"],
            "bodies": [],
            "answers": 1,
            "people": 1,
            "routes": 2,
            "opens": 1,
        }
    ]


def test_the_portfolio_prints_its_weights(client: ServiceClient) -> None:
    found = client.get("/v1/portfolio", requesting="CN", as_of="2014-12-05", limit=1).data
    weights = {"harm": 3.0, "asset": 1.0, "lapse": 1.0, "risk": 1.0, "person": 1.0}
    assert (found["weights"], found["value"]) == (weights, 5.0)


def test_a_currency_without_a_rate_is_refused(client: ServiceClient) -> None:
    answer = client.get("/v1/portfolio", requesting="CN", as_of="2014-12-05", currency="MOP")
    (mistake,) = answer.data["errors"]
    assert (answer.status, mistake["field"]) == (422, "currency")
    assert "such as EUR" in mistake["expected"]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({}, 422),
        ({"requesting": "Nowhere"}, 422),
        ({"requesting": "CN", "as_of": "2014"}, 422),
        ({"requesting": "CN", "route": "teleport"}, 422),
        ({"requesting": "CN", "person": "x"}, 422),
    ],
)
def test_what_is_no_question_is_refused(client: ServiceClient, asked: dict[str, Any], status: int) -> None:
    assert client.get("/v1/persons/test:ann/routes", **asked).status == status


@pytest.mark.parametrize(
    ("asked", "field", "expected"),
    [
        ({"requesting": "ZZ"}, "requesting", "a jurisdiction that jurisdictions.csv or the graph has"),
        ({"requesting": "CN", "host": "QQ"}, "host", "a jurisdiction that jurisdictions.csv or the graph has"),
        ({"requesting": "CN", "as_of": "2014"}, "as_of", "a day such as 2014-12-05"),
    ],
)
@pytest.mark.parametrize("address", ["/v1/persons/test:ann/routes", "/v1/gaps", "/v1/portfolio"])
def test_a_refusal_names_the_parameter_the_value_and_what_was_expected(
    client: ServiceClient, address: str, asked: dict[str, Any], field: str, expected: str
) -> None:
    answer = client.get(address, **asked)
    (mistake,) = answer.data["errors"]
    assert (answer.status, mistake["field"], expected in mistake["expected"]) == (422, field, True)
    assert asked[field] in answer.data["detail"]


def test_a_dossier_is_answered_once_and_is_refused_where_protected_facts_are_shown(
    client: ServiceClient, tmp_path: Path
) -> None:
    asked: dict[str, Any] = {"requesting": "CN", "as_of": "2014-12-05"}
    found = client.get("/v1/persons/test:ann/dossier", **asked)
    assert (found.status, found.data["person"], len(found.data["papers"])) == (200, node_id("test", "ann"), 1)
    assert (found.data["requesting"], found.data["day"]) == ("CN", "2014-12-05")
    assert found.data["absences"]["requests"].startswith("No request of CN about this person")
    assert ("replies" in found.data["absences"]) == any(not one["replies"] for one in found.data["allegations"])
    routes = client.get("/v1/persons/test:ann/routes", **asked).data
    assert routes["captions"].keys() >= {one["subject"] for one in routes["routes"]}
    held = {"If-None-Match": found.headers["etag"]}
    assert client.get("/v1/persons/test:ann/dossier", held, **asked).status == 304
    path = tmp_path / "graph.sqlite"
    load(path, "case", [node("ann", name="Ann Example")])
    with run_service(Workspace(path, protected=True), refresh=False) as whole:
        refused = whole.get("/v1/persons/test:ann/dossier", **asked)
    assert (refused.status, "never has protected facts" in refused.data["detail"]) == (409, True)


def test_a_company_has_no_routes_of_its_own(client: ServiceClient) -> None:
    answer = client.get("/v1/persons/test:works/routes", requesting="CN")
    assert (answer.status, "expected a person" in answer.body.decode()) == (422, True)
