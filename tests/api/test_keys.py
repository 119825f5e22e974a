"""Can everything be asked by its key, whatever signs the key has?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO
from urllib.parse import quote

import networkx as nx
import pytest
from fastapi.routing import APIRoute

from kg.operations import Workspace
from kg.records import Record, Ref, node_id
from kg_api.app import ROUTERS
from kg_api.config import ServiceConfig
from kg_api.middleware.audit import AuditLog
from kg_api.middleware.request_context import KEYED_ADDRESSES, routed_path
from tests.api.service_client import ServiceClient, run_service
from tests.odd_keys import LONG_KEY, ODD_KEYS
from tests.stores import load, node


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> AuditLog:
    return AuditLog(tmp_path_factory.mktemp("log") / "audit.jsonl")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, log: AuditLog) -> Iterator[ServiceClient]:
    path = tmp_path_factory.mktemp("keys") / "graph.sqlite"
    flat = node("flat", "RealEstate", name="Invented Flat")
    owned = [Record(f"o{n}", "OWNS", {}, ends=(Ref("t", key), Ref("t", "flat"))) for n, key in enumerate(ODD_KEYS)]
    people = [node(key, name=f"Invented {n}") for n, key in enumerate(ODD_KEYS)]
    load(path, "s", [flat, *people, *owned], namespace="t")
    with run_service(Workspace(path), ServiceConfig(audit_log=log)) as client:
        yield client


def encoded(key: str) -> str:
    return quote(f"t:{key}", safe="")


@pytest.mark.parametrize("key", ODD_KEYS)
def test_a_key_leads_to_its_node_and_to_its_links(client: ServiceClient, key: str) -> None:
    reply, own = client.get(f"/v1/entities/{encoded(key)}"), node_id("t", key)
    assert (reply.status, reply.headers.get("location")) == (307, f"/v1/entities/{own}")
    links = client.get(f"/v1/entities/{encoded(key)}/links").data["links"]
    assert [link["from"] for link in links] == [own]


@pytest.mark.parametrize("key", ["2026/30493", "x/links", "//", "崔崧穆/2", LONG_KEY])
def test_everything_else_is_asked_by_a_key_and_noted_by_its_operation(
    client: ServiceClient, log: AuditLog, key: str
) -> None:
    address, own = f"/v1/entities/{encoded(key)}", node_id("t", key)
    assert client.get(f"{address}/holdings").data["about"] == own
    assert client.get(f"{address}/owners").data["about"] == own
    assert client.get(f"/v1/persons/{encoded(key)}/routes?requesting=CN").data["person"] == own
    assert client.get("/v1/paths", from_=f"t:{key}", to="t:flat").data["start"] == own
    assert client.post("/v1/paths", {"from": f"t:{key}", "to": "t:flat", "sample": 0}).data["start"] == own
    lines = [json.loads(line) for line in log.path.read_text(encoding="utf-8").splitlines()]
    about_key = [line for line in lines if line["event"] == "answered" and line["asked"].get("id") == f"t:{key}"]
    assert [line["operation"] for line in about_key][-3:] == ["listHoldings", "listOwners", "listRoutes"]
    path = f"t:{key}".replace("%", "%25").replace("/", "%2F")
    assert [line["path"] for line in lines if line["event"] == "asked"][-3] == f"/v1/persons/{path}/routes"


def test_slashes_that_are_not_encoded_belong_to_the_key_but_for_the_name_of_a_sub_address(
    client: ServiceClient,
) -> None:
    own = node_id("t", "x/links")
    assert client.get("/v1/entities/t:2026/30493").headers["location"] == f"/v1/entities/{node_id('t', '2026/30493')}"
    assert client.get("/v1/entities/t:x%2Flinks").headers["location"] == f"/v1/entities/{own}"
    assert [link["from"] for link in client.get("/v1/entities/t:x/links/links").data["links"]] == [own]
    assert client.get("/v1/entities/t:x/links").status == 404
    assert client.get("/v1/entities/t:x/holding").data["detail"].startswith("no entity is named 't:x/holding'")
    assert client.get("/v1/entities/t:2026/30493/owners").data["about"] == node_id("t", "2026/30493")
    log_lines = client.get("/metrics").body.decode()
    assert "/v1/entities/{id}/owners" in log_lines and "30493" not in log_lines


def test_a_graph_of_paths_is_sent_as_a_file_for_such_a_key_too(client: ServiceClient) -> None:
    reply = client.get("/v1/paths", from_="t:<b>&amp;", to="t:flat", format="graphml")
    assert node_id("t", "<b>&amp;") in nx.read_graphml(BytesIO(reply.body), force_multigraph=True)


def test_every_address_with_a_key_is_among_those_whose_keys_may_have_slashes() -> None:
    templates = [
        route.path.split("/")[1:] for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)
    ]
    by_id_alone = {"clusters", "links", "views"}
    keyed = {parts[1] for parts in templates if "{id}" in parts} - by_id_alone
    assert keyed == {where for _, where in KEYED_ADDRESSES}
    for (version, where), followers in KEYED_ADDRESSES.items():
        below = [parts[3:] for parts in templates if parts[:3] == [version, where, "{id}"]]
        assert sorted(below) == sorted([*([] if where == "persons" else [[]]), *([name] for name in followers)])


@pytest.mark.parametrize(
    ("sent", "routed"),
    [
        ("/v1/entities/t:a%2Flinks", "/v1/entities/t:a%2Flinks"),
        ("/v1/entities/t:a/links", "/v1/entities/t:a/links"),
        ("/v1/entities/t:a/b/links", "/v1/entities/t:a%2Fb/links"),
        ("/v1/entities/t:a%2Fb%2Flinks/links", "/v1/entities/t:a%2Fb%2Flinks/links"),
        ("/v1/entities/t:a/b", "/v1/entities/t:a%2Fb"),
        ("/v1/entities/t:a/", "/v1/entities/t:a%2F"),
        ("/v1/entities/t:a%252F", "/v1/entities/t:a%252F"),
        ("/v1/persons/t:a/links/routes", "/v1/persons/t:a%2Flinks/routes"),
        ("/v1/persons/t:a/routes", "/v1/persons/t:a/routes"),
        ("/v1/%65ntities/a", "/v1/entities/a"),
        ("/v1%2Fentities/a", "/v1%2Fentities/a"),
        ("/v1/queries/a/b/c", "/v1/queries/a/b/c"),
        ("/v1/entities/", "/v1/entities/"),
        ("/", "/"),
    ],
)
def test_parts_of_an_address_are_told_apart_before_they_are_decoded(sent: str, routed: str) -> None:
    assert routed_path({"raw_path": sent.encode()}) == routed
