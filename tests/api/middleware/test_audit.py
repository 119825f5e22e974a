"""Does the audit log say who asked what about whom, before anybody has the answer?"""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest

from kg.api_keys import ApiKeyFile, ApiKeyRing, today
from kg.errors import StoreError
from kg.operations import Workspace
from kg.records import node_id
from kg_api.answer_route import AnswerRoute
from kg_api.app import ROUTERS
from kg_api.config import ServiceConfig
from kg_api.middleware.audit import DENIALS_PER_MINUTE, AuditLog, DenialCounter
from tests import neo4j_copies
from tests.api.service_client import ServiceClient, run_service
from tests.neo4j_server import GROUP
from tests.stores import link, load, node

ANN, YACHT = node_id("test", "ann"), node_id("test", "yacht")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("api") / "graph.sqlite"
    load(path, "s", [node("ann", name="Ann Example"), node("yacht", "Vessel", name="Y"), link("ann OWNS yacht")])
    return path


@pytest.fixture(scope="module", params=["embedded", pytest.param("neo4j", marks=pytest.mark.xdist_group(GROUP))])
def place(request: pytest.FixtureRequest, path: Path) -> Workspace:
    """Where each store is."""
    if request.param == "embedded":
        return Workspace(path)
    server = cast(neo4j_copies.Neo4jFixture, request.getfixturevalue("neo4j"))
    neo4j_copies.sync_copy(server, path, take_over=True)
    return replace(Workspace(path), neo4j=neo4j_copies.address(server))


@pytest.fixture
def log(tmp_path: Path) -> AuditLog:
    return AuditLog(tmp_path / "audit.jsonl")


@pytest.fixture
def client(place: Workspace, log: AuditLog) -> Iterator[ServiceClient]:
    with run_service(place, ServiceConfig(audit_log=log), refresh=False) as client:
        yield client


def lines(log: AuditLog, event: str = "answered") -> list[dict[str, Any]]:
    found = [json.loads(line) for line in log.path.read_text(encoding="utf-8").splitlines()]
    return [line for line in found if line["event"] == event]


def test_a_question_is_noted_with_who_what_whom_why_and_how_much(client: ServiceClient, log: AuditLog) -> None:
    why = {"Kg-Case": "2026/17 東京", "Kg-Purpose": "asset tracing", "X-Request-ID": "request-0001"}
    why = {name: value.encode().decode("latin-1") for name, value in why.items()}  # as `curl` sends it
    assert client.get("/v1/entities?q=example&type=Person&type=Vessel", why).status == 200
    [line] = lines(log)
    assert line.pop("at")[10] == "T"
    assert line == {
        "event": "answered",
        "request": "request-0001",
        "key": "",
        "client": "127.0.0.1",
        "method": "GET",
        "path": "/v1/entities",
        "operation": "searchEntities",
        "asked": {"q": "example", "type": ["Person", "Vessel"]},
        "case": "2026/17 東京",
        "purpose": "asset tracing",
        "status": 200,
        "refused": "",
        "results": 1,
        "about": [ANN],
    }


def test_so_is_every_other_with_those_it_is_about(place: Workspace, log: AuditLog) -> None:
    question = {"from": "test:ann", "to": "test:yacht", "sample": 0}
    with run_service(place, ServiceConfig(audit_log=log)) as client:
        cluster = client.get("/v1/clusters").data["clusters"][0]["id"]
        client.get(f"/v1/entities/{ANN}")
        client.get(f"/v1/entities/{ANN}/links")
        client.get("/v1/paths", from_=ANN, to=YACHT)
        client.post("/v1/paths", question)
        client.get(f"/v1/clusters/{cluster}")
        client.get("/v1/agencies")
    found = [(line["operation"], line["results"], line["about"]) for line in lines(log)]
    assert found == [
        ("listClusters", 1, [cluster]),
        ("getEntity", 1, [ANN]),
        ("listLinks", 1, []),
        ("getPaths", 1, [ANN, YACHT]),
        ("findPaths", 1, [ANN, YACHT]),
        ("getCluster", 1, [cluster]),
        ("listAgencies", 0, []),
    ]
    asked = {line["operation"]: line["asked"] for line in lines(log)}
    assert (asked["listLinks"], asked["findPaths"]) == ({"id": ANN}, {"body": question})


