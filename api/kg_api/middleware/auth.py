"""Which requests come for this host and with a valid API key?"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from limits import parse
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from kg.api_keys import ApiKeyRing, today
from kg.errors import StoreError
from kg_api.middleware.rate_limit import OPEN_ADDRESSES, RequestCounter, too_many_requests
from kg_api.middleware.request_context import CURRENT_REQUEST, RequestContext
from kg_api.problems import problem_response

WRONG_KEY_LIMIT = parse("30/minute")
"""How often a client may send a key that is not valid. Clients with a valid key are not affected."""


class AuthMiddleware:
    """Refuses requests for another host's name, and those without a valid API key where keys are required.

    Without the check of the host, a web page could reach the service through its reader's browser by making its own
    name resolve to this machine (DNS rebinding).
    """

    def __init__(self, app: ASGIApp, key_ring: ApiKeyRing | None, allowed_hosts: Sequence[str]) -> None:
        self._app, self._key_ring, self._allowed_hosts = app, key_ring, allowed_hosts
        self._wrong_keys = RequestCounter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse the request, or pass it on."""
        refusal = None
        if scope["type"] == "http":
            context = CURRENT_REQUEST.get()
            refusal = self._check_host(scope, context) or self._check_key(scope, context)
        await (refusal or self._app)(scope, receive, send)

    def _check_host(self, scope: Scope, context: RequestContext) -> Response | None:
        host = Headers(scope=scope).get("host", "")
        if _host_name(host) in self._allowed_hosts:
            return None
        context.refusal = "host"
        allowed = ", ".join(self._allowed_hosts)
        return problem_response(421, f"the service answers to {allowed} only, not to {host[:100]!r}")

    def _check_key(self, scope: Scope, context: RequestContext) -> Response | None:
        ring = self._key_ring
        if scope["path"] in OPEN_ADDRESSES:
            return None
        try:
            if ring is None or not ring.is_key_required():
                return None
            scheme, _, secret = Headers(scope=scope).get("authorization", "").partition(" ")
            name, state = ring.identify(secret.strip(), today()) if scheme.lower() == "bearer" else ("", "")
        except StoreError:
            context.refusal = "keys"
            return problem_response(
                503, "the API keys cannot be read, so nothing is answered", headers={"Retry-After": "1"}
            )
        context.key_name = name
        if state == "good":
            return None
        context.refusal = "key"
        seconds = self._wrong_keys.seconds_until_allowed(WRONG_KEY_LIMIT, context.client)
        if seconds:
            return too_many_requests("this address sent too many API keys that are not valid", seconds)
        detail = f"the API key of {name} is {state}" if name else "expected an API key: Authorization: Bearer kg_…"
        challenge = 'Bearer realm="kg", error="invalid_token"' if secret else 'Bearer realm="kg"'
        return problem_response(401, detail, headers={"WWW-Authenticate": challenge})


def _host_name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
