"""Who may ask the service, how often, and how is that said?"""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.client import HTTPConnection
from pathlib import Path
from typing import cast

import pytest
from limits import parse_many
from starlette.types import Message, Receive, Scope, Send

from kg.api_keys import ApiKeyFile, ApiKeyRing, ExpiryClock, today
from kg.files import write_atomically
from kg.operations import LOOPBACK, Workspace
from kg_api.config import ServiceConfig
from kg_api.middleware.auth import WRONG_KEY_LIMIT, _check_direct
from kg_api.middleware.rate_limit import MAX_CONCURRENT, ConcurrentRequests
from kg_api.middleware.request_context import CURRENT_REQUEST, RequestContext
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
        check(client.get(ASKED), 503, "the API keys cannot be read")
        check(client.get(ASKED, ann), 503, "the API keys cannot be read")
        keys.path.write_bytes(whole)
        check(client.get(ASKED, ann), 503, "the API keys cannot be read")  # anybody may read the new file
        keys.path.chmod(0o600)
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


def test_whoever_tries_keys_is_stopped_and_a_good_one_is_not_held_up(path: Path, keys: ApiKeyFile) -> None:
    ann = add(keys, "ann")
    with guarded(Workspace(path), keys) as client:
        tried = [client.get(ASKED, bearer(f"kg_{turn}")).status for turn in range(WRONG_KEY_LIMIT.amount + 1)]
        assert tried == [401] * WRONG_KEY_LIMIT.amount + [429]
        assert client.get(ASKED, ann).status == 200


@pytest.mark.parametrize(
    "header",
    ["Forwarded", "X-Forwarded-For", "Via"],
)
def test_without_keys_nothing_that_came_through_a_proxy_is_answered(path: Path, keys: ApiKeyFile, header: str) -> None:
    with guarded(Workspace(path), keys) as client:
        refused = client.get(ASKED, {header: "192.0.2.7"})
        check(refused, 403, "without API keys, only direct requests from this machine are answered")
        assert "192.0.2.7" not in refused.body.decode()
        assert (client.get("/metrics", {header: "x"}).status, client.get("/healthz", {header: "x"}).status) == (
            403,
            200,
        )
        assert client.get(ASKED).status == 200
        assert client.get(ASKED, {header: "192.0.2.7", **add(keys, "ann")}).status == 200


PROXY_HEADERS: list[str] = [
    "x-forwarded-proto",
    "x_forwarded_for",
    "x-forwarded",
    "x-forward-for",
    "forwarded-for",
    "forwarded_for",
    "x-original-forwarded-for",
    "x-real-ip",
    "x_real_ip",
    "real-ip",
    "x-original-host",
    "x-envoy-external-address",
    "cf-connecting-ip",
    "cf_connecting_ipv6",
    "cf-ray",
    "true-client-ip",
    "true_client_ip",
    "fastly-client-ip",
    "client-ip",
    "http-client-ip",
    "x-client-ip",
    "x-cluster-client-ip",
    "x-user-ip",
    "wl-proxy-client-ip",
    "wl_proxy_ssl",
    "proxy-client-ip",
    "proxy-connection",
    "x-proxy-user",
    "x-proxyuser-ip",
    "x-remote-ip",
    "x-remote-addr",
    "remote_addr",
    "x-originating-ip",
    "x-azure-ref",
    "x-amzn-trace-id",
    "x-appengine-user-ip",
    "fly-client-ip",
    "x-vercel-id",
    "x-arr-log-id",
    "akamai-origin-hop",
    "x-varnish",
    "cdn-loop",
    "x-host",
    "x-http-host-override",
]  # a list of words is read more easily
CLIENT_HEADERS: list[str] = [
    "host",
    "user-agent",
    "accept",
    "accept-encoding",
    "accept-language",
    "connection",
    "origin",
    "referer",
    "authorization",
    "content-type",
    "content-length",
    "transfer-encoding",
    "if-none-match",
    "x-request-id",
    "x-requested-with",
    "kg-case",
    "kg-purpose",
    "sec-fetch-site",
    "cookie",
    "dnt",
    "pragma",
    "cache-control",
    "expect",
    "te",
    "upgrade-insecure-requests",
    "priority",
    "traceparent",
]  # the same


@pytest.mark.parametrize("header", PROXY_HEADERS)
def test_every_header_that_a_proxy_adds_is_known(header: str) -> None:
    scope = {**_scope(), "headers": [(header.encode(), b"192.0.2.7")]}
    assert _check_direct(scope, RequestContext("1", "127.0.0.1")) is not None


def test_what_clients_send_themselves_is_no_sign_of_a_proxy() -> None:
    scope = {**_scope(), "headers": [(name.encode(), b"x") for name in CLIENT_HEADERS]}
    assert _check_direct(scope, RequestContext("1", "127.0.0.1")) is None


