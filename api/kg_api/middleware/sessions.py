"""The sessions of the explorer page: a browser that has shown an API key once, and until when it may ask without."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.types import Scope

IDLE_SECONDS, LONGEST_SECONDS = 30 * 60, 8 * 60 * 60
"""How long a session lasts without a request, and with them."""

MAX_SESSIONS, MAX_KEY_SESSIONS = 1_000, 20
"""Sessions at the same time: all, and those of one key. Of too many, the one that asked longest ago ends."""

COOKIE, SECURE_COOKIE = "kg", "__Host-kg"
"""The cookie over HTTP, which browsers and this service use on one machine, and over HTTPS; the port follows."""

UNATTENDED = "Kg-Unattended"
"""A header with which an open page says that it asks by itself, while nobody uses it."""

TOKEN_BYTES = 32

POLLED_ADDRESSES = ("/readyz",)
"""What an open page asks by itself: no session lasts longer by that."""


@dataclass(slots=True)
class Session:
    """One session. The key and the token of the cookie are not kept, only their digests."""

    key_digest: str
    case: str
    purpose: str
    started: float
    used: float

    def is_over(self, now: float) -> bool:
        """Whether it has lasted too long."""
        return now - self.used >= IDLE_SECONDS or now - self.started >= LONGEST_SECONDS


class SessionStore:
    """The sessions of this process, in its memory: they end with it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, Lock()
        self._sessions: dict[str, Session] = {}

    def start(self, key_digest: str, case: str, purpose: str) -> str:
        """Begin a session; returns the token for its cookie."""
        token, now = secrets.token_urlsafe(TOKEN_BYTES), self._clock()
        with self._lock:
            self._remove_over(now)
            own = [name for name, session in self._sessions.items() if session.key_digest == key_digest]
            self._limit(own, MAX_KEY_SESSIONS)
            self._limit(list(self._sessions), MAX_SESSIONS)
            self._sessions[_digest(token)] = Session(key_digest, case, purpose, now, now)
        return token

    def find(self, token: str, *, is_use: bool = True) -> Session | None:
        """The session of a token; None if there is none, or no longer. Unless it is no use, it lasts longer by it."""
        digest, now = _digest(token), self._clock()
        with self._lock:
            session = self._sessions.get(digest)
            if session is None or session.is_over(now):
                self._sessions.pop(digest, None)
                return None
            if is_use:
                session.used = now
            return session

    def end(self, token: str) -> None:
        """End the session of a token."""
        with self._lock:
            self._sessions.pop(_digest(token), None)

    def _remove_over(self, now: float) -> None:
        for name in [name for name, session in self._sessions.items() if session.is_over(now)]:
            del self._sessions[name]

    def _limit(self, names: list[str], most: int) -> None:
        """Make room for one more among these."""
        oldest = sorted(names, key=lambda name: self._sessions[name].used)
        for name in oldest[: max(0, len(names) - most + 1)]:
            del self._sessions[name]


def session_token(scope: Scope) -> str:
    """The token in the cookie of a request that a page of this service sent; empty for any other request.

    Browsers say from where a request comes, and no page can change what they say: a request that another site causes
    has the cookie in vain.
    """
    headers = Headers(scope=scope)
    if not is_own_page(headers):
        return ""
    cookies = cookie_parser("; ".join(headers.getlist("cookie")))
    return next(filter(None, map(cookies.get, cookie_names(headers))), "")


def cookie_names(headers: Headers) -> tuple[str, str]:
    """The names of the cookie over HTTPS and over HTTP, with the port of the service that a browser asked.

    Browsers keep cookies for a machine, whatever the port: services on several ports would end each other's sessions.
    """
    port = urlsplit(f"//{headers.get('host', '')}").port
    suffix = f"-{port}" if port else ""
    return SECURE_COOKIE + suffix, COOKIE + suffix


def is_session_use(scope: Scope) -> bool:
    """Whether somebody asks, and not an open page by itself, as it does to see whether the graph has changed."""
    return scope["path"] not in POLLED_ADDRESSES and UNATTENDED not in Headers(scope=scope)


def is_own_page(headers: Headers) -> bool:
    """Whether a browser says that a page of this service sends the request."""
    return headers.getlist("sec-fetch-site") == ["same-origin"]


def is_encrypted(headers: Headers) -> bool:
    """Whether the page was fetched over HTTPS, perhaps from a proxy that decrypts it: browsers say so in Origin."""
    return urlsplit(headers.get("origin", "")).scheme == "https"


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
