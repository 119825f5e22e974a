"""What has changed in the ledger that bears on some subjects?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.ledger.changes import changes_since, ended_links, nodes_naming_years

if TYPE_CHECKING:
    from kg.findings import LedgerChanges, LedgerPosition
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
    return replace(found, dated=nodes_naming_years(connection, *days)), neighbourhood
