"""Snapshots of a store for many threads, and what tells that the store has changed."""

from __future__ import annotations

import os
import queue
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import NamedTuple

from kg.database import HOW_TO_GO_ON, OUTDATED, SCHEMA_VERSION, CheckpointResult, get_meta, translate_errors
from kg.database import checkpoint as checkpoint_file
from kg.errors import StoreBusy, StoreDamaged, StoreError, StoreTooNew
from kg.operations.store.store_copy import at_copy
from kg.operations.workspace import Workspace, bring_up_to_date
from kg.ports import Store
from kg.records import GraphVersion
from kg.stores.cache.file_cache import Lease
from kg.stores.sqlite.store import SqliteStore

READERS = 40
"""Connections of a snapshot: as many as the service has threads, so that none waits for one."""

CACHE_KIB = 1024
"""Page cache of each connection in KiB; beyond it, pages come from the cache of the operating system."""

MAX_CHECKED_BYTES = 256 * 1024 * 1024
"""A store up to this size is checked whenever its file was written to, which takes a second or less."""


class Snapshot:
    """The SQLite file at one point in time: connections whose read transactions began at the same version.

    They answer from that version whatever is loaded meanwhile. An open snapshot keeps newer parts of the write-ahead
    log from being copied into the file, so the log grows until the snapshot is closed, unless it reads a copy of the
    file. Raises StoreError.
    """

    def __init__(self, workspace: Workspace, readers: int = READERS, copy: Lease | None = None) -> None:
        self._path, self._wait, self._copy = workspace.path, workspace.wait, copy
        read = at_copy(workspace, copy)
        self._free: queue.LifoQueue[SqliteStore] = queue.LifoQueue()
        self._file = _file_of(workspace)
        with ExitStack() as opening, translate_errors(workspace.path):
            self._guard, *self._stores = (opening.enter_context(_open_shared(read)) for _ in range(1 + readers))
            self._transactions = opening.enter_context(ExitStack())
            for store in self._stores:
                store.connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
                self._free.put(store)
            if not self.reads_file_of(workspace):
                raise StoreBusy(f"{workspace.path}: another file took its place while it was opened")
            self.begin()
            _expect_ontology(workspace, self._stores[0].connection)
            self._open = opening.pop_all()

    def begin(self, beside: Callable[[], object] = lambda: None) -> None:
        """Go on to the version that is newest now; no connection may be in use.

        `beside` begins what others read at the same version: all of it is done again if anything was committed
        meanwhile, so that no writer has to wait. Raises StoreBusy if the commits leave no gap.
        """
        end = time.monotonic() + self._wait
        with translate_errors(self._path):
            while True:
                before = _data_version(self._guard)
                beside()
                self._transactions.close()
                for store in self._stores:
                    self._transactions.enter_context(store.read_transaction())
                    store.version()  # a transaction begins with its first read
                if _data_version(self._guard) == before:
                    break
                if time.monotonic() > end:
                    raise StoreBusy(f"{self._path}: the graph changes faster than it can be opened")
            self.state, self.version = self._stores[0].state(), self._stores[0].version()

    @contextmanager
    def store(self) -> Iterator[Store]:
        """One of its connections as a store, for one thread at a time."""
        store = self._free.get()
        try:
            with translate_errors(self._path):
                yield store
        finally:
            self._free.put(store)

    def reads_file_of(self, workspace: Workspace) -> bool:
        """Whether it reads the file that is at the path of the store now. Raises StoreError where there is none."""
        return _file_of(workspace) == self._file

    def close(self) -> None:
        """Close all connections; none may be in use."""
        with translate_errors(self._path):
            self._open.close()
        self._copy = None  # nobody keeps it any longer


