"""How is a question for the headers alone answered?"""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

ROUTE_KEYS = ("route", "endpoint", "path_params")
"""What those who stand around the question look up when it is answered."""


class HeadRequests:
    """Has HEAD answered as GET is, without the body: what GET answers, HEAD says the headers of."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Ask as GET, or pass on."""
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return
        asked = {**scope, "method": "GET"}

        async def told(message: Message) -> None:
            scope.update({name: asked[name] for name in ROUTE_KEYS if name in asked})
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        await self._app(asked, receive, told)
