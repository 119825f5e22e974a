"""How is the graph kept as files, so that opening it takes no time?"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from kg.errors import NotFound, StoreError
from kg.operations.workspace import Workplace, open_plain
from kg.ports import Contents, LinkQuery, Store
from kg.records import Claim, GraphVersion, Judgement, Link, Node
from kg.stores.cache.file_cache import FILE, Held, Shelf

if TYPE_CHECKING:
    from kg.analysis.clusters.context import Surroundings
    from kg.findings import Clusters
    from kg.view import GraphView

Loaded = TypeVar("Loaded")

LARGE = 100_000
"""Links of a graph whose view is kept when a command has read it; a smaller one is read as fast as its files."""


@dataclass(frozen=True, slots=True)
class KeptView:
    """A view whose arrays are files, and what keeps these from being removed while it is used."""

    view: GraphView
    state: str
    """What tells its graph from every other, as `Store.state` says it."""
    held: Held


@dataclass(frozen=True, slots=True)
class KeptFindings:
    """Clusters whose members are read from a file, and what keeps it from being removed."""

    clusters: Clusters
    held: Held
    around: Surroundings
    """What one of them is explained from."""


@dataclass(frozen=True, slots=True)
class MadeView:
    """What `make_view` made, or found."""

    version: GraphVersion
    state: str
    """What tells the graph from every other, as `Store.state` says it."""
    nodes: int
    links: int
    folder: Path
    clusters: int | None = None
    """How many clusters were found; None where nobody asked for them."""


class ViewedStore:
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
def open_store(place: Workplace) -> Iterator[Store]:
    """The store that answers, as `open_plain` has it; its view comes from files where the workplace keeps them."""
    with open_plain(place) as store:
        yield ViewedStore(store, lambda columns: _view(place, store, columns)) if place.views else store


def make_view(place: Workplace) -> MadeView:
    """Have the files of the present graph made, where they are not there yet.

    Raises StoreError where the folder is none that only this user may look into, or cannot be written.
    """
    shelf = shelf_of(place)
    with open_plain(place) as store:
        kept = kept_view(place, store.state()) or _make(place, shelf, store)
    tidy(place, kept.view.version)
    return _made(kept)


def made_view(place: Workplace, state: str) -> MadeView:
    """What is kept of a graph, which need not be the present one. Raises NotFound."""
    return _made(_known(place, state))


def find_kept_clusters(place: Workplace, state: str) -> KeptFindings:
    """Have the clusters of a graph that has files found, as the usual parameters find them, unless they are there.

    The store may have gone on. It is then not asked for claims, and the warning signs that only claims can tell are not
    seen; the next clusters have them. Raises NotFound where the graph has no files any longer.
    """
    found = kept_clusters(place, state)
    if found is None:
        found = _find(place, shelf_of(place), _known(place, state))
    return found


def kept_view(place: Workplace, state: str) -> KeptView | None:
    """The view of a graph from its files; None where there are none. What is damaged is removed."""
    from kg.stores.cache.view_files import load

    found = _opened(place, _view_name(state), lambda held: load(held, place.ontology))
    return KeptView(found[0], state, found[1]) if found else None


def kept_clusters(place: Workplace, state: str) -> KeptFindings | None:
    """The clusters of a graph from their files; None where there are none."""
    from kg.analysis.clusters.context import Surroundings
    from kg.stores.cache.cluster_files import load

    def opened(held: Held) -> tuple[Clusters, Surroundings]:
        clusters, arrays = load(held)
        return clusters, Surroundings.of_arrays(arrays)

    found = _opened(place, _clusters_name(state), opened)
    if found is None:
        return None
    (clusters, around), held = found
    return KeptFindings(clusters, held, around)


def touch(kept: KeptView) -> None:
    """Have the files that searches read in memory, so that no question waits for the disk."""
    from kg.stores.cache.view_files import touched

    touched(kept.view)


def tidy(place: Workplace, version: GraphVersion) -> int:
    """Remove the files of other versions that nobody reads; returns how many are left because somebody does."""
    from kg.stores.cache.view_files import version_of

    return shelf_of(place).tidy(lambda said: version_of(said) == version)


def forget_views(place: Workplace) -> None:
    """Remove all files of the workplace's graph, whoever reads them."""
    if place.views:
        shelf_of(place).empty()


