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
from kg_api.config import Conduct
from kg_api.middleware.request_context import TRAIL, Trail
from kg_api.problems import problem

OPEN = ("/healthz",)
"""Answered without a key, and as often as somebody asks: it says that the process lives, and nothing else."""

WRONG_KEYS = parse("30/minute")
"""How often an address may come with a key that is not good. Who has a good one is not held up by it."""

AT_ONCE = 24
"""Questions of one key, or without keys of one address, that run at one time. There are threads for 40."""


class Gate:
    """Stands before the question. Refuses names of other hosts, those without a key, and those who ask too often.

    A web page whose name is made to lead here would otherwise reach the service through its reader's browser.
    """

    def __init__(self, app: ASGIApp, conduct: Conduct) -> None:
        self._app, self._conduct = app, conduct
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._running: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope, TRAIL.get())
        if refusal is not None:
            await refusal(scope, receive, send)
            return
        trail = TRAIL.get()
        who = _who(trail)
        self._running[who] += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._running[who] -= 1
            if not self._running[who]:
                del self._running[who]

    def _refusal(self, scope: Scope, trail: Trail) -> Response | None:
        host = Headers(scope=scope).get("host", "")
        if _name(host) not in self._conduct.hosts:
            trail.refused = "host"
            return problem(421, f"the service answers to {', '.join(self._conduct.hosts)} alone, not to {host[:100]!r}")
        if scope["path"] in OPEN:
            return None
        return self._without_key(scope, trail) or self._too_often(trail)

    def _without_key(self, scope: Scope, trail: Trail) -> Response | None:
        ring = self._conduct.ring
        try:
            if ring is None or not ring.wanted():
                return None
            kind, _, secret = Headers(scope=scope).get("authorization", "").partition(" ")
            name, state = ring.name_of(secret.strip(), today()) if kind.lower() == "bearer" else ("", "")
        except StoreError:
            trail.refused = "keys"
            return problem(503, "the API keys cannot be read, so nothing is answered", headers={"Retry-After": "1"})
        trail.key = name
        if state == "good":
            return None
        trail.refused = "key"
        seconds = self._wait(WRONG_KEYS, f"wrong {trail.client}")
        if seconds:
            return _later("keys that are not good came too often from this address", seconds)
        detail = f"the API key of {name} is {state}" if name else "expected an API key: Authorization: Bearer kg_…"
        wrong = ' error="invalid_token"' if secret else ""
        return problem(401, detail, headers={"WWW-Authenticate": f'Bearer realm="kg"{wrong and "," + wrong}'})

    def _too_often(self, trail: Trail) -> Response | None:
        who = _who(trail)
        if self._running[who] >= AT_ONCE:
            trail.refused = "at once"
            return _later(f"{AT_ONCE} questions of yours run; expected no more at one time", 1)
        for rate in self._conduct.rates:
            seconds = self._wait(rate, who)
            if seconds:
                trail.refused = "rate"
                return _later(f"expected at most {rate}", seconds)
        return None

    def _wait(self, rate: RateLimitItem, who: str) -> int:
        """0 where there is room for one more, which is then taken; else seconds until there is."""
        if self._limiter.hit(rate, who):
            return 0
        return max(1, math.ceil(self._limiter.get_window_stats(rate, who).reset_time - time.time()))


def _later(detail: str, seconds: int) -> Response:
    return problem(HTTPStatus.TOO_MANY_REQUESTS, detail, headers={"Retry-After": str(seconds)})


def _who(trail: Trail) -> str:
    return f"key {trail.key}" if trail.key else f"client {trail.client}"


def _name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
