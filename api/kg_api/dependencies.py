"""Which store answers a request, of which version, and was the answer sent before?"""

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

from kg.errors import StoreBusy
from kg.operations import CachedClusters, Workspace, open_uncached_store
from kg.ports import Store
from kg_api.snapshots.snapshot_manager import GraphFiles, SnapshotManager
from kg_api.version import VERSION


class NotModified(Exception):
    """Who asks has the answer already."""

    def __init__(self, etag: str) -> None:
        self.etag = etag
        super().__init__(etag)


class OpenGraph:
    """The graph that answers one request: its store, and the view and clusters that the service keeps of it."""

    def __init__(self, store: Store, files: GraphFiles | None, state: str = "") -> None:
        self._files, self._version = files, store.version()
        self.state = state or store.state()
        """What tells the graph from every other; that of a snapshot is known."""
        self.store = store.with_view(lambda _: self._current_files().view.view)
        """Its view has all columns that any question asks for. Opening it raises StoreBusy while it is being made."""

    def clusters(self) -> CachedClusters:
        """The clusters of this version, found with the default parameters. Raises StoreBusy while they are computed."""
        files = self._current_files()
        if files.clusters is None:
            raise StoreBusy(f"the clusters of graph {self._version} are being found; ask again")
        return files.clusters

    def _current_files(self) -> GraphFiles:
        if self._files is None or self._files.view.view.version != self._version:
            raise StoreBusy(f"the arrays of graph {self._version} are being made; ask again")
        return self._files


class Service:
    """The graph, as the keeper has it: every answer is of one moment, and none waits for the next graph."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.snapshots = SnapshotManager(workspace)

    @contextmanager
    def open(self, *, clusters: bool = False) -> Iterator[OpenGraph]:
        """The store that answers; with `clusters`, of the newest graph of which the clusters are known.

        Until there is a graph that is kept, what needs no arrays is answered from the store as it is. Raises StoreBusy
        where a Neo4j, which has no moments to hold on to, was brought to another version meanwhile.
        """
        with self.snapshots.using(clusters=clusters) as kept:
            state = ""
            if kept and kept.snapshot:
                opened, state = kept.snapshot.store(), kept.snapshot.state
            elif self.snapshots.live_store:
                opened = self.snapshots.live_store.store()
            else:
                opened = open_uncached_store(self.workspace)
            with opened as store:
                yield OpenGraph(store, kept.graph if kept else None, state)


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """While the service runs, it follows the store."""
    service = app.state.service
    assert isinstance(service, Service)
    await run_in_threadpool(service.snapshots.start)
    try:
        yield
    finally:
        await run_in_threadpool(service.snapshots.stop)


class GraphRequest:
    """One request, and the service that answers it."""

    def __init__(self, request: Request, response: Response) -> None:
        service = request.app.state.service
        assert isinstance(service, Service)
        _check_parameters(request)
        self.service, self._request, self._response = service, request, response

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The store; raises NotModified where the request names the version that the store answers from."""
        with self.graph() as graph:
            yield graph.store

    @contextmanager
    def graph(self, *, clusters: bool = False) -> Iterator[OpenGraph]:
        """The same with the clusters; with `clusters`, the newest graph of which they are known."""
        with self.service.open(clusters=clusters) as graph:
            etag = self._etag(graph.state)
            self._response.headers["ETag"] = etag
            if self._request.method == "GET" and _matches_etag(self._request.headers.get("If-None-Match", ""), etag):
                raise NotModified(etag)
            yield graph

    def headers(self) -> list[tuple[bytes, bytes]]:
        """What the answer's head has besides what every answer has."""
        return self._response.headers.raw

    def deadline(self, seconds: float) -> Callable[[], bool]:
        """Says whether so many seconds have passed since now."""
        end = time.monotonic() + seconds
        return lambda: time.monotonic() > end

    def forbid_caching(self) -> None:
        """The answer depends on more than the graph's version."""
        del self._response.headers["ETag"]

    def _etag(self, state: str) -> str:
        """Of the graph; weak, because the same answer may be sent compressed or not."""
        return f'W/"{hashlib.sha256(f"{state} {VERSION}".encode()).hexdigest()[:32]}"'


def _check_parameters(request: Request) -> None:
    """Raises RequestValidationError for parameters that the address does not have, and for one that is given twice and
    counts once: an answer must not leave out a filter.
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


async def _graph_request(request: Request, response: Response) -> GraphRequest:
    return GraphRequest(request, response)  # at once: nothing in it is worth a thread


Ask = Annotated[GraphRequest, Depends(_graph_request)]
