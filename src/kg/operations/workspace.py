"""Where is the graph, and how is it opened?"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from kg.database import connect, translate_errors
from kg.database.scopes import set_scope
from kg.errors import StoreError
from kg.ledger.projection.freshness import is_of_other_day, is_of_other_ontology
from kg.ontology import Ontology, load_ontology
from kg.ports import Store
from kg.stores.neo4j_address import Neo4jAddress
from kg.stores.sqlite.store import SqliteStore

Progress = Callable[[str, int, int | None], None]
"""Called with a phase, how much of it is done, and the total if known (bytes while reading)."""


def no_progress(phase: str, done: int, total: int | None) -> None:
    """Report no progress."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where the graph is and how it may be used: what an operation needs besides its own request."""

    path: Path
    ontology: Ontology = field(default_factory=load_ontology)
    """That of this package, unless another is given."""
    protected: bool = False
    wait: float = 30.0
    progress: Progress = no_progress
    neo4j: Neo4jAddress | None = None
    """The Neo4j that answers instead of the SQLite file, and is synced with it; None for none."""
    view_cache: Path | None = None
    """The folder of cached views; None for none."""
    user: str = ""
    """Who works; kept with what is done."""
    two_eyes: bool = False
    """Whether a second person confirms that somebody wanted is the same as another."""
    readers: int | None = None
    """How many processes read large files beside the one that writes; 0 for none, None for one a processor."""
    requesting: str = ""
    """Code of the jurisdiction that requests, where a question about legal routes names none."""

    @property
    def rejects_folder(self) -> Path:
        """The folder of rows that could not be read, a file for each source."""
        return self.path.with_name(f"{self.path.name}.rejects")  # the whole name: no other store has it

    @property
    def views_folder(self) -> Path:
        """The folder of the views that people saved in the explorer, by scope and owner."""
        return self.path.with_name(f"{self.path.name}.views")

    @property
    def attachments_folder(self) -> Path:
        """The folder of attached files, each under its digest."""
        return attachments_folder(self.path)


def attachments_folder(store: Path) -> Path:
    """The folder of the files that are attached to what a store, or a backup of one, holds."""
    return store.with_name(f"{store.name}.files")


def today() -> str:
    """Today, UTC. Projections and analyses get their day as an argument and never ask."""
    return datetime.now(UTC).date().isoformat()


@contextmanager
def open_database(workspace: Workspace, *, create: bool = False) -> Iterator[sqlite3.Connection]:
    """The SQLite file. SQLite's errors while it is open are raised as StoreError."""
    if not create:
        _expect_ledger(workspace)
    with (
        translate_errors(workspace.path),
        closing(connect(workspace.path, create=create, timeout=workspace.wait)) as connection,
    ):
        yield connection


@contextmanager
def open_ledger(workspace: Workspace) -> Iterator[sqlite3.Connection]:
    """The SQLite file as the workspace's scope sees it, for reading."""
    with open_database(workspace) as connection:
        set_scope(connection, protected=workspace.protected)
        yield connection


@contextmanager
def open_uncached_store(workspace: Workspace, *, shared: bool = False) -> Iterator[Store]:
    """The store that answers: the workspace's Neo4j if it has one, else the SQLite file.

    A `shared` store may be used by several threads, one at a time.
    """
    if workspace.neo4j:
        from kg.stores.neo4j import Neo4jConnection, Neo4jStore

        with Neo4jConnection(workspace.neo4j, workspace.wait) as connection:
            yield Neo4jStore(connection, workspace.ontology, protected=workspace.protected)
    else:
        with open_sqlite_store(workspace, shared=shared) as store:
            yield store


def bring_up_to_date(workspace: Workspace) -> None:
    """Build the projection anew if it is of another ontology, and end what has ended since the last load."""
    with open_current_database(workspace):
        pass


@contextmanager
def open_current_database(workspace: Workspace) -> Iterator[sqlite3.Connection]:
    """The SQLite file, brought up to date."""
    with open_database(workspace) as connection:
        update_connection(workspace, connection)
        yield connection


def update_connection(workspace: Workspace, connection: sqlite3.Connection) -> None:
    """Bring the SQLite file up to date by a connection that sees all of it."""
    if is_of_other_ontology(connection, workspace.ontology) or is_of_other_day(connection, today()):
        from kg.ledger.ledger import Ledger

        ledger = Ledger(connection, workspace.ontology)
        ledger.rebuild_if_outdated(phase_progress(workspace))
        ledger.follow_day(today())


def follow_day(workspace: Workspace) -> None:
    """End in the SQLite file what has ended by today. Raises StoreError."""
    from kg.ledger.ledger import Ledger

    with open_database(workspace) as connection:
        Ledger(connection, workspace.ontology).follow_day(today())


@contextmanager
def open_sqlite_store(workspace: Workspace, *, shared: bool = False) -> Iterator[SqliteStore]:
    """The SQLite file as a store, brought up to date first: with the ontology, and with what has ended by today.

    All answers are read in one transaction, whatever is loaded meanwhile.
    """
    with open_live_store(workspace, shared=shared) as store, store.read_transaction():
        yield store


@contextmanager
def open_live_store(workspace: Workspace, *, shared: bool = False) -> Iterator[SqliteStore]:
    """The same, where each answer is of the graph as it is when the question is asked."""
    _expect_ledger(workspace)
    with translate_errors(workspace.path):
        store = SqliteStore(
            workspace.path,
            workspace.ontology,
            protected=workspace.protected,
            wait=workspace.wait,
            shared=shared,
            prepare=partial(update_connection, workspace),
        )
        with store:
            yield store


def _expect_ledger(workspace: Workspace) -> None:
    """Raise StoreError where there is a Neo4j alone: it answers questions about the graph, and has no records."""
    if workspace.neo4j and not workspace.path.exists():
        raise StoreError(
            f"the Neo4j at {workspace.neo4j.uri} is a copy of a graph; records, judgements and suggestions are in its"
            f" SQLite file, and there is none at {workspace.path}: name it in KG_LEDGER, or load something first"
        )


def phase_progress(workspace: Workspace) -> Callable[[str, int], None]:
    """The workspace's progress, for the ledger, which knows no totals."""
    return lambda phase, done: workspace.progress(phase, done, None)
