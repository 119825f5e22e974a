"""How many requests may one client send?"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Sequence
from http import HTTPStatus

from limits import RateLimitItem
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from kg_api.middleware.request_context import CURRENT_REQUEST, RequestContext
from kg_api.problems import problem_response

OPEN_ADDRESSES = ("/healthz",)
"""Addresses that are answered without a key and without a limit: they say that the process lives, and nothing else."""

MAX_CONCURRENT = 24
"""Requests of one client that run at the same time. The service has threads for 40."""


class RequestCounter:
    """Counts requests in moving windows, in the memory of this process."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def seconds_until_allowed(self, rate: RateLimitItem, client: str) -> int:
        """0 if one more request is within the rate, which counts it; else the seconds until one is."""
        if self._limiter.hit(rate, client):
            return 0
        return max(1, math.ceil(self._limiter.get_window_stats(rate, client).reset_time - time.time()))


class RateLimit:
    """Refuses requests beyond the configured rates, and too many at the same time.

    A client is an API key; without keys, an address.
    """

    def __init__(self, app: ASGIApp, rates: Sequence[RateLimitItem]) -> None:
        self._app, self._rates = app, rates
        self._requests = RequestCounter()
        self._running: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse the request, or pass it on."""
        if scope["type"] != "http" or scope["path"] in OPEN_ADDRESSES:
            await self._app(scope, receive, send)
            return
        context = CURRENT_REQUEST.get()
        client = f"key {context.key_name}" if context.key_name else f"client {context.client}"
        refusal = self._check_rate(client, context)
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        self._running[client] += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._running[client] -= 1
            if not self._running[client]:
                del self._running[client]

    def _check_rate(self, client: str, context: RequestContext) -> Response | None:
        if self._running[client] >= MAX_CONCURRENT:
            context.refusal = "at once"
            return too_many_requests(f"{MAX_CONCURRENT} of your requests are running, the most allowed at once", 1)
        for rate in self._rates:
            seconds = self._requests.seconds_until_allowed(rate, client)
            if seconds:
                context.refusal = "rate"
                return too_many_requests(f"expected at most {rate}", seconds)
        return None


def too_many_requests(detail: str, seconds: int) -> Response:
    """A refusal that says after how many seconds to try again."""
    return problem_response(HTTPStatus.TOO_MANY_REQUESTS, detail, headers={"Retry-After": str(seconds)})
