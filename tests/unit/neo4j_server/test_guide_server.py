"""Does the guide's own web server hand out its files, and nothing else, to Neo4j Browser, and to nobody else?"""

from __future__ import annotations

import http.client
import socket
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from kg.neo4j_server import guide_server
from tests.neo4j_server import free_ports

BROWSER_PORT = 7474
OURS = f"http://127.0.0.1:{BROWSER_PORT}"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    (port,) = free_ports(1)
    with guide_server.make_server(port, BROWSER_PORT) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield port
        server.shutdown()
        thread.join()


def ask(port: int, method: str, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.putrequest(method, path, skip_host="Host" in headers)
    for name, value in headers.items():
        connection.putheader(name, value)
    connection.endheaders()
    answer = connection.getresponse()
    found = answer.status, dict(answer.getheaders()), answer.read()
    connection.close()
    return found


def test_every_file_is_handed_out_as_what_it_is(port: int) -> None:
    for name, content in guide_server.guide_files(guide_server.guide_address(port)).items():
        status, headers, body = ask(port, "GET", f"/{name}")
        assert (status, body) == (200, content)
        kinds = {"html": "text/html; charset=utf-8", "grass": "text/plain; charset=utf-8", "zip": "application/zip"}
        assert headers["Content-Type"] == kinds[name.rpartition(".")[2]]
        assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/guide",
        "/./guide.html",
        "/guide.html?x=1",
        "/../../../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/..%2fpassword",
        "/guide.html%00",
    ],
)
def test_nothing_else_is(port: int, path: str) -> None:
    assert ask(port, "GET", path)[0] == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "TRACE", "CONNECT"])
def test_nobody_does_anything_but_read(port: int, method: str) -> None:
    assert ask(port, method, "/guide.html")[0] == 501


@pytest.mark.parametrize("origin", [OURS, f"http://localhost:{BROWSER_PORT}"])
def test_the_pages_of_its_browser_may_read(port: int, origin: str) -> None:
    asked = {"Origin": origin, "Access-Control-Request-Headers": "cache-control,pragma"}
    status, headers, body = ask(port, "OPTIONS", "/guide.html", **asked)
    assert (status, body, headers["Access-Control-Allow-Origin"]) == (204, b"", origin)
    assert headers["Access-Control-Allow-Methods"] == "GET"
    assert headers["Access-Control-Allow-Headers"] == "cache-control, pragma"
    assert ask(port, "GET", "/guide.html", Origin=origin)[1]["Access-Control-Allow-Origin"] == origin


@pytest.mark.parametrize(
    "origin", ["http://elsewhere.example", "http://127.0.0.1:1", f"https://127.0.0.1:{BROWSER_PORT}", "null"]
)
@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_other_pages_may_not(port: int, method: str, origin: str) -> None:
    assert "Access-Control-Allow-Origin" not in ask(port, method, "/guide.html", Origin=origin)[1]


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_name_from_elsewhere_that_leads_here_gets_nothing(port: int, method: str) -> None:
    assert ask(port, method, "/guide.html", Host=f"elsewhere.example:{port}")[0] == 421


def test_head_says_what_get_would_say(port: int) -> None:
    said, got = ask(port, "HEAD", "/style.grass"), ask(port, "GET", "/style.grass")
    assert said[2] == b""
    assert {k: v for k, v in said[1].items() if k != "Date"} == {k: v for k, v in got[1].items() if k != "Date"}


def test_only_this_machine_is_listened_to(port: int) -> None:
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", port), timeout=5)


def test_a_taken_port_is_an_error(port: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        guide_server.make_server(taken.getsockname()[1], BROWSER_PORT)


def test_the_files_are_written_for_another_web_server(tmp_path: Path) -> None:
    address = "https://files.example/kg"
    written = guide_server.write_guide(tmp_path / "new" / "folder", address)
    assert {path.name: path.read_bytes() for path in written} == guide_server.guide_files(address)
    assert f"{address}/people.html" in (tmp_path / "new" / "folder" / "guide.html").read_text(encoding="utf-8")
