"""Bring the workspace's Neo4j up to date, or compare it with the ledger."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kg.database import detect_writes
from kg.errors import InputError
from kg.operations.workspace import Workspace, open_current_database
from kg.stores.neo4j_address import Neo4jAddress

if TYPE_CHECKING:
    from kg.stores.neo4j import Comparison, Neo4jConnection, SyncResult


def sync(workspace: Workspace, *, full: bool = False, protected: bool | None = None) -> SyncResult:
    """Bring the workspace's Neo4j up to date with the ledger.

    With `full`, everything is compared and repaired, and the graph of another ledger replaced. `protected` says whether
    protected facts go in; where it is None, that stays as it is, within the workspace's scope.
    Raises InputError where protected facts are asked for without their scope, StoreError for a Neo4j that does not
    answer or is not ours to write, StoreBusy when another sync took over.
    """
    from kg.ledger.suggestions import list_suggestions
    from kg.stores.neo4j import CopyScope, SyncRequest, has_protected, sync_state_path
    from kg.stores.neo4j import sync as sync_copy

    where = _neo4j_address(workspace)
    if protected and not workspace.protected:
        raise InputError("protected facts go into a Neo4j only with that scope; set KG_SCOPE=protected")
    with _open_both(workspace) as (connection, neo4j):
        if protected is None:
            protected = workspace.protected and has_protected(neo4j, workspace.ontology)
        scope, kept = CopyScope(workspace.ontology, protected), sync_state_path(workspace.path, where.target)
        return sync_copy(connection, neo4j, SyncRequest(scope, kept, full, workspace.progress, list_suggestions))


def verify_neo4j(workspace: Workspace) -> Comparison:
    """Compare everything that the workspace's Neo4j holds of the graph with the SQLite file."""
    from kg.ledger.suggestions import list_suggestions
    from kg.stores.neo4j import CopyScope, compare, has_protected

    with _open_both(workspace) as (connection, neo4j):
        scope = CopyScope(workspace.ontology, has_protected(neo4j, workspace.ontology))
        return compare(connection, neo4j, scope, list_suggestions)


@contextmanager
def sync_after(workspace: Workspace) -> Iterator[list[SyncResult]]:
    """Bring the workspace's Neo4j, if it has one, up to date after a block that changes the ledger.

    The list then has what the sync did.
    """
    synced: list[SyncResult] = []
    if workspace.neo4j is None:
        yield synced
        return
    with detect_writes(workspace.path) as was_written:
        yield synced
        changed = was_written()
    if changed:
        synced.append(sync(workspace))


def _neo4j_address(workspace: Workspace) -> Neo4jAddress:
    if workspace.neo4j is None:
        raise InputError("no Neo4j is named; give its address, such as neo4j://localhost:7687, or set KG_STORE to it")
    return workspace.neo4j


@contextmanager
def _open_both(workspace: Workspace) -> Iterator[tuple[sqlite3.Connection, Neo4jConnection]]:
    from kg.stores.neo4j import Neo4jConnection

    address = _neo4j_address(workspace)
    with open_current_database(workspace) as connection, Neo4jConnection(address, workspace.wait) as neo4j:
        yield connection, neo4j
