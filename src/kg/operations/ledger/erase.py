"""How is a source erased, with everything that kg keeps of it?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import NotFound
from kg.ledger.erasure import ReportEntry, note_report, purge, reports_naming, scrub, unscrubbed
from kg.ledger.ledger import Ledger
from kg.operations.ledger.rejects import erase_rejects
from kg.operations.store.view_cache import forget_views
from kg.operations.workspace import Workplace, open_file, phases, today


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased, and what kg cannot erase."""

    source: str
    withdrawn: int
    """Records that were in force."""
    records: int
    """Records of the ledger, those withdrawn before included."""
    judgements: int
    """Judgements about names that no other source uses."""
    rejects: tuple[str, ...]
    """Files of rows that could not be read."""
    reports: tuple[ReportEntry, ...]
    """Reports that named the source, with the places they were written to; they are where people left them."""

    def to_json(self) -> dict[str, Any]:
        """Plain data for `--json`."""
        counts = {"withdrawn": self.withdrawn, "records": self.records, "judgements": self.judgements}
        reports = [report.to_json() for report in self.reports]
        return {"source": self.source, **counts, "rejects": list(self.rejects), "reports": reports}


def erase(place: Workplace, source: str) -> Erased:
    """Withdraw a source and remove every trace of it from the store's files and the rejects folder.

    Raises NotFound, and StoreBusy while another process reads what is to be overwritten: the source is gone then, and
    calling again overwrites what is left of it.
    """
    with open_file(place) as connection:
        resumed = unscrubbed(connection)
        if resumed:
            scrub(connection)
        try:
            result = Ledger(connection, place.ontology).withdraw(source, today(), phases(place))
        except NotFound:
            if source not in resumed:
                raise
            return Erased(source, 0, 0, 0, (), tuple(reports_naming(connection, source)))
        rejects = erase_rejects(place, source)
        place.progress("erasing", 0, None)
        purged = purge(connection, source)
        forget_views(place)
        scrub(connection)
        reports = tuple(reports_naming(connection, source))
    return Erased(source, result.withdrawn, purged.records, purged.judgements, rejects, reports)


def remember_report(place: Workplace, files: tuple[Path, ...], day: str, sources: tuple[str, ...]) -> None:
    """Note in the ledger that a report is written to `files` and names `sources`."""
    with open_file(place) as connection:
        note_report(connection, ReportEntry(tuple(str(f.resolve()) for f in files), day, sources))
