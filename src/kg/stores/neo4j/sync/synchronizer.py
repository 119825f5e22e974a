"""How is a Neo4j brought to what the ledger says?"""

from __future__ import annotations

import sqlite3
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from kg.database import reading
from kg.errors import StoreError
from kg.ontology.derive.cypher import owned_keys, schema
from kg.stores.neo4j.connection import Conversation, Parameters
from kg.stores.neo4j.cypher_queries import Texts
from kg.stores.neo4j.graph_rows import Row, link_rows, node_rows
from kg.stores.neo4j.projection_reader import Item, Reader, Scope
from kg.stores.neo4j.sync.batches import Outbox
from kg.stores.neo4j.sync.contents import Inspector, graph, held_content
from kg.stores.neo4j.sync.sync_state import Content, Entries, Gathering, keep, places, recall, surplus
from kg.stores.neo4j.sync.tombstones import Departures, batches, heirs
from kg.stores.neo4j.version_node import COMPLETE, stamp, version

CHUNK = 5_000
"""Nodes or links that are compared at a time."""

Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True, slots=True)
class SyncOrder:
    """How a Neo4j is to be brought up to date."""

    scope: Scope
    kept: Path
    """The file that remembers what the Neo4j was given."""
    full: bool = False
    """Compare everything the Neo4j has, also what nobody should have changed; take over the graph of another ledger."""
    progress: Progress = lambda phase, done, total: None


@dataclass(slots=True)
class Synced:
    """What a sync did."""

    version: str
    protected: bool
    counts: Counter[str] = field(default_factory=Counter)
    """`nodes_added`, `nodes_changed`, `nodes_removed` and the same of links."""

    @property
    def unchanged(self) -> bool:
        """Whether nothing had to be sent."""
        return not self.counts

    def to_json(self) -> dict[str, Any]:
        """Plain data for `--json`."""
        said = {"version": self.version, "protected": self.protected, "unchanged": self.unchanged}
        return {**said, "counts": dict(self.counts)}


def sync(connection: sqlite3.Connection, conversation: Conversation, order: SyncOrder) -> Synced:
    """Bring a Neo4j to what the projection says, whatever it held of ours; nothing else in it is touched.

    An interrupted sync is gone on with by calling this again. Raises StoreError for a Neo4j that does not answer or
    holds the graph of another ledger, and StoreBusy when another sync took over.
    """
    with reading(connection):
        return _Sync(connection, conversation, order).run()


