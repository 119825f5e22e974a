"""The version node: which graph a Neo4j holds."""

from __future__ import annotations

import sqlite3
from dataclasses import asdict
from typing import Any

import orjson

from kg.database import get_meta
from kg.stores.neo4j.projection_reader import FORMAT, CopyScope
from kg.stores.sqlite.source_status import as_of, list_sources
from kg.stores.sqlite.waiting_links import WaitingLinks

COMPLETE = "complete"


def version_properties(connection: sqlite3.Connection, scope: CopyScope) -> dict[str, Any]:
    """The properties of the version node: which graph it is, its sources and its number of unresolved links."""
    return {
        "ledger": get_meta(connection, "ledger"),
        "number": int(get_meta(connection, "version")),
        "as_of": as_of(connection),
        "known": _source_summary(connection, scope, protected=False),
        "known_protected": _source_summary(connection, scope, protected=True) if scope.protected else "",
        "protected": scope.protected,
        "ontology": scope.ontology.digest,
        "format": FORMAT,
    }


def format_version(properties: dict[str, Any]) -> str:
    """The graph version that the version node's properties name."""
    return f"{properties['ledger']}@{properties['number']}"


def _source_summary(connection: sqlite3.Connection, scope: CopyScope, *, protected: bool) -> str:
    """The sources and the number of unresolved links that one scope may see, as JSON."""
    source_list = [asdict(source) for source in list_sources(connection, scope.ontology, protected=protected)]
    waiting = WaitingLinks(connection, scope.ontology, protected=protected).count()
    return orjson.dumps({"waiting": waiting, "sources": source_list}).decode()
