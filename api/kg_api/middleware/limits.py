"""How much may a request hold, and how long may it take to say it?"""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg_api.middleware.request_context import CASE, CURRENT_REQUEST, PURPOSE, RequestContext
from kg_api.problems import InvalidField, invalid_fields_response, problem_response, shorten

MAX_BODY_BYTES = 64 * 1024
"""Bytes of a request's body."""

MAX_QUERY_BYTES = 8 * 1024
"""Bytes of what stands behind the `?` of an address."""

MAX_NOTE_CHARACTERS = 200
"""Characters of a case or a purpose."""

BODY_SECONDS = 10.0
"""How long a body may take to arrive."""

Refusal = tuple[int, str | InvalidField]


class RequestLimits:
    """Refuses what is too large, too slow or of another kind, and hands on a body that is there as a whole."""

    def __init__(self, app: ASGIApp, body_seconds: float = BODY_SECONDS) -> None:
        self._app, self._body_seconds = app, body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        trail = CURRENT_REQUEST.get()
        refusal, body = _check_head(scope, trail), b""
        if not refusal:
            try:
                async with asyncio.timeout(self._body_seconds):
                    found = await _read_body(receive)
            except TimeoutError:
                refusal = 408, f"expected the body within {self._body_seconds:g} seconds"
            else:
                if found is None:
                    return  # nobody is there any longer
                body = found
                refusal = _check_body(scope, body)
        if refusal:
            trail.refusal = "size" if refusal[0] in (413, 414) else "form"
            status, why = refusal
            answer = (
                invalid_fields_response(status, why) if isinstance(why, InvalidField) else problem_response(status, why)
            )
            await answer(scope, receive, send)
            return
        trail.body = body
        await self._app(scope, _replay_body(body, receive), send)


async def _read_body(receive: Receive) -> bytes | None:
    """The whole body, or as much of one that is too large as shows it; None where its sender left."""
    body, more = b"", True
    while more and len(body) <= MAX_BODY_BYTES:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


def _replay_body(body: bytes, receive: Receive) -> Receive:
    """Tells the body first, and then what else there is to tell."""
    told = False

    async def tell() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return tell


def _check_head(scope: Scope, trail: RequestContext) -> Refusal | None:
    """Status and reason, if the request is not looked at."""
    headers = Headers(scope=scope)
    if int(headers.get("content-length", "0")) > MAX_BODY_BYTES:
        return 413, f"expected a body of at most {MAX_BODY_BYTES} bytes"
    if len(scope["query_string"]) > MAX_QUERY_BYTES:
        return 414, f"expected at most {MAX_QUERY_BYTES} bytes behind the ? of the address"
    for name, value in ((CASE, trail.case), (PURPOSE, trail.purpose)):
        if len(value) > MAX_NOTE_CHARACTERS or not value.isprintable():
            expected = f"expected at most {MAX_NOTE_CHARACTERS} characters that can be printed"
            return 422, InvalidField(field=name, value=shorten(value), expected=expected)
    return None


def _check_body(scope: Scope, body: bytes) -> Refusal | None:
    kind = Headers(scope=scope).get("content-type", "").partition(";")[0].strip().lower()
    if len(body) > MAX_BODY_BYTES:
        return 413, f"expected a body of at most {MAX_BODY_BYTES} bytes"
    if body and scope["method"] == "POST" and kind != "application/json":
        return 415, InvalidField(field="Content-Type", value=shorten(kind), expected="expected application/json")
    return None
