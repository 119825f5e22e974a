"""Draw the open suggestions in a Neo4j, as links of which nothing in the graph knows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import orjson

from kg.findings.matches import Suggestion, reasons_of, suggestion_id
from kg.records import POSSIBLY_SAME
from kg.stores.neo4j.connection import Neo4jConnection
from kg.stores.neo4j.cypher_queries import CypherQueries
from kg.stores.neo4j.sync.batches import BatchSender

Row = dict[str, Any]


@dataclass
class SuggestionLinks:
    """What differs between the suggestions of a store and the links for them in a Neo4j.

    A link for one has no digest: nothing that reads the graph takes it for a part of it.
    """

    neo4j: Neo4jConnection
    queries: CypherQueries
    suggestions: Iterable[Suggestion]
    absent: list[Row] = field(init=False)
    """The links that are to be made."""
    surplus: list[str] = field(init=False)
    """The ids of those that are to go, as they are of closed suggestions, or differ."""

    def __post_init__(self) -> None:
        wanted = {row["id"]: row for row in map(_row, self.suggestions)}
        there = {row["id"]: row for row in _read(self.neo4j, self.queries)}
        same = {name for name in wanted.keys() & there.keys() if _content(wanted[name]) == there[name]}
        self.absent = [row for name, row in sorted(wanted.items()) if name not in same]
        self.surplus = sorted(there.keys() - same)

    @property
    def differing(self) -> list[str]:
        """The ids of all links that are to be made or are to go."""
        return sorted({*self.surplus, *(row["id"] for row in self.absent)})

    def remove_surplus(self, sender: BatchSender) -> None:
        """Remove those that are to go. Nodes can be removed then to which nothing else is attached."""
        for name in self.surplus:
            sender.add(self.queries.with_types("delete_links", POSSIBLY_SAME), name)
        sender.flush()

    def create_absent(self, sender: BatchSender) -> None:
        """Make those that are absent, between nodes that are there."""
        for row in self.absent:
            sender.add(self.queries.with_types("create_links", POSSIBLY_SAME), row)
        sender.flush()


def read_suggestions(neo4j: Neo4jConnection, queries: CypherQueries) -> list[Suggestion]:
    """The suggestions that a Neo4j holds, in the order of their ids."""
    return [Suggestion.from_json(row["suggestion"]) for row in _read(neo4j, queries)]


def _read(neo4j: Neo4jConnection, queries: CypherQueries) -> list[Row]:
    return neo4j.read(queries.with_types("suggestions", POSSIBLY_SAME))


def _row(suggestion: Suggestion) -> Row:
    match = suggestion.match
    properties = {
        "id": suggestion_id(match),
        "probability": match.probability,
        "bits": match.bits,
        "reason": reasons_of(match),
        "band": match.band,
        "zz_kg_suggestion": orjson.dumps(suggestion).decode(),
    }
    return {"id": properties["id"], "tail": match.one, "head": match.other, "p": properties}


def _content(row: Row) -> Row:
    return {k: row[k] for k in ("id", "tail", "head")} | {"suggestion": row["p"]["zz_kg_suggestion"]}
