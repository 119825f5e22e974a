"""What the log, the metrics and the audit log know of a request."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import unquote

from fastapi.routing import APIRoute
from starlette.datastructures import Headers
from starlette.routing import Match
from starlette.types import Scope

from kg.operations.answers import AnswerSummary
from kg_api.json_lines import mask_keys

REQUEST_ID, CASE, PURPOSE = "X-Request-ID", "Kg-Case", "Kg-Purpose"
"""Headers in which a client may give the id of the request, and its case and purpose."""

REQUEST_ID_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
"""An id of a client that is used; any other is replaced."""


SCREENING, NAME_COMPARISON, SAVED_VIEW = "screenList", "compareNames", "saveView"
"""Operations that take a list or a view, and so a larger body."""

KEYED_ADDRESSES = {
    ("v1", "entities"): ("exhibits", "links", "owners", "holdings"),
    ("v1", "persons"): ("routes", "freeze-set", "dossier"),
}
"""Addresses under which a key may stand, which may have slashes, and what may follow the key."""


@dataclass(slots=True)
class RequestContext:
    """One request."""

    id: str
    client: str
    case: str = ""
    purpose: str = ""
    """As the client states them."""
    key_name: str = ""
    """The name of the API key; never the key."""
    is_session: bool = False
    """Whether it comes with the cookie of a session: no browser keeps what it is answered."""
    body: bytes = b""
    data: Any = None
    """What the body says; None until it is read, and where it is not JSON."""
    summary: AnswerSummary | None = None
    """Of the answer; None where there is none yet, or it is no answer of the graph."""
    refusal: str = ""
    """Why the request was refused before it was answered; empty if it was not."""

    @property
    def peer(self) -> str:
        """What its limits are counted for, while it has no key."""
        return peer_network(self.client)


CURRENT_REQUEST: ContextVar[RequestContext] = ContextVar("request")
"""The request that is being answered, also in its worker thread."""


def request_context(scope: Scope) -> RequestContext:
    """The context of a request that has just arrived."""
    asked, client = _header(scope, REQUEST_ID), scope.get("client")
    return RequestContext(
        id=asked if REQUEST_ID_PATTERN.fullmatch(asked) and mask_keys(asked) == asked else secrets.token_hex(16),
        client=client[0] if client else "",
        case=mask_keys(_header(scope, CASE)),
        purpose=mask_keys(_header(scope, PURPOSE)),
    )


def peer_network(client: str) -> str:
    """What is counted as one: an address, or of IPv6 the network of 64 bits that one subscriber has."""
    try:
        address = ip_address(client)
    except ValueError:
        return client
    if isinstance(address, IPv6Address) and not address.is_loopback:
        return str(address.ipv4_mapped or IPv6Network((int(address), 64), strict=False))
    return str(address)


def routed_path(scope: Scope) -> str:
    """The path of an address in which only the slashes and percent signs within a part are encoded.

    Slashes of a key that are not encoded are taken for a part of it, too, except before the name of a sub-address.
    """
    parts = [unquote(part) for part in scope["raw_path"].decode("ascii").split("/")[1:]]
    followers = KEYED_ADDRESSES.get((parts[0], parts[1])) if len(parts) > 3 else None
    if followers is not None:
        end = len(parts) - (parts[-1] in followers)
        parts[2:end] = ["/".join(parts[2:end])]
    return "/" + "/".join(part.replace("%", "%25").replace("/", "%2F") for part in parts)


def matched_operation(scope: Scope) -> tuple[str, str]:
    """The operation id and the address template, which names nobody; empty if no route matches, or none has yet."""
    route = scope.get("route")
    return (route.operation_id or "", route.path) if isinstance(route, APIRoute) else ("", "")


def coming_operation(scope: Scope) -> str:
    """The id of the operation that a request will be matched with, before it is."""
    routes: Sequence[APIRoute] = getattr(scope["app"].state, "api_routes", ())
    return next((route.operation_id or "" for route in routes if route.matches(scope)[0] is Match.FULL), "")


def _header(scope: Scope, name: str) -> str:
    """The text of a header, which clients may send in UTF-8."""
    sent = Headers(scope=scope).get(name, "").encode("latin-1")
    return sent.decode("utf-8", "replace")
