"""How does the service stay at one graph while it is asked, and get to the next?"""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from kg.errors import KgError, StoreBusy, StoreError
from kg.operations import (
    CachedClusters,
    CachedView,
    LiveStore,
    Snapshot,
    StoreState,
    StoreWatcher,
    Workspace,
    checkpoint,
    load_cached_clusters,
    load_cached_view,
    prune_views,
    warm_view,
)
from kg.records import GraphVersion
from kg_api.snapshots.refresh import Backoff, RefreshError, run_kg

POLL_SECONDS = 0.5
"""Seconds between two looks at the store."""

MAX_ATTEMPTS = 3
"""How often a view is made anew at once where the graph has changed before the other process had opened it."""

START_SECONDS = 3.0
"""Seconds that a start waits for the graph, so that who starts the service on a small one can ask at once."""


@dataclass
class GraphFiles:
    """The files of one graph; clusters are added when they are found."""

    view: CachedView
    clusters: CachedClusters | None = None


class SharedSnapshot:
    """A graph, and where it is asked for what its arrays do not say, until nobody uses it any longer.

    Of the SQLite file that is a moment of it. A Neo4j has none: `moment` is None.
    """

    def __init__(self, graph: GraphFiles, moment: Snapshot | None) -> None:
        self.graph, self.snapshot = graph, moment
        self._users, self._lock = 1, threading.Lock()

    def acquire(self) -> SharedSnapshot:
        """One more uses it."""
        with self._lock:
            self._users += 1
        return self

    def release(self) -> None:
        """One fewer uses it; the last closes it."""
        with self._lock:
            self._users -= 1
            last = not self._users
        if last and self.snapshot:
            self.snapshot.close()

    @property
    def is_closed(self) -> bool:
        """Whether everybody has left."""
        return not self._users


@dataclass(frozen=True, slots=True)
class SnapshotStatus:
    """How the service is."""

    view: GraphVersion | None
    """The graph that it answers from."""
    store: GraphVersion | None
    """The graph that the store had when it was last looked at."""
    clusters: GraphVersion | None
    """The graph whose clusters it answers with."""
    view_error: RefreshError | None
    clusters_error: RefreshError | None


