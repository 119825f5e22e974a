"""The graph and its clusters as cached files, so that opening them takes no time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.errors import NotFound, StoreError
from kg.operations.workspace import Workspace, open_uncached_store
from kg.ports import Store
from kg.records import GraphVersion
from kg.stores.cache.file_cache import FILE_PREFIX, FileCache, Lease

if TYPE_CHECKING:
    from kg.analysis.clusters import ClusterContext
    from kg.findings import Clusters
    from kg.view import GraphView

MIN_CACHED_LINKS = 100_000
"""Links of a graph from which a command caches its view; a smaller graph is read as fast as its files."""


@dataclass(frozen=True, slots=True)
class CachedView:
    """A view whose arrays are files, and the lease that keeps them while it is used."""

    view: GraphView
    state: str
    """Identifies the graph, as `Store.state` says it."""
    lease: Lease


@dataclass(frozen=True, slots=True)
class CachedClusters:
    """Clusters that are read from a file one by one, and the lease that keeps it while they are used."""

    clusters: Clusters
    lease: Lease
    context: ClusterContext
    """Explanations of single clusters start from this."""


@dataclass(frozen=True, slots=True)
class ViewSummary:
    """A cached view in figures."""

    version: GraphVersion
    state: str
    """Identifies the graph, as `Store.state` says it."""
    nodes: int
    links: int
    folder: Path
    clusters: int | None = None
    """How many clusters were found; None where they were not asked for."""


@contextmanager
def open_store(workspace: Workspace) -> Iterator[Store]:
    """The store that answers, as `open_uncached_store` opens it; views come from the workspace's cache, if any.

    Without a cache, a view is read once and kept while the graph stays the same.
    """
    with open_uncached_store(workspace) as store:
        if workspace.view_cache:
            yield store.with_view(lambda columns: _cached_or_read_view(workspace, store, columns))
        else:
            yield store.with_view(_KeptView(store).view)


class _KeptView:
    """Gives the view that was read last, if it is of the same graph and has the columns that are asked for."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._state = ""
        self._view: GraphView | None = None

    def view(self, columns: Sequence[str]) -> GraphView:
        """The view of the present graph with at least these columns."""
        state = self._store.state()
        if self._view is None or self._state != state or not set(columns) <= self._view.columns.keys():
            self._view = None  # not two of them in memory at once
            self._state, self._view = state, self._store.view(columns)
        return self._view


def build_cached_view(workspace: Workspace) -> ViewSummary:
    """Write the view of the present graph to the cache, unless it is there.

    Raises StoreError where the folder is not this user's alone, or cannot be written.
    """
    with open_uncached_store(workspace) as store:
        return _summarize(build_view_of(workspace, store))


def build_view_of(workspace: Workspace, store: Store) -> CachedView:
    """Write the view of the graph that a store answers from to the cache, unless it is there. Raises StoreError."""
    from kg.stores.cache.view_files import COLUMNS, save

    def write(folder: Path) -> Mapping[str, Any]:
        workspace.progress("reading the graph", 0, None)
        return save(store.view(COLUMNS), folder)

    state = store.state()
    view, lease = file_cache(workspace).get_or_make(_view_key(state), _view_loader(workspace), write)
    prune_views(workspace, view.version)
    return CachedView(view, state, lease)


def find_cached_view(workspace: Workspace, state: str) -> ViewSummary:
    """The cached view of a graph, which need not be the present one. Raises NotFound."""
    return _summarize(_require_cached_view(workspace, state))


def build_cached_clusters(workspace: Workspace, state: str) -> CachedClusters:
    """Write the clusters of a graph whose view is cached, found with the default parameters, unless they are there.

    The store may have a newer graph by now. Claims are then not available, and red flags that rest on claims are not
    raised. Raises NotFound where the view is no longer cached.
    """
    with open_uncached_store(workspace) as store:
        return _build_clusters(workspace, state, store if store.state() == state else None)


def build_clusters_of(workspace: Workspace, store: Store) -> CachedClusters:
    """The same for the graph that a store answers from; its view has to be cached."""
    return _build_clusters(workspace, store.state(), store)


def _build_clusters(workspace: Workspace, state: str, store: Store | None) -> CachedClusters:
    found = load_cached_clusters(workspace, state)
    if found is not None:
        return found
    view = _require_cached_view(workspace, state).view
    workspace.progress("finding clusters", 0, None)
    seen = view.with_records(store) if store else view
    (clusters, context), lease = file_cache(workspace).get_or_make(
        _clusters_key(state), _load_clusters, lambda folder: _save_clusters(seen, folder)
    )
    return CachedClusters(clusters, lease, context)