@pytest.mark.parametrize("host", ["192.0.2.7", "", "fe80::1", "somebody"])
def test_without_keys_nobody_beyond_this_machine_is_answered(host: str) -> None:
    assert _check_direct(_scope(), RequestContext("1", host)) is not None
    assert _check_direct(_scope(), RequestContext("1", "127.0.0.1")) is None
    assert _check_direct(_scope(), RequestContext("1", "::1")) is None


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("LOCALHOST:8100", 200),
        ("[::1]:8100", 200),
        ("127.0.0.1:", 400),
        ("evil@127.0.0.1", 400),
        ("kg_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@127.0.0.1", 400),
        ("127.0.0.1:80:80", 400),
        ("127.0.0.1:99999", 400),
        ("127.0.0.1/x", 400),
        ("127.0.0.1#", 400),
        ("127.0.0.1, evil.example", 400),
        ("[::1", 400),
        ("", 400),
        ("evil.example", 421),
        ("127.0.0.1.evil.example", 421),
    ],
)
def test_a_host_is_read_strictly_and_a_stranger_learns_no_other(path: Path, host: str, status: int) -> None:
    config = ServiceConfig(allowed_hosts=(*LOOPBACK, "inside.example"))
    with run_service(Workspace(path), config, refresh=False) as client:
        answer = client.get(ASKED, {"Host": host})
        assert answer.status == status
        if status != 200:
            body = answer.body.decode()
            assert not any(name in body for name in ("inside.example", "localhost", "127.0.0.1", "evil", "kg_"))


def _become_fifo(path: Path) -> None:
    path.unlink()
    os.mkfifo(path, 0o600)


@pytest.mark.parametrize(
    ("damage", "recovered"),
    [
        (lambda path: path.unlink(), None),
        (lambda path: path.chmod(0o644), lambda path: path.chmod(0o600)),
        (lambda path: path.write_text("{"), None),
        (lambda path: path.write_text('{"keys": []}'), None),
        (lambda path: path.write_text('{"keys": [{"name": 7}]}'), None),
        (lambda path: path.write_text('{"keys": [], "x": "\\ud800"}'), None),
        (lambda path: path.write_text("[" * 5000), None),
        (lambda path: path.write_bytes(b"\xff"), None),
        (lambda path: (path.rename(path.with_name("other")), path.symlink_to("other")), lambda path: path.unlink()),
        (_become_fifo, lambda path: path.unlink()),
        (lambda path: (path.unlink(), path.mkdir()), lambda path: path.rmdir()),
    ],
)
def test_keys_that_become_wrong_while_the_service_runs_open_nothing_until_they_are_right_again(
    path: Path,
    keys: ApiKeyFile,
    damage: Callable[[Path], object],
    recovered: Callable[[Path], object] | None,
) -> None:
    ann = add(keys, "ann")
    whole = keys.path.read_bytes()
    with guarded(Workspace(path), keys) as client:
        assert client.get(ASKED, ann).status == 200
        damage(keys.path)
        for sent in (ann, {}, bearer("kg_wrong")):
            check(client.get(ASKED, sent), 503, "the API keys cannot be read, so nothing is answered")
        assert client.get("/healthz").status == 200
        if recovered:
            recovered(keys.path)
        write_atomically(keys.path, whole, 0o600)
        assert (client.get(ASKED, ann).status, client.get(ASKED).status) == (200, 401)


def test_an_expired_key_stays_expired_when_the_clock_is_set_back(path: Path, keys: ApiKeyFile) -> None:
    day, clock = 86_400.0, SetClock()
    _, secret = keys.add("ann", "2d", "2027-06-01")
    ring = ApiKeyRing(keys, ExpiryClock(lambda: clock.wall, lambda: clock.elapsed))
    assert ring.identify(secret) == ("ann", "good")
    clock.wall += 400 * day
    assert ring.identify(secret) == ("ann", "expired")
    clock.wall -= 400 * day  # a jump ahead and back
    assert ring.identify(secret) == ("ann", "good")
    clock.wall, clock.elapsed = clock.wall + 3 * day, clock.elapsed + 3 * day
    assert ring.identify(secret) == ("ann", "expired")
    clock.wall -= 3 * day
    assert ring.identify(secret) == ("ann", "expired")
    clock.wall -= 400 * day
    assert ApiKeyRing(keys, ExpiryClock(lambda: clock.wall, lambda: clock.elapsed)).identify(secret) == (
        "ann",
        "not yet valid",
    )


def test_half_a_request_of_many_hinders_nobody(path: Path, keys: ApiKeyFile) -> None:
    ann = add(keys, "ann")
    with guarded(Workspace(path), keys) as client:
        waiting = [_half(client, ann) for _ in range(MAX_CONCURRENT + 1)]
        wait_until(
            lambda: has_metric_line(ServiceClient(client.port, ann), f"kg_requests_running {len(waiting) + 1}.0")
        )
        assert client.get(ASKED, ann).status == 200
        for connection in waiting:
            connection.send(b"}")
            assert connection.getresponse().status == 422
            connection.close()


def test_no_key_takes_all_the_threads_there_are() -> None:
    async def ask() -> list[int]:
        done, statuses = asyncio.Event(), []

        async def app(_: Scope, __: Receive, send: Send) -> None:
            await done.wait()
            await send({"type": "http.response.start", "status": 200, "headers": []})

        async def note(message: Message) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])
                done.set()

        async def one(limit: ConcurrentRequests, key: str) -> None:
            CURRENT_REQUEST.set(RequestContext("1", "127.0.0.1", key_name=key))
            await limit(_scope(), _no_message, note)

        limit = ConcurrentRequests(app)
        async with asyncio.timeout(20):
            await asyncio.gather(*(one(limit, key) for key in ("bob", *["ann"] * (MAX_CONCURRENT + 1))))
        return statuses

    assert sorted(asyncio.run(ask())) == [200] * (MAX_CONCURRENT + 1) + [429]


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


@dataclass
class SetClock:
    """A clock that a test sets: the wall clock, and the time since some start."""

    wall: float = 1_811_850_000.0
    """1 June 2027."""
    elapsed: float = 1000.0


def _scope() -> Scope:
    return {"type": "http", "path": "/v1/entities", "headers": []}


async def _no_message() -> Message:
    return {"type": "http.disconnect"}


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
