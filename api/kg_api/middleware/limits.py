"""How much may a request hold, and how long may it take to say it?"""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg_api.middleware.request_context import CASE, PURPOSE, TRAIL, Trail
from kg_api.problems import Mistake, problem, refused, shown

LARGEST_BODY = 64 * 1024
"""Bytes of a request's body."""

LONGEST_QUERY = 8 * 1024
"""Bytes of what stands behind the `?` of an address."""

LONGEST_NOTE = 200
"""Characters of a case or a purpose."""

BODY_SECONDS = 10.0
"""How long a body may take to arrive."""

Refused = tuple[int, str | Mistake]


class Protection:
    """Refuses what is too large, too slow or of another kind, and hands on a body that is there as a whole."""

    def __init__(self, app: ASGIApp, patience: float = BODY_SECONDS) -> None:
        self._app, self._patience = app, patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        trail = TRAIL.get()
        refusal, body = _refusal(scope, trail), b""
        if not refusal:
            try:
                async with asyncio.timeout(self._patience):
                    found = await _body(receive)
            except TimeoutError:
                refusal = 408, f"expected the body within {self._patience:g} seconds"
            else:
                if found is None:
                    return  # nobody is there any longer
                body = found
                refusal = _refusal_of_body(scope, body)
        if refusal:
            trail.refused = "size" if refusal[0] in (413, 414) else "form"
            status, why = refusal
            answer = refused(status, why) if isinstance(why, Mistake) else problem(status, why)
            await answer(scope, receive, send)
            return
        trail.body = body
        await self._app(scope, _first(body, receive), send)


async def _body(receive: Receive) -> bytes | None:
    """The whole body, or as much of one that is too large as shows it; None where its sender left."""
    body, more = b"", True
    while more and len(body) <= LARGEST_BODY:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


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


def _refusal(scope: Scope, trail: Trail) -> Refused | None:
    """Status and reason, if the request is not looked at."""
    headers = Headers(scope=scope)
    if int(headers.get("content-length", "0")) > LARGEST_BODY:
        return 413, f"expected a body of at most {LARGEST_BODY} bytes"
    if len(scope["query_string"]) > LONGEST_QUERY:
        return 414, f"expected at most {LONGEST_QUERY} bytes behind the ? of the address"
    for name, value in ((CASE, trail.case), (PURPOSE, trail.purpose)):
        if len(value) > LONGEST_NOTE or not value.isprintable():
            expected = f"expected at most {LONGEST_NOTE} characters that can be printed"
            return 422, Mistake(field=name, value=shown(value), expected=expected)
    return None


def _refusal_of_body(scope: Scope, body: bytes) -> Refused | None:
    kind = Headers(scope=scope).get("content-type", "").partition(";")[0].strip().lower()
    if len(body) > LARGEST_BODY:
        return 413, f"expected a body of at most {LARGEST_BODY} bytes"
    if body and scope["method"] == "POST" and kind != "application/json":
        return 415, Mistake(field="Content-Type", value=shown(kind), expected="expected application/json")
    return None
