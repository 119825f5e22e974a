"""What changed about a watched thing since a receiver was told?"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import orjson

from kg.errors import InputError, NotFound, StoreBusy
from kg.findings import LedgerPosition
from kg.findings.counts import plural
from kg.ledger.changes import ledger_mark
from kg.operations.reports.subject_changes import find_subject_changes
from kg.operations.store.view_cache import open_store
from kg.operations.watches.delivery import WatchNews
from kg.operations.watches.watch_list import Watch, WatchReceiver
from kg.operations.workspace import Workspace, open_sqlite_store
from kg.ports import Store
from kg.reports.changes.comparison import changes_of_subjects
from kg.reports.changes.enforcement import AssetStatus, status_effects
from kg.reports.cluster_report.changes import ChangeItem
from kg.reports.cluster_report.sections.pursuits import UnaccusedRelatives
from kg.reports.cluster_report.sections.values_by_status import cleared_origins, enforcement_status
from kg.reports.context import load_context, report_graph
from kg.reports.names import display_name

if TYPE_CHECKING:
    from kg.findings import Cluster, Clusters
    from kg.reports.context import ReportGraph


@dataclass(frozen=True)
class WatchContext:
    """The graph and the ledger at one version, as everybody may see them."""

    workspace: Workspace
    store: Store
    connection: sqlite3.Connection
    day: str
    _found: dict[object, tuple[ChangeItem, ...]] = field(default_factory=dict)
    """What changed of some subjects since a state of the ledger: receivers of one watch are told the same."""
    _statuses: dict[str, Mapping[str, AssetStatus]] = field(default_factory=dict)
    """By the node watched: its holdings are searched once for all receivers."""

    @cached_property
    def position(self) -> LedgerPosition:
        """How far the ledger has come."""
        return ledger_mark(self.connection)

    @cached_property
    def graph(self) -> ReportGraph:
        """The graph as changes are looked up in it."""
        return report_graph(self.store)

    @cached_property
    def clusters(self) -> Clusters:
        """All clusters."""
        from kg.analysis.clusters import ClusterParameters
        from kg.operations.questions.clusters import find_clusters

        return find_clusters(self.store, ClusterParameters())

    @cached_property
    def clusters_by_member(self) -> Mapping[str, Cluster]:
        """The cluster of each member, by its id."""
        return {member.id: cluster for cluster in self.clusters.clusters for member in cluster.members}

    def query_rows(self, watch: Watch) -> Mapping[str, str]:
        """The rows of a watched query, by their digests."""
        from kg.operations.questions.saved_query import SavedQueryRequest, run_query
        from kg.queries import find_query

        found = run_query(self.workspace, find_query(watch.subject), SavedQueryRequest(watch.parameters))
        rows = (dict(zip(found.columns, row, strict=True)) for row in found.rows)
        return {
            hashlib.sha256(orjson.dumps(row, option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]: row_text(row)
            for row in rows
        }

    def cluster_of(self, members: tuple[str, ...]) -> Cluster | None:
        """The cluster that most of some members are in now; None if none of them is in any."""
        known = {self._resolve(member) for member in members}
        shared = [(sum(m.id in known for m in c.members), c) for c in self.clusters.clusters]
        most = max((count for count, _ in shared), default=0)
        return next(c for count, c in shared if count == most) if most else None

    def title(self, watch: Watch) -> str:
        """What a watch is about, by the name of today."""
        if watch.kind == "query":
            given = ", ".join(f"{name}={value}" for name, value in sorted(watch.parameters.items()))
            return f"{watch.subject} ({given})" if given else watch.subject
        if watch.kind == "cluster":
            found = self.cluster_of(watch.receivers[0].members) if watch.receivers else None
            return found.name if found else "a cluster that is no more"
        found_node = self.store.nodes([node := self._resolve(watch.subject)]).get(node)
        return display_name(found_node) if found_node else "an entity that no source describes"

    def find_news(self, watch: Watch, receiver: WatchReceiver) -> tuple[WatchNews, WatchReceiver]:
        """What changed since a receiver was told, and the receiver once they are told it."""
        told = replace(receiver, position=self.position, day=self.day, failed="")
        if watch.kind == "query":
            rows = self.query_rows(watch)
            items = _row_changes(receiver.rows, rows)
            told = replace(told, rows=tuple(sorted(rows)))
        elif watch.kind == "cluster":
            found = self.cluster_of(receiver.members)
            members = tuple(sorted(m.id for m in found.members)) if found else ()
            items = (
                *self._member_changes(receiver.members, members),
                *self._record_changes({*receiver.members, *members}, receiver),
            )
            told = replace(told, members=members or receiver.members)
        else:
            now = self.statuses(watch.subject)
            subjects = {watch.subject, self._resolve(watch.subject), *receiver.statuses, *now}
            items = self._record_changes(subjects, receiver, now)
            told = replace(told, statuses={asset: status.status for asset, status in now.items()})
        version = str(self.store.version())
        said = [version.partition("@")[0], watch.number, receiver.address, receiver.position, items]
        name = hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]
        return WatchNews(name, watch.number, self.title(watch), receiver.day, self.day, version, items), told

    def statuses(self, node: str) -> Mapping[str, AssetStatus]:
        """The enforcement status of each asset that a node reaches by holdings, also through relatives, and its own."""
        now = self._resolve(node)
        if now not in self._statuses:
            self._statuses[now] = self._find_statuses(now)
        return self._statuses[now]

    def _find_statuses(self, node: str) -> dict[str, AssetStatus]:
        from kg.analysis.routes import find_reachable

        view, day = self.graph.view, date.fromisoformat(self.day)
        is_asset = view.nodes_of("Asset")
        starts = self.graph.indices([node])
        reached = sorted(
            {view.id(at) for start in starts for at in find_reachable(view, int(start), day) if is_asset[at]}
        )
        context = load_context(self.graph, reached)
        cleared = cleared_origins(self.graph, context, reached)
        return {
            asset: AssetStatus(enforcement_status(context, asset, self.day, cleared), (), context.display_name(asset))
            for asset in reached
            if asset in context.nodes
        }

    def _record_changes(
        self, subjects: set[str], receiver: WatchReceiver, statuses: Mapping[str, AssetStatus] = MappingProxyType({})
    ) -> tuple[ChangeItem, ...]:
        """What changed of some subjects, and what became of assets by it; `statuses`: those of now."""
        days = receiver.day, self.day
        before = {a: statuses[a]._replace(status=old) for a, old in receiver.statuses.items() if a in statuses}
        effects = status_effects(before, statuses)
        key = frozenset(subjects), receiver.position, days, tuple(sorted(effects.items()))
        if key not in self._found:
            ledger, near = find_subject_changes(self.connection, self.graph, subjects, receiver.position, days)
            self._found[key] = changes_of_subjects(self.graph, near, ledger, days, effects, self.clusters_by_member)
        return self._found[key]

    def _member_changes(self, before: tuple[str, ...], now: tuple[str, ...]) -> Iterator[ChangeItem]:
        then = {self._resolve(member) for member in before}
        relatives = UnaccusedRelatives(self.graph, self.clusters_by_member)
        names = {i: display_name(n) for i, n in self.store.nodes(sorted(then ^ {*now})).items() if not n.protected}
        if before and not now:
            yield ChangeItem("gone", "none of its members is in a cluster any more")
            return
        for what, ids in (("joined", {*now} - then), ("left", then - {*now})):
            for node in sorted(ids, key=lambda i: (names.get(i, ""), i)):
                named = relatives.annotate(node, names.get(node, ""))
                yield ChangeItem(what, named or "an entity that no source describes any more")

    def _resolve(self, node: str) -> str:
        try:
            return self.store.resolve(node)
        except (NotFound, InputError):
            return node


@contextmanager
def open_context(workspace: Workspace, day: str) -> Iterator[WatchContext]:
    """The graph and the ledger at one version, without protected facts. Raises StoreBusy if a load comes between."""
    public = replace(workspace, protected=False)
    with open_store(replace(public, neo4j=None)) as store, open_sqlite_store(public) as ledger:
        if store.version() != ledger.version():
            raise StoreBusy(f"the graph changed from {store.version()} meanwhile; run it again")
        yield WatchContext(public, store, ledger.connection, day)


def row_text(row: Mapping[str, Any]) -> str:
    """A row of a query for a person."""
    return "; ".join(f"{name}: {_cell(value)}" for name, value in row.items() if value is not None)


def _cell(value: Any) -> str:
    match value:
        case list():
            return ", ".join(map(_cell, value))
        case {"caption": caption}:
            return str(caption)
        case dict():
            return orjson.dumps(value).decode()
    return str(value)


def _row_changes(before: tuple[str, ...], now: Mapping[str, str]) -> tuple[ChangeItem, ...]:
    gone = len({*before} - now.keys())
    items = [ChangeItem("new row", text) for digest, text in now.items() if digest not in before]
    if gone:
        items.append(ChangeItem("no longer found", f"{plural(gone, 'rows')} of before"))
    return tuple(items)
