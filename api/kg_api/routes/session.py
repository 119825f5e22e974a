"""Who asks from the explorer page, for which case and why?"""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Request, Response
from pydantic import AfterValidator, Field

from kg.operations.answers import Answer
from kg_api.dependencies import Service, may_judge
from kg_api.json_lines import mask_keys
from kg_api.middleware.auth import KeyCheck
from kg_api.middleware.limits import MAX_NOTE_CHARACTERS
from kg_api.middleware.request_context import CURRENT_REQUEST
from kg_api.middleware.sessions import cookie_names, is_encrypted, is_own_page, session_token
from kg_api.problems import Problem, problem_response
from kg_api.requests import RequestBody

router = APIRouter(tags=["session"])

MAX_KEY_CHARACTERS = 200

CLEARED_DATA = '"cache", "storage"'
"""What a browser forgets when a session is ended."""


def _check_printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("expected characters that can be printed")
    return mask_keys(text.strip())


Note = Annotated[str, Field(max_length=MAX_NOTE_CHARACTERS), AfterValidator(_check_printable)]


class SessionRequest(RequestBody):
    """Who begins a session, and for what."""

    key: Annotated[str, Field(min_length=1, max_length=MAX_KEY_CHARACTERS, description="An API key.")]
    case: Annotated[Note, Field(description="The case, for the audit log.")] = ""
    purpose: Annotated[Note, Field(description="What for, for the audit log.")] = ""


class SessionOut(Answer):
    """Who asks, as the audit log notes it, and what the page has to know of the service."""

    key: str
    """The name of the API key; empty where the service asks for none."""
    case: str
    purpose: str
    has_keys: bool
    """Whether the service asks for a key."""
    protected: bool
    """Whether it shows facts with the handling code `protected`."""
    may_judge: bool
    """Whether who asks may judge who is the same."""
    requesting: str
    """Code of the jurisdiction that requests, where a question about legal routes names none; empty for none."""


NO_KEYS_RESPONSE: dict[int | str, dict[str, Any]] = {409: {"model": Problem, "description": "There are no API keys."}}


@router.post("/session", operation_id="openSession", response_model=SessionOut, responses=NO_KEYS_RESPONSE)
def open_session(request: Request, response: Response, body: SessionRequest) -> SessionOut | Response:
    """Begin a session with an API key: the answer sets a cookie with which the page asks, and no script reads.

    Only the page of this service can begin one, in a browser, over HTTPS or on the same machine. It ends after 30
    minutes without a request, after 8 hours, and when its key is revoked.
    """
    context, keys = CURRENT_REQUEST.get(), _keys(request)
    if not is_own_page(request.headers):
        context.refusal = "site"
        return problem_response(403, "expected a request of this service's own page, over HTTPS or on the same machine")
    key_digest, refusal = keys.check_log_in(body.key, context)
    if refusal:
        return refusal
    context.case, context.purpose = body.case, body.purpose
    keys.sessions.end(session_token(request.scope))  # the one before, which the cookie would only hide
    token = keys.sessions.start(key_digest, body.case, body.purpose)
    secure = is_encrypted(request.headers)
    name = cookie_names(request.headers)[0 if secure else 1]
    response.set_cookie(name, token, secure=secure, httponly=True, samesite="strict")
    return _session(request, response)


@router.get("/session", operation_id="getSession", response_model=SessionOut)
def get_session(request: Request, response: Response) -> SessionOut:
    """Who asks, for which case and why, as the audit log notes it."""
    return _session(request, response)


@router.delete("/session", operation_id="endSession", status_code=204)
def end_session(request: Request) -> Response:
    """End the session, and have the browser forget what it keeps of this service."""
    _keys(request).sessions.end(session_token(request.scope))
    response = Response(status_code=204, headers={"Clear-Site-Data": CLEARED_DATA, "Cache-Control": "no-store"})
    for name, secure in zip(cookie_names(request.headers), (True, False), strict=True):
        response.delete_cookie(name, secure=secure, httponly=True, samesite="strict")
    return response


def _session(request: Request, response: Response) -> SessionOut:
    context, service = CURRENT_REQUEST.get(), request.app.state.service
    assert isinstance(service, Service)
    response.headers["Cache-Control"] = "no-store"
    return SessionOut(
        key=context.key_name,
        case=context.case,
        purpose=context.purpose,
        has_keys=bool(context.key_name),
        protected=service.workspace.protected,
        may_judge=may_judge(request, context),
        requesting=service.workspace.requesting,
    )


def _keys(request: Request) -> KeyCheck:
    keys = request.app.state.keys
    assert isinstance(keys, KeyCheck)
    return keys
