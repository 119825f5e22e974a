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

BODY = "JSON in UTF-8"

NO_ADDRESS = "the service has no such address; /openapi.json lists them"

CALLED = {"keep_direction": "one_way"}
"""What a part of a question is called here, where `kg` itself calls it something else."""

LONGEST = 500
"""Characters of a detail; what a caller sent is not sent back at any length."""

LONGEST_FIELD, LONGEST_VALUE = 100, 80
"""Characters of what a mistake names."""


class Mistake(BaseModel):
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
    errors: list[Mistake] = []


OUT_OF_TIME: dict[int | str, dict[str, Any]] = {
    504: {
        "model": Problem,
        "description": "There was no time for a whole answer; ask for less, or with more `seconds`.",
    }
}
"""What operations answer where a part of an answer would be none."""


def problem(
    status: int, detail: str, errors: Sequence[Mistake] = (), headers: Mapping[str, str] | None = None
) -> JSONResponse:
    """A response that says what went wrong."""
    shown = " ".join(detail.split())
    shown = shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1]}…"
    body = Problem(title=HTTPStatus(status).phrase, status=status, detail=shown, errors=list(errors))
    return JSONResponse(body.model_dump(), status, headers, MEDIA_TYPE)


def refused(status: int, *mistakes: Mistake) -> JSONResponse:
    """A response that says which parts of a request are not what was expected."""
    return problem(status, str(mistakes[0]), mistakes)


def add_handlers(app: FastAPI, routes: Sequence[APIRoute]) -> None:
    """Answer every error as a problem. `routes` are all there are: one address may have several, each of one method."""

    def of_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            return _another_method(request, routes)
        if error.status_code == HTTPStatus.BAD_REQUEST:  # how FastAPI says that the bytes of a body are no text
            return refused(422, Mistake(field="body", expected=f"expected {BODY}"))
        detail = NO_ADDRESS if error.status_code == 404 else error.detail or ""
        return problem(error.status_code, detail, headers=error.headers)

    app.add_exception_handler(KgError, _of_kg)
    app.add_exception_handler(RequestValidationError, _of_validation)
    app.add_exception_handler(HTTPException, of_http)


def status_of(error: KgError) -> int:
    """The status of an error."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def _of_kg(_: Request, error: Exception) -> Response:
    assert isinstance(error, KgError)
    status = status_of(error)
    if isinstance(error, NotFound):
        return problem(status, error.problem, _mistakes(error))
    if error.field:
        return refused(status, *_mistakes(error))
    return problem(status, str(error), headers={"Retry-After": "1"} if status == 503 else None)


def _mistakes(error: KgError) -> list[Mistake]:
    if not error.field:
        return []
    field = CALLED.get(error.field, error.field)
    return [Mistake(field=field[:LONGEST_FIELD], value=shown(error.value), expected=error.expected)]


def _of_validation(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found: list[Mapping[str, Any]] = list(error.errors())
    return refused(422, *(_mistake(one) for one in found[:20]))


def _mistake(found: Mapping[str, Any]) -> Mistake:
    if found["type"] == "json_invalid":
        return Mistake(field="body", expected=f"expected JSON; {found['msg']} at character {found['loc'][-1]}")
    sent = "" if found["type"] == "missing" else found.get("input")
    value = sent if isinstance(sent, str) else json.dumps(sent, ensure_ascii=False, default=str)
    expected = str(found["msg"]).removeprefix("Value error, ")
    return Mistake(field=_field(found["loc"]), value=shown(value), expected=expected)


def shown(value: str) -> str:
    """As much of what was sent as is sent back."""
    value = _writable(value)
    return value if len(value) <= LONGEST_VALUE else f"{value[: LONGEST_VALUE - 1]}…"


def _field(place: Sequence[str | int]) -> str:
    """`limit` for a parameter, `avoid.0` for a place in a body; `body` for the whole of it."""
    return _writable(".".join(map(str, place[1:] or place)))[:LONGEST_FIELD]


def _writable(sent: str) -> str:
    """The text, with the code in place of half a character, which JSON can escape and no answer can hold."""
    return sent.encode(errors="backslashreplace").decode()


def _another_method(request: Request, routes: Sequence[APIRoute]) -> Response:
    here = (route for route in routes if route.path_regex.fullmatch(request.url.path))
    methods = {method for route in here for method in route.methods or ()} or {"GET"}
    allowed = ", ".join(sorted(methods | {"HEAD"} if "GET" in methods else methods))
    return problem(405, f"{request.method[:10]}: expected {allowed}", headers={"Allow": allowed})
