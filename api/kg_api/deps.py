"""Which store answers a request, of which version, and was the answer sent before?"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated

from fastapi import Depends, Request, Response
from fastapi.routing import APIRoute

from kg.analysis.cluster_parameters import ClusterParameters
from kg.errors import InputError, StoreBusy
from kg.findings import Clusters
from kg.operations import Workplace, find_clusters, open_store
from kg.ports import Contents, LinkQuery, Store
from kg.records import Claim, GraphVersion, Judgement, Link, Node
from kg.view import LINK_COLUMNS, GraphView
from kg_api.software import VERSION

COLUMNS = ("sought", *LINK_COLUMNS)
"""Of the one view that every question is asked on."""


class NotModified(Exception):
    """Who asks has the answer already."""

    def __init__(self, etag: str) -> None:
        self.etag = etag
        super().__init__(etag)


class Kept:
    """What is kept between requests: the view and the clusters of one graph version."""

    def __init__(self) -> None:
        self._reading, self._finding = threading.Lock(), threading.Lock()
        self._view: GraphView | None = None
        self._clusters: Clusters | None = None

    def view(self, store: Store) -> GraphView:
        """The view of the version that the store answers from, asking that store for claims."""
        with self._reading:
            if self._view is None or self._view.version != store.version():
                self._view = None  # not two at a time: that of a large graph takes a good part of the memory
                view = store.view(COLUMNS)
                _ = view.outgoing, view.incoming, view.events  # worked out once, for all that ask
                self._view = view.asking(lambda _: {}, lambda _: {})
            return self._view.asking(store.claims, store.judgements)

    def clusters(self, store: Store) -> Clusters:
        """The clusters of the version that the store answers from, found with the usual parameters."""
        with self._finding:
            if self._clusters is None or self._clusters.version != store.version():
                self._clusters = find_clusters(store, ClusterParameters())
            return self._clusters


class KeptStore:
    """A store whose view is the kept one."""

    def __init__(self, store: Store, kept: Kept) -> None:
        self._store, self._kept = store, kept

    def version(self) -> GraphVersion:
        """Which ledger, and how often its projection has changed."""
        return self._store.version()

    def contents(self) -> Contents:
        """Counts, sources and version."""
        return self._store.contents()

    def search(self, text: str, kinds: Sequence[str] = (), limit: int = 20, jurisdiction: str = "") -> list[Node]:
        """Nodes by name or identifier."""
        return self._store.search(text, kinds, limit, jurisdiction)

    def resolve(self, name: str) -> str:
        """The canonical id for a name."""
        return self._store.resolve(name)

    def nodes(self, ids: Iterable[str]) -> dict[str, Node]:
        """The nodes with these canonical ids."""
        return self._store.nodes(ids)

    def links(self, query: LinkQuery) -> list[Link]:
        """The links of one node."""
        return self._store.links(query)

    def links_by_id(self, ids: Iterable[str]) -> dict[str, Link]:
        """The links with these ids."""
        return self._store.links_by_id(ids)

    def claims(self, ids: Sequence[str]) -> dict[str, list[Claim]]:
        """The records behind each node or link."""
        return self._store.claims(ids)

    def judgements(self, ids: Sequence[str]) -> dict[str, list[Judgement]]:
        """The standing judgements by which nodes are one thing."""
        return self._store.judgements(ids)

    def view(self, columns: Sequence[str] = ()) -> GraphView:
        """The kept view, which has all columns that any question asks for."""
        return self._kept.view(self._store)

    def clusters(self) -> Clusters:
        """The kept clusters."""
        return self._kept.clusters(self)


class Service:
    """The graph, opened anew for each request: every answer is of one moment."""

    def __init__(self, place: Workplace) -> None:
        self.place = place
        self._kept = Kept()

    @contextmanager
    def open(self) -> Iterator[KeptStore]:
        """The store that answers, opened and closed by the thread that asks.

        Raises StoreBusy where a Neo4j, which has no moments to hold on to, was brought to another version meanwhile.
        """
        with open_store(self.place) as store:
            yield KeptStore(store, self._kept)
            if self.place.copy:
                with open_store(self.place) as again:
                    if again.version() != store.version():
                        raise StoreBusy(f"the graph changed from {store.version()} meanwhile; ask again")


class Asked:
    """One request, and the service that answers it."""

    def __init__(self, request: Request, response: Response) -> None:
        service = request.app.state.service
        assert isinstance(service, Service)
        _expect_known(request)
        self.service, self._request, self._response = service, request, response

    @contextmanager
    def store(self) -> Iterator[KeptStore]:
        """The store; raises NotModified where the request names the version that the store answers from."""
        with self.service.open() as store:
            etag = self._etag(store.version())
            self._response.headers["ETag"] = etag
            if self._request.method == "GET" and _named(self._request.headers.get("If-None-Match", ""), etag):
                raise NotModified(etag)
            yield store

    def not_to_be_kept(self) -> None:
        """The answer depends on more than the graph's version."""
        del self._response.headers["ETag"]

    def _etag(self, version: GraphVersion) -> str:
        """Of the version; weak, because the same answer may be sent compressed or not."""
        place = self.service.place
        about = f"{version} {VERSION} {place.ontology.digest} {place.protected}"
        return f'W/"{hashlib.sha256(about.encode()).hexdigest()[:32]}"'


def _expect_known(request: Request) -> None:
    """Raises InputError for a parameter that the address does not have: an answer must not leave out a filter."""
    route = request.scope["route"]
    assert isinstance(route, APIRoute)
    known = sorted(parameter.alias for parameter in route.dependant.query_params)
    if unknown := sorted(set(request.query_params) - set(known)):
        expected = f"one of {', '.join(known)}" if known else "no parameters"
        raise InputError(f"{unknown[0]}: expected {expected}")


def _named(header: str, etag: str) -> bool:
    named = {one.strip().removeprefix("W/") for one in header.split(",")}
    return "*" in named or etag.removeprefix("W/") in named


Ask = Annotated[Asked, Depends(Asked)]
