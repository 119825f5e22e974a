"""How do tests run the service and ask it?"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode

import uvicorn

from kg.operations import Workplace
from kg_api.app import create_app


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

    def get(self, path: str, headers: Mapping[str, str] | None = None, **parameters: object) -> Answer:
        """GET, with parameters; one whose value is a list is repeated, and `_` ends a name that Python keeps."""
        named = {name.removesuffix("_"): value for name, value in parameters.items()}
        query = f"?{urlencode(named, doseq=True)}" if named else ""
        return self._ask("GET", path + query, None, headers or {})

    def post(self, path: str, body: Any, headers: Mapping[str, str] | None = None) -> Answer:
        """POST plain data as JSON; bytes as they are, and several in as many parts, with no length said before."""
        sent = body if isinstance(body, bytes | Iterator) else json.dumps(body).encode()
        return self._ask("POST", path, sent, {"Content-Type": "application/json", **(headers or {})})

    def _ask(self, method: str, path: str, body: bytes | Iterator[bytes] | None, headers: Mapping[str, str]) -> Answer:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, body, dict(headers))
            response = connection.getresponse()
            return Answer(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
        finally:
            connection.close()


@contextmanager
def served(place: Workplace) -> Iterator[Client]:
    """The service over a workplace, on a port that was free."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(create_app(place), log_config=None, timeout_graceful_shutdown=5))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            yield Client(listening.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join()
