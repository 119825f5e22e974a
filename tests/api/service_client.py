"""How do tests run the service and ask it?"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

import uvicorn

from kg.operations import Workplace
from kg_api.__main__ import config_of
from kg_api.app import create_app
from kg_api.config import Conduct
from kg_api.snapshots.snapshot_manager import Condition


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    """By their names in lower case."""
    body: bytes

    @property
    def data(self) -> Any:
        """The body as plain data."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Client:
    """Asks one service over loopback."""

    port: int
    always: Mapping[str, str] = field(default_factory=dict)
    """Headers of every request."""

    def get(self, path: str, headers: Mapping[str, str] | None = None, **parameters: object) -> Answer:
        """GET, with parameters; one whose value is a list is repeated, and `_` ends a name that Python keeps."""
        named = {name.removesuffix("_"): value for name, value in parameters.items()}
        query = f"?{urlencode(named, doseq=True)}" if named else ""
        return self.ask("GET", path + query, None, headers or {})

    def post(self, path: str, body: Any, headers: Mapping[str, str] | None = None) -> Answer:
        """POST plain data as JSON; bytes as they are, and several in as many parts, with no length said before."""
        sent = body if isinstance(body, bytes | Iterator) else json.dumps(body).encode()
        return self.ask("POST", path, sent, {"Content-Type": "application/json", **(headers or {})})

    def ask(self, method: str, path: str, body: bytes | Iterator[bytes] | None, headers: Mapping[str, str]) -> Answer:
        """Any request."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request(method, path, body, {**self.always, **headers})
            response = connection.getresponse()
            return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        finally:
            connection.close()


def until(done: Callable[[], bool], seconds: float = 180.0) -> None:
    """Wait for what the service does in the background."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "the service did not get there in time"
        time.sleep(0.05)


def counted(client: Client, line: str) -> bool:
    """Whether there is such a line among the counts."""
    return line in client.get("/metrics").body.decode().splitlines()


def settled(client: Client) -> bool:
    """Whether the service has the arrays and the clusters of the present graph, or says why it cannot."""
    ready = client.get("/readyz")
    if ready.status != 200:
        return "being made" not in ready.data["detail"]
    return "refreshing" not in (ready.data["view"]["state"], ready.data["clusters"]["state"])


def _begun(condition: Condition) -> bool:
    """Whether the service has its first graph and clusters, or cannot; asked inside, where no key or rate counts."""
    view, clusters = condition.view or condition.view_trouble, condition.clusters or condition.clusters_trouble
    return bool(view and (clusters or not condition.view))


@contextmanager
def served(place: Workplace, conduct: Conduct | None = None, *, following: bool = True) -> Iterator[Client]:
    """The service over a workplace, on a port that was free.

    Without `following` no process is started to make arrays and clusters, and only what needs none is answered.
    """
    with socket.create_server(("127.0.0.1", 0)) as listening:
        app = create_app(place, conduct)
        config = config_of(app)
        config.lifespan = "on" if following else "off"
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            client = Client(listening.getsockname()[1])
            if following:
                until(lambda: _begun(app.state.service.keeper.condition()))
            yield client
        finally:
            server.should_exit = True
            thread.join()


@dataclass
class Process:
    """A service of its own process, as people run it."""

    client: Client
    _process: subprocess.Popen[str]
    log: str = ""
    """What it wrote to stderr; all of it once it has ended."""

    def ask_to_end(self) -> None:
        """SIGTERM."""
        self._process.terminate()

    def wait(self) -> int:
        """How it ended."""
        self.log += self._process.communicate(timeout=180)[1]
        return self._process.returncode

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The log, line by line."""
        return [json.loads(line) for line in self.log.splitlines()]


@contextmanager
def running(
    settings: Mapping[str, str], command: Sequence[str] = ("-m", "kg_api"), options: Sequence[str] = ("--port", "0")
) -> Iterator[Process]:
    """A process that answers; ended when nobody needs it any longer, however that comes."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KG_API")}
    environment.update(settings)
    words = [sys.executable, *command, *options]
    with subprocess.Popen(words, stderr=subprocess.PIPE, env=environment, text=True) as process:
        try:
            assert process.stderr
            first = process.stderr.readline()
            port = urlsplit(json.loads(first)["address"]).port
            assert port
            yield Process(Client(port), process, first)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
