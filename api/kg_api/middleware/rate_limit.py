"""How many requests may one client send?"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus

from limits import RateLimitItem
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from kg_api.middleware.request_context import CURRENT_REQUEST, RequestContext, coming_operation
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
    """Refuses requests beyond the configured rates.

    A client is an API key; without keys, an address.
    """

    def __init__(
        self, app: ASGIApp, rates: Sequence[RateLimitItem], operation_rates: Mapping[str, Sequence[RateLimitItem]]
    ) -> None:
        self._app, self._rates, self._operation_rates = app, rates, operation_rates
        self._requests = RequestCounter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse the request, or pass it on."""
        if scope["type"] != "http" or scope["path"] in OPEN_ADDRESSES:
            await self._app(scope, receive, send)
            return
        await (self._check_rate(scope, CURRENT_REQUEST.get()) or self._app)(scope, receive, send)

    def _check_rate(self, scope: Scope, context: RequestContext) -> Response | None:
        for rate, operation in self._rates_of(scope):
            seconds = self._requests.seconds_until_allowed(rate, f"{operation} {_client(context)}")
            if seconds:
                context.refusal = "rate"
                return too_many_requests(f"expected at most {rate}{f' of {operation}' if operation else ''}", seconds)
        return None

    def _rates_of(self, scope: Scope) -> Iterator[tuple[RateLimitItem, str]]:
        """The rates of all requests, then those of the operation alone."""
        yield from ((rate, "") for rate in self._rates)
        operation = coming_operation(scope) if scope["method"] == "POST" else ""
        yield from ((rate, operation) for rate in self._operation_rates.get(operation, ()))


class ConcurrentRequests:
    """Refuses requests of a client of which too many run. One whose body has not arrived does not run yet."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._running: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse the request, or pass it on."""
        if scope["type"] != "http" or scope["path"] in OPEN_ADDRESSES:
            await self._app(scope, receive, send)
            return
        context = CURRENT_REQUEST.get()
        client = _client(context)
        if self._running[client] >= MAX_CONCURRENT:
            context.refusal = "at once"
            detail = f"{MAX_CONCURRENT} of your requests are running, the most allowed at once"
            await too_many_requests(detail, 1)(scope, receive, send)
            return
        self._running[client] += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._running[client] -= 1
            if not self._running[client]:
                del self._running[client]


def _client(context: RequestContext) -> str:
    return f"key {context.key_name}" if context.key_name else f"client {context.peer}"


def too_many_requests(detail: str, seconds: int) -> Response:
    """A refusal that says after how many seconds to try again."""
    return problem_response(HTTPStatus.TOO_MANY_REQUESTS, detail, headers={"Retry-After": str(seconds)})
