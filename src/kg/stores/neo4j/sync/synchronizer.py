"""Bring a Neo4j to the version of the projection."""

from __future__ import annotations

import sqlite3
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from kg.database import read_transaction
from kg.database.scopes import scope as scope_of
from kg.errors import StoreError
from kg.findings.matches import Suggestion
from kg.ontology.derive.cypher import OLD_INDEXES, owned_keys, schema
from kg.stores.neo4j.connection import Neo4jConnection, Parameters
from kg.stores.neo4j.cypher_queries import CypherQueries
from kg.stores.neo4j.graph_rows import GraphRow, link_rows, node_rows
from kg.stores.neo4j.projection_items import CopyScope, ProjectionItem
from kg.stores.neo4j.projection_reader import ProjectionReader
from kg.stores.neo4j.sync.batches import BatchSender
from kg.stores.neo4j.sync.contents import (
    COMPLETE,
    RowComparison,
    format_version,
    read_contents,
    read_version_node,
    version_properties,
)
from kg.stores.neo4j.sync.suggestions import SuggestionLinks
from kg.stores.neo4j.sync.sync_state import (
    Entries,
    SyncState,
    SyncStateBuilder,
    load_sync_state,
    positions,
    save_sync_state,
    surplus_links,
)
from kg.stores.neo4j.sync.tombstones import Tombstones, chunked, successors

CHUNK = 5_000
"""Nodes or links that are compared at a time."""

Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class SyncRequest:
    """The options of a sync."""

    scope: CopyScope
    state_file: Path
    """The file with the digests of what the Neo4j was given."""
    full: bool = False
    """Compare and repair everything in the Neo4j; replace the graph of another ledger."""
    progress: Progress = lambda phase, done, total: None
    suggestions: Callable[[sqlite3.Connection], Iterable[Suggestion]] = lambda connection: ()
    """The suggestions that are drawn: read in the transaction and scope in which the graph is."""


@dataclass(slots=True)
class SyncResult:
    """What a sync did."""

    version: str
    protected: bool
    counts: Counter[str] = field(default_factory=Counter)
    """`nodes_added`, `nodes_changed`, `nodes_removed` and the same of links; `suggestions_added` and `_removed`."""

    @property
    def unchanged(self) -> bool:
        """Whether nothing had to be sent."""
        return not self.counts

    def to_json(self) -> dict[str, Any]:
        """Plain data for `--json`."""
        fields = {"version": self.version, "protected": self.protected, "unchanged": self.unchanged}
        return {**fields, "counts": dict(self.counts)}


def sync(connection: sqlite3.Connection, neo4j: Neo4jConnection, request: SyncRequest) -> SyncResult:
    """Bring a Neo4j to the state of the projection. Only what kg wrote is changed.

    Calling this again continues an interrupted sync. Raises StoreError for a Neo4j that does not answer or
    holds the graph of another ledger, and StoreBusy when another sync took over.
    """
    with scope_of(connection, protected=request.scope.protected), read_transaction(connection):
        return _SyncRun(connection, neo4j, request).run()


