"""How do tests bring a graph into a Neo4j and read it there?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

from kg.database import connect, get_meta
from kg.ontology import load_ontology
from kg.stores.neo4j import (
    Comparison,
    Conversation,
    Neo4jStore,
    Scope,
    Synced,
    SyncOrder,
    compare,
    path_of,
    sync,
)
from kg.stores.neo4j_address import Address

PATIENCE = 5.0


class Server(Protocol):
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


def address(server: Server) -> Address:
    """How kg names it."""
    return Address(server.uri, server.user, server.password)


def conversation(server: Server, patience: float = PATIENCE) -> Conversation:
    """A connection to it."""
    return Conversation(address(server), patience)


def copy(
    server: Server,
    path: Path,
    *,
    protected: bool = False,
    full: bool = False,
    take_over: bool = False,
    patience: float = PATIENCE,
) -> Synced:
    """Bring the graph of the store at `path` into it; with `take_over`, also where that of another ledger is."""
    scope, kept = Scope(load_ontology(), protected), path_of(path, server.uri)
    with closing(connect(path)) as connection, conversation(server, patience) as talk:
        if take_over:
            ledger = get_meta(connection, "ledger")
            full = not talk.ask("MATCH (g:KgGraph {ledger: $ledger}) RETURN g.ledger", {"ledger": ledger})
        return sync(connection, talk, SyncOrder(scope, kept, full))


def differences(server: Server, path: Path, *, protected: bool = False) -> Comparison:
    """Compare it with the store at `path`."""
    with closing(connect(path)) as connection, conversation(server) as talk:
        return compare(connection, talk, Scope(load_ontology(), protected))


@contextmanager
def opened(server: Server, *, protected: bool = False) -> Iterator[Neo4jStore]:
    """The graph in it."""
    with conversation(server) as talk:
        yield Neo4jStore(talk, load_ontology(), protected=protected)


def emptied(server: Server) -> None:
    """Take everything out, but for constraints and indexes."""
    server.run("MATCH (n) DETACH DELETE n")
