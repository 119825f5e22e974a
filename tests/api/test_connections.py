"""Do slow, many and ambiguous connections keep anybody from being answered, or fill the log?"""

from __future__ import annotations

import resource
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from kg.operations import Workspace
from kg_api import connections
from kg_api.connections import LimitedProtocol
from kg_api.middleware.request_context import peer_network
from tests.api.service_client import ServiceClient, ServiceProcess, run_process, run_service
from tests.stores import link, load, node

HALF_SENT = 300
BODY_BEGUN = (
    b"POST /v1/paths HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"
)
HEAD_BEGUN = b"GET /v1/entities?q=ann HTTP/1.1\r\nHost: 127"
WHOLE = b"GET /v1/entities?q=ann HTTP/1.1\r\nHost: 127.0.0.1\r\n"


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("api") / "graph.sqlite"
    load(path, "s", [node("ann", name="Ann Example"), node("yacht", "Vessel", name="Y"), link("ann OWNS yacht")])
    return path


@pytest.fixture(scope="module")
def client(path: Path) -> Iterator[ServiceClient]:
    with run_service(Workspace(path), refresh=False) as client:
        yield client


@contextmanager
def _process(path: Path, tmp_path: Path) -> Iterator[ServiceProcess]:
    settings = {"KG_STORE": f"embedded:{path}", "XDG_DATA_HOME": str(tmp_path), "KG_VIEW_CACHE": str(tmp_path / "v")}
    with run_process(settings) as process:
        yield process


def _open(port: int, sent: bytes = b"") -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=120)
    connection.sendall(sent)
    return connection


def _read_all(connection: socket.socket) -> bytes:
    received = b""
    try:
        while part := connection.recv(65_536):
            received += part
    except ConnectionError:
        pass  # closed with bytes that nobody read
    return received


@pytest.mark.parametrize("begun", [HEAD_BEGUN, BODY_BEGUN, b""])
def test_half_sent_requests_lock_nobody_out_and_fill_no_log(path: Path, tmp_path: Path, begun: bytes) -> None:
    slowest = 0.0
    with _process(path, tmp_path) as process, ExitStack() as stack:
        for turn in range(HALF_SENT):
            stack.enter_context(_open(process.client.port, begun))
            if turn % 20 == 19:
                started = time.monotonic()
                assert process.client.get("/v1/entities", q="ann").status == 200
                slowest = max(slowest, time.monotonic() - started)
        process.ask_to_end()
        process.wait()
    assert slowest < 10
    assert len(process.log) < 100_000


def test_a_head_that_does_not_arrive_in_time_is_refused(client: ServiceClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.5)
    with _open(client.port, HEAD_BEGUN) as connection:
        assert _read_all(connection).startswith(b"HTTP/1.1 408 ")


def test_a_refused_request_cannot_go_on_sending_its_body(
    client: ServiceClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "BODY_SECONDS", -2.0)
    refused = BODY_BEGUN.replace(b"Host: 127.0.0.1", b"Host: evil.example")
    with _open(client.port, refused) as connection:
        assert _read_all(connection).startswith(b"HTTP/1.1 421 ")


def test_who_reads_no_answer_is_cut_off(client: ServiceClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "SEND_SECONDS", 0.5)
    asked = b"GET /openapi.json HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    with _open(client.port) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        with pytest.raises(ConnectionError):  # it takes answers until the buffers are full
            end = time.monotonic() + 60
            while time.monotonic() < end:
                connection.sendall(asked)


def test_beyond_the_limit_the_slowest_gives_way(client: ServiceClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LimitedProtocol, "max_peer_connections", 3)
    with ExitStack() as stack:
        first, *others = (stack.enter_context(_open(client.port, HEAD_BEGUN)) for _ in range(3))
        assert client.get("/healthz").status == 200
        assert _read_all(first).startswith(b"HTTP/1.1 408 ")
        others[-1].sendall(b".0.0.1\r\nConnection: close\r\n\r\n")
        assert _read_all(others[-1]).startswith(b"HTTP/1.1 200 ")


def test_where_all_are_being_answered_a_new_connection_is_refused_with_a_reason(
    client: ServiceClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LimitedProtocol, "max_connections", 0)
    refused = client.get("/healthz")
    assert (refused.status, refused.data["title"]) == (503, "Service Unavailable")
    assert refused.headers["retry-after"] == "1"


@pytest.mark.parametrize(
    ("headers", "statuses"),
    [
        (b"Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", {400}),
        (b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde", {400}),
        (b"Content-Length: 4, 5\r\n\r\nabcde", {400}),
        (b"Content-Length: +4\r\n\r\nabcd", {400}),
        (b"Content-Length: 0x4\r\n\r\nabcd", {400}),
        (b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", {400}),
        (b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", {400}),
        (b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", {400}),
        (b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", {400}),
        (b"Host: evil.example\r\n\r\n", {400}),
        (b"Host: 127.0.0.1\r\n\r\n", {400}),
        (b"X: a\r\n Transfer-Encoding: chunked\r\n\r\n", {400, 200}),
        (b"X: a\x00b\r\n\r\n", {400}),
    ],
)
def test_a_request_that_can_be_read_in_two_ways_is_refused(
    client: ServiceClient, headers: bytes, statuses: set[int]
) -> None:
    with _open(client.port, WHOLE + headers + b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n") as connection:
        received = _read_all(connection)
        assert int(received[9:12]) in statuses
        if statuses == {400}:
            assert b"HTTP/1.1 2" not in received  # the rest of the connection is not read as another request


@pytest.mark.parametrize("target", [b"http://evil.example/v1/entities?q=ann", b"*", b"127.0.0.1:80"])
def test_an_address_has_no_host_of_its_own(client: ServiceClient, target: bytes) -> None:
    with _open(client.port, b"GET " + target + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n") as connection:
        received = _read_all(connection)
    assert received.startswith(b"HTTP/1.1 400 ")
    assert b"evil" not in received


def test_a_request_with_two_keys_is_refused(client: ServiceClient) -> None:
    keys = b"Authorization: Bearer kg_one\r\nAuthorization: Bearer kg_two\r\n"
    with _open(client.port, WHOLE + keys + b"\r\n") as connection:
        assert _read_all(connection).startswith(b"HTTP/1.1 400 ")


def test_connections_of_one_network_count_together() -> None:
    assert peer_network("2001:db8::1") == peer_network("2001:db8::2") != peer_network("2001:db8:0:1::1")
    assert peer_network("fe80::1%eth0") == peer_network("fe80::2%eth0")
    assert peer_network("192.0.2.1") != peer_network("192.0.2.2")
    assert peer_network("::ffff:192.0.2.1") == peer_network("192.0.2.1")
    assert (peer_network(""), peer_network("::1"), peer_network("unix")) == ("", "::1", "unix")


def test_few_open_files_are_not_used_up_by_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _: (600, 600))
    assert connections._file_limit() == 600 - connections.RESERVED_FILES - connections.BACKLOG
