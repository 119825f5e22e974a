"""How does a Neo4j follow the ledger?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.errors import InputError
from kg.ledger.ledger import Ledger
from kg.operations.workspace import Workplace, open_file, phases
from kg.stores.neo4j_address import Address

if TYPE_CHECKING:
    from kg.stores.neo4j import Comparison, Conversation, Synced


@dataclass(frozen=True, slots=True)
class CopyOrder:
    """How the Neo4j is to be brought up to date."""

    full: bool = False
    """Compare everything, also what nobody should have changed; take over the graph of another ledger."""
    protected: bool | None = None
    """Whether protected facts go in; None for as it is, as far as the workplace may see them."""


def sync(place: Workplace, order: CopyOrder | None = None) -> Synced:
    """Bring the workplace's Neo4j to what the ledger says.

    Raises InputError where protected facts are asked for without their scope, StoreError for a Neo4j that does not
    answer or is not ours to write, StoreBusy when another sync took over.
    """
    from kg.stores.neo4j import Scope, SyncOrder, holds_protected, path_of
    from kg.stores.neo4j import sync as sync_copy

    order, where = order or CopyOrder(), _copy(place)
    if order.protected and not place.protected:
        raise InputError("protected facts go into a Neo4j only with that scope; set KG_SCOPE=protected")
    with _both(place) as (connection, conversation):
        protected = order.protected
        if protected is None:
            protected = place.protected and holds_protected(conversation, place.ontology)
        scope, kept = Scope(place.ontology, protected), path_of(place.path, where.target)
        return sync_copy(connection, conversation, SyncOrder(scope, kept, order.full, place.progress))


def verify_copy(place: Workplace) -> Comparison:
    """Compare everything the workplace's Neo4j holds of ours with what the SQLite file says."""
    from kg.stores.neo4j import Scope, compare, holds_protected

    with _both(place) as (connection, conversation):
        scope = Scope(place.ontology, holds_protected(conversation, place.ontology))
        return compare(connection, conversation, scope)


@contextmanager
def followed(place: Workplace) -> Iterator[list[Synced]]:
    """If the block changes the ledger, the workplace's Neo4j, if there is one, is brought up to date afterwards.

    The list then has what the sync did.
    """
    synced: list[Synced] = []
    if place.copy is None:
        yield synced
        return
    with _watch(place) as has_changed:
        yield synced
        changed = has_changed()
    if changed:
        synced.append(sync(place))


class _Watched:
    """Tells whether anybody has written to the file since."""

    def __init__(self, place: Workplace) -> None:
        self._path = place.path
        self._connection = (
            sqlite3.connect(place.path.absolute().as_uri() + "?mode=ro", uri=True) if place.path.is_file() else None
        )
        self._before = self._version()

    def __call__(self) -> bool:
        return self._path.is_file() if self._connection is None else self._version() != self._before

    def close(self) -> None:
        if self._connection:
            self._connection.close()

    def _version(self) -> int:
        return int(self._connection.execute("PRAGMA data_version").fetchone()[0]) if self._connection else 0


def _watch(place: Workplace) -> closing[_Watched]:
    return closing(_Watched(place))


def _copy(place: Workplace) -> Address:
    if place.copy is None:
        raise InputError("no Neo4j is named; give its address, such as neo4j://localhost:7687, or set KG_STORE to it")
    return place.copy


@contextmanager
def _both(place: Workplace) -> Iterator[tuple[sqlite3.Connection, Conversation]]:
    from kg.stores.neo4j import Conversation

    with (
        open_file(place) as connection,
        Conversation(_copy(place), place.wait) as conversation,
    ):
        Ledger(connection, place.ontology).bring_current(phases(place))
        yield connection, conversation