class _SyncRun:
    """One sync, from reading what the Neo4j holds to saving what it was given."""

    def __init__(self, connection: sqlite3.Connection, neo4j: Neo4jConnection, request: SyncRequest) -> None:
        self._db, self._neo4j, self._request = connection, neo4j, request
        self._ontology = request.scope.ontology
        self._queries = CypherQueries(self._ontology)
        self._writer = str(uuid.uuid4())
        self._guard: tuple[str, Parameters] = (self._queries.get("check_writer"), {"writer": self._writer})
        self._tombstones = Tombstones(neo4j, self._ontology, self._queries, self._guard)
        self._comparison = RowComparison(neo4j, self._ontology, self._queries)
        self._reader = ProjectionReader(connection, request.scope)
        self._state_builder = SyncStateBuilder()
        self._counts: Counter[str] = Counter()
        self._done = 0

    def run(self) -> SyncResult:
        version = version_properties(self._db, self._request.scope)
        version_there = read_version_node(self._neo4j, self._queries)
        if version_there and version_there["ledger"] != version["ledger"] and not self._request.full:
            raise StoreError(
                f"the Neo4j at {self._neo4j.address} holds the graph of another ledger ({version_there['ledger']}); "
                "`kg sync --full` replaces it"
            )
        before = None  # what the Neo4j holds, if that is known without reading it
        if not self._request.full and version_there.get("state") == COMPLETE:
            before = load_sync_state(self._request.state_file, version_there.get("token", ""))
        suggested = SuggestionLinks(self._neo4j, self._queries, self._request.suggestions(self._db))
        if before is not None and all(version_there.get(name) == value for name, value in version.items()):
            if suggested.differing:
                self._neo4j.write(self._queries.get("begin_sync"), {"stamp": version, "writer": self._writer})
                self._draw(suggested)
                self._finish(version, before)
            return SyncResult(format_version(version), self._request.scope.protected, +self._counts)
        self._create_schema()
        self._neo4j.write(self._queries.get("begin_sync"), {"stamp": version, "writer": self._writer})
        if self._request.full:
            self._tombstones.withdraw_strays()
        if before is None:
            before = read_contents(self._neo4j, self._ontology, self._queries)
        self._draw(suggested, partial(self._apply_changes, before))
        self._finish(version, self._state_builder.build())
        return SyncResult(format_version(version), self._request.scope.protected, +self._counts)

    def _create_schema(self) -> None:
        """Create the constraints and indexes that are missing; rows come after."""
        existing = {row["name"] for row in self._neo4j.read("SHOW INDEXES YIELD name")}
        missing = [statement for name, statement in schema(self._ontology).items() if name not in existing]
        missing += [f"DROP INDEX {name} IF EXISTS" for name in OLD_INDEXES if name in existing]
        if missing:
            self._neo4j.write_all([(statement, {}) for statement in missing])
        self._neo4j.read("CALL db.awaitIndexes(300)")

    def _draw(self, suggested: SuggestionLinks, apply_changes: Callable[[], None] = lambda: None) -> None:
        """Remove suggestions that are closed, then change the graph, then draw the open ones."""
        with BatchSender(self._neo4j, self._guard) as sender:
            suggested.remove_surplus(sender)
        apply_changes()
        with BatchSender(self._neo4j, self._guard) as sender:
            suggested.create_absent(sender)
        self._counts["suggestions_added"] += len(suggested.absent)
        self._counts["suggestions_removed"] += len(suggested.surplus)

    def _apply_changes(self, before: SyncState) -> None:
        withdrawn = set(self._tombstones.list_withdrawn())
        with BatchSender(self._neo4j, self._guard) as sender:
            changes = _ChangeBatches(sender, self._queries, self._request.scope, self._counts)
            self._nodes(before, changes, withdrawn)
            sender.flush()
            self._links(before, changes)
            present = self._state_builder.build()
            changes.delete_links(surplus_links(before, present), before.types)
            sender.flush()
        removed = before.nodes[positions(present.nodes, before.nodes["id"]) < 0]
        gone = [bytes(entry["id"]).decode() for entry in removed]
        self._tombstones.remove_nodes(gone, successors(self._db, present, gone))
        self._counts["nodes_removed"] += len(gone)
        self._tombstones.transfer_attachments(successors(self._db, present, self._tombstones.list_withdrawn()))

    def _nodes(self, before: SyncState, changes: _ChangeBatches, withdrawn: set[str]) -> None:
        for chunk, indexes, to_compare in self._chunks("nodes", self._reader.nodes(), before.nodes):
            rows = node_rows(self._db, self._request.scope, to_compare)
            new = {item.id for item, place in zip(chunk, indexes, strict=True) if place < 0}
            changes.restore_nodes(new & withdrawn)
            if self._request.full:
                differing, new = self._comparison.differing_nodes(rows), set()
                rows = [row for row in rows if row.id in differing]
            changes.send_nodes(rows, new)

    def _links(self, before: SyncState, changes: _ChangeBatches) -> None:
        for chunk, indexes, to_compare in self._chunks("links", self._reader.links(), before.links):
            rows = link_rows(self._ontology, to_compare)
            types = {i.id: before.types[before.links["type"][p]] for i, p in zip(chunk, indexes, strict=True) if p >= 0}
            if self._request.full:
                differing = self._comparison.differing_links(rows)
                rows = [row for row in rows if row.id in differing]
                types = {row.id: row.kind[0] for row in rows} | types
            changes.send_links(rows, types)

    def _chunks(
        self, what: str, items: Iterator[ProjectionItem], before: Entries
    ) -> Iterator[tuple[list[ProjectionItem], Sequence[int], list[ProjectionItem]]]:
        """Items, the index that each had before (-1 for a new one), and those that have to be compared."""
        total = self._reader.count()
        for chunk in chunked(items, CHUNK):
            self._request.progress("bringing Neo4j up to date", self._done, total)
            entries = self._state_builder.add(
                what, [item.id for item in chunk], [item.digest for item in chunk], [item.type for item in chunk]
            )
            indexes = positions(before, entries["id"])
            known = before["digest"][indexes] if len(before) else np.zeros(len(indexes), np.int64)
            is_changed = (indexes < 0) | (known != entries["digest"])
            to_compare = chunk if self._request.full else [chunk[i] for i in np.flatnonzero(is_changed)]
            yield chunk, indexes.tolist(), to_compare
            self._done += len(chunk)

    def _finish(self, version: Mapping[str, Any], present: SyncState) -> None:
        token = str(uuid.uuid4())
        finish = (self._queries.get("finish_sync"), {"stamp": version, "writer": self._writer, "token": token})
        self._neo4j.write_all([self._guard, finish])
        save_sync_state(self._request.state_file, token, present)