def keep_view(place: Workplace, state: str, view: GraphView) -> None:
    """Write the files of a view, unless another process is at it."""
    from kg.stores.cache.view_files import save

    shelf_of(place).put(_view_name(state), lambda folder: save(view, folder), wait=False)


def shelf_of(place: Workplace) -> Shelf:
    """Where the files of the workplace's graph are. Raises StoreError where there is no folder for them."""
    if place.views is None:
        raise StoreError("there is no folder for views; set KG_VIEW_CACHE")
    return Shelf(place.views, place.copy.target if place.copy else f"{FILE}{place.path.resolve()}")


def _view(place: Workplace, store: Store, columns: Sequence[str]) -> GraphView:
    """The view from its files; a large one that has none is read, and kept for the next who asks."""
    from kg.stores.cache.view_files import COLUMNS

    if not set(columns) <= set(COLUMNS):
        return store.view(columns)
    try:
        if kept := kept_view(place, store.state()):
            return kept.view.asking(store)
        view = store.view(COLUMNS)
        if len(view.link_ids) >= LARGE:
            keep_view(place, store.state(), view)
            tidy(place, view.version)
    except StoreError as error:
        place.progress(f"the view is not kept: {error}", 0, None)
        return store.view(columns)
    return view


def _made(kept: KeptView) -> MadeView:
    return MadeView(kept.view.version, kept.state, len(kept.view.ids), len(kept.view.link_ids), kept.held.folder)


def _known(place: Workplace, state: str) -> KeptView:
    kept = kept_view(place, state)
    if kept is None:
        raise NotFound(f"no view is kept of the graph {state!r}; kg view makes that of the present one")
    return kept


def _make(place: Workplace, shelf: Shelf, store: Store) -> KeptView:
    from kg.stores.cache.view_files import COLUMNS, save

    place.progress("reading the graph", 0, None)
    state = store.state()
    shelf.put(_view_name(state), lambda folder: save(store.view(COLUMNS), folder))
    kept = kept_view(place, state)
    if kept is None:
        raise StoreError(f"{shelf.folder}: what was written there cannot be read back")
    return kept


def _find(place: Workplace, shelf: Shelf, kept: KeptView) -> KeptFindings:
    place.progress("finding clusters", 0, None)
    with open_plain(place) as store:
        view = kept.view.asking(store) if store.state() == kept.state else kept.view
        shelf.put(_clusters_name(kept.state), lambda folder: _save_clusters(view, folder))
    found = kept_clusters(place, kept.state)
    if found is None:
        raise StoreError(f"{shelf.folder}: what was written there cannot be read back")
    return found


def _save_clusters(view: GraphView, folder: Path) -> Mapping[str, Any]:
    from kg.analysis.clusters.asset_clusters import clusters_in_turn
    from kg.stores.cache.cluster_files import save

    found, each, around = clusters_in_turn(view)
    return save(found, each, around().to_arrays(), folder)


def _opened(place: Workplace, name: str, load: Callable[[Held], Loaded]) -> tuple[Loaded, Held] | None:
    shelf = shelf_of(place)
    held = shelf.find(name)
    if held is None:
        return None
    try:
        return load(held), held
    except (OSError, ValueError, KeyError, TypeError):
        shelf.discard(name)  # damaged: it is made anew
        return None


def _view_name(state: str) -> str:
    from kg.stores.cache.view_files import FORMAT

    return f"view-{FORMAT}-{state[:40]}"


def _clusters_name(state: str) -> str:
    """Of the clusters as the usual parameters find them."""
    from kg.analysis.clusters.parameters import ClusterParameters
    from kg.stores.cache.cluster_files import FORMAT

    asked = hashlib.sha256(f"{state} {sorted(ClusterParameters().to_json().items())}".encode()).hexdigest()
    return f"clusters-{FORMAT}-{asked[:40]}"
