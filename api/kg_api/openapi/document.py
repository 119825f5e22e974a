"""The OpenAPI document."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from kg.ontology import Ontology
from kg_api.middleware.limits import MAX_NOTE_CHARACTERS
from kg_api.middleware.rate_limit import OPEN_ADDRESSES
from kg_api.middleware.request_context import CASE, PURPOSE, REQUEST_ID, SCREENING
from kg_api.openapi.descriptions import add_descriptions
from kg_api.openapi.examples import add_examples
from kg_api.openapi.ontology_schemas import Schema, add_ontology_schemas, drop_unused_schemas
from kg_api.problems import MEDIA_TYPE, PROBLEM_DESCRIPTIONS

ADDRESSES_WITHOUT_ETAG = (
    "/healthz",
    "/metrics",
    "/readyz",
    "/session",
    "/v1/ontology",
    "/v1/queries",
    "/v1/queries/{topic}/{name}",
    "/v1/views",
    "/v1/views/{id}",
)
"""Addresses whose answers depend on more than the graph."""

SECURITY_SCHEME = {
    "type": "http",
    "scheme": "bearer",
    "description": "An API key that `kg keys add` made. Not needed while there are no keys.",
}

REQUEST_HEADERS = tuple(
    {"name": name, "in": "header", "required": False, "description": description, "schema": {"type": "string"} | schema}
    for name, description, schema in (
        (CASE, "The case for which you ask; recorded in the audit log.", {"maxLength": MAX_NOTE_CHARACTERS}),
        (PURPOSE, "The purpose for which you ask; recorded in the audit log.", {"maxLength": MAX_NOTE_CHARACTERS}),
        (REQUEST_ID, "Your id of the request: 8 to 64 letters, digits, `.`, `_` and `-`; otherwise it gets one.", {}),
    )
)
"""Headers that every request below `/v1` may have."""

REFUSAL_HEADERS = {
    "401": {"WWW-Authenticate": "string"},
    "429": {"Retry-After": "integer"},
    "503": {"Retry-After": "integer"},
}
"""Response headers by status."""


def openapi_document(app: FastAPI, ontology: Ontology) -> Schema:
    """The document, with problem details under their own media type and a schema for each type of the ontology."""
    document = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
    document["components"]["securitySchemes"] = {"key": SECURITY_SCHEME}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            _complete_operation(path, method, operation)
    drop_unused_schemas(document)
    add_descriptions(document["components"]["schemas"])
    return add_examples(add_ontology_schemas(document, ontology))


def _complete_operation(path: str, method: str, operation: dict[str, Any]) -> None:
    """Add what every operation has in common."""
    told = operation["responses"]
    responses = operation["responses"] = {
        **{status: response for status, response in told.items() if status < "400"},
        **{status: {"description": description} for status, description in PROBLEM_DESCRIPTIONS.items()},
        **{status: response for status, response in told.items() if status >= "400" and status != "422"},
    }
    operation["security"] = [{}] if path in OPEN_ADDRESSES else [{"key": []}, {}]
    if path in OPEN_ADDRESSES:
        del responses["401"], responses["403"], responses["429"]
    if "requestBody" not in operation:
        del responses["408"], responses["415"]
    if path.startswith("/v1/"):
        headers = [
            h | {"required": True} if (operation["operationId"], h["name"]) == (SCREENING, CASE) else h
            for h in REQUEST_HEADERS
        ]
        operation["parameters"] = [*operation.get("parameters", ()), *headers]
    for status, response in responses.items():
        if status in REFUSAL_HEADERS:
            response["headers"] = {name: {"schema": {"type": kind}} for name, kind in REFUSAL_HEADERS[status].items()}
        if status.startswith(("4", "5")):
            response["content"] = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    if method == "get" and path not in ADDRESSES_WITHOUT_ETAG:
        responses["304"] = {"description": "Nothing has changed since the ETag that was sent."}
