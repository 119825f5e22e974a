"""Which graph does the service answer from, and how does it get to the next one?"""

from __future__ import annotations

import logging
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from kg.errors import StoreBusy, StoreDamaged, StoreError
from kg.operations import (
    CachedClusters,
    CachedView,
    LiveStore,
    Snapshot,
    StoreState,
    StoreWatcher,
    Workspace,
    checkpoint,
    file_identity,
    find_copy,
    follow_day,
    is_log_long,
    load_cached_clusters,
    load_cached_view,
    prune_views,
    today,
    warm_view,
)
from kg.records import GraphVersion
from kg_api.snapshots.refresh import Job, RefreshError
from kg_api.snapshots.view_process import Builder, start_builder

LOG = logging.getLogger("kg_api.snapshots")

START_SECONDS = 3.0
"""Seconds that a start waits for the graph, so that a service on a small one answers at once."""


@dataclass
class GraphFiles:
    """The cached files of one graph; clusters are added when they are known."""

    view: CachedView
    newest_until: float
    """When it was last known to be the newest, by the monotonic clock."""
    build_seconds: float = 0.0
    """From the decision to build the view until it could answer."""
    clusters: CachedClusters | None = None
    clusters_seconds: float = 0.0
    """The same until its clusters could answer."""


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
    damage: str
    """Why the file that answers cannot be read; empty if it can, as far as is known."""
    view_error: RefreshError | None
    clusters_error: RefreshError | None
    view_age: float | None
    """Seconds for which the store may have had a newer graph than the one that answers; 0 if it has none."""
    clusters_age: float | None
    """The same of the graph whose clusters answer."""
    view_seconds: float | None
    """How many seconds the view that answers took to build; 0 if it was in the cache."""
    clusters_seconds: float | None
    """How many seconds it took until the clusters that answer were known."""
    had_clusters: bool
    """Whether clusters have answered since the start."""

    @property
    def is_started(self) -> bool:
        """Whether every question can be answered; one about clusters not where these cannot be found."""
        return self.view is not None and (self.had_clusters or self.clusters_error is not None)


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

    One job reads the state of the store, opens a snapshot of a new graph, and has a builder that reads the very same
    version build the view; a second job has that builder find the clusters, unless it is still busy with older ones.
    Requests get the new graph when its files are complete, whatever has been loaded meanwhile; those under way finish
    on the snapshot that they began with.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace, self._lock, self._stop = workspace, threading.Lock(), threading.Event()
        self._view_job = Job("kg-view", self._refresh, self._stop, lambda: file_identity(workspace))
        self._clusters_job = Job("kg-clusters", self._refresh_clusters, self._stop)
        self._watcher: StoreWatcher | None = None
        self._current: SharedSnapshot | None = None
        self._clustered: SharedSnapshot | None = None
        self._seen: StoreState | None = None
        self._position: Position | None = None
        self._unfinished: tuple[Builder, SharedSnapshot] | None = None
        self._finds_clusters = self._had_clusters = False
        self._has_old_files = True
        self._day = ""
        """The day to which the store was brought last."""
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
        self._hand_over(None)
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
            current, clustered = self._current, self._newest_clustered()
            seen, view_error = self._seen, self._view_job.error
        return SnapshotStatus(
            view=current.graph.view.view.version if current else None,
            store=seen.version if seen else None,
            clusters=clustered.graph.view.view.version if clustered else None,
            damage=self._damage(current),
            view_error=view_error,
            clusters_error=self._clusters_job.error,
            view_age=self._age(current),
            clusters_age=self._age(clustered),
            view_seconds=current.graph.build_seconds if current else None,
            clusters_seconds=clustered.graph.clusters_seconds if clustered else None,
            had_clusters=self._had_clusters,
        )

    def _damage(self, current: SharedSnapshot | None) -> str:
        """What is told of a damaged store, unless an older file answers, which has been replaced by it."""
        cause, snapshot = self._view_job.cause, current.snapshot if current else None
        is_read = snapshot is None or snapshot.reads_file_of(self._workspace)
        return str(cause) if isinstance(cause, StoreDamaged) and is_read else ""

    def _age(self, shared: SharedSnapshot | None) -> float | None:
        if shared is None:
            return None
        return 0.0 if self._is_newest(shared) else time.monotonic() - shared.graph.newest_until

    def _is_newest(self, shared: SharedSnapshot) -> bool:
        """Whether its graph was that of the store when this was last read."""
        seen = self._seen
        return seen is not None and seen.state == shared.graph.view.state and self._view_job.error is None

    def _newest_clustered(self) -> SharedSnapshot | None:
        return self._current if self._current and self._current.graph.clusters else self._clustered

    def _refresh(self) -> None:
        """Bring the current snapshot to the present state of the store."""
        store = self.live_store or self._watcher
        assert store
        self._follow_day()
        now, seen = time.monotonic(), store.read_state()
        with self._lock:
            self._seen, current = seen, self._current
            for shared in (current, self._clustered):
                if shared and shared.graph.view.state == seen.state:
                    shared.graph.newest_until = now
        if current and current.snapshot and not current.snapshot.reads_file_of(self._workspace):
            self._position = None  # another file took its place, perhaps with the same graph
        match decide(seen, self._position):
            case Action.REBUILD:
                self._rebuild(seen)
                self._has_old_files = True
            case Action.REOPEN:
                assert current and self._position
                done = checkpoint(self._workspace)
                if done.is_complete or done.is_busy or seen.commits != self._position.commits:
                    snapshot = Snapshot(self._workspace)
                    if snapshot.state != seen.state:
                        snapshot.close()
                        return  # the next run finds another graph
                    self._replace(SharedSnapshot(current.graph, snapshot))
                self._position = Position(seen.state, seen.commits, done.is_complete)
        if self._has_old_files:
            self._has_old_files = prune_views(self._workspace, seen.version) > 0

    def _follow_day(self) -> None:
        """Once a day, end in the store what has ended by then; a Neo4j follows with its sync."""
        if self.live_store is None and (day := today()) != self._day:
            follow_day(self._workspace)
            self._day = day

    def _rebuild(self, seen: StoreState) -> None:
        """Let a snapshot of the newest graph answer, whose view a builder builds unless it is cached."""
        start = began = time.monotonic()
        with ExitStack() as opened:
            builder, snapshot = self._open_copy() if self._needs_copy() else (None, None)
            if builder:
                opened.enter_context(builder)
            if snapshot is None and not self.live_store:
                snapshot = Snapshot(self._workspace)
            if snapshot:
                opened.callback(snapshot.close)
            view = load_cached_view(self._workspace, snapshot.state if snapshot else seen.state)
            if view is None:
                began = time.monotonic()
                if builder:
                    view = self._build_view(builder, snapshot.state if snapshot else "")
                else:
                    builder = self._start_builder(opened)
                    view = self._build(builder, snapshot)
            warm_view(view)
            new = SharedSnapshot(GraphFiles(view, began, time.monotonic() - start if builder else 0.0), snapshot)
            opened.pop_all()
        self._position = Position(view.state, seen.commits, is_checkpointed=snapshot is None)
        self._replace(new, builder)

    def _needs_copy(self) -> bool:
        """Whether the log is long, and there has been no pause in which the current snapshot could be opened anew."""
        pinned = self._position is not None and not self._position.is_checkpointed
        return pinned and not self.live_store and is_log_long(self._workspace)

    def _open_copy(self) -> tuple[Builder | None, Snapshot | None]:
        """A builder and a snapshot that read a copy of the newest version, so that nobody keeps the log from ending.

        Neither where there is no room for it: the log then grows on.
        """
        if checkpoint(self._workspace).is_complete:
            return None, None
        with ExitStack() as opened:
            try:
                builder = self._start_builder(opened)
                copy = find_copy(self._workspace, builder.copy())
                if copy is None:
                    return None, None
                snapshot = Snapshot(self._workspace, copy=copy)
            except StoreError as error:
                if self._stop.is_set():
                    raise
                LOG.warning("the store is not copied, so its write-ahead log grows on: %s", error)
                return None, None
            opened.pop_all()
        return builder, snapshot

    def _start_builder(self, opened: ExitStack) -> Builder:
        builder = start_builder(self._workspace, self._stop)
        opened.enter_context(builder)
        return builder

    def _build(self, builder: Builder, snapshot: Snapshot | None) -> CachedView:
        """The view of the version at which the builder and the snapshot begin to read together."""
        if snapshot:
            states = list[str]()
            snapshot.begin(lambda: states.append(builder.begin()))
            if snapshot.state != states[-1]:
                raise StoreBusy("another file took the place of the store while it was opened")
            state = snapshot.state
        else:
            state = builder.begin()
        return self._build_view(builder, state)

    def _build_view(self, builder: Builder, state: str) -> CachedView:
        builder.build_view()
        view = load_cached_view(self._workspace, state)
        if view is None:
            raise StoreError("the view that was written to the cache cannot be read back")
        return view

    def _replace(self, new: SharedSnapshot, builder: Builder | None = None) -> None:
        """Let requests use another snapshot; the one whose clusters are known stays until those of the new one are.

        The builder that built its view goes on to its clusters, unless older ones are still being found.
        """
        with self._lock:
            old, self._current = self._current, new
            if old and old.snapshot and old.graph.clusters and new.graph is not old.graph:
                old, self._clustered = self._clustered, old
            wanted = builder and new.snapshot and not self._finds_clusters and self._clusters_job.is_due
            unfinished = (builder, new.acquire()) if builder and wanted else None
        if old:
            old.release()
        if builder:
            self._hand_over(unfinished)
            if unfinished is None:
                builder.close()
        self._clusters_job.wake()

    def _hand_over(self, unfinished: tuple[Builder, SharedSnapshot] | None) -> None:
        """Give the second job a builder that can find the clusters of a snapshot, in place of one not yet taken."""
        with self._lock:
            replaced, self._unfinished = self._unfinished, unfinished
        if replaced:
            builder, shared = replaced
            builder.close()
            shared.release()

    def _refresh_clusters(self) -> None:
        """Find the clusters of the current graph, unless they are known or those of a newer one soon are."""
        with ExitStack() as opened:
            with self._lock:
                unfinished, self._unfinished = self._unfinished, None
                self._finds_clusters = unfinished is not None
            opened.callback(self._end_of_clusters)
            if unfinished:
                builder, shared = unfinished
                opened.callback(shared.release)
                opened.enter_context(builder)
                self._take_clusters(shared, builder)
                return
            current = opened.enter_context(self.using())
            if current is None or current.graph.clusters or not self._is_newest(current):
                return
            if load_cached_clusters(self._workspace, current.graph.view.state):
                self._take_clusters(current, None)
                return
            self._finds_clusters = True
            builder = self._start_builder(opened)
            if builder.begin() == current.graph.view.state:
                self._take_clusters(current, builder)

    def _end_of_clusters(self) -> None:
        self._finds_clusters = False

    def _take_clusters(self, shared: SharedSnapshot, builder: Builder | None) -> None:
        """Let requests use the clusters of a snapshot, which a builder finds unless they are cached."""
        begin, state = time.monotonic(), shared.graph.view.state
        found = load_cached_clusters(self._workspace, state)
        if found is None and builder:
            builder.build_clusters()
            found = load_cached_clusters(self._workspace, state)
        if found is None:
            raise StoreError("the clusters that were written to the cache cannot be read back")
        with self._lock:
            shared.graph.clusters, self._had_clusters = found, True
            shared.graph.clusters_seconds = shared.graph.build_seconds + time.monotonic() - begin
            old, self._clustered = self._clustered, None
            if shared.snapshot and self._current and self._current.graph is not shared.graph:
                self._clustered = shared.acquire()
        if old:
            old.release()
