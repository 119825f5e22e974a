"""Compares the number of rows with the totals in the last line of a snapshot."""

from __future__ import annotations

from collections import Counter
from typing import Any

from kg.records import Reject
from kg.sources.rows import SourceRow

PERSONS = "persons_of_significant_control_count"
STATEMENTS = "statements_count"
EXEMPTIONS = "exemptions_count"


class SnapshotTotals:
    """Counts all rows that are read, and remembers the totals that the snapshot states."""

    def __init__(self) -> None:
        self._counted = Counter[str]()
        self._stated: list[tuple[SourceRow, dict[str, Any]]] = []

    def count(self, name: str) -> None:
        """Count a row of a kind."""
        self._counted[name] += 1

    def add_stated(self, row: SourceRow, data: dict[str, Any]) -> None:
        """Add the line with the totals."""
        self._stated.append((row, data))

    def mismatches(self) -> list[Reject]:
        """A reject for each total that differs from the count; none where the files have no such line."""
        found = []
        for name in (PERSONS, STATEMENTS, EXEMPTIONS):
            stated = [data[name] for _, data in self._stated if isinstance(data.get(name), int)]
            if stated and sum(stated) != self._counted[name]:
                reason = f"the files have {self._counted[name]}; a part is missing, or rows were lost"
                found.append(self._stated[-1][0].reject_value(name, sum(stated), reason))
        return found
