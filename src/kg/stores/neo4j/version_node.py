"""What does a Neo4j say of the graph it holds?"""

from __future__ import annotations

import sqlite3
from dataclasses import asdict
from typing import Any

import orjson

from kg.database import get_meta
from kg.stores.neo4j.projection_reader import FORMAT, Scope
from kg.stores.sqlite.source_status import as_of, sources
from kg.stores.sqlite.waiting_links import Waiting

COMPLETE = "complete"


def stamp(connection: sqlite3.Connection, scope: Scope) -> dict[str, Any]:
    """The properties of the version node: which graph it is, and what is known of it as a whole."""
    return {
        "ledger": get_meta(connection, "ledger"),
        "number": int(get_meta(connection, "version")),
        "as_of": as_of(connection),
        "known": _known(connection, scope, protected=False),
        "known_protected": _known(connection, scope, protected=True) if scope.protected else "",
        "protected": scope.protected,
        "ontology": scope.ontology.digest,
        "format": FORMAT,
    }


def version(said: dict[str, Any]) -> str:
    """The graph version that a stamp names."""
    return f"{said['ledger']}@{said['number']}"


def _known(connection: sqlite3.Connection, scope: Scope, *, protected: bool) -> str:
    """The sources, and how many links wait, as those with this scope may see them; as JSON."""
    listed = [asdict(source) for source in sources(connection, scope.ontology, protected=protected)]
    waiting = Waiting(connection, scope.ontology, protected=protected).count()
    return orjson.dumps({"waiting": waiting, "sources": listed}).decode()
