"""How do tests run the service and ask it?"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any
from urllib.parse import urlencode, urlsplit

import uvicorn

from kg.operations import Workspace
from kg_api.__main__ import uvicorn_config
from kg_api.app import create_app
from kg_api.config import ServiceConfig
from kg_api.snapshots.snapshot_manager import SnapshotStatus
from tests.faults.fork_server import ForkedProcess
from tests.faults.harness import fork_server_of_worker


@dataclass(frozen=True)
class ServiceReply:
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
class ServiceClient:
    """Asks one service over loopback."""

    port: int
    always: Mapping[str, str] = field(default_factory=dict)
    """Headers of every request."""

    def get(self, path: str, headers: Mapping[str, str] | None = None, **parameters: object) -> ServiceReply:
        """GET, with parameters; one whose value is a list is repeated, and `_` ends a name that Python keeps."""
        named = {name.removesuffix("_"): value for name, value in parameters.items()}
        query = f"?{urlencode(named, doseq=True)}" if named else ""
        return self.ask("GET", path + query, None, headers or {})

    def post(self, path: str, body: Any, headers: Mapping[str, str] | None = None) -> ServiceReply:
        """POST plain data as JSON; bytes as they are, and several in as many parts, with no length said before."""
        sent = body if isinstance(body, bytes | Iterator) else json.dumps(body).encode()
        return self.ask("POST", path, sent, {"Content-Type": "application/json", **(headers or {})})

    def ask(
        self, method: str, path: str, body: bytes | Iterator[bytes] | None, headers: Mapping[str, str]
    ) -> ServiceReply:
        """Any request."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request(method, path, body, {**self.always, **headers})
            response = connection.getresponse()
            return ServiceReply(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        finally:
            connection.close()


def wait_until(done: Callable[[], bool], seconds: float = 180.0) -> None:
    """Wait for what the service does in the background."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "the service did not get there in time"
        time.sleep(0.05)


def has_metric_line(client: ServiceClient, line: str) -> bool:
    """Whether there is such a line among the counts."""
    return line in client.get("/metrics").body.decode().splitlines()


def is_up_to_date(client: ServiceClient) -> bool:
    """Whether the service has the arrays and the clusters of the present graph, or says why it cannot."""
    ready = client.get("/readyz")
    if ready.status != 200:
        return not any(reason in ready.data["detail"] for reason in ("still loading", "still being computed"))
    return "refreshing" not in (ready.data["view"]["state"], ready.data["clusters"]["state"])


def _has_started(condition: SnapshotStatus) -> bool:
    """Whether the service has its first graph and clusters, or cannot; asked inside, where no key or rate counts."""
    return condition.is_started or (condition.view is None and condition.view_error is not None)


@contextmanager
def run_service(
    workspace: Workspace, config: ServiceConfig | None = None, *, refresh: bool = True, wait: bool = True
) -> Iterator[ServiceClient]:
    """The service over a workplace, on a port that was free.

    Without `refresh` no process is started to make arrays and clusters, and only what needs none is answered.
    """
    with socket.create_server(("127.0.0.1", 0)) as listening:
        app = create_app(workspace, config)
        server_config = uvicorn_config(app)
        server_config.lifespan = "on" if refresh else "off"
        server = uvicorn.Server(server_config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            client = ServiceClient(listening.getsockname()[1])
            if refresh and wait:
                wait_until(lambda: _has_started(app.state.service.snapshots.status()))
            yield client
        finally:
            server.should_exit = True
            thread.join()


@dataclass
class ServiceProcess:
    """A service of its own process, as people run it."""

    client: ServiceClient
    _process: subprocess.Popen[str] | ForkedProcess
    _reader: threading.Thread
    _lines: list[str]

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self._process.pid

    def ask_to_end(self) -> None:
        """SIGTERM."""
        self._process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL."""
        self._process.send_signal(signal.SIGKILL)
        self.wait()

    def wait(self) -> int:
        """How it ended."""
        code = self._process.wait(timeout=180)
        self._reader.join()
        return code

    @property
    def log(self) -> str:
        """What it has written to stderr; all of it once it has ended."""
        return "".join(self._lines)

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The log, line by line."""
        return [json.loads(line) for line in self.log.splitlines()]


@contextmanager
def run_process(
    settings: Mapping[str, str],
    command: Sequence[str] | None = None,
    options: Sequence[str] = ("--port", "0"),
    before: str = "",
) -> Iterator[ServiceProcess]:
    """A process that answers; ended when nobody needs it any longer, however that comes.

    Without a command of Python it is forked from one that has imported the service, and first runs the code `before`.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KG_API")}
    environment.update(settings)
    with TemporaryDirectory(prefix="kg-service-") as folder, ExitStack() as opened:
        process: subprocess.Popen[str] | ForkedProcess
        stderr: IO[str]
        if command is None:
            os.mkfifo(pipe := Path(folder, "stderr"))
            reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
            stderr = opened.enter_context(os.fdopen(reading, encoding="utf-8"))
            server = fork_server_of_worker()
            process = server.start(options, environment, before=before, program="kg-api", err=pipe)
            wait_until(lambda: bool(select.select([reading], [], [], 0)[0]) or process.poll() is not None)
            os.set_blocking(reading, True)
        else:
            words = [sys.executable, *command, *options]
            process = opened.enter_context(subprocess.Popen(words, stderr=subprocess.PIPE, env=environment, text=True))
            assert process.stderr
            stderr = process.stderr
        reader: threading.Thread | None = None
        try:
            first = stderr.readline()
            lines = [first]
            reader = threading.Thread(target=lines.extend, args=(stderr,))  # a full pipe would stop it
            reader.start()
            port = urlsplit(json.loads(first)["address"]).port
            assert port
            yield ServiceProcess(ServiceClient(port), process, reader, lines)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
            process.wait()
            if reader is not None:
                reader.join(10)  # what is opened here is closed then, and a child may hold the other end open
