"""How does an answer leave the service?"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote

from fastapi.responses import Response
from fastapi.routing import APIRoute
from starlette.routing import Match
from starlette.types import Scope

from kg.operations.answers import Answer, AnswerSummary
from kg_api.dependencies import GraphRequest
from kg_api.middleware.request_context import CURRENT_REQUEST, routed_path


class AnswerRoute(APIRoute):
    """A route that records the summary of each answer for the audit log, and serializes it in the thread that found it.

    FastAPI would take a second thread to validate it against its own model, and serialize it where all requests wait.
    The parts of an address are told apart before they are decoded: an encoded slash belongs to its part.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().__init__(path, _sending(endpoint), **options)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether the address is one of this route."""
        if scope["type"] != "http":
            return super().matches(scope)
        match, found = super().matches({**scope, "path": routed_path(scope), "root_path": ""})
        if match is not Match.NONE:
            found["path_params"] = {name: unquote(value) for name, value in found["path_params"].items()}
        return match, found


def record_summary(summary: AnswerSummary) -> None:
    """Record the summary of an answer that is sent as a file."""
    context = CURRENT_REQUEST.get(None)
    if context is not None:
        context.summary = summary


def _sending(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    if inspect.iscoroutinefunction(endpoint):

        @functools.wraps(endpoint)
        async def send_async(**parameters: Any) -> Any:
            return _response(await endpoint(**parameters), parameters)

        return send_async

    @functools.wraps(endpoint)
    def send(**parameters: Any) -> Any:
        return _response(endpoint(**parameters), parameters)

    return send


def _response(answer: Any, parameters: Mapping[str, Any]) -> Any:
    if not isinstance(answer, Answer):
        return answer
    record_summary(answer.summary())
    response = Response(answer.to_json_bytes(), media_type="application/json")
    for request in parameters.values():
        if isinstance(request, GraphRequest):
            response.raw_headers.extend(request.headers())
    return response
