"""What a request needs to be answered: the store, its version, and whether the client has the answer already."""

from __future__ import annotations

import hashlib
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Annotated, Any, get_args, get_origin

from fastapi import Depends, FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from kg.errors import OutOfTime, QuestionError, StoreBusy
from kg.operations import CachedClusters, Workspace, open_uncached_store, store_for_question
from kg.ports import Store
from kg.records import GraphVersion
from kg_api.middleware.request_context import CASE, CURRENT_REQUEST, RequestContext
from kg_api.snapshots.snapshot_manager import GraphFiles, SnapshotManager
from kg_api.version import VERSION


class NotPermitted(Exception):
    """Who asks may not judge identity."""


class NotModified(Exception):
    """The client has the answer already."""

    def __init__(self, etag: str) -> None:
        self.etag = etag
        super().__init__(etag)


class OpenGraph:
    """The graph that answers one request: its store, and the view and clusters that the service has in memory."""

    def __init__(self, store: Store, files: GraphFiles | None, state: str = "") -> None:
        self._files, self._version = files, store.version()
        self.state = state or store.state()
        """Identifies the graph, as `Store.state` says it."""
        version = self._version  # a view source that held this object would keep its files until a garbage collection
        self.store = store.with_view(lambda _: _files_of(files, version).view.view)
        """Its view has the columns of every analysis. Opening the view raises StoreBusy while it is being built."""

    def clusters(self) -> CachedClusters:
        """The clusters of this version, found with the default parameters. Raises StoreBusy while they are computed."""
        files = _files_of(self._files, self._version)
        if files.clusters is None:
            raise StoreBusy(f"the clusters of graph {self._version} are still being computed; retry in a few seconds")
        return files.clusters


def _files_of(files: GraphFiles | None, version: GraphVersion) -> GraphFiles:
    """The files, if they are of the version that the store answers from. Raises StoreBusy."""
    if files is None or files.view.view.version != version:
        raise StoreBusy(f"graph {version} is still loading; retry in a few seconds")
    return files


class Service:
    """Opens the graph for requests: each answer is of one snapshot, and none waits for the next graph."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.snapshots = SnapshotManager(workspace)
        self._at_end: list[Callable[[], object]] = []

    def at_end(self, function: Callable[[], object]) -> None:
        """Call a function when the service ends."""
        self._at_end.append(function)

    def stop(self) -> None:
        """Stop following the store, and do what is left to do."""
        self.snapshots.stop()
        for function in self._at_end:
            function()

    @contextmanager
    def open(self, *, clusters: bool = False) -> Iterator[OpenGraph]:
        """The current graph; with `clusters`, the newest whose clusters are known.

        Until there is a snapshot, the store is read directly, without a view. Raises StoreBusy if a Neo4j, which has no
        snapshots, changed to another version meanwhile.
        """
        with self.snapshots.using(clusters=clusters) as shared:
            state = ""
            if shared and shared.snapshot:
                opened, state = shared.snapshot.store(), shared.snapshot.state
            elif self.snapshots.live_store:
                opened = self.snapshots.live_store.store()
            else:
                opened = open_uncached_store(self.workspace)
            with opened as store:
                yield OpenGraph(store, shared.graph if shared else None, state)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Follow the store while the service runs."""
    service = app.state.service
    assert isinstance(service, Service)
    await run_in_threadpool(service.snapshots.start)
    try:
        yield
    finally:
        await run_in_threadpool(service.stop)


