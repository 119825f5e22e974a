"""How many requests run at the same time?"""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp, Receive, Scope, Send

EMBEDDED_LIMIT, NEO4J_LIMIT = 1, 8
"""Requests that run at the same time, where this process computes the answer, and where a Neo4j does. Python runs one
thread at a time, and threads that switch at each database statement spend more time on switching than on answers: one
after the other, twice as many are answered in a second."""

LIMITED_PREFIX = "/v1/"
"""The addresses that are limited. Health and metrics never wait."""

SHORT_SECONDS = 0.05
"""Seconds after which a request no longer counts as short, and another may start while it continues."""


class ConcurrencyLimit:
    """Runs short requests one after the other, so that all are answered sooner; a long one does not block others."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app, self._free = app, asyncio.Semaphore(limit)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait until a request may start, and pass it on."""
        if scope["type"] != "http" or not scope["path"].startswith(LIMITED_PREFIX):
            await self._app(scope, receive, send)
            return
        await self._free.acquire()
        running = True

        def make_room() -> None:
            nonlocal running
            if running:
                running = False
                self._free.release()

        timer = asyncio.get_running_loop().call_later(SHORT_SECONDS, make_room)
        try:
            await self._app(scope, receive, send)
        finally:
            timer.cancel()
            make_room()