class _Sync:
    def __init__(self, connection: sqlite3.Connection, conversation: Conversation, order: SyncOrder) -> None:
        self._db, self._conversation, self._order = connection, conversation, order
        self._ontology = order.scope.ontology
        self._texts = Texts(self._ontology)
        self._writer = str(uuid.uuid4())
        self._hold: tuple[str, Parameters] = (self._texts.plain("hold"), {"writer": self._writer})
        self._departures = Departures(conversation, self._ontology, self._texts, self._hold)
        self._inspector = Inspector(conversation, self._ontology, self._texts)
        self._reader = Reader(connection, order.scope)
        self._gathering = Gathering()
        self._counts: Counter[str] = Counter()
        self._done = 0

    def run(self) -> Synced:
        said = stamp(self._db, self._order.scope)
        held = graph(self._conversation, self._texts)
        if held and held["ledger"] != said["ledger"] and not self._order.full:
            raise StoreError(
                f"the Neo4j at {self._conversation.address} holds the graph of another ledger ({held['ledger']}); "
                "`kg sync --full` replaces it"
            )
        before = self._remembered(held)
        if before is not None and all(held.get(name) == value for name, value in said.items()):
            return Synced(version(said), self._order.scope.protected)
        self._prepare()
        self._conversation.tell(self._texts.plain("begin"), {"stamp": said, "writer": self._writer})
        if self._order.full:
            self._departures.set_aside_strays()
        if before is None:
            before = held_content(self._conversation, self._ontology, self._texts)
        self._bring(before)
        self._finish(said)
        return Synced(version(said), self._order.scope.protected, +self._counts)

    def _remembered(self, held: Mapping[str, Any]) -> Content | None:
        """What the Neo4j holds, if that is known without asking it."""
        if self._order.full or held.get("state") != COMPLETE:
            return None
        return recall(self._order.kept, held.get("token", ""))

    def _prepare(self) -> None:
        """Create the constraints and indexes that are missing; rows come after."""
        there = {row["name"] for row in self._conversation.ask("SHOW INDEXES YIELD name")}
        missing = [statement for name, statement in schema(self._ontology).items() if name not in there]
        if missing:
            self._conversation.tell_all([(statement, {}) for statement in missing])
        self._conversation.ask("CALL db.awaitIndexes(300)")

    def _bring(self, before: Content) -> None:
        back = set(self._departures.withdrawn())
        hold = self._hold
        with Outbox(self._conversation, hold) as outbox:
            changes = _Changes(outbox, self._texts, self._order.scope, self._counts)
            self._nodes(before, changes, back)
            outbox.flush()
            self._links(before, changes)
            present = self._gathering.content()
            changes.links_gone(surplus(before, present), before.types)
            outbox.flush()
        gone = [bytes(entry["id"]).decode() for entry in _gone(before.nodes, present.nodes)]
        self._departures.take_out(gone, heirs(self._db, present, gone))
        self._counts["nodes_removed"] += len(gone)
        self._departures.hand_over(heirs(self._db, present, self._departures.withdrawn()))

    def _nodes(self, before: Content, changes: _Changes, back: set[str]) -> None:
        for chunk, at, wanted in self._chunks("nodes", self._reader.nodes(), before.nodes):
            rows = node_rows(self._db, self._ontology, wanted)
            new = {item.id for item, place in zip(chunk, at, strict=True) if place < 0}
            changes.nodes_back(new & back)
            if self._order.full:
                differing, new = self._inspector.differing_nodes(rows), set()
                rows = [row for row in rows if row.id in differing]
            changes.nodes(rows, new)

    def _links(self, before: Content, changes: _Changes) -> None:
        for chunk, at, wanted in self._chunks("links", self._reader.links(), before.links):
            rows = link_rows(self._ontology, wanted)
            types = {i.id: before.types[before.links["type"][p]] for i, p in zip(chunk, at, strict=True) if p >= 0}
            if self._order.full:
                differing = self._inspector.differing_links(rows)
                rows = [row for row in rows if row.id in differing]
                types = {row.id: row.kind[0] for row in rows} | types
            changes.links(rows, types)

    def _chunks(
        self, what: str, items: Iterator[Item], before: Entries
    ) -> Iterator[tuple[list[Item], Sequence[int], list[Item]]]:
        """Items, where each stood before (-1 for a new one), and those that have to be looked at."""
        total = self._reader.count()
        for chunk in batches(items, CHUNK):
            self._order.progress("bringing Neo4j up to date", self._done, total)
            entries = self._gathering.add(
                what, [item.id for item in chunk], [item.digest for item in chunk], [item.type for item in chunk]
            )
            at = places(before, entries["id"])
            known = before["digest"][at] if len(before) else np.zeros(len(at), np.int64)
            other = (at < 0) | (known != entries["digest"])
            wanted = chunk if self._order.full else [chunk[i] for i in np.flatnonzero(other)]
            yield chunk, at.tolist(), wanted
            self._done += len(chunk)

    def _finish(self, said: Mapping[str, Any]) -> None:
        token = str(uuid.uuid4())
        finish = (self._texts.plain("finish"), {"stamp": said, "writer": self._writer, "token": token})
        self._conversation.tell_all([self._hold, finish])
        keep(self._order.kept, token, self._gathering.content())


@dataclass(slots=True)
class _Changes:
    """Puts rows into the outbox with the statement that each needs, and counts them."""

    outbox: Outbox
    texts: Texts
    scope: Scope
    counts: Counter[str]

    def nodes_back(self, ids: set[str]) -> None:
        """Withdrawn nodes that have to be nodes of the graph again before their rows come."""
        if ids:
            self.outbox.add_all(self.texts.plain("nodes_back"), sorted(ids))
            self.outbox.flush()

    def nodes(self, rows: Sequence[Row], new: set[str]) -> None:
        owned = list(owned_keys(self.scope.ontology))
        for row in rows:
            if row.id in new:
                self.outbox.add(self.texts.with_labels("nodes_new", row.kind), row.parameters(), row.weight)
                self.counts["nodes_added"] += 1
            else:
                text = self.texts.with_labels("nodes_changed", row.kind)
                self.outbox.add(text, row.parameters(), row.weight, owned=owned)
                self.counts["nodes_changed"] += 1

    def links(self, rows: Sequence[Row], before: Mapping[str, str]) -> None:
        """`before` has the types that links had which were there already."""
        owned = list(owned_keys(self.scope.ontology, links=True))
        for row in rows:
            [link_type] = row.kind
            if row.id not in before:
                self.outbox.add(self.texts.with_types("links_new", link_type), row.parameters(), row.weight)
                self.counts["links_added"] += 1
            else:
                text = self.texts.with_types("links_changed", link_type, before[row.id])
                self.outbox.add(text, row.parameters(), row.weight, owned=owned, type=link_type)
                self.counts["links_changed"] += 1

    def links_gone(self, entries: Entries, types: Sequence[str]) -> None:
        for entry in entries:
            text = self.texts.with_types("links_gone", types[entry["type"]])
            self.outbox.add(text, bytes(entry["id"]).decode())
            self.counts["links_removed"] += 1


def _gone(before: Entries, present: Entries) -> Entries:
    return before[places(present, before["id"]) < 0]
