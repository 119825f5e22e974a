"""The id, the headers, the log line and the metrics of every request."""

from __future__ import annotations

import logging
import time

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg_api.metrics import Metrics, known_method
from kg_api.middleware.request_context import CURRENT_REQUEST, RequestContext, matched_operation, request_context
from kg_api.problems import problem_response

RESPONSE_HEADERS = {
    "Cache-Control": "private, no-cache",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""On every answer: no scripts, no embedding, and caches must revalidate. What a session is answered, no cache keeps."""

UNLOGGED_ADDRESSES = ("/healthz", "/readyz", "/metrics")
"""Polled by machines every few seconds; logged only if refused or failed."""

LOG = logging.getLogger("kg_api")


class RequestLog:
    """The outermost middleware: gives each request an id and each answer its headers, and logs and counts it."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on. An unexpected exception becomes a 500, and its traceback is logged."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        context, status, started = request_context(scope), 0, time.perf_counter()
        token = CURRENT_REQUEST.set(context)

        async def with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = context.id
                if context.is_session:
                    headers.setdefault("Cache-Control", "no-store")
                for name, value in RESPONSE_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            with self._metrics.running.track_inprogress():
                await self._app(scope, receive, with_headers)
        except Exception:
            LOG.exception("a request failed")
            if status:  # part of the answer was sent; the connection must break
                raise
            await problem_response(500, "the service failed; its log says more")(scope, receive, with_headers)
        finally:
            self._record(scope, context, status, time.perf_counter() - started)
            CURRENT_REQUEST.reset(token)

    def _record(self, scope: Scope, context: RequestContext, status: int, seconds: float) -> None:
        """Log and count the request; a status of 0 means that the client left before there was an answer."""
        route = matched_operation(scope)[1]
        self._metrics.count_answer(scope["method"], route, status, seconds)
        if context.refusal:
            self._metrics.count_refusal(context.refusal)
        if context.summary is not None and context.summary.cut:
            self._metrics.count_budget_end(context.summary.cut)
        if scope["path"] not in UNLOGGED_ADDRESSES or status >= 400:
            line = {
                "method": known_method(scope["method"]),
                "route": route,
                "status": status,
                "ms": round(seconds * 1000, 1),
            }
            LOG.info("answered", extra=line)