class LiveStore:
    """A Neo4j, which has no snapshots: an answer is of one graph version, or there is none."""

    def __init__(self, workspace: Workspace) -> None:
        from kg.stores.neo4j import Neo4jConnection

        assert workspace.neo4j
        self._workspace = workspace
        self._connection = Neo4jConnection(workspace.neo4j, workspace.wait)

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The store. Raises StoreBusy if its graph changed while it was used."""
        store = self._open_store()
        yield store
        if self._open_store().state() != store.state():
            raise StoreBusy(f"the graph changed from {store.version()} meanwhile; retry in a few seconds")

    def read_state(self) -> StoreState:
        """The state of its graph. Raises StoreError if the Neo4j does not answer or holds no complete graph."""
        store = self._open_store()
        return StoreState(store.version(), store.state())

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _open_store(self) -> Store:
        from kg.stores.neo4j import Neo4jStore

        return Neo4jStore(self._connection, self._workspace.ontology, protected=self._workspace.protected)


class StoreState(NamedTuple):
    """The state of a store when it was read."""

    version: GraphVersion
    state: str
    """Identifies the graph, as `Store.state` says it."""
    commits: int = 0
    """Changes with every commit to the SQLite file, also with one that does not change the graph."""


class StoreWatcher:
    """Reads the state of the SQLite file as often as it is asked to; used by one thread at a time."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._store: SqliteStore | None = None
        self._file = (0, 0)
        self._content = (0, 0)
        self._last_state: StoreState | None = None

    def read_state(self) -> StoreState:
        """The state of the file. Raises StoreError if it cannot be read."""
        try:
            return self._read_state()
        except BaseException:
            self.close()  # holds nothing of a file that cannot be read, so that it can be replaced
            raise

    def _read_state(self) -> StoreState:
        with translate_errors(self._workspace.path):
            store = self._open_store()
            if get_meta(store.connection, "ontology") == OUTDATED:  # one of an older format took the place of another
                bring_up_to_date(self._workspace)
            commits = _data_version(store)
            if self._last_state is None or commits != self._last_state.commits:
                with store.read_transaction():
                    self._last_state = StoreState(store.version(), store.state(), commits)
                    _expect_ontology(self._workspace, store.connection)
            return self._last_state

    def close(self) -> None:
        """Close the file."""
        if self._store:
            self._store.close()
        self._store = self._last_state = None

    def _open_store(self) -> SqliteStore:
        """The store; opened anew if another file has taken its place."""
        status = _status_of(self._workspace)
        file, content = (status.st_dev, status.st_ino), (status.st_size, status.st_mtime_ns)
        if self._store is None or file != self._file:
            self.close()
            if file != self._file:
                self._file, self._content = file, (0, 0)
            self._store = _open_shared(self._workspace)
        if content != self._content:
            self._expect_whole(self._store.connection, content[0])
            self._last_state = None
            self._content = content
        return self._store

    def _expect_whole(self, connection: sqlite3.Connection, size: int) -> None:
        """Raise StoreDamaged if the file was cut short or overwritten in its place, which no lock tells.

        The file is written to whenever the log is copied, too; so a large one is read for this only if it is shorter
        than before.
        """
        if size > MAX_CHECKED_BYTES and size >= self._content[0]:
            return
        connection.execute("PRAGMA shrink_memory")  # what was read before says nothing about the file
        rows = connection.execute("PRAGMA quick_check(1)").fetchall()
        if rows != [("ok",)]:
            told = " ".join(rows[0][0].split())
            raise StoreDamaged(f"{self._workspace.path}: the store is damaged or cut short ({told}); {HOW_TO_GO_ON}")


def file_identity(workspace: Workspace) -> tuple[int, ...]:
    """Changes when the store's file is replaced, cut short or written to; empty while there is none."""
    try:
        status = _status_of(workspace)
    except StoreError:
        return ()
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns


def checkpoint(workspace: Workspace) -> CheckpointResult:
    """Copy the write-ahead log into the file as far as no reader needs what it would overwrite."""
    with translate_errors(workspace.path):
        return checkpoint_file(workspace.path)


def _data_version(store: SqliteStore) -> int:
    """Changes whenever another connection commits."""
    return int(store.connection.execute("PRAGMA data_version").fetchone()[0])


def _file_of(workspace: Workspace) -> tuple[int, int]:
    """Which file is at the path of the store."""
    status = _status_of(workspace)
    return status.st_dev, status.st_ino


def _status_of(workspace: Workspace) -> os.stat_result:
    try:
        return workspace.path.stat()
    except OSError:
        raise StoreError(f"there is no store at {workspace.path}") from None


def _open_shared(workspace: Workspace) -> SqliteStore:
    scope, wait = workspace.protected, workspace.wait
    return SqliteStore(workspace.path, workspace.ontology, protected=scope, wait=wait, shared=True)


def _expect_ontology(workspace: Workspace, connection: sqlite3.Connection) -> None:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > SCHEMA_VERSION:
        raise StoreTooNew(
            f"{workspace.path} was migrated by a newer kg (format {version}); restart the service with that version"
        )
    if get_meta(connection, "ontology") not in ("", workspace.ontology.digest):
        raise StoreError(
            f"{workspace.path} was brought to another version's ontology; restart the service with that version of kg"
        )
