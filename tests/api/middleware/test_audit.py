"""Does the audit log say who asked what about whom, before anybody has the answer?"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote

import pytest

from kg.api_keys import ApiKeyFile, ApiKeyRing, today
from kg.errors import StoreError
from kg.files import lock_file
from kg.operations import Workspace
from kg.records import node_id
from kg_api.answer_route import AnswerRoute
from kg_api.app import ROUTERS
from kg_api.config import ServiceConfig
from kg_api.middleware import audit
from kg_api.middleware.audit import DENIALS_PER_MINUTE, AuditLog, AuditTrail, DenialCounter
from kg_api.middleware.request_context import CURRENT_REQUEST, RequestContext
from tests import neo4j_copies
from tests.api.service_client import ServiceClient, has_metric_line, run_process, run_service, wait_until
from tests.faults.harness import limit_file_size
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
        owns = client.post("/v1/neighbourhoods", {"nodes": ["test:ann"]}).data["links"][0]["id"]
        client.get(f"/v1/links/{owns}")
        client.post("/v1/graph", {"nodes": [ANN, YACHT, "test:nobody"]})
        client.post("/v1/connections", {"nodes": [ANN, YACHT]})
        client.post("/v1/timelines", {"nodes": [YACHT]})
    found = [(line["operation"], line["results"], line["about"]) for line in lines(log)]
    assert found == [
        ("listClusters", 1, [cluster]),
        ("getEntity", 1, [ANN]),
        ("listLinks", 1, []),
        ("getPaths", 1, [ANN, YACHT]),
        ("findPaths", 1, [ANN, YACHT]),
        ("getCluster", 1, [cluster]),
        ("listAgencies", 0, []),
        ("findNeighbourhoods", 2, [ANN, YACHT]),
        ("getLink", 1, [ANN, YACHT]),
        ("getSubgraph", 2, sorted([ANN, YACHT])),
        ("findConnections", 1, [ANN, YACHT]),
        ("listTimeline", 0, [YACHT]),
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


def test_refusals_of_one_ipv6_network_are_counted_together(log: AuditLog) -> None:
    trail, scope = AuditTrail(lambda: log), {"raw_path": b"/v1/search", "method": "GET", "query_string": b""}
    for turn in range(DENIALS_PER_MINUTE + 5):
        token = CURRENT_REQUEST.set(RequestContext(str(turn), f"2001:db8::{turn:x}", refusal="key"))
        assert trail.write_answer(scope, 401)
        CURRENT_REQUEST.reset(token)
    assert trail.write_skipped()
    noted, [left_out] = lines(log), lines(log, "left out")
    assert (len(noted), left_out["client"], left_out["left_out"]) == (DENIALS_PER_MINUTE, "2001:db8::/64", 5)
    assert noted[1]["client"] == "2001:db8::1"


def test_a_process_that_keeps_the_log_locked_stops_no_service(log: AuditLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "LOCK_SECONDS", 0.01)
    log.check()
    with lock_file(log.path):
        with pytest.raises(OSError, match="locked"):
            log.write({"event": "asked"})
        with pytest.raises(StoreError, match="cannot be written"):
            log.check()
    log.write({"event": "asked"})
    assert len(lines(log, "asked")) == 1


def test_a_log_that_somebody_else_made_is_for_its_owner_alone(log: AuditLog, monkeypatch: pytest.MonkeyPatch) -> None:
    for mode in (0o666, 0o644, 0o640):  # as a rotation may make it
        log.path.touch()
        log.path.chmod(mode)
        log.write({"event": "asked"})
        assert stat.S_IMODE(log.path.stat().st_mode) == 0o600
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises(StoreError, match="its owner is user"):
        log.check()
    with pytest.raises(OSError, match="its owner is user"):
        log.write({"event": "asked"})


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


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b'{"from": "test:ann", "to": "test:yacht", "depth": 18446744073709551616}', "at most 64 bits"),
        (b'{"parameters": {"least": 9223372036854775808}}', "at most 64 bits"),
        (b'{"from": "test:ann", "to": "test:yacht", "seconds": 1e999}', "expected a finite number"),
        (b'{"from": "test:ann", "to": "test:yacht", "seconds": NaN}', "expected a finite number"),
        (b'{"depth": ' + b"7" * 5000 + b"}", "at most 64 bits"),
        (b'{"from": "\\ud800", "to": "test:yacht"}', "half of a surrogate pair"),
        (b'{"\\udfff": 1}', "half of a surrogate pair"),
        (b'{"avoid": ' + b"[" * 50 + b"]" * 50 + b"}", "within each other"),
        (b'{"a":' * 9000, "within each other"),
        (b"[" * 60_000, "within each other"),
        (b"\xff\xfe{", "expected JSON in UTF-8"),
    ],
)
@pytest.mark.parametrize("address", ["/v1/paths", "/v1/queries/people/family"])
def test_whatever_a_body_has_it_is_refused_and_logged(
    path: Path, log: AuditLog, address: str, body: bytes, detail: str
) -> None:
    with run_service(Workspace(path), ServiceConfig(audit_log=log), refresh=False) as client:
        refused = client.post(address, body)
    assert refused.status == 422
    assert detail in refused.data["detail"]
    [line] = lines(log)
    assert (line["status"], line["path"], bool(line["asked"]["body"])) == (422, address, True)
    assert (lines(log, "asked") == []) == (body[:1] != b"\xff")  # nothing ran; FastAPI says what is no JSON


def test_a_question_is_logged_before_it_runs_and_its_end_after(client: ServiceClient, log: AuditLog) -> None:
    client.post("/v1/queries/people/nobody", {"parameters": {"person": "nobody"}})
    events = [json.loads(line) for line in log.path.read_text(encoding="utf-8").splitlines()]
    assert [(line["event"], line.get("status")) for line in events] == [("asked", None), ("answered", 404)]
    assert events[0]["operation"] == events[1]["operation"] != ""
    assert events[0]["request"] == events[1]["request"]
    assert [line["asked"]["body"] for line in events] == [{"parameters": {"person": "nobody"}}] * 2


def test_every_request_below_v1_has_a_line_whatever_becomes_of_it(path: Path, log: AuditLog) -> None:
    with run_service(Workspace(path), ServiceConfig(audit_log=log), refresh=False) as client:
        client.get("/v1/entities?q=ann", {"Host": "evil.example"})
        client.get("/v1/entities?q=ann", {"Host": "evil@127.0.0.1"})
        client.get("/v1/entities?q=ann", {"Via": "1.1 proxy"})
        client.get("/v1")
        client.get("/%76%31/nothing")
        client.ask("DELETE", "/v1/paths", None, {})
        client.post("/v1/paths", b" " * 70_000)
        client.post("/v1/paths", b"{}", {"Content-Type": "text/plain"})
        client.get("/v1/entities?q=" + "a" * 9000)
        client.get("/v1/entities?q=ann", {"Kg-Case": "x" * 201})
        leaving = HTTPConnection("127.0.0.1", client.port, timeout=120)
        leaving.putrequest("POST", "/v1/paths?format=json")
        leaving.putheader("Content-Length", "10")
        leaving.endheaders()
        wait_until(lambda: has_metric_line(client, "kg_requests_running 2.0"))
        leaving.close()
        wait_until(lambda: len(lines(log)) == 11)
    assert [line["status"] for line in lines(log)] == [421, 400, 403, 404, 404, 405, 413, 415, 414, 422, 0]


def test_a_key_in_an_address_is_in_no_log_and_no_answer(path: Path, log: AuditLog, tmp_path: Path) -> None:
    keys = ApiKeyFile(tmp_path / "keys.json")
    secret = keys.add("ann", "never", today())[1]
    token, sent = secret.removeprefix("kg_"), {"Authorization": f"Bearer {secret}"}
    once = "".join(f"%{ord(letter):02x}" for letter in secret)
    twice = once.replace("%", "%25")
    answers = b""
    with run_service(Workspace(path), ServiceConfig(ApiKeyRing(keys), log), refresh=False) as client:
        for form in (secret, once, twice, secret.upper()):
            for address in (
                f"/v1/entities?q=ann&anything={form}",
                f"/v1/entities?{form}=1",
                f"/v1/entities?limit={form}",
                f"/v1/entities/{form}",
                f"/v1/{form}@host/x",
                f"/v1/queries/{form}/{form}",
            ):
                answers += client.get(address, sent | {"Kg-Case": secret, "X-Request-ID": secret}).body
        answers += client.post("/v1/paths", {"from": secret, secret: 1}, sent).body
        answers += client.post("/v1/paths", b'{"from": "' + secret.encode(), sent).body
    written = log.path.read_text(encoding="utf-8")
    assert len(lines(log)) == 26
    for text in (written, answers.decode()):
        assert token not in text
        assert token.upper() not in text
        assert token not in unquote(unquote(text))
    assert "kg_…" in written


def test_a_line_holds_whatever_there_is(log: AuditLog) -> None:
    odd = {"text": "\ud800 \x1b[31m \x9b \u202e \u2028 \x00", "number": 10**400, "\udfff": [None, True, 1.5]}
    log.write(odd)
    written = log.path.read_bytes()
    assert written.count(b"\n") == 1
    assert json.loads(written) == odd
    assert written.decode().rstrip("\n").isprintable()


@pytest.mark.parametrize("kind", ["fifo", "device", "symlink"])
def test_an_audit_log_is_a_regular_file(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "audit.jsonl"
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "symlink":
        path.symlink_to(tmp_path / "elsewhere")
    log = AuditLog(Path("/dev/null") if kind == "device" else path)
    with pytest.raises(StoreError, match="the audit log cannot be written"):
        log.check()


def test_without_space_for_the_audit_log_nothing_is_answered(path: Path, tmp_path: Path) -> None:
    audit, most, free = tmp_path / "audit.jsonl", 8 * 1024 * 1024, 4096
    audit.write_text("\n" * (most - free), encoding="utf-8")
    settings = {
        "KG_STORE": f"embedded:{path}",
        "XDG_DATA_HOME": str(tmp_path),
        "KG_VIEW_CACHE": str(tmp_path / "views"),
        "KG_API_AUDIT": str(audit),
    }
    with run_process(settings, before=limit_file_size(most)) as process:
        answers = [process.client.get("/v1/entities", q="example") for _ in range(40)]
        assert process.client.get("/healthz").status == 200
    statuses = [answer.status for answer in answers]
    answered = statuses.count(200)
    assert 0 < answered < 40
    assert statuses == [200] * answered + [503] * (40 - answered)
    assert all(b"Ann" not in answer.body for answer in answers[answered:])
    noted = [json.loads(line) for line in audit.read_text(encoding="utf-8").split()]  # each line is whole
    assert [line["status"] for line in noted if line["event"] == "answered"] == [200] * answered
    assert "example" not in process.log
