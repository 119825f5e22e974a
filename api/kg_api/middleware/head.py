"""HEAD requests, answered like GET without the body."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

ROUTE_KEYS = ("route", "endpoint", "path_params")
"""What outer middleware reads of the scope after the answer."""


class HeadRequests:
    """Answers HEAD with the status and headers of GET; FastAPI itself refuses HEAD."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass HEAD on as GET without its body, and everything else as it is."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return
        as_get = {**scope, "method": "GET"}

        async def send_head(message: Message) -> None:
            scope.update({name: as_get[name] for name in ROUTE_KEYS if name in as_get})
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await self._app(as_get, receive, send_head)
