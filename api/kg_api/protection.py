"""What does the service refuse before it looks at a question, and what does every answer carry?"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg.operations import LOOPBACK
from kg_api.problems import problem

LARGEST_BODY = 64 * 1024
"""Bytes of a request's body."""

LONGEST_QUERY = 8 * 1024
"""Bytes of what stands behind the `?` of an address."""

HEADERS = {
    "Cache-Control": "private, no-cache",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""On every answer: nothing runs from it, nothing embeds it, and a copy is asked about before it is used."""


class Protection:
    """Stands before the whole service.

    Only the names of this machine are answered to: a web page whose name is made to lead here would otherwise reach
    the service through its reader's browser.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on with the headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        refusal = _refusal(scope)
        body = b"" if refusal else await _body(receive)
        if body is None:
            refusal = 413, f"expected a body of at most {LARGEST_BODY} bytes"
        if refusal:
            await problem(*refusal)(scope, receive, with_headers)
        else:
            await self._app(scope, _first(body or b"", receive), with_headers)


async def _body(receive: Receive) -> bytes | None:
    """The whole body; None for one that is too large, of which no more is kept than what arrived."""
    body, more = b"", True
    while more and len(body) <= LARGEST_BODY:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body if len(body) <= LARGEST_BODY else None


def _first(body: bytes, receive: Receive) -> Receive:
    """Tells the body first, and then what else there is to tell."""
    told = False

    async def tell() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return tell


def _refusal(scope: Scope) -> tuple[int, str] | None:
    """Status and reason, if the request is not looked at."""
    host = Headers(scope=scope).get("host", "")
    if _name(host) not in LOOPBACK:
        return 421, f"the service answers to {', '.join(LOOPBACK)} alone, not to {host[:100]!r}"
    if int(Headers(scope=scope).get("content-length", "0")) > LARGEST_BODY:
        return 413, f"expected a body of at most {LARGEST_BODY} bytes"
    if len(scope["query_string"]) > LONGEST_QUERY:
        return 414, f"expected at most {LONGEST_QUERY} bytes behind the ? of the address"
    return None


def _name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
