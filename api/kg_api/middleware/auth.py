"""Which requests come for this host and with a valid API key?"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence

from limits import parse
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from kg.api_keys import ApiKeyRing, key_digest
from kg.errors import KgError
from kg_api.middleware.rate_limit import OPEN_ADDRESSES, RequestCounter, too_many_requests
from kg_api.middleware.request_context import CURRENT_REQUEST, RequestContext
from kg_api.middleware.sessions import SessionStore, is_session_use, session_token
from kg_api.page import is_page_address
from kg_api.problems import problem_response

WRONG_KEY_LIMIT = parse("30/minute")
"""How often a client may send a key that is not valid. Clients with a valid key are not affected."""

WITHOUT_KEY = "expected an API key: Authorization: Bearer kg_…"

SESSION_ADDRESS = "/session"

HOST_PATTERN = re.compile(r"(?:\[([0-9a-f:.]{2,45})\]|([a-z0-9](?:[a-z0-9._-]{0,252})))(?::([0-9]{1,5}))?")
"""A host name or address, and perhaps a port; nothing else, such as a user name before an @."""

FORWARDING_HEADER = re.compile(
    r"via|x-host|x-http-host-override|cdn-loop|remote-(addr|ip|host|user)|real-ip"
    r"|(cf|fly|wl|akamai|x-(real|envoy|original|originating|amzn|azure|appengine|vercel|arr|varnish|akamai|remote))(-.*)?"
    r"|.*(forward|proxy|client-ip|user-ip).*"
)
"""Names of headers that proxies add to what they pass on for others, with - for each _."""


class KeyCheck:
    """Tells which API keys and sessions are valid, and how many that are not a client has sent."""

    def __init__(self, key_ring: ApiKeyRing | None) -> None:
        self._key_ring, self.sessions = key_ring, SessionStore()
        self._wrong_keys = RequestCounter()

    def check_request(self, scope: Scope, context: RequestContext) -> Response | None:
        """Refuse a request that has neither a valid key nor a session while there are keys, or comes from afar."""
        ring = self._key_ring
        try:
            if ring is None or not ring.is_key_required():
                return _check_direct(scope, context)
            if is_page_address(scope["path"]) or (scope["path"] == SESSION_ADDRESS and scope["method"] == "POST"):
                return None
            sent = Headers(scope=scope).get("authorization", "")
            if not sent and (token := session_token(scope)):
                return self._check_session(ring, token, scope, context)
            scheme, _, secret = sent.partition(" ")
            name, state = ring.identify(secret.strip()) if scheme.lower() == "bearer" else ("", "")
        except KgError:
            return _unreadable_keys(context)
        return self._check_state(name, state, bool(secret), context)

    def check_log_in(self, secret: str, context: RequestContext) -> tuple[str, Response | None]:
        """The digest of a key that begins a session, and the refusal of one that is not valid."""
        ring, digest = self._key_ring, key_digest(secret)
        try:
            if ring is None or not ring.is_key_required():
                return digest, problem_response(409, "the service has no API keys: ask without a session")
            name, state = ring.identify_digest(digest)
        except KgError:
            return digest, _unreadable_keys(context)
        return digest, self._check_state(name, state, True, context, "that is no valid API key")

    def _check_session(self, ring: ApiKeyRing, token: str, scope: Scope, context: RequestContext) -> Response | None:
        session = self.sessions.find(token, is_use=is_session_use(scope))
        name, state = ring.identify_digest(session.key_digest) if session else ("", "")
        if session and state == "good":
            context.key_name, context.case, context.purpose = name, session.case, session.purpose
            context.is_session = True
            return None
        self.sessions.end(token)
        return self._check_state(name, state, True, context, "the session has ended: log in again")

    def _check_state(
        self, name: str, state: str, is_sent: bool, context: RequestContext, otherwise: str = WITHOUT_KEY
    ) -> Response | None:
        context.key_name = name
        if state == "good":
            return None
        context.refusal = "key"
        seconds = self._wrong_keys.seconds_until_allowed(WRONG_KEY_LIMIT, context.peer)
        if seconds:
            return too_many_requests("this address sent too many API keys that are not valid", seconds)
        detail = f"the API key of {name} is {state}" if name else otherwise
        challenge = 'Bearer realm="kg", error="invalid_token"' if is_sent else 'Bearer realm="kg"'
        return problem_response(401, detail, headers={"WWW-Authenticate": challenge})


class AuthMiddleware:
    """Refuses requests for another host's name, and those without a valid API key where keys are required.

    Without the check of the host, a web page could reach the service through its reader's browser by making its own
    name resolve to this machine (DNS rebinding). While there are no keys, whatever came through a proxy is refused too:
    a proxy on this machine would open the service to everybody who can reach the proxy.
    """

    def __init__(self, app: ASGIApp, keys: KeyCheck, allowed_hosts: Sequence[str]) -> None:
        self._app, self._keys, self._allowed_hosts = app, keys, allowed_hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse the request, or pass it on."""
        refusal = None
        if scope["type"] == "http":
            context = CURRENT_REQUEST.get()
            refusal = _check_head(scope, context) or self._check_host(scope, context)
            if not refusal and scope["path"] not in OPEN_ADDRESSES:
                refusal = self._keys.check_request(scope, context)
        await (refusal or self._app)(scope, receive, send)

    def _check_host(self, scope: Scope, context: RequestContext) -> Response | None:
        name = _host_name(Headers(scope=scope).getlist("host"))
        if name in self._allowed_hosts:
            return None
        context.refusal = "host"
        if name is None:
            return problem_response(400, "expected one Host header with a host name, and perhaps a port")
        return problem_response(421, "the service does not answer to the name in the Host header")


