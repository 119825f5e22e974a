"""Those who ask the service: some to know, some to break it."""

from __future__ import annotations

import json
import random
import re
import socket
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException

from bench.soak.processes import SOURCE, ServiceRunner
from bench.soak.tally import HOSTILE, SECRET, Tally
from kg.records import node_id

PERSON, COMPANY = node_id(SOURCE, "p"), node_id(SOURCE, "c")

QUESTIONS: tuple[tuple[str, str, object], ...] = (
    ("POST", "/v1/paths", {"from": "pulse:p", "to": "pulse:c"}),
    ("POST", "/v1/paths", {"from": "pulse:p", "to": "pulse:c", "ranking": "shortest"}),
    ("GET", f"/v1/entities/{PERSON}", None),
    ("GET", f"/v1/entities/{COMPANY}/links", None),
    ("GET", "/v1/entities?q=Pulse", None),
    ("GET", f"/v1/entities/{COMPANY}/owners", None),
    ("GET", "/v1/clusters", None),
    ("GET", "/v1/jurisdictions", None),
)


class HonestClient:
    """Asks one question after the other with a key."""

    def __init__(self, service: ServiceRunner, tally: Tally, number: int) -> None:
        self._service, self._tally, self._number = service, tally, number
        self._headers = {**service.headers, "Content-Type": "application/json"}

    def ask(self) -> None:
        """One question, whose answer has to be whole, of one load, and without protected facts."""
        if not self._service.is_up.wait(1):
            return
        method, path, body = QUESTIONS[self._number % len(QUESTIONS)]
        self._number += 1
        connection = HTTPConnection("127.0.0.1", self._service.port, timeout=60)
        begin = time.monotonic()
        try:
            connection.request(method, path, None if body is None else json.dumps(body), self._headers)
            answer = connection.getresponse()
            status, text = answer.status, answer.read().decode()
        except (OSError, HTTPException) as error:
            if self._service.is_up.is_set():  # killed a moment ago, it may not know yet
                time.sleep(0.5)
            is_killed = not self._service.is_up.is_set()
            self._tally.add(
                "questions", *(() if is_killed else ("tried", "refused")), note="" if is_killed else repr(error)
            )
            return
        finally:
            connection.close()
        self._tally.add_wait(time.monotonic() - begin)
        self._tally.add(
            "questions", "tried", _outcome(status, text), note="" if status == 200 else f"{path} {status} {text[:200]}"
        )
        time.sleep(0.02)


def _outcome(status: int, text: str) -> str:
    if SECRET in text:
        return "leaked"
    if status == 503:
        return "refused"
    if status != 200:
        return "failed"
    loads = set(re.findall(r"(?:Pulse (?:Person|Company)|round) (\d+)", text))
    if len(loads) > 1:
        return "torn"
    json.loads(text)
    return "survived"


class HostileClient:
    """Sends what nobody should; each attack is one connection or a few."""

    def __init__(self, service: ServiceRunner, tally: Tally, draw: random.Random) -> None:
        self._service, self._tally, self._draw = service, tally, draw
        self._attacks: tuple[Callable[[], bytes], ...] = (
            lambda: _request("POST", "/v1/paths", f'{{"from": "{HOSTILE}", "limit": {10**30}}}'.encode()),
            lambda: _request("POST", "/v1/paths", f'{{"from": "{HOSTILE}\\ud800"}}'.encode()),
            lambda: _request("POST", "/v1/paths", b"[" * 100_000),
            lambda: _request("GET", f"/v1/entities/{HOSTILE}%00%ff%0d%0aX:1"),
            lambda: _request("GET", f"/v1/search?q={HOSTILE}&key=kg_{HOSTILE}"),
            lambda: _request("GET", "/v1/search?q=" + "a" * 70_000),
            lambda: _request("GET", "/v1/sources", host=f"{HOSTILE}@127.0.0.1"),
            lambda: _request("GET", "/v1/../../etc/passwd"),
            lambda: b"\x16\x03\x01" + self._draw.randbytes(200),
            f"GET /v1/sources HTTP/1.1\r\nHost: 127.0.0.1\r\nX: {HOSTILE}\r\n".encode,
            lambda: b"POST /v1/paths HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n{}",
            self._mutated,
        )

    def attack(self) -> None:
        """One attack."""
        if not self._service.is_up.wait(1):
            return
        sent = self._draw.choice(self._attacks)()
        try:
            with socket.create_connection(("127.0.0.1", self._service.port), timeout=20) as connection:
                connection.sendall(sent)
                connection.settimeout(self._draw.uniform(0.1, 2))
                got = connection.recv(65_536)
        except OSError:
            got = b""  # hung up, or nothing to say: both are right
        status = re.match(rb"HTTP/1.1 (\d+)", got)
        if status and status[1][:1] == b"5" and status[1] != b"503":
            self._tally.add("attacks", "tried", "failed", note=f"{sent[:80]!r} {got[:200]!r}")
        elif SECRET.encode() in got:
            self._tally.add("attacks", "tried", "leaked", note=f"{sent[:80]!r}")
        else:
            self._tally.add("attacks", "tried", "survived")

    def _mutated(self) -> bytes:
        request = bytearray(_request("POST", "/v1/paths", b'{"from": "pulse:p", "to": "pulse:c"}'))
        for _ in range(self._draw.randint(1, 8)):
            request[self._draw.randrange(len(request))] = self._draw.randrange(256)
        return bytes(request)


def _request(method: str, target: str, body: bytes = b"", host: str = "127.0.0.1") -> bytes:
    kind = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n" if body else ""
    return f"{method} {target} HTTP/1.1\r\nHost: {host}\r\n{kind}\r\n".encode() + body
