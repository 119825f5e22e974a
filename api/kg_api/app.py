"""The FastAPI application: its routes, its middleware and its error handlers."""

from __future__ import annotations

from functools import cache

from fastapi import FastAPI, Request, Response
from fastapi.routing import APIRoute
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware

from kg.operations import Workspace
from kg_api.config import ServiceConfig
from kg_api.dependencies import NotModified, NotPermitted, Service, lifespan
from kg_api.metrics import Metrics
from kg_api.middleware.audit import AuditLogMiddleware, AuditQuestionMiddleware, AuditTrail
from kg_api.middleware.auth import AuthMiddleware, KeyCheck
from kg_api.middleware.concurrency import EMBEDDED_LIMIT, NEO4J_LIMIT, ConcurrencyLimit
from kg_api.middleware.head import HeadRequests
from kg_api.middleware.limits import RequestLimits
from kg_api.middleware.rate_limit import ConcurrentRequests, RateLimit
from kg_api.middleware.request_context import CASE, PURPOSE, REQUEST_ID, SCREENING
from kg_api.middleware.request_log import RequestLog
from kg_api.openapi.document import openapi_document
from kg_api.page import router as page_router
from kg_api.problems import add_handlers, problem_response
from kg_api.routes import (
    clusters,
    entities,
    flows,
    health,
    legal,
    matching,
    metrics,
    ownership,
    paths,
    queries,
    reference,
    session,
    subgraphs,
    views,
)
from kg_api.version import VERSION

ROUTERS = (
    entities.router,
    subgraphs.router,
    views.router,
    paths.router,
    clusters.router,
    ownership.router,
    flows.router,
    matching.router,
    queries.router,
    legal.router,
    reference.router,
    session.router,
    health.router,
    metrics.router,
)

EXPOSED_HEADERS = ("ETag", "Retry-After", REQUEST_ID)
"""Headers that a page of an allowed origin may read."""

MINIMUM_COMPRESSED_BYTES = 1024


def create_app(workspace: Workspace, config: ServiceConfig | None = None) -> FastAPI:
    """The service over the store of a workspace; without a configuration, for every user of this machine."""
    config = config or ServiceConfig()
    app = FastAPI(
        title="kg",
        version=VERSION,
        description="Answers questions about people, what they hold, and who says so; keeps saved views.",
        docs_url=None,  # FastAPI's pages for this load scripts from another host
        redoc_url=None,
        redirect_slashes=False,  # a redirect would be built from the Host header that the client sends
        lifespan=lifespan,
    )
    app.state.service = service = Service(workspace)
    app.state.judges = config.judges
    app.state.metrics = Metrics(service.snapshots.status)
    # As they are: `include_router` would build each of them anew for every application.
    app.router.routes += [route for router in (*ROUTERS, page_router) for route in router.routes]
    app.state.api_routes = [route for router in ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    add_handlers(app, app.state.api_routes)
    app.add_exception_handler(NotModified, _not_modified)
    app.add_exception_handler(NotPermitted, _not_permitted)
    _add_middleware(app, config, NEO4J_LIMIT if workspace.neo4j else EMBEDDED_LIMIT)
    app.openapi = cache(lambda: openapi_document(app, workspace.ontology))  # type: ignore[method-assign]  # as FastAPI documents
    return app


def _add_middleware(app: FastAPI, config: ServiceConfig, concurrency: int) -> None:
    """Add the innermost first: the last one sees a request first and an answer last."""
    app.add_middleware(GZipMiddleware, minimum_size=MINIMUM_COMPRESSED_BYTES)
    app.add_middleware(ConcurrencyLimit, limit=concurrency)
    app.add_middleware(HeadRequests)
    trail = AuditTrail(config.active_audit_log) if config.audit_log else None
    if trail:
        app.state.service.at_end(trail.write_skipped)
        app.add_middleware(AuditQuestionMiddleware, trail=trail)
    app.add_middleware(ConcurrentRequests)
    app.add_middleware(RequestLimits)
    app.add_middleware(RateLimit, rates=config.rate_limits, operation_rates={SCREENING: config.screening_limits})
    app.state.keys = KeyCheck(config.key_ring)
    app.add_middleware(AuthMiddleware, keys=app.state.keys, allowed_hosts=config.allowed_hosts)
    if config.allowed_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=config.allowed_origins,
            allow_methods=("GET", "HEAD", "POST"),
            allow_headers=("Authorization", "If-None-Match", CASE, PURPOSE, REQUEST_ID),
            expose_headers=EXPOSED_HEADERS,
        )
    if trail:
        app.add_middleware(AuditLogMiddleware, trail=trail)
    app.add_middleware(RequestLog, metrics=app.state.metrics)


def _not_permitted(_: Request, __: Exception) -> Response:
    detail = "only holders of API keys that KG_API_JUDGES names may judge, in a service over a SQLite file"
    return problem_response(403, f"{detail}; else `kg same`, `kg distinct` and `kg unsure` do")


def _not_modified(_: Request, error: Exception) -> Response:
    assert isinstance(error, NotModified)
    return Response(status_code=304, headers={"ETag": error.etag})
