"""How is the graph kept as files, so that opening it takes no time?"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from kg.errors import NotFound, StoreError
from kg.operations.workspace import Workspace, open_uncached_store
from kg.ports import Contents, LinkQuery, Store
from kg.records import Claim, GraphVersion, Judgement, Link, Node
from kg.stores.cache.file_cache import FILE_PREFIX, FileCache, Lease

if TYPE_CHECKING:
    from kg.analysis.clusters import ClusterContext
    from kg.findings import Clusters
    from kg.view import GraphView

Loaded = TypeVar("Loaded")

MIN_CACHED_LINKS = 100_000
"""Links of a graph whose view is kept when a command has read it; a smaller one is read as fast as its files."""


@dataclass(frozen=True, slots=True)
class CachedView:
    """A view whose arrays are files, and what keeps these from being removed while it is used."""

    view: GraphView
    state: str
    """What tells its graph from every other, as `Store.state` says it."""
    lease: Lease


@dataclass(frozen=True, slots=True)
class CachedClusters:
    """Clusters whose members are read from a file, and what keeps it from being removed."""

    clusters: Clusters
    lease: Lease
    context: ClusterContext
    """What one of them is explained from."""


@dataclass(frozen=True, slots=True)
class ViewSummary:
    """What `make_view` made, or found."""

    version: GraphVersion
    state: str
    """What tells the graph from every other, as `Store.state` says it."""
    nodes: int
    links: int
    folder: Path
    clusters: int | None = None
    """How many clusters were found; None where nobody asked for them."""


class StoreWithView:
    """A store whose view comes from elsewhere; `store` is the one that answers everything else."""

    def __init__(self, store: Store, view: Callable[[Sequence[str]], GraphView]) -> None:
        self.store, self._view = store, view

    def version(self) -> GraphVersion:
        """Which ledger, and how often its projection has changed."""
        return self.store.version()

    def state(self) -> str:
        """What tells this graph, as this scope sees it, from every other."""
        return self.store.state()

    def contents(self) -> Contents:
        """Counts, sources and version."""
        return self.store.contents()

    def search(self, text: str, kinds: Sequence[str] = (), limit: int = 20, jurisdiction: str = "") -> list[Node]:
        """Nodes by name or identifier."""
        return self.store.search(text, kinds, limit, jurisdiction)

    def resolve(self, name: str) -> str:
        """The canonical id for a name."""
        return self.store.resolve(name)

    def nodes(self, ids: Iterable[str]) -> dict[str, Node]:
        """The nodes with these canonical ids."""
        return self.store.nodes(ids)

    def links(self, query: LinkQuery) -> list[Link]:
        """The links of one node."""
        return self.store.links(query)

    def links_by_id(self, ids: Iterable[str]) -> dict[str, Link]:
        """The links with these ids."""
        return self.store.links_by_id(ids)

    def claims(self, ids: Sequence[str]) -> dict[str, list[Claim]]:
        """The records behind each node or link."""
        return self.store.claims(ids)

    def judgements(self, ids: Sequence[str]) -> dict[str, list[Judgement]]:
        """The standing judgements by which nodes are one thing."""
        return self.store.judgements(ids)

    def view(self, columns: Sequence[str] = ()) -> GraphView:
        """The graph as arrays, with the columns asked for at least."""
        return self._view(columns)


@contextmanager
def open_store(workspace: Workspace) -> Iterator[Store]:
    """The store that answers, as `open_plain` has it; its view comes from files where the workplace keeps them."""
    with open_uncached_store(workspace) as store:
        yield (
            StoreWithView(store, lambda columns: _cached_or_read_view(workspace, store, columns))
            if workspace.view_cache
            else store
        )


def build_cached_view(workspace: Workspace) -> ViewSummary:
    """Have the files of the present graph made, where they are not there yet.

    Raises StoreError where the folder is none that only this user may look into, or cannot be written.
    """
    shelf = file_cache(workspace)
    with open_uncached_store(workspace) as store:
        kept = load_cached_view(workspace, store.state()) or _build_view(workspace, shelf, store)
    prune_views(workspace, kept.view.version)
    return _summarize(kept)


def find_cached_view(workspace: Workspace, state: str) -> ViewSummary:
    """What is kept of a graph, which need not be the present one. Raises NotFound."""
    return _summarize(_require_cached_view(workspace, state))


def build_cached_clusters(workspace: Workspace, state: str) -> CachedClusters:
    """Have the clusters of a graph that has files found, as the usual parameters find them, unless they are there.

    The store may have gone on. It is then not asked for claims, and the warning signs that only claims can tell are not
    seen; the next clusters have them. Raises NotFound where the graph has no files any longer.
    """
    found = load_cached_clusters(workspace, state)
    if found is None:
        found = _build_clusters(workspace, file_cache(workspace), _require_cached_view(workspace, state))
    return found


def load_cached_view(workspace: Workspace, state: str) -> CachedView | None:
    """The view of a graph from its files; None where there are none. What is damaged is removed."""
    from kg.stores.cache.view_files import load

    found = _load(workspace, _view_key(state), lambda held: load(held, workspace.ontology))
    return CachedView(found[0], state, found[1]) if found else None


def load_cached_clusters(workspace: Workspace, state: str) -> CachedClusters | None:
    """The clusters of a graph from their files; None where there are none."""
    from kg.analysis.clusters import ClusterContext
    from kg.stores.cache.cluster_files import load

    def opened(held: Lease) -> tuple[Clusters, ClusterContext]:
        clusters, arrays = load(held)
        return clusters, ClusterContext.from_arrays(arrays)

    found = _load(workspace, _clusters_key(state), opened)
    if found is None:
        return None
    (clusters, around), held = found
    return CachedClusters(clusters, held, around)


def warm_view(cached: CachedView) -> None:
    """Have the files that searches read in memory, so that no question waits for the disk."""
    from kg.stores.cache.view_files import warm

    warm(cached.view)


def prune_views(workspace: Workspace, version: GraphVersion) -> int:
    """Remove the files of other versions that nobody reads; returns how many are left because somebody does."""
    from kg.stores.cache.view_files import manifest_version

    return file_cache(workspace).prune(lambda said: manifest_version(said) == version)


def clear_view_cache(workspace: Workspace) -> None:
    """Remove all files of the workplace's graph, whoever reads them."""
    if workspace.view_cache:
        file_cache(workspace).clear()


