"""What is known of a request while it is answered: for the log, the metrics and the audit?"""

from __future__ import annotations

import re
import secrets
from contextvars import ContextVar
from dataclasses import dataclass

from fastapi.routing import APIRoute
from starlette.datastructures import Headers
from starlette.types import Scope

from kg.operations.answers import AnswerSummary

REQUEST_ID, CASE, PURPOSE = "X-Request-ID", "Kg-Case", "Kg-Purpose"
"""Headers in which whoever asks may name the request, and say for which case and purpose it is."""

REQUEST_ID_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
"""A request's id that is taken over from who asks."""


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
    summary: AnswerSummary | None = None
    """Of the answer; None where there is none yet, or it is no answer of the graph."""
    refusal: str = ""
    """Why nobody looked at the question."""


CURRENT_REQUEST: ContextVar[RequestContext] = ContextVar("request")
"""The request that is answered here, also in the thread that a question runs in."""


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
