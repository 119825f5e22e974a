"""Which graph does the service answer from, and how does it get to the next one?"""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from kg.errors import StoreBusy, StoreError
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
from kg_api.snapshots.refresh import Job, RefreshError, run_kg

MAX_ATTEMPTS = 3
"""How often a view is rebuilt at once if the graph changed before the other process had opened it."""

START_SECONDS = 3.0
"""Seconds that a start waits for the graph, so that a service on a small one answers at once."""


@dataclass
class GraphFiles:
    """The cached files of one graph; clusters are added when they are known."""

    view: CachedView
    clusters: CachedClusters | None = None


class SharedSnapshot:
    """The files of a graph and the snapshot of the store that goes with them, closed when the last user releases it.

    A Neo4j has no snapshots: `snapshot` is then None.
    """

    def __init__(self, graph: GraphFiles, snapshot: Snapshot | None) -> None:
        self.graph, self.snapshot = graph, snapshot
        self._users, self._lock = 1, threading.Lock()

    def acquire(self) -> SharedSnapshot:
        """Count one more user."""
        with self._lock:
            self._users += 1
        return self

    def release(self) -> None:
        """Count one user fewer; the last one closes the snapshot."""
        with self._lock:
            self._users -= 1
            is_last = not self._users
        if is_last and self.snapshot:
            self.snapshot.close()


@dataclass(frozen=True, slots=True)
class SnapshotStatus:
    """Which graph the service answers from, and how its renewal goes."""

    view: GraphVersion | None
    """The graph that answers."""
    store: GraphVersion | None
    """The graph of the store when it was last read."""
    clusters: GraphVersion | None
    """The graph whose clusters answer."""
    view_error: RefreshError | None
    clusters_error: RefreshError | None


class Position(NamedTuple):
    """What the current snapshot was opened from."""

    state: str
    """Identifies the graph, as `Store.state` says it."""
    commits: int
    is_checkpointed: bool
    """Whether the write-ahead log was in the file as a whole by then, so that the next load can begin it anew."""


class Action(Enum):
    """What to do with the current snapshot."""

    KEEP = "keep"
    REOPEN = "reopen"
    """The graph is the same, but a snapshot that is opened after a checkpoint lets the write-ahead log be reused."""
    REBUILD = "rebuild"
    """There is another graph."""


def decide(seen: StoreState, current: Position | None) -> Action:
    """What to do, given the state of the store and that of the current snapshot."""
    if current is None or seen.state != current.state:
        return Action.REBUILD
    if current.is_checkpointed and seen.commits == current.commits:
        return Action.KEEP
    return Action.REOPEN


