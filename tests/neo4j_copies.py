"""How do tests bring a graph into a Neo4j and read it there?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

from kg.database import connect, get_meta
from kg.ledger.suggestions import list_suggestions
from kg.ontology import load_ontology
from kg.stores.neo4j import (
    Comparison,
    CopyScope,
    Neo4jConnection,
    Neo4jStore,
    SyncRequest,
    SyncResult,
    compare,
    sync,
    sync_state_path,
)
from kg.stores.neo4j_address import Neo4jAddress

RETRY_SECONDS = 5.0


class Neo4jFixture(Protocol):
    """The Neo4j of the fixture."""

    @property
    def uri(self) -> str:
        """Its address."""
        ...

    @property
    def user(self) -> str:
        """Who may write there."""
        ...

    @property
    def password(self) -> str:
        """And how that is proved."""
        ...

    def run(self, query: str, **parameters: Any) -> list[dict[str, Any]]:
        """The rows of one query."""
        ...


def address(server: Neo4jFixture) -> Neo4jAddress:
    """How kg names it."""
    return Neo4jAddress(server.uri, server.user, server.password)


def connect_to(server: Neo4jFixture, wait: float = RETRY_SECONDS) -> Neo4jConnection:
    """A connection to it."""
    return Neo4jConnection(address(server), wait)


def sync_copy(
    server: Neo4jFixture,
    path: Path,
    *,
    protected: bool = False,
    full: bool = False,
    take_over: bool = False,
    wait: float = RETRY_SECONDS,
) -> SyncResult:
    """Bring the graph of the store at `path` into it; with `take_over`, also where that of another ledger is."""
    scope, kept = CopyScope(load_ontology(), protected), sync_state_path(path, server.uri)
    with closing(connect(path)) as connection, connect_to(server, wait) as talk:
        if take_over:
            ledger = get_meta(connection, "ledger")
            full = not talk.read("MATCH (g:KgGraph {ledger: $ledger}) RETURN g.ledger", {"ledger": ledger})
        return sync(connection, talk, SyncRequest(scope, kept, full, suggestions=list_suggestions))


def differences(server: Neo4jFixture, path: Path, *, protected: bool = False) -> Comparison:
    """Compare it with the store at `path`."""
    with closing(connect(path)) as connection, connect_to(server) as talk:
        return compare(connection, talk, CopyScope(load_ontology(), protected), list_suggestions)


@contextmanager
def open_copy(server: Neo4jFixture, *, protected: bool = False) -> Iterator[Neo4jStore]:
    """The graph in it."""
    with connect_to(server) as talk:
        yield Neo4jStore(talk, load_ontology(), protected=protected)


def empty(server: Neo4jFixture) -> None:
    """Take everything out, but for constraints and indexes."""
    server.run("MATCH (n) DETACH DELETE n")
