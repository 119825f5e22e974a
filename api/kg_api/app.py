"""What is the service made of?"""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware

from kg.operations import Workspace
from kg_api.config import ServiceConfig
from kg_api.dependencies import NotModified, Service, lifespan
from kg_api.metrics import Metrics
from kg_api.middleware.audit import AuditLogMiddleware
from kg_api.middleware.auth import OPEN_ADDRESSES, AuthMiddleware
from kg_api.middleware.concurrency import EMBEDDED_LIMIT, NEO4J_LIMIT, ConcurrencyLimit
from kg_api.middleware.head import HeadRequests
from kg_api.middleware.limits import MAX_NOTE_CHARACTERS, RequestLimits
from kg_api.middleware.request_context import CASE, PURPOSE, REQUEST_ID
from kg_api.middleware.request_log import RequestLog
from kg_api.openapi.examples import add_examples
from kg_api.openapi.ontology_schemas import add_ontology_schemas
from kg_api.problems import MEDIA_TYPE, Problem, add_handlers
from kg_api.routes import clusters, entities, health, legal, metrics, ownership, paths, queries, reference
from kg_api.version import VERSION

ROUTERS = (
    entities.router,
    paths.router,
    clusters.router,
    ownership.router,
    queries.router,
    legal.router,
    reference.router,
    health.router,
    metrics.router,
)

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

ADDRESSES_WITHOUT_ETAG = (
    "/healthz",
    "/metrics",
    "/readyz",
    "/v1/ontology",
    "/v1/queries",
    "/v1/queries/{topic}/{name}",
)
"""Addresses whose answers do not depend on the graph alone."""

SECURITY_SCHEME = {
    "type": "http",
    "scheme": "bearer",
    "description": "An API key that `kg keys add` made. Without keys, none.",
}

REQUEST_HEADERS = tuple(
    {
        "name": name,
        "in": "header",
        "required": False,
        "description": description,
        "schema": {"type": "string"} | schema,
    }
    for name, description, schema in (
        (CASE, "For which case you ask; the audit log has it.", {"maxLength": MAX_NOTE_CHARACTERS}),
        (PURPOSE, "For which purpose you ask; the audit log has it.", {"maxLength": MAX_NOTE_CHARACTERS}),
        (
            REQUEST_ID,
            "What you call the request, in 8 to 64 letters, digits, `.`, `_` and `-`; else it gets an id.",
            {},
        ),
    )
)
"""Headers that every question may have."""

REFUSAL_HEADERS = {
    "401": {"WWW-Authenticate": "string"},
    "429": {"Retry-After": "integer"},
    "503": {"Retry-After": "integer"},
}
"""Headers of a refusal that say how to go on."""

EXPOSED_HEADERS = ("ETag", "Retry-After", REQUEST_ID)
"""Headers that a page of an allowed origin may read."""

MINIMUM_COMPRESSED_BYTES = 1024


def create_app(workspace: Workspace, config: ServiceConfig | None = None) -> FastAPI:
    """The service over the store of a workplace; without a conduct, for whoever reaches this machine."""
    config = config or ServiceConfig()
    app = FastAPI(
        title="kg",
        version=VERSION,
        description="Answers questions about people, what they hold, and who says so. It only reads.",
        docs_url=None,  # the pages that FastAPI has for this load scripts from elsewhere
        redoc_url=None,
        redirect_slashes=False,  # an address is one; a redirect would be made from the name that somebody sends
        lifespan=lifespan,
    )
    app.state.service = service = Service(workspace)
    app.state.metrics = Metrics(service.snapshots.status)
    for router in ROUTERS:
        app.include_router(router, responses=PROBLEM_RESPONSES)
    add_handlers(app, [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)])
    app.add_exception_handler(NotModified, _not_modified)
    _add_middleware(app, config)
    app.openapi = lambda: _openapi_document(app)  # type: ignore[method-assign]  # the way FastAPI documents
    return app


def _add_middleware(app: FastAPI, config: ServiceConfig) -> None:
    """What a request passes on its way in, and an answer on its way out; the last one stands outermost."""
    app.add_middleware(GZipMiddleware, minimum_size=MINIMUM_COMPRESSED_BYTES)
    app.add_middleware(ConcurrencyLimit, limit=NEO4J_LIMIT if app.state.service.workspace.neo4j else EMBEDDED_LIMIT)
    app.add_middleware(HeadRequests)
    app.add_middleware(RequestLimits)
    app.add_middleware(AuthMiddleware, config=config)
    if config.allowed_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=config.allowed_origins,
            allow_methods=("GET", "HEAD", "POST"),
            allow_headers=("Authorization", "If-None-Match", CASE, PURPOSE, REQUEST_ID),
            expose_headers=EXPOSED_HEADERS,
        )
    if config.audit_log:
        app.add_middleware(AuditLogMiddleware, log=config.active_audit_log)
    app.add_middleware(RequestLog, metrics=app.state.metrics)


def _not_modified(_: Request, error: Exception) -> Response:
    assert isinstance(error, NotModified)
    return Response(status_code=304, headers={"ETag": error.etag})


def _openapi_document(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, with problems under their own media type."""
    if app.openapi_schema is None:
        found = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        found["components"]["securitySchemes"] = {"key": SECURITY_SCHEME}
        for path, methods in found["paths"].items():
            for method, operation in methods.items():
                _complete_operation(path, method, operation)
        app.openapi_schema = add_examples(add_ontology_schemas(found, app.state.service.workspace.ontology))
    return app.openapi_schema


def _complete_operation(path: str, method: str, operation: dict[str, Any]) -> None:
    """What holds for an operation besides what its own code says."""
    responses = operation["responses"]
    operation["security"] = [{}] if path in OPEN_ADDRESSES else [{"key": []}, {}]
    if path in OPEN_ADDRESSES:
        del responses["401"], responses["429"]
    if "requestBody" not in operation:
        del responses["408"], responses["415"]
    if path.startswith("/v1/"):
        operation["parameters"] = [*operation.get("parameters", ()), *REQUEST_HEADERS]
    for status, response in responses.items():
        if status in REFUSAL_HEADERS:
            response["headers"] = {name: {"schema": {"type": kind}} for name, kind in REFUSAL_HEADERS[status].items()}
        if status.startswith(("4", "5")):
            response["content"] = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    if method == "get" and path not in ADDRESSES_WITHOUT_ETAG:
        responses["304"] = {"description": "Nothing has changed since the ETag that was sent."}
