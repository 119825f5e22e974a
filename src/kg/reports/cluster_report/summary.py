"""What stands on the first page of a report?"""

from __future__ import annotations

from dataclasses import dataclass

from kg.reports.entries import Evidence

STATES = (
    ("alleged", "sums that somebody says an offence was about; an allegation, not a finding"),
    ("held", "assets in the clusters that nobody traces to an offence, and no measure in force covers"),
    ("traced", "assets that a source says are proceeds of an offence, and no measure in force covers"),
    ("restrained", "assets frozen, seized, or forfeited by an order that can still be appealed"),
    ("final", "assets forfeited by an order that can no longer be appealed"),
    ("returned", "assets returned"),
)
"""How far an asset has come. Each asset counts in its furthest state alone, and states are never added together."""


@dataclass(frozen=True, slots=True)
class Action:
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
    evidence: tuple[Evidence, ...]
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
class Apart:
    """Assets in one state and currency, from the lowest to the highest that anybody says they are worth."""

    state: str
    currency: str
    low: str
    high: str
    assets: int
    """How many have a value; offences where the state is `alleged`."""


@dataclass(frozen=True, slots=True)
class Stale:
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
class Item:
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
class Earlier:
    """One cluster of the last report, and how many of its members are in the cluster now that is told of."""

    name: str
    members: int
    here: int


@dataclass(frozen=True, slots=True)
class Moved:
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
class Became:
    """What became of one cluster. The members it had, and those that came, less those that left, are those it has."""

    what: str
    """`born`, `merged`, `split`, `grown`, `shrunk`, `gone`, `unchanged`, as `kg clusters --previous` says it."""
    cluster_id: str
    cluster: str
    """Its name now; both empty where it is gone."""
    members: int
    was: tuple[Earlier, ...]
    came: tuple[Moved, ...]
    left: tuple[Moved, ...]
    besides: tuple[str, ...]
    """Roles, ties and warning signs that are others, a line each."""
    by: str
    """Whether records, time or the method made its members others."""
    records: int
    """About its members and ties."""
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """What is different from the last report, and since when."""

    since: str
    """Day of the last report."""
    version: str
    """The graph version that it was about."""
    first: tuple[Item, ...]
    """Newly contradicted, corrected or cleared."""
    world: tuple[Item, ...]
    """What happened after the day of the last report."""
    data: tuple[Item, ...]
    """What was so before, and is known or said only now; and what is no longer said."""
    method: tuple[Item, ...]
    """What is found otherwise because it is looked for otherwise."""
    clusters: tuple[Became, ...]
    """What became of clusters; those of which nothing is different are not told of."""
    clusters_counted: str
    """How many there were and are, and how many became what."""
    counted: tuple[tuple[str, int, int, int], ...]
    """Records that came, changed and went, by source."""
    left_out: int = 0
    """Changes of the data that are counted and not listed."""

    @property
    def material(self) -> bool:
        """Whether anything is different that a reader has to know of."""
        return bool(self.first or self.world or self.data or self.method or self.clusters)


@dataclass(frozen=True, slots=True)
class Front:
    """The first page."""

    actions: tuple[Action, ...] = ()
    """By deadline; what only waits comes last."""
    apart: tuple[Apart, ...] = ()
    """By state, then currency."""
    without_value: tuple[tuple[str, int], ...] = ()
    """By state, how many assets have no value in any source."""
    stale: tuple[Stale, ...] = ()
    """The oldest first."""
    stale_left_out: int = 0
    changes: Changes | None = None
    """None where there is no earlier report."""
    missed: tuple[str, ...] = ()
    """Days on which a report was due and none was made."""

    @property
    def nothing(self) -> bool:
        """Whether nothing is different and no deadline is near; what waits without one has been told before."""
        due = any(action.soon and action.deadline for action in self.actions)
        return self.changes is not None and not self.changes.material and not due


NOTHING_SAID = Front()
