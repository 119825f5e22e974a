"""Where is the graph, and how is it opened?"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from kg.database import connect, explained
from kg.ledger.ledger import Ledger
from kg.ontology import Ontology, load_ontology
from kg.ports import Store
from kg.stores.neo4j_address import Address
from kg.stores.sqlite.store import EmbeddedStore

Progress = Callable[[str, int, int | None], None]
"""Called with a phase, how much of it is done, and how much there is if known (bytes while reading)."""


def quiet(phase: str, done: int, total: int | None) -> None:
    """No progress wanted."""


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where the graph is and how it may be used; everything an operation needs besides its own question."""

    path: Path
    ontology: Ontology
    protected: bool = False
    wait: float = 30.0
    progress: Progress = quiet
    copy: Address | None = None
    """The Neo4j that answers in place of the SQLite file, and is brought up to date with it; None for none."""
    views: Path | None = None
    """The folder that keeps views as files; None for none."""

    @property
    def rejects(self) -> Path:
        """The folder that keeps what could not be read, a file for each load."""
        name = self.path.name.removesuffix(".sqlite")  # not the stem: `case.db` and `case.sqlite` are two stores
        return self.path.parent / f"{name}.rejects"


def today() -> str:
    """The day of a load, UTC. Projections and analyses never ask; they are told."""
    return datetime.now(UTC).date().isoformat()


@contextmanager
def open_file(place: Workplace, *, create: bool = False) -> Iterator[sqlite3.Connection]:
    """The store's file. Whatever SQLite finds wrong with it while it is open is raised as a StoreError."""
    with explained(place.path), closing(connect(place.path, create=create, wait=place.wait)) as connection:
        yield connection


@contextmanager
def open_plain(place: Workplace) -> Iterator[Store]:
    """The store that answers: the Neo4j if the workplace has one, which a sync brought there, else the SQLite file."""
    if place.copy:
        from kg.stores.neo4j import Conversation, Neo4jStore

        with Conversation(place.copy, place.wait) as conversation:
            yield Neo4jStore(conversation, place.ontology, protected=place.protected)
    else:
        with open_embedded(place) as store:
            yield store


@contextmanager
def open_embedded(place: Workplace) -> Iterator[EmbeddedStore]:
    """The SQLite file as a store, its projection brought up to the ontology of this version first.

    All answers are of one moment, whatever is loaded meanwhile: that of the first question.
    """
    with open_file(place) as connection:
        Ledger(connection, place.ontology).bring_current(phases(place))
    with explained(place.path):
        store = EmbeddedStore(place.path, place.ontology, protected=place.protected, wait=place.wait)
        with store, store.one_moment():
            yield store


def workplace(
    path: Path,
    *,
    protected: bool = False,
    wait: float = 30.0,
    progress: Progress = quiet,
    copy: Address | None = None,
) -> Workplace:
    """A workplace with the ontology that came with this package."""
    return Workplace(path, load_ontology(), protected, wait, progress, copy)


def phases(place: Workplace) -> Callable[[str, int], None]:
    """The workplace's progress, for the ledger, which does not know how much there is."""
    return lambda phase, done: place.progress(phase, done, None)