@dataclass(slots=True)
class _ChangeBatches:
    """Adds rows to the batch of the statement that each needs, and counts them."""

    sender: BatchSender
    queries: CypherQueries
    scope: CopyScope
    counts: Counter[str]

    def restore_nodes(self, ids: set[str]) -> None:
        """Make withdrawn nodes part of the graph again, before their rows are sent."""
        if ids:
            for node in sorted(ids):
                self.sender.add(self.queries.get("restore_nodes"), node)
            self.sender.flush()

    def send_nodes(self, rows: Sequence[GraphRow], new: set[str]) -> None:
        owned = list(owned_keys(self.scope.ontology))
        for row in rows:
            if row.id in new:
                self.sender.add(self.queries.with_labels("create_nodes", row.kind), row.parameters(), row.weight)
                self.counts["nodes_added"] += 1
            else:
                text = self.queries.with_labels("update_nodes", row.kind)
                self.sender.add(text, row.parameters(), row.weight, owned=owned)
                self.counts["nodes_changed"] += 1

    def send_links(self, rows: Sequence[GraphRow], before: Mapping[str, str]) -> None:
        """Send links; `before` has the former types of those that existed."""
        owned = list(owned_keys(self.scope.ontology, links=True))
        for row in rows:
            [link_type] = row.kind
            if row.id not in before:
                self.sender.add(self.queries.with_types("create_links", link_type), row.parameters(), row.weight)
                self.counts["links_added"] += 1
            else:
                text = self.queries.with_types("update_links", link_type, before[row.id])
                self.sender.add(text, row.parameters(), row.weight, owned=owned, type=link_type)
                self.counts["links_changed"] += 1

    def delete_links(self, entries: Entries, types: Sequence[str]) -> None:
        for entry in entries:
            text = self.queries.with_types("delete_links", types[entry["type"]])
            self.sender.add(text, bytes(entry["id"]).decode())
            self.counts["links_removed"] += 1
