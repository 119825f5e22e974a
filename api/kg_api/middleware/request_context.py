"""What is known of a request while it is answered: for the log, the metrics and the audit?"""

from __future__ import annotations

import functools
import inspect
import re
import secrets
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from fastapi.responses import Response
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.datastructures import Headers
from starlette.types import Scope

REQUEST_ID, CASE, PURPOSE = "X-Request-ID", "Kg-Case", "Kg-Purpose"
"""Headers in which whoever asks may name the request, and say for which case and purpose it is."""

REQUEST_ID_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
"""A request's id that is taken over from who asks."""


@dataclass(frozen=True, slots=True)
class AuditNotes:
    """What an answer says of itself."""

    results: int = 1
    about: tuple[str, ...] = ()
    """Ids of what was asked about or, for a search, found."""
    cut: str = ""
    """Which budget ended it early."""


@dataclass(slots=True)
class RequestContext:
    """One request."""

    id: str
    client: str
    case: str = ""
    purpose: str = ""
    """For what whoever asks says that they ask."""
    key_name: str = ""
    """The name of the API key; never the key."""
    body: bytes = b""
    notes: AuditNotes | None = None
    refusal: str = ""
    """Why nobody looked at the question."""


CURRENT_REQUEST: ContextVar[RequestContext] = ContextVar("trail")
"""The request that is answered here, also in the thread that a question runs in."""


@runtime_checkable
class HasAuditNotes(Protocol):
    """An answer that says of itself what an audit needs."""

    def notes(self) -> AuditNotes:
        """How many results it has, and about whom."""
        ...


class HasHeaders(Protocol):
    """A request that knows what the head of its answer says."""

    def headers(self) -> list[tuple[bytes, bytes]]:
        """What it has besides what every answer has."""
        ...


class AuditedRoute(APIRoute):
    """An address whose answers leave their notes on the trail, and are written out in the thread that found them.

    FastAPI would take a second thread to check them against their own model, and write them where all requests wait.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, _with_audit_notes(endpoint), **options)


def set_audit_notes(notes: AuditNotes) -> None:
    """Leave notes for an answer that cannot do so itself, such as a file."""
    trail = CURRENT_REQUEST.get(None)
    if trail is not None:
        trail.notes = notes


def request_context(scope: Scope) -> RequestContext:
    """The trail of a request that has just arrived."""
    asked, client = _header(scope, REQUEST_ID), scope.get("client")
    return RequestContext(
        id=asked if REQUEST_ID_PATTERN.fullmatch(asked) else secrets.token_hex(16),
        client=client[0] if client else "",
        case=_header(scope, CASE),
        purpose=_header(scope, PURPOSE),
    )


def matched_operation(scope: Scope) -> tuple[str, str]:
    """The operation's id and its address as it is described, without anybody's name; empty for none that exists."""
    route = scope.get("route")
    return (route.operation_id or "", route.path) if isinstance(route, APIRoute) else ("", "")


def _header(scope: Scope, name: str) -> str:
    """A header's text. What is sent in UTF-8 is read so, though HTTP knows bytes only."""
    sent = Headers(scope=scope).get(name, "").encode("latin-1")
    return sent.decode("utf-8", "replace")


def _with_audit_notes(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    if inspect.iscoroutinefunction(endpoint):

        @functools.wraps(endpoint)
        async def later(*arguments: Any, **named: Any) -> Any:
            return _to_response(await endpoint(*arguments, **named), named.get("ask"))

        return later

    @functools.wraps(endpoint)
    def at_once(*arguments: Any, **named: Any) -> Any:
        return _to_response(endpoint(*arguments, **named), named.get("ask"))

    return at_once


def _to_response(answer: Any, ask: HasHeaders | None) -> Any:
    if isinstance(answer, HasAuditNotes):
        set_audit_notes(answer.notes())
    if ask is None or not isinstance(answer, BaseModel):
        return answer
    response = Response(answer.model_dump_json(by_alias=True), media_type="application/json")
    response.raw_headers.extend(ask.headers())
    return response
