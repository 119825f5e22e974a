"""What stands on the first page of a report?"""

from __future__ import annotations

from dataclasses import dataclass

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
    """Something with a deadline, or that waits for an answer."""

    deadline: str
    """A date as its source gives it; empty where there is none and something waits."""
    when: str
    """`in 3 days`, `2 days late`, `187 days without an answer`."""
    what: str
    about: tuple[str, ...]
    """The assets, or the people where no asset is named."""
    agency: str
    cluster_id: str
    cluster: str
    evidence: tuple[EvidenceEntry, ...]
    soon: bool
    """Whether its deadline is for this week, or has passed; what has none is not."""
    since: str = ""
    """Where there is no deadline: the day from which on somebody waits."""
    notes: tuple[str, ...] = ()
    """What is to be said of those named: who is a relative, and not accused."""

    @property
    def waits(self) -> bool:
        """Whether it has no deadline."""
        return not self.deadline


@dataclass(frozen=True, slots=True)
class StatusTotal:
    """Assets in one state and currency, from the lowest to the highest that anybody says they are worth."""

    state: str
    currency: str
    low: str
    high: str
    assets: int
    """How many have a value; offences where the state is `alleged`."""


@dataclass(frozen=True, slots=True)
class StaleClaim:
    """A claim about something that changes, which nobody has repeated for long."""

    about: str
    what: str
    said: str
    """The newest day on which anybody said so."""
    sources: tuple[str, ...]
    cluster_id: str
    cluster: str
    about_ids: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChangeItem:
    """One thing that is different from the last report."""

    what: str
    """`contradicted`, `corrected`, `cleared`, `sought`, `holding`, …"""
    text: str
    sources: tuple[str, ...] = ()
    cluster_id: str = ""
    cluster: str = ""
    notes: tuple[str, ...] = ()
    """What is to be said of those named: who is a relative, and not accused."""


@dataclass(frozen=True, slots=True)
class PreviousClusterEntry:
    """One cluster of the last report, and how many of its members are in the cluster now that is told of."""

    name: str
    members: int
    here: int


@dataclass(frozen=True, slots=True)
class MemberMovement:
    """Members that came or left, and where they were or are."""

    where: str
    """`Cluster 3 before`, `Cluster 5 now`, `no cluster`."""
    members: int
    names: tuple[str, ...]
    """Of the first of them; not of whom nothing is to be seen."""

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.members - len(self.names)


@dataclass(frozen=True, slots=True)
class ClusterChangeEntry:
    """What became of one cluster. The members it had, and those that came, less those that left, are those it has."""

    what: str
    """`born`, `merged`, `split`, `grown`, `shrunk`, `gone`, `unchanged`, as `kg clusters --previous` says it."""
    cluster_id: str
    cluster: str
    """Its name now; both empty where it is gone."""
    members: int
    was: tuple[PreviousClusterEntry, ...]
    came: tuple[MemberMovement, ...]
    left: tuple[MemberMovement, ...]
    besides: tuple[str, ...]
    """Roles, ties and warning signs that are others, a line each."""
    by: str
    """Whether records, time or the method made its members others."""
    records: int
    """About its members and ties."""
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportChanges:
    """What is different from the last report, and since when."""

    since: str
    """Day of the last report."""
    version: str
    """The graph version that it was about."""
    first: tuple[ChangeItem, ...]
    """Newly contradicted, corrected or cleared."""
    world: tuple[ChangeItem, ...]
    """What happened after the day of the last report."""
    data: tuple[ChangeItem, ...]
    """What was so before, and is known or said only now; and what is no longer said."""
    method: tuple[ChangeItem, ...]
    """What is found otherwise because it is looked for otherwise."""
    clusters: tuple[ClusterChangeEntry, ...]
    """What became of clusters; those of which nothing is different are not told of."""
    clusters_counted: str
    """How many there were and are, and how many became what."""
    counted: tuple[tuple[str, int, int, int], ...]
    """Records that came, changed and went, by source."""
    left_out: int = 0
    """Changes of the data that are counted and not listed."""

    @property
    def is_material(self) -> bool:
        """Whether anything is different that a reader has to know of."""
        return bool(self.first or self.world or self.data or self.method or self.clusters)


@dataclass(frozen=True, slots=True)
class ReportSummary:
    """The first page."""

    actions: tuple[ActionItem, ...] = ()
    """By deadline; what only waits comes last."""
    apart: tuple[StatusTotal, ...] = ()
    """By state, then currency."""
    without_value: tuple[tuple[str, int], ...] = ()
    """By state, how many assets have no value in any source."""
    stale: tuple[StaleClaim, ...] = ()
    """The oldest first."""
    stale_left_out: int = 0
    changes: ReportChanges | None = None
    """None where there is no earlier report."""
    missed: tuple[str, ...] = ()
    """Days on which a report was due and none was made."""

    @property
    def has_nothing_material(self) -> bool:
        """Whether nothing is different and no deadline is near; what waits without one has been told before."""
        due = any(action.soon and action.deadline for action in self.actions)
        return self.changes is not None and not self.changes.is_material and not due


EMPTY_SUMMARY = ReportSummary()
