"""Does `kg explore` lead to the page of the right store, and start the service only where none runs?"""

from __future__ import annotations

import socket
import threading
import webbrowser
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kg.cli import app
from kg.cli.commands import explore
from kg.operations import Workspace
from kg_api import page
from tests.api.service_client import run_process, run_service
from tests.page.built_page import require_page
from tests.stores import load, node


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "graph.sqlite"
    load(path, "s", [node("ann", name="Ann Invented")])
    monkeypatch.setenv("KG_STORE", f"embedded:{path}")
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.setattr(page, "page_files", lambda: {"index.html": b"<!doctype html>"})
    return path


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a browser would have opened."""
    addresses: list[str] = []
    monkeypatch.setattr(webbrowser, "open", addresses.append)
    return addresses


@pytest.fixture
def stranger() -> Iterator[int]:
    """The port of something that accepts connections and says nothing of kg."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(b"220 mail\r\n")

        threading.Thread(target=answer, daemon=True).start()
        yield listening.getsockname()[1]


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["explore", *words])


def test_a_service_of_the_store_that_runs_is_opened(path: Path, opened: list[str]) -> None:
    with run_service(Workspace(path)) as client:
        found = run("test:ann & co", "--port", str(client.port))
        address = f"http://127.0.0.1:{client.port}/#node=test%3Aann%20%26%20co"
        assert (found.exit_code, opened) == (0, [address])
        assert address in found.stdout
        assert run("--no-browser", "--port", str(client.port)).exit_code == 0
        assert opened == [address]


def test_a_service_of_another_store_is_not_opened(path: Path, tmp_path: Path, opened: list[str]) -> None:
    load(tmp_path / "other.sqlite", "s", [node("bob", name="Bob Invented")])
    with run_service(Workspace(tmp_path / "other.sqlite")) as client:
        found = run("--port", str(client.port))
    assert (found.exit_code, opened) == (2, [])
    assert "answers from another store" in found.stderr


def test_what_is_no_service_of_kg_is_not_opened(path: Path, stranger: int, opened: list[str]) -> None:
    found = run("--port", str(stranger))
    assert (found.exit_code, opened) == (2, [])
    assert f"--port {stranger}: something that is no kg service answers there" in found.stderr


def test_a_service_without_the_page_says_how_to_get_it(
    path: Path, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page, "page_files", dict)
    with run_service(Workspace(path), refresh=False) as client:
        found = run("--port", str(client.port))
    assert (found.exit_code, opened) == (3, [])
    assert "make demo" in found.stderr


@pytest.mark.parametrize(("display", "is_opened"), [("", False), (":0", True)])
def test_no_browser_of_the_terminal_is_opened(display: str, is_opened: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("WAYLAND_DISPLAY", "BROWSER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.setattr("sys.platform", "linux")
    assert explore._has_screen() is is_opened


def test_where_none_runs_the_service_is_started_and_ends_with_it(path: Path, tmp_path: Path) -> None:
    require_page()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    settings = {"KG_STORE": f"embedded:{path}", "XDG_DATA_HOME": str(tmp_path / "data")}
    command, options = ("-m", "kg", "explore"), ("--no-browser", "--port", str(port))
    with run_process(settings, command, options) as process:
        assert process.client.get("/healthz").status == 200
        process.ask_to_end()
        assert process.wait() == 0
    with pytest.raises(ConnectionRefusedError):
        process.client.get("/healthz")
