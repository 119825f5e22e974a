"""How does the service say what went wrong (RFC 9457)?"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from kg.errors import InputError, KgError, NotFound, OutOfTime, StoreBusy, StoreError, StoreUnfit, VerifyError

MEDIA_TYPE = "application/problem+json"

STATUS: Mapping[type[KgError], int] = {
    InputError: 422,
    NotFound: 404,
    StoreBusy: 503,
    StoreUnfit: 409,
    OutOfTime: 504,
    StoreError: 503,
    VerifyError: 500,
    KgError: 500,
}
"""Which status an error has; one that is not listed has that of the nearest one above it in the tree."""

BODY_FORMAT = "JSON in UTF-8"

UNKNOWN_ADDRESS = "the service has no such address; /openapi.json lists them"

FIELD_NAMES = {"keep_direction": "one_way"}
"""What a part of a question is called here, where `kg` itself calls it something else."""

MAX_DETAIL = 500
"""Characters of a detail; what a caller sent is not sent back at any length."""

MAX_FIELD, MAX_VALUE = 100, 80
"""Characters of what a mistake names."""


class InvalidField(BaseModel):
    """One field of a request that is not what was expected."""

    field: str = Field(description="A parameter, or a place in the body, such as `avoid.0`.")
    value: str = Field("", description="What was sent, maybe shortened; empty where nothing was.")
    expected: str

    def __str__(self) -> str:
        value = f" {self.value!r}" if self.value else ""
        return f"{self.field}{value}: {self.expected}"


class Problem(BaseModel):
    """What went wrong, in the form of RFC 9457."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[InvalidField] = []


PROBLEM_RESPONSES: dict[int | str, dict[str, Any]] = {
    401: {"model": Problem, "description": "The service has API keys, and the request comes without a good one."},
    404: {"model": Problem, "description": "Nothing has that name, key or id."},
    408: {"model": Problem, "description": "The body took too long to arrive."},
    413: {"model": Problem, "description": "The body is too large."},
    414: {"model": Problem, "description": "The address is too long."},
    415: {"model": Problem, "description": "The body is not application/json."},
    421: {"model": Problem, "description": "The service does not answer to this name of a host."},
    422: {"model": Problem, "description": "Something in the request is not what was expected."},
    429: {"model": Problem, "description": "Asked too often, or too much at one time; Retry-After says when to go on."},
    500: {"model": Problem, "description": "The service failed."},
    503: {"model": Problem, "description": "The store cannot answer now."},
}

OUT_OF_TIME_RESPONSE: dict[int | str, dict[str, Any]] = {
    504: {
        "model": Problem,
        "description": "There was no time for a whole answer; ask for less, or with more `seconds`.",
    }
}
"""What operations answer where a part of an answer would be none."""


def problem_response(
    status: int, detail: str, errors: Sequence[InvalidField] = (), headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """A response that says what went wrong."""
    shown = " ".join(detail.split())
    shown = shown if len(shown) <= MAX_DETAIL else f"{shown[: MAX_DETAIL - 1]}…"
    body = Problem(title=HTTPStatus(status).phrase, status=status, detail=shown, errors=list(errors))
    return JSONResponse(body.model_dump(), status, headers, MEDIA_TYPE)


def invalid_fields_response(status: int, *fields: InvalidField) -> JSONResponse:
    """A response that says which parts of a request are not what was expected."""
    return problem_response(status, str(fields[0]), fields)


def add_handlers(app: FastAPI, routes: Sequence[APIRoute]) -> None:
    """Answer every error as a problem. `routes` are all there are: one address may have several, each of one method."""

    def of_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            return _method_not_allowed(request, routes)
        if error.status_code == HTTPStatus.BAD_REQUEST:  # how FastAPI says that the bytes of a body are no text
            return invalid_fields_response(422, InvalidField(field="body", expected=f"expected {BODY_FORMAT}"))
        detail = UNKNOWN_ADDRESS if error.status_code == 404 else error.detail or ""
        return problem_response(error.status_code, detail, headers=error.headers)

    app.add_exception_handler(KgError, _handle_kg_error)
    app.add_exception_handler(RequestValidationError, _handle_validation_error)
    app.add_exception_handler(HTTPException, of_http)


def status_of(error: KgError) -> int:
    """The status of an error."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def _handle_kg_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, KgError)
    status = status_of(error)
    if isinstance(error, NotFound):
        return problem_response(status, error.problem, _invalid_fields(error))
    if error.field:
        return invalid_fields_response(status, *_invalid_fields(error))
    return problem_response(status, str(error), headers={"Retry-After": "1"} if status == 503 else None)


def _invalid_fields(error: KgError) -> list[InvalidField]:
    if not error.field:
        return []
    field = FIELD_NAMES.get(error.field, error.field)
    return [InvalidField(field=field[:MAX_FIELD], value=shorten(error.value), expected=error.expected)]


def _handle_validation_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found: list[Mapping[str, Any]] = list(error.errors())
    return invalid_fields_response(422, *(_invalid_field(one) for one in found[:20]))


def _invalid_field(found: Mapping[str, Any]) -> InvalidField:
    if found["type"] == "json_invalid":
        return InvalidField(field="body", expected=f"expected JSON; {found['msg']} at character {found['loc'][-1]}")
    sent = "" if found["type"] == "missing" else found.get("input")
    value = sent if isinstance(sent, str) else json.dumps(sent, ensure_ascii=False, default=str)
    expected = str(found["msg"]).removeprefix("Value error, ")
    return InvalidField(field=_field_name(found["loc"]), value=shorten(value), expected=expected)


def shorten(value: str) -> str:
    """As much of what was sent as is sent back."""
    value = _encodable(value)
    return value if len(value) <= MAX_VALUE else f"{value[: MAX_VALUE - 1]}…"


def _field_name(place: Sequence[str | int]) -> str:
    """`limit` for a parameter, `avoid.0` for a place in a body; `body` for the whole of it."""
    return _encodable(".".join(map(str, place[1:] or place)))[:MAX_FIELD]


def _encodable(sent: str) -> str:
    """The text, with the code in place of half a character, which JSON can escape and no answer can hold."""
    return sent.encode(errors="backslashreplace").decode()


def _method_not_allowed(request: Request, routes: Sequence[APIRoute]) -> Response:
    here = (route for route in routes if route.path_regex.fullmatch(request.url.path))
    methods = {method for route in here for method in route.methods or ()} or {"GET"}
    allowed = ", ".join(sorted(methods | {"HEAD"} if "GET" in methods else methods))
    return problem_response(405, f"{request.method[:10]}: expected {allowed}", headers={"Allow": allowed})
