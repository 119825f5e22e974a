"""Who may ask, and how often?"""

from __future__ import annotations

import math
import time
from collections import Counter
from http import HTTPStatus
from urllib.parse import urlsplit

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from kg.api_keys import today
from kg.errors import StoreError
from kg_api.config import ServiceConfig
from kg_api.middleware.request_context import CURRENT_REQUEST, RequestContext
from kg_api.problems import problem_response

OPEN_ADDRESSES = ("/healthz",)
"""Answered without a key, and as often as somebody asks: it says that the process lives, and nothing else."""

WRONG_KEY_LIMIT = parse("30/minute")
"""How often an address may come with a key that is not good. Who has a good one is not held up by it."""

MAX_CONCURRENT = 24
"""Questions of one key, or without keys of one address, that run at one time. There are threads for 40."""


class AuthMiddleware:
    """Stands before the question. Refuses names of other hosts, those without a key, and those who ask too often.

    A web page whose name is made to lead here would otherwise reach the service through its reader's browser.
    """

    def __init__(self, app: ASGIApp, config: ServiceConfig) -> None:
        self._app, self._config = app, config
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._running: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope, CURRENT_REQUEST.get())
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        trail = CURRENT_REQUEST.get()
        who = _client_name(trail)
        self._running[who] += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._running[who] -= 1
            if not self._running[who]:
                del self._running[who]

    def _refusal(self, scope: Scope, trail: RequestContext) -> Response | None:
        host = Headers(scope=scope).get("host", "")
        if _host_name(host) not in self._config.allowed_hosts:
            trail.refusal = "host"
            return problem_response(
                421, f"the service answers to {', '.join(self._config.allowed_hosts)} alone, not to {host[:100]!r}"
            )
        if scope["path"] in OPEN_ADDRESSES:
            return None
        return self._check_key(scope, trail) or self._check_rate(trail)

    def _check_key(self, scope: Scope, trail: RequestContext) -> Response | None:
        ring = self._config.key_ring
        try:
            if ring is None or not ring.is_key_required():
                return None
            kind, _, secret = Headers(scope=scope).get("authorization", "").partition(" ")
            name, state = ring.identify(secret.strip(), today()) if kind.lower() == "bearer" else ("", "")
        except StoreError:
            trail.refusal = "keys"
            return problem_response(
                503, "the API keys cannot be read, so nothing is answered", headers={"Retry-After": "1"}
            )
        trail.key_name = name
        if state == "good":
            return None
        trail.refusal = "key"
        seconds = self._seconds_until_allowed(WRONG_KEY_LIMIT, f"wrong {trail.client}")
        if seconds:
            return _too_many_requests("keys that are not good came too often from this address", seconds)
        detail = f"the API key of {name} is {state}" if name else "expected an API key: Authorization: Bearer kg_…"
        wrong = ' error="invalid_token"' if secret else ""
        return problem_response(401, detail, headers={"WWW-Authenticate": f'Bearer realm="kg"{wrong and "," + wrong}'})

    def _check_rate(self, trail: RequestContext) -> Response | None:
        who = _client_name(trail)
        if self._running[who] >= MAX_CONCURRENT:
            trail.refusal = "at once"
            return _too_many_requests(f"{MAX_CONCURRENT} questions of yours run; expected no more at one time", 1)
        for rate in self._config.rate_limits:
            seconds = self._seconds_until_allowed(rate, who)
            if seconds:
                trail.refusal = "rate"
                return _too_many_requests(f"expected at most {rate}", seconds)
        return None

    def _seconds_until_allowed(self, rate: RateLimitItem, who: str) -> int:
        """0 where there is room for one more, which is then taken; else seconds until there is."""
        if self._limiter.hit(rate, who):
            return 0
        return max(1, math.ceil(self._limiter.get_window_stats(rate, who).reset_time - time.time()))


def _too_many_requests(detail: str, seconds: int) -> Response:
    return problem_response(HTTPStatus.TOO_MANY_REQUESTS, detail, headers={"Retry-After": str(seconds)})


def _client_name(trail: RequestContext) -> str:
    return f"key {trail.key_name}" if trail.key_name else f"client {trail.client}"


def _host_name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
