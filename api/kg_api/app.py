"""What is the service made of?"""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from starlette.middleware.gzip import GZipMiddleware

from kg.operations import Workplace
from kg_api.deps import NotModified, Service
from kg_api.problems import MEDIA_TYPE, Problem, add_handlers
from kg_api.protection import Protection
from kg_api.routes import clusters, entities, health, paths, reference
from kg_api.software import VERSION

ROUTERS = (entities.router, paths.router, clusters.router, reference.router, health.router)

PROBLEMS: dict[int | str, dict[str, Any]] = {
    404: {"model": Problem, "description": "Nothing has that name, key or id."},
    413: {"model": Problem, "description": "The body is too large."},
    414: {"model": Problem, "description": "The address is too long."},
    421: {"model": Problem, "description": "The service does not answer to this name of a host."},
    422: {"model": Problem, "description": "Something in the request is not what was expected."},
    500: {"model": Problem, "description": "The service failed."},
    503: {"model": Problem, "description": "The store cannot answer now."},
}

UNVERSIONED = ("/healthz", "/v1/ontology")
"""Addresses whose answers do not depend on the graph."""

SMALLEST_COMPRESSED = 1024


def create_app(place: Workplace) -> FastAPI:
    """The service over the store of a workplace."""
    app = FastAPI(
        title="kg",
        version=VERSION,
        description="Answers questions about people, what they hold, and who says so. It only reads.",
        docs_url=None,  # the pages that FastAPI has for this load scripts from elsewhere
        redoc_url=None,
    )
    app.state.service = Service(place)
    for router in ROUTERS:
        app.include_router(router, responses=PROBLEMS)
    add_handlers(app)
    app.add_exception_handler(NotModified, _not_modified)
    app.add_middleware(GZipMiddleware, minimum_size=SMALLEST_COMPRESSED)
    app.add_middleware(Protection)
    app.openapi = lambda: _described(app)  # type: ignore[method-assign]  # the way FastAPI documents
    return app


def _not_modified(_: Request, error: Exception) -> Response:
    assert isinstance(error, NotModified)
    return Response(status_code=304, headers={"ETag": error.etag})


def _described(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, with problems under their own media type."""
    if app.openapi_schema is None:
        found = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
        for path, methods in found["paths"].items():
            for method, operation in methods.items():
                _as_problems(operation["responses"])
                if method == "get" and path not in UNVERSIONED:
                    operation["responses"]["304"] = {"description": "Nothing has changed since the ETag that was sent."}
        app.openapi_schema = found
    return app.openapi_schema


def _as_problems(responses: dict[str, Any]) -> None:
    for status, response in responses.items():
        if status.startswith(("4", "5")):
            response["content"] = {MEDIA_TYPE: response["content"].pop("application/json")}