def save_view(workspace: Workspace, state: str, view: GraphView) -> None:
    """Write the files of a view, unless another process is at it."""
    from kg.stores.cache.view_files import save

    file_cache(workspace).ensure(_view_key(state), lambda folder: save(view, folder), wait=False)


def file_cache(workspace: Workspace) -> FileCache:
    """Where the files of the workplace's graph are. Raises StoreError where there is no folder for them."""
    if workspace.view_cache is None:
        raise StoreError("there is no folder for views; set KG_VIEW_CACHE")
    return FileCache(
        workspace.view_cache, workspace.neo4j.target if workspace.neo4j else f"{FILE_PREFIX}{workspace.path.resolve()}"
    )


def _cached_or_read_view(workspace: Workspace, store: Store, columns: Sequence[str]) -> GraphView:
    """The view from its files; a large one that has none is read, and kept for the next who asks."""
    from kg.stores.cache.view_files import COLUMNS

    if not set(columns) <= set(COLUMNS):
        return store.view(columns)
    try:
        if kept := load_cached_view(workspace, store.state()):
            return kept.view.with_records(store)
        view = store.view(COLUMNS)
        if len(view.link_ids) >= MIN_CACHED_LINKS:
            save_view(workspace, store.state(), view)
            prune_views(workspace, view.version)
    except StoreError as error:
        workspace.progress(f"the view is not kept: {error}", 0, None)
        return store.view(columns)
    return view


def _summarize(cached: CachedView) -> ViewSummary:
    return ViewSummary(
        cached.view.version, cached.state, len(cached.view.ids), len(cached.view.link_ids), cached.lease.folder
    )


def _require_cached_view(workspace: Workspace, state: str) -> CachedView:
    kept = load_cached_view(workspace, state)
    if kept is None:
        raise NotFound(f"no view is kept of the graph {state!r}; kg view makes that of the present one")
    return kept


def _build_view(workspace: Workspace, cache: FileCache, store: Store) -> CachedView:
    from kg.stores.cache.view_files import COLUMNS, save

    workspace.progress("reading the graph", 0, None)
    state = store.state()
    cache.ensure(_view_key(state), lambda folder: save(store.view(COLUMNS), folder))
    kept = load_cached_view(workspace, state)
    if kept is None:
        raise StoreError(f"{cache.folder}: what was written there cannot be read back")
    return kept


def _build_clusters(workspace: Workspace, cache: FileCache, cached: CachedView) -> CachedClusters:
    workspace.progress("finding clusters", 0, None)
    with open_uncached_store(workspace) as store:
        view = cached.view.with_records(store) if store.state() == cached.state else cached.view
        cache.ensure(_clusters_key(cached.state), lambda folder: _save_clusters(view, folder))
    found = load_cached_clusters(workspace, cached.state)
    if found is None:
        raise StoreError(f"{cache.folder}: what was written there cannot be read back")
    return found


def _save_clusters(view: GraphView, folder: Path) -> Mapping[str, Any]:
    from kg.analysis.clusters import iterate_clusters
    from kg.stores.cache.cluster_files import save

    found, each, around = iterate_clusters(view)
    return save(found, each, around().to_arrays(), folder)


def _load(workspace: Workspace, name: str, load: Callable[[Lease], Loaded]) -> tuple[Loaded, Lease] | None:
    shelf = file_cache(workspace)
    held = shelf.find(name)
    if held is None:
        return None
    try:
        return load(held), held
    except (OSError, ValueError, KeyError, TypeError):
        shelf.discard(name)  # damaged: it is made anew
        return None


def _view_key(state: str) -> str:
    from kg.stores.cache.view_files import FORMAT

    return f"view-{FORMAT}-{state[:40]}"


def _clusters_key(state: str) -> str:
    """Of the clusters as the usual parameters find them."""
    from kg.analysis.clusters import ClusterParameters
    from kg.stores.cache.cluster_files import FORMAT

    asked = hashlib.sha256(f"{state} {sorted(ClusterParameters().to_json().items())}".encode()).hexdigest()
    return f"clusters-{FORMAT}-{asked[:40]}"
