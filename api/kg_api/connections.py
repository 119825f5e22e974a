"""How many connections there may be, and how long each may take to send and to receive."""

from __future__ import annotations

import asyncio
import json
import logging
import resource
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from kg_api.middleware.limits import BODY_SECONDS
from kg_api.middleware.request_context import peer_network
from kg_api.problems import MEDIA_TYPE, Problem

MAX_CONNECTIONS, MAX_PEER_CONNECTIONS = 512, 128
"""Connections at the same time: all, and those of one address (of an IPv6 network of 64 bits)."""

BACKLOG = 128
"""Connections that wait in the kernel to be accepted; each turn of the loop accepts at most as many."""

RESERVED_FILES = 256
"""Open files for everything but connections."""

HEAD_SECONDS = 10.0
"""How long a connection may take to send the head of a request."""

SEND_SECONDS = 30.0
"""How long a client may receive nothing of an answer that waits for it."""

CLOSE_SECONDS = 5.0
"""How long a closed connection may take to receive what it was sent."""

TICK_SECONDS = 1.0

LOG = logging.getLogger("kg_api.connections")


class LimitedProtocol(H11Protocol):
    """The protocol of uvicorn with limits: of connections, and of the time of each part of a request.

    When a limit of connections is reached, the one that has been sending its request for longest gives way to the
    new one, so that half-sent requests lock nobody out, and so does one that has not received its answer for a while.
    If all others are being answered, the new one is refused.
    """

    max_connections = MAX_CONNECTIONS
    max_peer_connections = MAX_PEER_CONNECTIONS

    _timer: asyncio.TimerHandle | None = None
    _phase: tuple[str, int] = ("head", 0)
    _requests = 0
    _since = 0.0
    _unsent = 0
    peer = ""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn does
        """Make room for the connection, or refuse it."""
        super().connection_made(transport)
        self.peer = peer_network(self.client[0] if self.client else "")
        others = [
            one for one in cast("set[LimitedProtocol]", self.connections) if one is not self and not one.is_closing()
        ]
        if not (
            _make_room(others, min(self.max_connections, _file_limit()))
            and _make_room([one for one in others if one.peer == self.peer], self.max_peer_connections)
        ):
            LOG.warning("a connection was refused: too many are being answered")
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE, "too many connections; retry in a few seconds")
        self._since = self.loop.time()
        self._timer = self.loop.call_later(TICK_SECONDS, self._tick)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the timer."""
        if self._timer:
            self._timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, unless the connection is to be closed."""
        if not self.is_closing():
            super().data_received(data)

    def on_response_complete(self) -> None:
        """Begin to wait for the next request."""
        self._requests += 1
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is not HTTP; once an answer has begun, only the connection can be closed."""
        self._refuse(HTTPStatus.BAD_REQUEST, "expected a request in HTTP/1.1, with one Host and one length")

    def is_closing(self) -> bool:
        """Whether nothing more is read from it."""
        return self.transport.is_closing()

    def waiting_since(self) -> float | None:
        """Since when it has kept the service waiting; None if a request is complete and is being answered."""
        now = self.loop.time()
        self._look(now)
        part = self._phase[0]
        is_waiting = part in ("head", "body") or (part == "sending" and now - self._since > CLOSE_SECONDS)
        return self._since if is_waiting else None

    def give_way(self) -> None:
        """Close the connection in favour of another one."""
        LOG.warning("a slow connection was closed: there are too many")
        self._refuse(HTTPStatus.REQUEST_TIMEOUT, "others need the connection; retry")

    def _tick(self) -> None:
        now = self.loop.time()
        self._timer = self.loop.call_later(TICK_SECONDS, self._tick)
        self._look(now)
        part, waited = self._phase[0], now - self._since
        if part == "closing" and waited > CLOSE_SECONDS:
            self.transport.abort()
        elif part == "head" and waited > HEAD_SECONDS:
            LOG.warning("a connection was closed: its request did not arrive in time")
            self._refuse(HTTPStatus.REQUEST_TIMEOUT, f"expected the request within {HEAD_SECONDS:g} seconds")
        elif part == "body" and waited > BODY_SECONDS + TICK_SECONDS * 2:  # the application refuses it before
            self.transport.close()
        elif part == "sending" and waited > SEND_SECONDS:
            LOG.warning("a connection was closed: its answer was not received in time")
            self.transport.abort()

    def _look(self, now: float) -> None:
        """Note which part of a request it is at, and since when."""
        unsent = self.transport.get_write_buffer_size()
        if self.is_closing():
            part = "closing"
        elif unsent:
            part = "sending"
        elif self.conn.their_state is h11.SEND_BODY:
            part = "body"
        elif self.conn.their_state is h11.IDLE:
            part = "head"
        else:
            part = "answering"
        phase = (part, self._requests)
        if phase != self._phase or (part == "sending" and unsent < self._unsent):
            self._phase, self._since = phase, now
        self._unsent = unsent

    def _refuse(self, status: HTTPStatus, detail: str) -> None:
        """Send a refusal if no answer has begun, and close."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE) and not self.is_closing():
            problem = Problem(title=status.phrase, status=status, detail=detail).model_dump()
            body = json.dumps(problem).encode()
            head = (
                f"HTTP/1.1 {status.value} {status.phrase}\r\n"
                f"Content-Type: {MEDIA_TYPE}\r\nContent-Length: {len(body)}\r\n"
                "Connection: close\r\nRetry-After: 1\r\nCache-Control: no-store\r\n\r\n"
            )
            self.transport.write(head.encode() + body)
        if self._phase[0] == "sending":
            self.transport.abort()
        self.transport.close()


def _make_room(others: Iterable[Any], limit: int) -> bool:
    """Close those that have kept the service waiting for longest, until one more fits; whether that was possible."""
    present = [one for one in others if not one.is_closing()]
    surplus = len(present) + 1 - limit
    if surplus <= 0:
        return True
    waiting = [(since, place) for place, one in enumerate(present) if (since := one.waiting_since()) is not None]
    if len(waiting) < surplus:
        return False
    for _, place in sorted(waiting)[:surplus]:
        present[place].give_way()
    return True


def _file_limit() -> int:
    """How many connections the process may have for its limit of open files."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return MAX_CONNECTIONS if soft == resource.RLIM_INFINITY else max(16, soft - RESERVED_FILES - BACKLOG)
