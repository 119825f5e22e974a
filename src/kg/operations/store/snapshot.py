"""How do many threads get answers of one graph, and how is it seen that it has changed?"""

from __future__ import annotations

import queue
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import NamedTuple

from kg.database import get_meta, translate_errors
from kg.errors import StoreBusy, StoreError
from kg.operations.workspace import Workspace, open_database
from kg.ports import Store
from kg.records import GraphVersion
from kg.stores.sqlite.store import SqliteStore

READERS = 40
"""Connections of a moment: as many as the service has threads, so that none waits for one."""

CACHE_KIB = 1024
"""KiB that each of them may keep; what they read is mapped into memory besides."""


class Snapshot:
    """The SQLite file as it was at one moment: connections whose read transactions began at one version.

    Whatever is loaded meanwhile, they answer from that version. The write-ahead log can be copied into the file only
    as far as no such moment is older, so it grows until the moment is closed. Raises StoreError.
    """

    def __init__(self, workspace: Workspace, readers: int = READERS) -> None:
        self._path, self._open = workspace.path, ExitStack()
        self._free: queue.LifoQueue[SqliteStore] = queue.LifoQueue()
        seen: set[tuple[GraphVersion, str]] = set()
        with self._open as opening, translate_errors(workspace.path):
            for _ in range(readers):
                store = SqliteStore(
                    workspace.path, workspace.ontology, protected=workspace.protected, wait=workspace.wait, shared=True
                )
                opening.enter_context(store)
                store.connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
                opening.enter_context(store.read_transaction())
                seen.add((store.version(), store.as_of()))  # a transaction begins with its first read
                _expect_ontology(workspace, store.connection)
                self._free.put(store)
            if len(seen) > 1:
                raise StoreBusy(f"{workspace.path}: the graph changed while it was opened")
            self.state, self.version = store.state(), store.version()
            self._open = opening.pop_all()

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The store of that moment, for one thread at a time."""
        store = self._free.get()
        try:
            with translate_errors(self._path):
                yield store
        finally:
            self._free.put(store)

    def close(self) -> None:
        """Let go of the moment; nobody may be asking."""
        self._open.close()


class LiveStore:
    """A Neo4j, which has no moments to hold on to: each answer is of the graph that is there, or none."""

    def __init__(self, workspace: Workspace) -> None:
        from kg.stores.neo4j import Neo4jConnection

        assert workspace.neo4j
        self._workspace = workspace
        self._connection = Neo4jConnection(workspace.neo4j, workspace.wait)

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The store. Raises StoreBusy where its graph changed before all was asked."""
        store = self._open_store()
        yield store
        if self._open_store().state() != store.state():
            raise StoreBusy(f"the graph changed from {store.version()} meanwhile; ask again")

    def read_state(self) -> StoreState:
        """What the graph is now. Raises StoreError where the Neo4j does not answer or has none that is whole."""
        store = self._open_store()
        return StoreState(store.version(), store.state())

    def close(self) -> None:
        """Let go of the Neo4j."""
        self._connection.close()

    def _open_store(self) -> Store:
        from kg.stores.neo4j import Neo4jStore

        return Neo4jStore(self._connection, self._workspace.ontology, protected=self._workspace.protected)


class StoreState(NamedTuple):
    """What the store was when it was looked at."""

    version: GraphVersion
    state: str
    """What tells its graph from every other, as `Store.state` says it."""
    commits: int = 0
    """Changes with every commit to the SQLite file, also with one that leaves the graph as it is."""


class StoreWatcher:
    """Looks at the SQLite file every now and then; used by one thread at a time."""

    def __init__(self, place: Workspace) -> None:
        self._workspace = place
        self._store: SqliteStore | None = None
        self._file = (0, 0)
        self._last_state: StoreState | None = None

    def read_state(self) -> StoreState:
        """What the file is now. Raises StoreError where it cannot be read."""
        place = self._workspace
        with translate_errors(place.path):
            store = self._open_store()
            commits = int(store.connection.execute("PRAGMA data_version").fetchone()[0])
            if self._last_state is None or commits != self._last_state.commits:
                with store.read_transaction():
                    self._last_state = StoreState(store.version(), store.state(), commits)
                    _expect_ontology(place, store.connection)
            return self._last_state

    def close(self) -> None:
        """Stop looking."""
        if self._store:
            self._store.close()
        self._store = self._last_state = None

    def _open_store(self) -> SqliteStore:
        """The file; another one may have been put in its place."""
        place = self._workspace
        try:
            found = place.path.stat()
        except OSError:
            raise StoreError(f"there is no store at {place.path}") from None
        if self._store is None or (found.st_dev, found.st_ino) != self._file:
            self.close()
            self._file = found.st_dev, found.st_ino
            self._store = SqliteStore(
                place.path, place.ontology, protected=place.protected, wait=place.wait, shared=True
            )
        return self._store


class CheckpointResult(NamedTuple):
    """What came of copying the write-ahead log into the file."""

    is_complete: bool
    """Whether all of it is in the file: a moment that begins now rests on that alone, and a writer may begin the log
    anew beneath it."""
    is_busy: bool
    """Whether another process is at it, which may wait for all moments that do not rest."""


def checkpoint(workspace: Workspace) -> CheckpointResult:
    """Copy the write-ahead log into the file, as far as nobody reads what it would overwrite."""
    with open_database(workspace) as connection:
        busy, pages, copied = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        return CheckpointResult(not busy and pages == copied, bool(busy))


def _expect_ontology(workspace: Workspace, connection: sqlite3.Connection) -> None:
    if get_meta(connection, "ontology") not in ("", workspace.ontology.digest):
        raise StoreError(
            f"{workspace.path} was brought to another version's ontology; start anew with that version of kg"
        )
