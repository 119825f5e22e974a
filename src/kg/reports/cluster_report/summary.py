"""The first page of a report."""

from __future__ import annotations

from dataclasses import dataclass

from kg.reports.cluster_report.changes import ReportChanges
from kg.reports.entries import EvidenceEntry

ENFORCEMENT_STATUSES = (
    ("alleged", "alleged loss", "sums that a source says an offence was about; an allegation, not a finding"),
    ("held", "identified, not restrained", "assets of the clusters with no measure in force, not traced to an offence"),
    ("traced", "traced to an offence", "assets that a source says are proceeds of an offence, no measure in force"),
    ("restrained", "restrained", "assets frozen, seized, or confiscated by an order that can still be appealed"),
    ("final", "finally confiscated", "assets confiscated by an order that can no longer be appealed"),
    ("returned", "returned", "assets returned"),
)
"""How far enforcement has come: the key, its label, and its meaning. Each asset counts in its furthest status alone."""


@dataclass(frozen=True, slots=True)
class ActionItem:
    """Something with a deadline, or that waits for a reply or execution."""

    deadline: str
    """A date as its source gives it; empty if there is none and something waits."""
    when: str
    """`in 3 days`, `2 days late`, `187 days without an answer`."""
    what: str
    about: tuple[str, ...]
    """The assets, or the people if no asset is named."""
    agency: str
    cluster_id: str
    cluster: str
    evidence: tuple[EvidenceEntry, ...]
    soon: bool
    """Whether its deadline is within a week or has passed."""
    since: str = ""
    """The day since which somebody has waited, if there is no deadline."""
    notes: tuple[str, ...] = ()
    """Notes about those named: who is a relative and not accused."""

    @property
    def waits(self) -> bool:
        """Whether it has no deadline."""
        return not self.deadline


@dataclass(frozen=True, slots=True)
class StatusTotal:
    """What the assets of one status are worth in one currency, from the lowest to the highest reported value."""

    state: str
    currency: str
    low: str
    high: str
    assets: int
    """How many have a value; offences if the status is `alleged`."""


@dataclass(frozen=True, slots=True)
class StaleClaim:
    """A claim about something that changes, which no source has confirmed for years."""

    about: str
    what: str
    said: str
    """The latest day on which a source said so."""
    sources: tuple[str, ...]
    cluster_id: str
    cluster: str
    about_ids: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportSummary:
    """The first page."""

    actions: tuple[ActionItem, ...] = ()
    """By deadline; those that only wait come last."""
    apart: tuple[StatusTotal, ...] = ()
    """By status, then currency."""
    without_value: tuple[tuple[str, int], ...] = ()
    """By status, how many assets have no value in any source."""
    stale: tuple[StaleClaim, ...] = ()
    """The oldest first."""
    stale_left_out: int = 0
    changes: ReportChanges | None = None
    """None if there is no earlier report."""
    missed: tuple[str, ...] = ()
    """Days on which a report was due and none was written."""

    @property
    def has_nothing_material(self) -> bool:
        """Whether nothing is different and no deadline is near; what only waits has been reported before."""
        due = any(action.soon and action.deadline for action in self.actions)
        return self.changes is not None and not self.changes.is_material and not due


EMPTY_SUMMARY = ReportSummary()