def load_cached_view(workspace: Workspace, state: str) -> CachedView | None:
    """The cached view of a graph; None where there is none. Damaged files are removed."""
    found = file_cache(workspace).get(_view_key(state), _view_loader(workspace))
    return CachedView(found[0], state, found[1]) if found else None


def load_cached_clusters(workspace: Workspace, state: str) -> CachedClusters | None:
    """The cached clusters of a graph; None where there are none. Damaged files are removed."""
    found = file_cache(workspace).get(_clusters_key(state), _load_clusters)
    if found is None:
        return None
    (clusters, context), lease = found
    return CachedClusters(clusters, lease, context)


def warm_view(cached: CachedView) -> None:
    """Read the files that searches use into memory, so that no question waits for the disk."""
    from kg.stores.cache.view_files import warm

    warm(cached.view)


def prune_views(workspace: Workspace, version: GraphVersion) -> int:
    """Remove the files of other versions that nobody reads; returns how many are left because somebody reads them."""
    from kg.stores.cache.view_files import manifest_version

    return file_cache(workspace).prune(lambda manifest: manifest_version(manifest) == version)


def clear_view_cache(workspace: Workspace) -> None:
    """Remove all files of the workspace's graph and of its ledger's, whoever reads them."""
    if workspace.view_cache:
        for place in (workspace, replace(workspace, neo4j=None)):
            file_cache(place).clear()


def file_cache(workspace: Workspace) -> FileCache:
    """The cache of the workspace's graph. Raises StoreError where there is no folder for it."""
    if workspace.view_cache is None:
        raise StoreError("no cache folder is set; set KG_VIEW_CACHE")
    store = workspace.neo4j.target if workspace.neo4j else f"{FILE_PREFIX}{workspace.path.resolve()}"
    return FileCache(workspace.view_cache, store)


def _cached_or_read_view(workspace: Workspace, store: Store, columns: Sequence[str]) -> GraphView:
    """The view from the cache; a large one that is not there is read and cached, unless another process does it."""
    from kg.stores.cache.view_files import COLUMNS, save

    if not set(columns) <= set(COLUMNS):
        return store.view(columns)
    try:
        if cached := load_cached_view(workspace, store.state()):
            return cached.view
        view = store.view(COLUMNS)
        if len(view.link_ids) >= MIN_CACHED_LINKS:
            file_cache(workspace).ensure(_view_key(store.state()), lambda folder: save(view, folder), wait=False)
            prune_views(workspace, view.version)
    except StoreError as error:
        workspace.progress(f"the view is not cached: {error}", 0, None)
        return store.view(columns)
    return view


def _summarize(cached: CachedView) -> ViewSummary:
    view = cached.view
    return ViewSummary(view.version, cached.state, len(view.ids), len(view.link_ids), cached.lease.folder)


def _require_cached_view(workspace: Workspace, state: str) -> CachedView:
    cached = load_cached_view(workspace, state)
    if cached is None:
        raise NotFound(f"no view of the graph {state!r} is cached; `kg view` caches that of the present graph")
    return cached


def _view_loader(workspace: Workspace) -> Callable[[Lease], GraphView]:
    from kg.stores.cache.view_files import load

    return lambda lease: load(lease, workspace.ontology)


def _load_clusters(lease: Lease) -> tuple[Clusters, ClusterContext]:
    from kg.analysis.clusters import ClusterContext
    from kg.stores.cache.cluster_files import load

    clusters, arrays = load(lease)
    return clusters, ClusterContext.from_arrays(arrays)


def _save_clusters(view: GraphView, folder: Path) -> Mapping[str, Any]:
    from kg.analysis.clusters import iterate_clusters
    from kg.stores.cache.cluster_files import save

    found, clusters, context = iterate_clusters(view)
    return save(found, clusters, context().to_arrays(), folder)


def _view_key(state: str) -> str:
    from kg.stores.cache.view_files import FORMAT

    return f"view-{FORMAT}-{state[:40]}"


def _clusters_key(state: str) -> str:
    """The key of the clusters that the default parameters find."""
    from kg.analysis.clusters import ClusterParameters
    from kg.stores.cache.cluster_files import FORMAT

    digest = hashlib.sha256(f"{state} {sorted(ClusterParameters().to_json().items())}".encode()).hexdigest()
    return f"clusters-{FORMAT}-{digest[:40]}"