def test_what_comes_to_nothing_is_noted_too_and_what_names_nobody_is_not(client: ServiceClient, log: AuditLog) -> None:
    client.get("/v1/entities/test:nobody")
    client.get("/v1/entities")
    etag = client.get(f"/v1/entities/{ANN}").headers["etag"]
    client.get(f"/v1/entities/{ANN}", {"If-None-Match": etag})
    client.post("/v1/paths", b"{")
    client.get("/healthz")
    client.get("/readyz")
    client.get("/v2/entities")
    assert [(line["status"], line["results"]) for line in lines(log)] == [
        (404, 0),
        (422, 0),
        (200, 1),
        (304, 0),
        (422, 0),
    ]


def test_every_address_of_the_graph_leaves_notes() -> None:
    routes = [route for router in ROUTERS for route in router.routes]
    assert [r for r in routes if getattr(r, "path", "").startswith("/v1/") and not isinstance(r, AnswerRoute)] == []


def test_what_cannot_be_noted_is_not_answered(client: ServiceClient, log: AuditLog) -> None:
    assert client.get("/v1/entities?q=ann").status == 200
    log.path.unlink()
    log.path.mkdir()
    refused = client.get("/v1/entities?q=ann")
    assert (refused.status, refused.headers["content-type"]) == (503, "application/problem+json")
    assert "the audit log cannot be written" in refused.data["detail"]
    assert "Example" not in refused.body.decode()
    assert client.get("/healthz").status == 200
    log.path.rmdir()
    assert client.get("/v1/entities?q=ann").status == 200


def test_who_is_turned_away_is_noted_without_the_key(path: Path, log: AuditLog, tmp_path: Path) -> None:
    keys = ApiKeyFile(tmp_path / "keys.json")
    secret = keys.add("ann", "never", today())[1]
    with run_service(Workspace(path), ServiceConfig(ApiKeyRing(keys), log), refresh=False) as client:
        client.get("/v1/entities?q=ann", {"Authorization": f"Bearer {secret}"})
        client.get("/v1/entities?q=ann", {"Authorization": f"Bearer {secret}x"})
        keys.revoke("ann", today())
        client.get("/metrics", {"Authorization": f"Bearer {secret}"})
    noted = [(line["key"], line["path"], line["status"], line["refused"], line["asked"]) for line in lines(log)]
    assert noted == [
        ("ann", "/v1/entities", 200, "", {"q": "ann"}),
        ("", "/v1/entities", 401, "key", {}),
        ("ann", "/metrics", 401, "key", {}),
    ]
    assert secret.removeprefix("kg_") not in log.path.read_text(encoding="utf-8")


def test_who_is_turned_away_without_end_is_counted_instead_of_filling_the_disk() -> None:
    denials = DenialCounter()
    noted = [denials.is_logged("192.0.2.7", 1) for _ in range(DENIALS_PER_MINUTE + 5)]
    assert noted == [True] * DENIALS_PER_MINUTE + [False] * 5
    assert denials.is_logged("192.0.2.8", 1)
    assert denials.take_skipped(1) == []
    assert denials.take_skipped(2) == [("192.0.2.7", 5)]
    assert denials.take_skipped(3) == []
    assert denials.is_logged("192.0.2.7", 2)


def test_a_log_that_has_grown_is_put_aside_and_no_line_is_lost(tmp_path: Path) -> None:
    log = AuditLog(tmp_path / "audit.jsonl", max_bytes=300)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(log.write, ({"turn": turn, "filler": "x" * 40} for turn in range(40))))
    files = sorted(tmp_path.glob("audit*.jsonl"))
    assert len(files) == 8
    found = [json.loads(line)["turn"] for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    assert sorted(found) == list(range(40))
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_a_log_that_somebody_moves_is_begun_anew(log: AuditLog, tmp_path: Path) -> None:
    log.write({"event": "answered", "turn": 1})
    log.path.rename(tmp_path / "moved.jsonl")
    log.write({"event": "answered", "turn": 2})
    assert lines(log) == [{"event": "answered", "turn": 2}]


def test_a_log_that_cannot_be_written_is_said_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="the audit log cannot be written"):
        AuditLog(tmp_path).check()