class SnapshotManager:
    """Keeps the graph of one version for all who ask, and follows the store in the background.

    One thread looks at the store and has the view made by another process when the graph has changed; a second has the
    clusters made. Only when the new files are whole and a moment of the very graph they were made from is open do
    requests get them, and those that are being answered stay where they are.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace, self._lock, self._stop = workspace, threading.Lock(), threading.Event()
        self._viewing, self._clustering = Backoff(), Backoff()
        self._tried, self._fresh = threading.Event(), threading.Event()
        self._current: SharedSnapshot | None = None
        self._clustered: SharedSnapshot | None = None
        self._seen: StoreState | None = None
        self._commits, self._rests, self._untidy = -1, False, True
        self._own: Path | None = None
        self._threads: list[threading.Thread] = []
        self.live_store: LiveStore | None = None
        """The Neo4j, where one answers."""

    def start(self) -> None:
        """Begin to follow the store; returns when there is a graph, or one could not be had, or after GRACE."""
        if self._workspace.view_cache is None:
            self._own = Path(tempfile.mkdtemp(prefix="kg-views-"))
            self._workspace = replace(self._workspace, view_cache=self._own)
        if self._workspace.neo4j:
            self.live_store = LiveStore(self._workspace)
        for work in (self._follow, self._find):
            self._threads.append(threading.Thread(target=work, name=f"kg{work.__name__}", daemon=True))
        for thread in self._threads:
            thread.start()
        self._tried.wait(START_SECONDS)

    def stop(self) -> None:
        """End what runs in the background, and let go of everything."""
        self._stop.set()
        self._fresh.set()
        for thread in self._threads:
            thread.join()
        self._swap(None)
        with self._lock:
            clustered, self._clustered = self._clustered, None
        if clustered:
            clustered.release()
        if self.live_store:
            self.live_store.close()
        if self._own:
            shutil.rmtree(self._own, ignore_errors=True)

    @contextmanager
    def using(self, *, clusters: bool = False) -> Iterator[SharedSnapshot | None]:
        """The graph that is kept, which stays while the block uses it; None while there is none.

        With `clusters`, the graph whose clusters are known, as long as those of the newest are not.
        """
        with self._lock:
            kept = self._current
            if clusters and self._clustered and not (kept and kept.graph.clusters):
                kept = self._clustered
            if kept:
                kept.acquire()
        try:
            yield kept
        finally:
            if kept:
                kept.release()

    def status(self) -> SnapshotStatus:
        """How the service is."""
        with self._lock:
            current, clustered, seen = self._current, self._clustered, self._seen
        with_clusters = current if current and current.graph.clusters else clustered
        return SnapshotStatus(
            view=current.graph.view.view.version if current else None,
            store=seen.version if seen else None,
            clusters=with_clusters.graph.view.view.version if with_clusters else None,
            view_error=self._viewing.error,
            clusters_error=self._clustering.error,
        )

    def _follow(self) -> None:
        watch = self.live_store or StoreWatcher(self._workspace)
        while not self._stop.is_set():
            if self._viewing.is_due():
                try:
                    self._step(watch.read_state())
                    self._viewing.reset()
                except (KgError, OSError) as error:
                    self._viewing.record_failure(error)
                self._tried.set()
            self._stop.wait(POLL_SECONDS)
        if isinstance(watch, StoreWatcher):
            watch.close()

    def _step(self, seen: StoreState) -> None:
        """Get to the graph that was seen, if it is not the one that is kept."""
        with self._lock:
            self._seen, current = seen, self._current
        if current is None or seen.state != current.graph.view.state:
            self._swap(self._made())
            self._rests, self._untidy = False, True
        elif current.snapshot and not (self._rests and seen.commits == self._commits):
            settled = checkpoint(self._workspace)
            self._rests = settled.is_complete
            if settled.is_complete or settled.is_busy or seen.commits != self._commits:
                self._swap(SharedSnapshot(current.graph, self._moment(current.graph.view.state)))
        self._commits = seen.commits
        if self._untidy:
            self._untidy = prune_views(self._workspace, seen.version) > 0

    def _made(self) -> SharedSnapshot:
        """The graph that the store has now, its view made by another process where there is none yet."""
        for _ in range(MAX_ATTEMPTS):
            moment = None if self.live_store else Snapshot(self._workspace)
            try:
                state = self._state(moment)
                view = load_cached_view(self._workspace, state)
                if view is None:
                    run_kg(self._workspace, ["view"], self._stop)
                    view = load_cached_view(self._workspace, state)
                if view:
                    warm_view(view)
                    kept, moment = SharedSnapshot(GraphFiles(view), moment), None
                    return kept
            finally:
                if moment:
                    moment.close()
        raise StoreBusy("the graph changes faster than its view can be made")

    def _state(self, moment: Snapshot | None) -> str:
        if moment:
            return moment.state
        assert self.live_store
        with self.live_store.store() as store:
            return store.state()

    def _moment(self, state: str) -> Snapshot:
        moment = Snapshot(self._workspace)
        if moment.state != state:
            moment.close()
            raise StoreBusy("the graph changed while it was opened anew")
        return moment

    def _swap(self, new: SharedSnapshot | None) -> None:
        """Let requests have another graph; that whose clusters are known is kept until those of the new one are."""
        with self._lock:
            old, self._current = self._current, new
            if old and old.snapshot and old.graph.clusters and new and new.graph is not old.graph:
                old, self._clustered = self._clustered, old
        if old:
            old.release()
        self._fresh.set()

    def _find(self) -> None:
        while not self._stop.is_set():
            self._fresh.clear()
            with self.using() as kept:
                if kept and not kept.graph.clusters and self._clustering.is_due():
                    try:
                        self._attach(kept, self._found(kept.graph.view.state))
                        self._clustering.reset()
                    except (KgError, OSError) as error:
                        self._clustering.record_failure(error)
            self._fresh.wait(POLL_SECONDS if self._clustering.error else None)

    def _found(self, state: str) -> CachedClusters:
        found = load_cached_clusters(self._workspace, state)
        if found is None:
            run_kg(self._workspace, ["view", "--clusters", "--state", state], self._stop)
            found = load_cached_clusters(self._workspace, state)
        if found is None:
            raise StoreError("the clusters that were found cannot be read back")
        return found

    def _attach(self, kept: SharedSnapshot, found: CachedClusters) -> None:
        with self._lock:
            kept.graph.clusters = found
            old, self._clustered = self._clustered, None
            if kept.snapshot and self._current and self._current.graph is not kept.graph:
                self._clustered = kept.acquire()
        if old:
            old.release()
