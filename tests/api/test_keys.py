"""Can everything be asked by its key, whatever signs the key has?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from kg.operations import Workspace
from kg.records import Record, Ref, node_id
from kg_api.config import ServiceConfig
from kg_api.middleware.audit import AuditLog
from kg_api.middleware.request_context import routed_path
from tests.api.service_client import ServiceClient, run_service
from tests.stores import load, node

LONG = "long/" * 399 + "long"
KEYS = (
    "plain",
    "2026/30493",
    "company/09999901/persons-with-significant-control/individual/zz01",
    "http://example.org/id/1?x=1#y",
    "a b%2F#",
    "a%2Fb",
    "a/b",
    "a%252Fb",
    "/leads",
    "trails/",
    "two//slashes",
    "//",
    "..",
    ".",
    "a/../b",
    "a/./b",
    "./a",
    "x/links",
    "x/links/links",
    "x/owners",
    "x/holdings",
    "x/routes",
    "links",
    "why?",
    "a#b",
    "100%",
    "%",
    "%zz",
    "a+b c",
    'it\'s "quoted"',
    "back\\slash",
    "<b>&amp;",
    "with:colon:s",
    "namespace://x",
    "a;b,c=d&e",
    "崔崧穆/2",
    "Ø/é",
    "\U0001f600/x",
    "{id}",
    "a|b^c`d",
    "~tilde/*",
    LONG,
)


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> AuditLog:
    return AuditLog(tmp_path_factory.mktemp("log") / "audit.jsonl")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory, log: AuditLog) -> Iterator[ServiceClient]:
    path = tmp_path_factory.mktemp("keys") / "graph.sqlite"
    flat = node("flat", "RealEstate", name="Invented Flat")
    owned = [Record(f"o{n}", "OWNS", {}, ends=(Ref("t", key), Ref("t", "flat"))) for n, key in enumerate(KEYS)]
    people = [node(key, name=f"Invented {n}") for n, key in enumerate(KEYS)]
    load(path, "s", [flat, *people, *owned], namespace="t")
    with run_service(Workspace(path), ServiceConfig(audit_log=log)) as client:
        yield client


def encoded(key: str) -> str:
    return quote(f"t:{key}", safe="")


@pytest.mark.parametrize("key", KEYS)
def test_a_key_leads_to_its_node_and_to_its_links(client: ServiceClient, key: str) -> None:
    reply, own = client.get(f"/v1/entities/{encoded(key)}"), node_id("t", key)
    assert (reply.status, reply.headers.get("location")) == (307, f"/v1/entities/{own}")
    links = client.get(f"/v1/entities/{encoded(key)}/links").data["links"]
    assert [link["from"] for link in links] == [own]


@pytest.mark.parametrize("key", ["2026/30493", "x/links", "//", "崔崧穆/2", LONG])
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
