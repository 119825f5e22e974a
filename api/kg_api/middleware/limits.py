"""How large may a request be, and how long may its body take to arrive?"""

from __future__ import annotations

import asyncio

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg_api.middleware.body import parse_body
from kg_api.middleware.request_context import (
    CASE,
    CURRENT_REQUEST,
    NAME_COMPARISON,
    PURPOSE,
    SAVED_VIEW,
    SCREENING,
    RequestContext,
    coming_operation,
)
from kg_api.problems import InvalidField, invalid_fields_response, problem_response, shorten

MAX_BODY_BYTES = 64 * 1024
"""Bytes of a request's body."""

LIST_BYTES = {SCREENING: 512 * 1024, NAME_COMPARISON: 256 * 1024, SAVED_VIEW: 192 * 1024}
"""Bytes of the body of an operation that takes a list, or a view of 2,000 nodes."""

MAX_QUERY_BYTES = 8 * 1024
"""Bytes of the query of an address, after the `?`."""

MAX_NOTE_CHARACTERS = 200
"""Characters of a case or a purpose."""

BODY_SECONDS = 10.0
"""How long a body may take to arrive."""

Refusal = tuple[int, str | InvalidField]


class RequestLimits:
    """Refuses requests that are too large, too slow or not JSON, and passes the others on with their whole body."""

    def __init__(self, app: ASGIApp, body_seconds: float = BODY_SECONDS) -> None:
        self._app, self._body_seconds = app, body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse the request, or pass it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        context = CURRENT_REQUEST.get()
        most = LIST_BYTES.get(coming_operation(scope), MAX_BODY_BYTES) if scope["method"] == "POST" else MAX_BODY_BYTES
        refusal, body = _check_head(scope, context, most), b""
        if not refusal:
            try:
                async with asyncio.timeout(self._body_seconds):
                    found = await _read_body(receive, most)
            except TimeoutError:
                refusal = 408, f"expected the body within {self._body_seconds:g} seconds"
            else:
                if found is None:
                    return  # the client has disconnected
                context.body = body = found
                refusal = _check_body(scope, context, most)
        if refusal:
            context.refusal = "size" if refusal[0] in (413, 414) else "form"
            status, why = refusal
            answer = (
                invalid_fields_response(status, why) if isinstance(why, InvalidField) else problem_response(status, why)
            )
            await answer(scope, receive, send)
            return
        await self._app(scope, _replay_body(body, receive), send)


async def _read_body(receive: Receive, most: int) -> bytes | None:
    """The body, up to a little over the limit; None if the client disconnected."""
    body, more = b"", True
    while more and len(body) <= most:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


def _replay_body(body: bytes, receive: Receive) -> Receive:
    """Receives the body that was read, then whatever follows."""
    is_replayed = False

    async def replay() -> Message:
        nonlocal is_replayed
        if is_replayed:
            return await receive()
        is_replayed = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def _check_head(scope: Scope, context: RequestContext, most: int) -> Refusal | None:
    """Status and reason of a refusal by the head of a request."""
    headers = Headers(scope=scope)
    if int(headers.get("content-length", "0")) > most:
        return 413, f"expected a body of at most {most} bytes"
    if len(scope["query_string"]) > MAX_QUERY_BYTES:
        return 414, f"expected at most {MAX_QUERY_BYTES} bytes after the ? of the address"
    for name, value in ((CASE, context.case), (PURPOSE, context.purpose)):
        if len(value) > MAX_NOTE_CHARACTERS or not value.isprintable():
            expected = f"expected at most {MAX_NOTE_CHARACTERS} characters that can be printed"
            return 422, InvalidField(field=name, value=shorten(value), expected=expected)
    return None


def _check_body(scope: Scope, context: RequestContext, most: int) -> Refusal | None:
    body = context.body
    kind = Headers(scope=scope).get("content-type", "").partition(";")[0].strip().lower()
    if len(body) > most:
        return 413, f"expected a body of at most {most} bytes"
    if body and scope["method"] == "POST" and kind != "application/json":
        return 415, InvalidField(field="Content-Type", value=shorten(kind), expected="expected application/json")
    try:
        data, invalid = parse_body(body) if body and kind == "application/json" else (None, None)
    except ValueError:
        return None  # FastAPI says where it is no JSON
    if invalid:
        return 422, invalid
    context.data = data
    return None