class SnapshotManager:
    """Holds one snapshot for all requests, and replaces it in the background when the store has changed.

    One job reads the state of the store and has another process build the view of a new graph; a second has the
    clusters computed. Requests get the new graph only when its files are complete and a snapshot of the same graph is
    open; those under way finish on the snapshot that they began with.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace, self._lock, self._stop = workspace, threading.Lock(), threading.Event()
        self._view_job = Job("kg-view", self._refresh, self._stop)
        self._clusters_job = Job("kg-clusters", self._refresh_clusters, self._stop)
        self._watcher: StoreWatcher | None = None
        self._current: SharedSnapshot | None = None
        self._clustered: SharedSnapshot | None = None
        self._seen: StoreState | None = None
        self._position: Position | None = None
        self._has_old_files = True
        self._own_cache: Path | None = None
        self.live_store: LiveStore | None = None
        """The Neo4j, where one answers."""

    def start(self) -> None:
        """Follow the store; returns when there is a graph, or an attempt failed, or after START_SECONDS."""
        if self._workspace.view_cache is None:
            self._own_cache = Path(tempfile.mkdtemp(prefix="kg-views-"))
            self._workspace = replace(self._workspace, view_cache=self._own_cache)
        if self._workspace.neo4j:
            self.live_store = LiveStore(self._workspace)
        else:
            self._watcher = StoreWatcher(self._workspace)
        self._view_job.start()
        self._clusters_job.start()
        self._view_job.attempted.wait(START_SECONDS)

    def stop(self) -> None:
        """End the jobs and close everything."""
        self._stop.set()
        self._view_job.join()
        self._clusters_job.join()
        for shared in (self._current, self._clustered):
            if shared:
                shared.release()
        for opened in (self._watcher, self.live_store):
            if opened:
                opened.close()
        if self._own_cache:
            shutil.rmtree(self._own_cache, ignore_errors=True)

    @contextmanager
    def using(self, *, clusters: bool = False) -> Iterator[SharedSnapshot | None]:
        """The current snapshot, which stays open during the block; None while there is none.

        With `clusters`, the newest snapshot whose clusters are known, if there is one.
        """
        with self._lock:
            shared = self._newest_clustered() if clusters else None
            shared = shared or self._current
            if shared:
                shared.acquire()
        try:
            yield shared
        finally:
            if shared:
                shared.release()

    def status(self) -> SnapshotStatus:
        """Which graphs answer, and why a renewal fails."""
        with self._lock:
            current, clustered, seen = self._current, self._newest_clustered(), self._seen
        return SnapshotStatus(
            view=current.graph.view.view.version if current else None,
            store=seen.version if seen else None,
            clusters=clustered.graph.view.view.version if clustered else None,
            view_error=self._view_job.error,
            clusters_error=self._clusters_job.error,
        )

    def _newest_clustered(self) -> SharedSnapshot | None:
        return self._current if self._current and self._current.graph.clusters else self._clustered

    def _refresh(self) -> None:
        """Bring the current snapshot to the present state of the store."""
        store = self.live_store or self._watcher
        assert store
        seen = store.read_state()
        with self._lock:
            self._seen, current = seen, self._current
        match decide(seen, self._position):
            case Action.REBUILD:
                new = self._build()
                self._replace(new)
                self._position = Position(new.graph.view.state, seen.commits, is_checkpointed=new.snapshot is None)
                self._has_old_files = True
            case Action.REOPEN:
                assert current and self._position
                done = checkpoint(self._workspace)
                if done.is_complete or done.is_busy or seen.commits != self._position.commits:
                    self._replace(SharedSnapshot(current.graph, self._reopen(seen.state)))
                self._position = Position(seen.state, seen.commits, done.is_complete)
        if self._has_old_files:
            self._has_old_files = prune_views(self._workspace, seen.version) > 0

    def _build(self) -> SharedSnapshot:
        """A snapshot of the present graph, whose view another process builds unless it is cached."""
        for _ in range(MAX_ATTEMPTS):
            snapshot = None if self.live_store else Snapshot(self._workspace)
            try:
                state = snapshot.state if snapshot else self._live_state()
                view = load_cached_view(self._workspace, state)
                if view is None:
                    run_kg(self._workspace, ["view"], self._stop)
                    view = load_cached_view(self._workspace, state)
                if view:
                    warm_view(view)
                    built, snapshot = SharedSnapshot(GraphFiles(view), snapshot), None
                    return built
            finally:
                if snapshot:
                    snapshot.close()
        raise StoreBusy("the graph changes faster than its view can be built")

    def _live_state(self) -> str:
        assert self.live_store
        return self.live_store.read_state().state

    def _reopen(self, state: str) -> Snapshot:
        snapshot = Snapshot(self._workspace)
        if snapshot.state != state:
            snapshot.close()
            raise StoreBusy("the graph changed while it was reopened")
        return snapshot

    def _replace(self, new: SharedSnapshot) -> None:
        """Let requests use another snapshot; the one whose clusters are known stays until those of the new one are."""
        with self._lock:
            old, self._current = self._current, new
            if old and old.snapshot and old.graph.clusters and new.graph is not old.graph:
                old, self._clustered = self._clustered, old
        if old:
            old.release()
        self._clusters_job.wake()

    def _refresh_clusters(self) -> None:
        """Find the clusters of the current graph, unless they are known."""
        with self.using() as current:
            if current is None or current.graph.clusters:
                return
            clusters = self._find_clusters(current.graph.view.state)
            with self._lock:
                current.graph.clusters = clusters
                old, self._clustered = self._clustered, None
                if current.snapshot and self._current and self._current.graph is not current.graph:
                    self._clustered = current.acquire()
        if old:
            old.release()

    def _find_clusters(self, state: str) -> CachedClusters:
        found = load_cached_clusters(self._workspace, state)
        if found is None:
            run_kg(self._workspace, ["view", "--clusters", "--state", state], self._stop)
            found = load_cached_clusters(self._workspace, state)
        if found is None:
            raise StoreError("the clusters that were written to the cache cannot be read back")
        return found