class GraphRequest:
    """One request, and the service that answers it."""

    def __init__(self, request: Request, response: Response) -> None:
        service = request.app.state.service
        assert isinstance(service, Service)
        _check_parameters(request)
        self.service, self._request, self._response = service, request, response

    @contextmanager
    def store(self, as_of: str = "") -> Iterator[Store]:
        """The store for a question about a day. Raises NotModified if the client has the answer of its version."""
        with self.graph(as_of=as_of) as graph:
            yield graph.store

    @contextmanager
    def graph(self, *, clusters: bool = False, as_of: str = "") -> Iterator[OpenGraph]:
        """The graph, as `Service.open` has it, for a question about a day. Raises NotModified like `store`."""
        with self.service.open(clusters=clusters) as graph:
            etag = self._etag(graph.state)
            self._response.headers["ETag"] = etag
            if self._request.method == "GET" and _matches_etag(self._request.headers.get("If-None-Match", ""), etag):
                raise NotModified(etag)
            graph.store = store_for_question(graph.store, as_of)
            yield graph

    def headers(self) -> list[tuple[bytes, bytes]]:
        """Headers of the answer besides those of every answer."""
        return self._response.headers.raw

    def judge(self) -> str:
        """The name of the key whose holder may judge identity. Raises NotPermitted for anybody else."""
        context = CURRENT_REQUEST.get()
        if not may_judge(self._request, context):
            context.refusal = "permission"
            raise NotPermitted
        return context.key_name

    def require_case(self) -> None:
        """Raise QuestionError if the client does not say for which case it asks."""
        context = CURRENT_REQUEST.get()
        if not context.case.strip():
            context.refusal = "case"
            raise QuestionError(CASE, context.case, "expected the case for which people are screened, in this header")

    def deadline(self, seconds: float) -> Callable[[], bool]:
        """A function that says whether so many seconds have passed from now."""
        end = time.monotonic() + seconds
        return lambda: time.monotonic() > end

    def time_check(self, seconds: float, problem: str, advice: str) -> Callable[[], None]:
        """A function that raises OutOfTime once so many seconds have passed from now.

        It is for answers of which a part would look like the whole.
        """
        late = self.deadline(seconds)

        def check() -> None:
            if late():
                raise OutOfTime(
                    f"{problem} within {seconds:g} seconds: {advice}, or allow more seconds; up to 30 can be had"
                )

        return check

    def forbid_caching(self) -> None:
        """Send no ETag, because the answer depends on more than the graph's version."""
        del self._response.headers["ETag"]

    def _etag(self, state: str) -> str:
        """Of the graph; weak, because the same answer may be sent compressed or not."""
        return f'W/"{hashlib.sha256(f"{state} {VERSION}".encode()).hexdigest()[:32]}"'


def _check_parameters(request: Request) -> None:
    """Raises RequestValidationError for parameters that the address does not have and for repeated ones that are no
    list: an answer must not ignore a filter.
    """
    route = request.scope["route"]
    assert isinstance(route, APIRoute)
    known = {parameter.alias: parameter for parameter in route.dependant.query_params}
    wrong = []
    for name, sent in sorted(_query_parameters(request).items()):
        if name not in known:
            expected = f"expected one of {', '.join(sorted(known))}" if known else "expected no parameters"
            wrong.append({"type": "unknown", "loc": ("query", name), "msg": expected, "input": sent[0]})
        elif len(sent) > 1 and not _is_repeatable(known[name].field_info.annotation):
            wrong.append({"type": "repeated", "loc": ("query", name), "msg": "expected once", "input": ", ".join(sent)})
    if wrong:
        raise RequestValidationError(wrong)


def _is_repeatable(annotation: Any) -> bool:
    return list in (get_origin(annotation), *map(get_origin, get_args(annotation)))


def _query_parameters(request: Request) -> dict[str, list[str]]:
    return {name: request.query_params.getlist(name) for name in request.query_params}


def _matches_etag(header: str, etag: str) -> bool:
    named = {one.strip().removeprefix("W/") for one in header.split(",")}
    return "*" in named or etag.removeprefix("W/") in named


def may_judge(request: Request, context: RequestContext) -> bool:
    """Whether the client may judge identity: the names of the API keys that may are in KG_API_JUDGES."""
    service = request.app.state.service
    assert isinstance(service, Service)
    return bool(context.key_name) and context.key_name in request.app.state.judges and service.workspace.neo4j is None


async def _graph_request(request: Request, response: Response) -> GraphRequest:
    return GraphRequest(request, response)  # a coroutine, because it is too short for a thread


CurrentRequest = Annotated[GraphRequest, Depends(_graph_request)]