def _unreadable_keys(context: RequestContext) -> Response:
    context.refusal = "keys"
    return problem_response(503, "the API keys cannot be read, so nothing is answered", headers={"Retry-After": "1"})


def _check_head(scope: Scope, context: RequestContext) -> Response | None:
    """Refuse what a proxy before the service and the service could read in two ways (request smuggling)."""
    headers = Headers(scope=scope)
    lengths, encodings = headers.getlist("content-length"), headers.getlist("transfer-encoding")
    problem = ""
    if encodings and (lengths or scope["http_version"] == "1.0"):
        problem = "expected Content-Length or Transfer-Encoding, not both, and the second with HTTP/1.1 only"
    elif len(lengths) > 1 or len(encodings) > 1:
        problem = "expected Content-Length or Transfer-Encoding once"
    elif len(headers.getlist("authorization")) > 1:
        problem = "expected one Authorization header"
    elif not scope["raw_path"].startswith(b"/"):
        problem = "expected an address that begins with /, without a host"
    if not problem:
        return None
    context.refusal = "head"
    return problem_response(400, problem, headers={"Connection": "close"})


def _check_direct(scope: Scope, context: RequestContext) -> Response | None:
    """Refuse what did not come directly from this machine."""
    forwarding = sorted(name for name in Headers(scope=scope) if _is_forwarding(name))
    if not forwarding and _is_loopback(context.client):
        return None
    context.refusal = "forwarded"
    through = f"this one came through a proxy (it has {forwarding[0][:40]})" if forwarding else "this one did not"
    advice = "create a key with `kg keys add NAME --expires 90d`"
    return problem_response(
        403, f"without API keys, only direct requests from this machine are answered; {through}: {advice}"
    )


def _is_forwarding(name: str) -> bool:
    return FORWARDING_HEADER.fullmatch(name.replace("_", "-")) is not None


def _is_loopback(client: str) -> bool:
    try:
        return ipaddress.ip_address(client).is_loopback
    except ValueError:
        return False


def _host_name(sent: Sequence[str]) -> str | None:
    """The name in the one Host header; None if there is not exactly one, or it is none."""
    found = HOST_PATTERN.fullmatch(sent[0].lower()) if len(sent) == 1 else None
    if found is None or int(found[3] or 0) > 65535:
        return None
    return found[1] or found[2]
