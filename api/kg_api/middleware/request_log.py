"""What goes with every request, whatever becomes of it?"""

from __future__ import annotations

import logging
import time

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kg_api.metrics import Metrics
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
"""On every answer: nothing runs from it, nothing embeds it, and a copy is asked about before it is used."""

UNLOGGED_ADDRESSES = ("/healthz", "/readyz", "/metrics")
"""Asked by machines every few seconds; what they got stands in no log."""

LOG = logging.getLogger("kg_api")


class RequestLog:
    """Stands outermost: gives each request its id, each answer its headers, and says afterwards how it went."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on. A failure nobody foresaw is an answer too, and its reason is in the log."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        trail, status, started = request_context(scope), 0, time.perf_counter()
        token = CURRENT_REQUEST.set(trail)

        async def with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers["X-Request-ID"] = trail.id
                for name, value in RESPONSE_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            with self._metrics.running.track_inprogress():
                await self._app(scope, receive, with_headers)
        except Exception:
            LOG.exception("a question failed")
            if status:  # half an answer went out; the connection has to break
                raise
            await problem_response(500, "the service failed; its log says more")(scope, receive, with_headers)
        finally:
            self._record(scope, trail, status, time.perf_counter() - started)
            CURRENT_REQUEST.reset(token)

    def _record(self, scope: Scope, trail: RequestContext, status: int, seconds: float) -> None:
        """Say how it went; a status of 0 is that of somebody who left before there was an answer."""
        route = matched_operation(scope)[1]
        self._metrics.count_answer(scope["method"], route, status, seconds)
        if trail.refusal:
            self._metrics.count_refusal(trail.refusal)
        if trail.summary is not None and trail.summary.cut:
            self._metrics.count_budget_end(trail.summary.cut)
        if scope["path"] not in UNLOGGED_ADDRESSES or status >= 400:
            said = {"method": scope["method"][:10], "route": route, "status": status, "ms": round(seconds * 1000, 1)}
            LOG.info("answered", extra=said)
