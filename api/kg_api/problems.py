"""Errors as problem details (RFC 9457)."""

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
from kg_api.json_lines import mask_data, mask_keys

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
"""The status of each error; one that is not listed has that of its nearest base class."""

BODY_FORMAT = "JSON in UTF-8"

UNKNOWN_ADDRESS = "the service has no such address; /openapi.json lists them"

FIELD_NAMES = {"keep_direction": "one_way"}
"""What the API calls a parameter that `kg` names otherwise."""

MAX_DETAIL = 500
"""Characters of a detail; what a client sent is not sent back in full."""

MAX_FIELD, MAX_VALUE = 100, 80
"""Characters of the parts of an invalid field."""


class InvalidField(BaseModel):
    """One field of a request that is not valid."""

    field: str = Field(description="A parameter, or a place in the body, such as `avoid.0`.")
    value: str = Field("", description="What was sent, possibly shortened; empty if nothing was.")
    expected: str

    def __str__(self) -> str:
        value = f" {self.value!r}" if self.value else ""
        return f"{self.field}{value}: {self.expected}"


class WrittenAlike(BaseModel):
    """A node whose name may be written for the one that was not found. It need not be the same."""

    id: str
    type: str
    name: str


class Problem(BaseModel):
    """What went wrong, in the form of RFC 9457."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[InvalidField] = []
    may_be_written_so: list[WrittenAlike] = Field([], description="Only where a name is not found and others are near.")


PROBLEM_DESCRIPTIONS = {
    "400": "The head of the request is not valid.",
    "401": "The service requires an API key, and the request has no valid one.",
    "403": "Without API keys it came through a proxy, or it is the page's alone.",
    "404": "Nothing has this name, key or id.",
    "408": "The body took too long to arrive.",
    "413": "The body is too large.",
    "414": "The address is too long.",
    "415": "The body is not application/json.",
    "421": "The service does not answer to this host name.",
    "422": "Something in the request is not valid.",
    "429": "Too many requests; Retry-After says when to try again.",
    "500": "The service failed.",
    "503": "The store cannot answer now; Retry-After says when to try again.",
}
"""What each operation may be answered besides, by the status."""

OUT_OF_TIME_RESPONSE: dict[int | str, dict[str, Any]] = {
    504: {
        "model": Problem,
        "description": "There was not enough time for a whole answer; ask for less, or allow more `seconds`.",
    }
}
"""For operations whose partial answer would be wrong."""


def problem_response(
    status: int,
    detail: str,
    errors: Sequence[InvalidField] = (),
    headers: Mapping[str, str] | None = None,
    alike: Sequence[WrittenAlike] = (),
) -> JSONResponse:
    """A response with problem details."""
    shown = " ".join(_encodable(mask_keys(detail)).split())
    shown = shown if len(shown) <= MAX_DETAIL else f"{shown[: MAX_DETAIL - 1]}…"
    body = Problem(title=HTTPStatus(status).phrase, status=status, detail=shown, errors=list(errors))
    told = body.model_dump(exclude={"may_be_written_so"})
    if alike:
        told["may_be_written_so"] = [one.model_dump() for one in alike]
    return JSONResponse(mask_data(told), status, headers, MEDIA_TYPE)


def invalid_fields_response(status: int, *fields: InvalidField) -> JSONResponse:
    """A response that names the fields of a request that are not valid."""
    return problem_response(status, str(fields[0]), fields)


def add_handlers(app: FastAPI, routes: Sequence[APIRoute]) -> None:
    """Answer every error with problem details. `routes` are all routes: one address may have several, one a method."""

    def handle_http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            return _method_not_allowed(request, routes)
        if error.status_code == HTTPStatus.BAD_REQUEST:  # FastAPI's answer to a body that is not UTF-8
            return invalid_fields_response(422, InvalidField(field="body", expected=f"expected {BODY_FORMAT}"))
        detail = UNKNOWN_ADDRESS if error.status_code == 404 else error.detail or ""
        return problem_response(error.status_code, detail, headers=error.headers)

    app.add_exception_handler(KgError, _handle_kg_error)
    app.add_exception_handler(RequestValidationError, _handle_validation_error)
    app.add_exception_handler(HTTPException, handle_http_error)


def status_of(error: KgError) -> int:
    """The status of an error."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def _handle_kg_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, KgError)
    status = status_of(error)
    if isinstance(error, NotFound):
        alike = [WrittenAlike(id=i, type=kind, name=name) for i, kind, name in error.may_be_written_so]
        return problem_response(status, error.problem, _invalid_fields(error), alike=alike)
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
    """What was sent, shortened, without API keys."""
    value = mask_keys(_encodable(value))
    return value if len(value) <= MAX_VALUE else f"{value[: MAX_VALUE - 1]}…"


def _field_name(place: Sequence[str | int]) -> str:
    """`limit` for a parameter, `avoid.0` for a place in the body, `body` for the whole body."""
    return _encodable(".".join(map(str, place[1:] or place)))[:MAX_FIELD]


def _encodable(sent: str) -> str:
    """The text with lone surrogates escaped: JSON can carry them, UTF-8 cannot."""
    return sent.encode(errors="backslashreplace").decode()


def _method_not_allowed(request: Request, routes: Sequence[APIRoute]) -> Response:
    matching = (route for route in routes if route.path_regex.fullmatch(request.url.path))
    methods = {method for route in matching for method in route.methods or ()} or {"GET"}
    allowed = ", ".join(sorted(methods | {"HEAD"} if "GET" in methods else methods))
    return problem_response(405, f"{request.method[:10]}: expected {allowed}", headers={"Allow": allowed})
