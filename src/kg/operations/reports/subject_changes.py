"""What has changed in the ledger that bears on some subjects?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.ledger.changes import changes_since, ended_links, nodes_naming_years

if TYPE_CHECKING:
    from kg.findings import LedgerChanges, LedgerPosition, RecordChange
    from kg.reports.changes.neighbourhood import Neighbourhood
    from kg.reports.context import ReportGraph


def find_subject_changes(
    connection: sqlite3.Connection,
    graph: ReportGraph,
    subjects: Iterable[str],
    since: LedgerPosition,
    days: tuple[str, str],
) -> tuple[LedgerChanges, Neighbourhood]:
    """The changes since a state of the ledger, and what bears on the subjects. `days`: of that state, and today."""
    from kg.reports.changes.neighbourhood import Neighbourhood

    neighbourhood = Neighbourhood(graph, subjects, ended_links(connection, since))
    found = changes_since(connection, graph.ontology, since, neighbourhood)
    nodes = graph.store.nodes(dict.fromkeys(change.about for change in found.records if change.ends is None))
    withheld = {name for name, node in nodes.items() if node.withheld}
    records = tuple(_withhold(change) if change.about in withheld else change for change in found.records)
    return replace(found, records=records, dated=nodes_naming_years(connection, *days)), neighbourhood


def _withhold(change: RecordChange) -> RecordChange:
    """A change of what is said of somebody who may be under 18, without what it was and is."""
    return replace(change, before={}, after={}, unmapped_before={}, unmapped_after={})
