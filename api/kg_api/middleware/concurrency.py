"""How many questions run at once?"""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp, Receive, Scope, Send

EMBEDDED_LIMIT, NEO4J_LIMIT = 1, 8
"""Questions that run at one time, where the answer is found in this process, and where a Neo4j finds it. Python runs
one thread at a time, and threads that take turns at each statement of a database spend more time on turns than on
answers: one after the other, twice as many are answered a second."""

LIMITED_PREFIX = "/v1/"
"""How the addresses begin that are asked questions; others say how the service does, and wait for nobody."""

SHORT_SECONDS = 0.05
"""Seconds after which a question is no short one, and makes room for another while it goes on."""


class ConcurrencyLimit:
    """Lets short questions go one after the other, so that all are answered sooner; a long one holds nobody up."""

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app, self._free = app, asyncio.Semaphore(limit)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Wait for a turn, and pass on."""
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
