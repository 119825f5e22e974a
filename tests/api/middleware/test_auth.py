"""Who may ask the service, how often, and how is that said?"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path
from typing import cast

import pytest
from limits import parse_many

from kg.api_keys import ApiKeyFile, ApiKeyRing, today
from kg.operations import Workspace
from kg_api.config import ServiceConfig
from kg_api.middleware.auth import WRONG_KEY_LIMIT
from kg_api.middleware.rate_limit import MAX_CONCURRENT
from tests import neo4j_copies
from tests.api.service_client import ServiceClient, ServiceReply, has_metric_line, run_service, wait_until
from tests.neo4j_server import GROUP
from tests.stores import link, load, node

ASKED = "/v1/entities?q=ann"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("api") / "graph.sqlite"
    people = [node("ann", name="Ann Example"), node("acme", "Enterprise", name="A"), node("yacht", "Vessel", name="Y")]
    load(path, "s", [*people, link("ann OWNS acme"), link("acme OWNS yacht")])
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
def keys(tmp_path: Path) -> ApiKeyFile:
    return ApiKeyFile(tmp_path / "keys.json")


def bearer(secret: str) -> Mapping[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def add(keys: ApiKeyFile, name: str, expires: str = "never") -> Mapping[str, str]:
    """A new key, as the header that has it."""
    return bearer(keys.add(name, expires, today())[1])


@contextmanager
def guarded(place: Workspace, keys: ApiKeyFile, rate: str = "", *, following: bool = False) -> Iterator[ServiceClient]:
    conduct = ServiceConfig(ApiKeyRing(keys), rate_limits=tuple(parse_many(rate)) if rate else ())
    with run_service(place, conduct, refresh=following) as client:
        yield client


def test_once_there_is_a_key_nobody_asks_without_one(place: Workspace, keys: ApiKeyFile) -> None:
    with guarded(place, keys) as client:
        assert client.get(ASKED).status == 200
        ann = add(keys, "ann")
        check(client.get(ASKED), 401, "expected an API key")
        assert client.get(ASKED).headers["www-authenticate"] == 'Bearer realm="kg"'
        assert client.get(ASKED, ann).status == 200
        wrong = client.get(ASKED, bearer("kg_" + "A" * 43))
        check(wrong, 401, "expected an API key")
        assert wrong.headers["www-authenticate"] == 'Bearer realm="kg", error="invalid_token"'
        check(client.get(ASKED, {"Authorization": ann["Authorization"].replace("Bearer", "Basic")}), 401, "expected")
        check(client.get(ASKED + "&key=" + ann["Authorization"].removeprefix("Bearer ")), 401, "expected an API key")


@pytest.mark.parametrize("address", ["/v1/ontology", "/readyz", "/metrics", "/openapi.json", "/v1/nothing", "/nothing"])
def test_every_address_but_that_of_life_needs_one(path: Path, keys: ApiKeyFile, address: str) -> None:
    ann = add(keys, "ann")
    with guarded(Workspace(path), keys) as client:
        check(client.get(address), 401, "expected an API key")
        assert client.get(address, ann).status in (200, 404, 503)  # 503: nobody makes arrays in this test
        assert client.get("/healthz").status == 200


def test_a_key_is_refused_from_the_request_after_it_is_revoked(place: Workspace, keys: ApiKeyFile) -> None:
    ann, bob = add(keys, "ann"), add(keys, "bob")
    with guarded(place, keys) as client:
        assert (client.get(ASKED, ann).status, client.get(ASKED, bob).status) == (200, 200)
        keys.revoke("ann", today())
        check(client.get(ASKED, ann), 401, "the API key of ann is revoked")
        assert client.get(ASKED, bob).status == 200


def test_a_key_is_refused_after_its_last_day(path: Path, keys: ApiKeyFile) -> None:
    _, secret = keys.add("ann", "30d", "2020-01-01")
    with guarded(Workspace(path), keys) as client:
        check(client.get(ASKED, bearer(secret)), 401, "the API key of ann is expired")


def test_keys_that_are_gone_or_damaged_open_nothing(path: Path, keys: ApiKeyFile) -> None:
    ann = add(keys, "ann")
    with guarded(Workspace(path), keys) as client:
        assert client.get(ASKED, ann).status == 200
        whole = keys.path.read_bytes()
        keys.path.write_bytes(whole[:-9])
        check(client.get(ASKED, ann), 503, "the API keys cannot be read")
        keys.path.unlink()
        check(client.get(ASKED), 401, "expected an API key")
        check(client.get(ASKED, ann), 401, "expected an API key")
        keys.path.write_bytes(whole)
        assert client.get(ASKED, ann).status == 200


def test_who_asks_too_often_waits_and_nobody_else_does(place: Workspace, keys: ApiKeyFile) -> None:
    ann, bob = add(keys, "ann"), add(keys, "bob")
    with guarded(place, keys, "3/hour") as client:
        assert [client.get(ASKED, ann).status for _ in range(3)] == [200] * 3
        refused = client.get(ASKED, ann)
        check(refused, 429, "expected at most 3 per 1 hour")
        assert 3500 < int(refused.headers["retry-after"]) <= 3600
        assert client.get(ASKED, bob).status == 200
        assert client.get("/healthz").status == 200


def test_without_keys_the_rate_is_that_of_an_address(path: Path, keys: ApiKeyFile) -> None:
    with guarded(Workspace(path), keys, "2/hour") as client:
        assert [client.get(ASKED).status for _ in range(3)] == [200, 200, 429]
        said = client.get(ASKED, {"X-Forwarded-For": "192.0.2.7"})
        check(said, 429, "expected at most 2 per 1 hour")


def test_whoever_tries_keys_is_stopped_and_a_good_one_is_not_held_up(path: Path, keys: ApiKeyFile) -> None:
    ann = add(keys, "ann")
    with guarded(Workspace(path), keys) as client:
        tried = [client.get(ASKED, bearer(f"kg_{turn}")).status for turn in range(WRONG_KEY_LIMIT.amount + 1)]
        assert tried == [401] * WRONG_KEY_LIMIT.amount + [429]
        assert client.get(ASKED, ann).status == 200


def test_no_key_takes_all_the_threads_there_are(path: Path, keys: ApiKeyFile) -> None:
    ann, bob = add(keys, "ann"), add(keys, "bob")
    with guarded(Workspace(path), keys) as client:
        waiting = [_half(client, ann) for _ in range(MAX_CONCURRENT)]
        other = ServiceClient(client.port, bob)
        wait_until(
            lambda: has_metric_line(other, f"kg_requests_running {MAX_CONCURRENT + 1}.0")
        )  # with the one that asks for the number
        check(client.get(ASKED, ann), 429, f"{MAX_CONCURRENT} of your requests are running")
        assert client.get(ASKED, bob).status == 200
        for connection in waiting:
            connection.send(b"}")
            assert connection.getresponse().status == 422
            connection.close()
        assert client.get(ASKED, ann).status == 200


def test_only_pages_of_allowed_origins_may_read_answers(path: Path) -> None:
    page = {"Origin": "https://desk.example.org"}
    with run_service(Workspace(path), refresh=False) as client:
        assert "access-control-allow-origin" not in client.get(ASKED, page).headers
    with run_service(
        Workspace(path), ServiceConfig(allowed_origins=("https://desk.example.org",)), refresh=False
    ) as client:
        assert client.get(ASKED, page).headers["access-control-allow-origin"] == "https://desk.example.org"
        assert "access-control-allow-origin" not in client.get(ASKED, {"Origin": "https://x.example.org"}).headers
        wanted = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization, kg-case"}
        assert client.ask("OPTIONS", "/v1/paths", None, page | wanted).status == 200


def test_a_request_keeps_the_id_it_comes_with_if_that_is_sane(path: Path) -> None:
    with run_service(Workspace(path), refresh=False) as client:
        assert client.get(ASKED, {"X-Request-ID": "case-7.march_2"}).headers["x-request-id"] == "case-7.march_2"
        for odd in ("short", "a" * 65, "with space here", '{"quoted": 1}'):
            made = client.get(ASKED, {"X-Request-ID": odd}).headers["x-request-id"]
            assert re.fullmatch("[0-9a-f]{32}", made)
        assert client.get("/v1/nothing").headers["x-request-id"] != client.get("/v1/nothing").headers["x-request-id"]


def test_metrics_count_by_address_and_name_nobody(place: Workspace, keys: ApiKeyFile) -> None:
    ann = add(keys, "ann-the-analyst")
    with guarded(place, keys, following=True) as client:
        client.get(ASKED, ann)
        found = client.get("/v1/entities/test:ann", ann)
        client.get(found.headers["location"], ann)
        client.get("/v1/entities/test:nobody", ann)
        client.get("/v1/Ann/Example", ann)
        client.get("/v1/entities/test:ann")
        client.post("/v1/paths", {"from": "test:ann", "to": "test:yacht", "steps": 1, "sample": 0}, ann)
        told = client.get("/metrics", ann)
    assert told.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    text = told.body.decode()
    for line in (
        'kg_requests_total{method="GET",route="/v1/entities",status="200"} 1.0',
        'kg_requests_total{method="GET",route="/v1/entities/{id}",status="307"} 1.0',
        'kg_requests_total{method="GET",route="/v1/entities/{id}",status="404"} 1.0',
        'kg_requests_total{method="GET",route="unknown",status="404"} 1.0',
        'kg_requests_total{method="GET",route="unknown",status="401"} 1.0',
        'kg_request_seconds_count{route="/v1/entities/{id}"} 3.0',
        'kg_refused_total{reason="key"} 1.0',
        'kg_questions_cut_total{budget="steps"} 1.0',
        "kg_requests_running 1.0",
        'kg_refresh_failing{what="view"} 0.0',
    ):
        assert line in text.splitlines()
    graphs = dict(re.findall(r'^kg_graph_version\{what="(\w+)"\} ([0-9.]+)$', text, re.MULTILINE))
    assert graphs == dict.fromkeys(("store", "view", "clusters"), graphs["store"])
    assert not re.search("analyst|example|yacht|test:", text.lower())


def _half(client: ServiceClient, headers: Mapping[str, str]) -> HTTPConnection:
    """A question that has begun, and whose last byte has not been sent."""
    connection = HTTPConnection("127.0.0.1", client.port, timeout=120)
    connection.putrequest("POST", "/v1/paths")
    for name, value in {"Content-Type": "application/json", "Content-Length": "2", **headers}.items():
        connection.putheader(name, value)
    connection.endheaders()
    connection.send(b"{")
    return connection


def check(answer: ServiceReply, status: int, detail: str) -> None:
    assert (answer.status, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.data["status"] == status
    assert detail in answer.data["detail"] + json.dumps(answer.data["errors"])
