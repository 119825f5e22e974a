"""How do many threads get answers of one graph, and how is it seen that it has changed?"""

from __future__ import annotations

import queue
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import NamedTuple

from kg.database import explained, get_meta
from kg.errors import StoreBusy, StoreError
from kg.operations.workspace import Workplace, open_file
from kg.ports import Store
from kg.records import GraphVersion
from kg.stores.sqlite.store import EmbeddedStore

READERS = 40
"""Connections of a moment: as many as the service has threads, so that none waits for one."""

CACHE = 1024
"""KiB that each of them may keep; what they read is mapped into memory besides."""


class Moment:
    """The SQLite file as it was at one moment: connections whose read transactions began at one version.

    Whatever is loaded meanwhile, they answer from that version. The write-ahead log can be copied into the file only
    as far as no such moment is older, so it grows until the moment is closed. Raises StoreError.
    """

    def __init__(self, place: Workplace, readers: int = READERS) -> None:
        self._path, self._open = place.path, ExitStack()
        self._free: queue.LifoQueue[EmbeddedStore] = queue.LifoQueue()
        seen: set[tuple[GraphVersion, str]] = set()
        with self._open as opening, explained(place.path):
            for _ in range(readers):
                store = EmbeddedStore(
                    place.path, place.ontology, protected=place.protected, wait=place.wait, shared=True
                )
                opening.enter_context(store)
                store.connection.execute(f"PRAGMA cache_size = -{CACHE}")
                opening.enter_context(store.one_moment())
                seen.add((store.version(), store.as_of()))  # a transaction begins with its first read
                _expect_ontology(place, store.connection)
                self._free.put(store)
            if len(seen) > 1:
                raise StoreBusy(f"{place.path}: the graph changed while it was opened")
            self.state, self.version = store.state(), store.version()
            self._open = opening.pop_all()

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The store of that moment, for one thread at a time."""
        store = self._free.get()
        try:
            with explained(self._path):
                yield store
        finally:
            self._free.put(store)

    def close(self) -> None:
        """Let go of the moment; nobody may be asking."""
        self._open.close()


class Present:
    """A Neo4j, which has no moments to hold on to: each answer is of the graph that is there, or none."""

    def __init__(self, place: Workplace) -> None:
        from kg.stores.neo4j import Conversation

        assert place.copy
        self._place = place
        self._conversation = Conversation(place.copy, place.wait)

    @contextmanager
    def store(self) -> Iterator[Store]:
        """The store. Raises StoreBusy where its graph changed before all was asked."""
        store = self._now()
        yield store
        if self._now().state() != store.state():
            raise StoreBusy(f"the graph changed from {store.version()} meanwhile; ask again")

    def look(self) -> Seen:
        """What the graph is now. Raises StoreError where the Neo4j does not answer or has none that is whole."""
        store = self._now()
        return Seen(store.version(), store.state())

    def close(self) -> None:
        """Let go of the Neo4j."""
        self._conversation.close()

    def _now(self) -> Store:
        from kg.stores.neo4j import Neo4jStore

        return Neo4jStore(self._conversation, self._place.ontology, protected=self._place.protected)


class Seen(NamedTuple):
    """What the store was when it was looked at."""

    version: GraphVersion
    state: str
    """What tells its graph from every other, as `Store.state` says it."""
    commits: int = 0
    """Changes with every commit to the SQLite file, also with one that leaves the graph as it is."""


class Watch:
    """Looks at the SQLite file every now and then; used by one thread at a time."""

    def __init__(self, place: Workplace) -> None:
        self._place = place
        self._store: EmbeddedStore | None = None
        self._file = (0, 0)
        self._seen: Seen | None = None

    def look(self) -> Seen:
        """What the file is now. Raises StoreError where it cannot be read."""
        place = self._place
        with explained(place.path):
            store = self._opened()
            commits = int(store.connection.execute("PRAGMA data_version").fetchone()[0])
            if self._seen is None or commits != self._seen.commits:
                with store.one_moment():
                    self._seen = Seen(store.version(), store.state(), commits)
                    _expect_ontology(place, store.connection)
            return self._seen

    def close(self) -> None:
        """Stop looking."""
        if self._store:
            self._store.close()
        self._store = self._seen = None

    def _opened(self) -> EmbeddedStore:
        """The file; another one may have been put in its place."""
        place = self._place
        try:
            found = place.path.stat()
        except OSError:
            raise StoreError(f"there is no store at {place.path}") from None
        if self._store is None or (found.st_dev, found.st_ino) != self._file:
            self.close()
            self._file = found.st_dev, found.st_ino
            self._store = EmbeddedStore(
                place.path, place.ontology, protected=place.protected, wait=place.wait, shared=True
            )
        return self._store


class Settled(NamedTuple):
    """What came of copying the write-ahead log into the file."""

    whole: bool
    """Whether all of it is in the file: a moment that begins now rests on that alone, and a writer may begin the log
    anew beneath it."""
    others: bool
    """Whether another process is at it, which may wait for all moments that do not rest."""


def settle(place: Workplace) -> Settled:
    """Copy the write-ahead log into the file, as far as nobody reads what it would overwrite."""
    with open_file(place) as connection:
        busy, pages, copied = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        return Settled(not busy and pages == copied, bool(busy))


def _expect_ontology(place: Workplace, connection: sqlite3.Connection) -> None:
    if get_meta(connection, "ontology") not in ("", place.ontology.digest):
        raise StoreError(f"{place.path} was brought to another version's ontology; start anew with that version of kg")
