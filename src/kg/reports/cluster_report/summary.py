"""The first page of a report."""

from __future__ import annotations

from dataclasses import dataclass

from kg.reports.cluster_report.changes import ReportChanges
from kg.reports.entries import EvidenceEntry

STATUS_MEANINGS = {
    "alleged": "sums that a source says an offence was about; an allegation, not a finding",
    "held": "assets of the clusters with no measure in force and not said to be proceeds",
    "traced": "a source says so, not everybody accused of it is cleared, and no measure is in force",
    "restrained": "assets frozen, seized, or confiscated by an order that can still be appealed",
    "final": "assets confiscated by an order that can no longer be appealed",
    "returned": "assets returned",
    "former": "assets of which each known holder gave them up, with no measure in force",
}
"""How far enforcement has come: what each of `STATUS_LABELS` means. Each asset counts in its furthest status alone."""


SOON_DAYS, UPCOMING_DAYS, WAITING_DAYS = 7, 90, 90
"""Days: what is for this week, what is coming, and how long a request may wait before somebody should ask."""

NOTHING_DUE = f"Nothing is overdue, and no deadline falls within {UPCOMING_DAYS} days."
"""Said where there is no deadline."""


@dataclass(frozen=True, slots=True)
class ClusterHeadline:
    """Who and what matters in one cluster, in a few lines."""

    id: str
    name: str
    standing: str
    """`Sought`, `Accused or formerly wanted`, or `With` if they are only members."""
    people: tuple[str, ...]
    """The first of the people sought; if nobody is, those accused; else the first members."""
    more: int
    """How many more people of that standing there are."""
    by: tuple[str, ...]
    """For each of `people`, who seeks them, since when, or what they are accused of, and who says so; may be empty."""
    assets: int
    """How many are held."""
    held_formerly: int
    """How many more each known holder gave up, and no measure restrains."""
    places: tuple[str, ...]
    """The jurisdictions with most of the assets, such as `Canada (2)`."""
    amounts: tuple[str, ...]
    """By enforcement status, such as `restrained: CAD 1.2 M to 1.5 M; 1 asset without a stated value`."""
    sources: tuple[str, ...]
    """The sources of the above."""


@dataclass(frozen=True, slots=True)
class ActionItem:
    """Something with a deadline, or that waits for a reply or execution."""

    deadline: str
    """A date as its source gives it; empty if there is none and something waits."""
    days: int
    """Days from the day of the report to the deadline, negative if it has passed; days of waiting if there is none."""
    when: str
    """`in 3 days`, `2 days overdue`, `187 days without an answer`."""
    what: str
    about: tuple[str, ...]
    """The assets, or the people if no asset is named."""
    agency: str
    cluster_id: str
    cluster: str
    evidence: tuple[EvidenceEntry, ...]
    since: str = ""
    """The day since which somebody has waited, if there is no deadline."""
    notes: tuple[str, ...] = ()
    """Notes about those named: who is a relative and not accused."""
    names_them: bool = False
    """Whether `what` names all that it is about."""

    @property
    def waits(self) -> bool:
        """Whether it has no deadline."""
        return not self.deadline

    @property
    def is_overdue(self) -> bool:
        """Whether its deadline has passed."""
        return bool(self.deadline) and self.days < 0

    @property
    def is_soon(self) -> bool:
        """Whether its deadline is within a week and has not passed."""
        return bool(self.deadline) and 0 <= self.days <= SOON_DAYS


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
class JurisdictionTotal:
    """What the assets tied to one jurisdiction are said to be worth in one currency, from the lowest to the highest."""

    jurisdiction: str
    currency: str
    low: str
    high: str
    assets: int
    without: int
    """Assets tied to it for which no source states a value in any currency."""


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

    leading: tuple[ClusterHeadline, ...] = ()
    """The first clusters."""
    changes: ReportChanges | None = None
    """None if there is no earlier report."""
    missed: tuple[str, ...] = ()
    """Days on which a report was due and none was written."""
    actions: tuple[ActionItem, ...] = ()
    """By deadline; those that only wait come last."""
    apart: tuple[StatusTotal, ...] = ()
    """By status, then currency."""
    without_value: tuple[tuple[str, int], ...] = ()
    """By status, how many assets have no value in any source."""
    stale: tuple[StaleClaim, ...] = ()
    """The oldest first."""
    stale_left_out: int = 0
    by_jurisdiction: tuple[JurisdictionTotal, ...] = ()
    """Values of the assets in the clusters described, by jurisdiction, then currency."""

    @property
    def has_nothing_material(self) -> bool:
        """Whether nothing is different and no deadline is near; what only waits has been reported before."""
        due = any(action.is_soon or action.is_overdue for action in self.actions)
        return self.changes is not None and not self.changes.is_material and not due


EMPTY_SUMMARY = ReportSummary()
