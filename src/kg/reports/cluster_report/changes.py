"""What a report says of changes since the last one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClusterReference:
    """A cluster by its id and its name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class SourceReference:
    """A source by its name and its title."""

    name: str
    title: str


@dataclass(frozen=True, slots=True)
class ValueChange:
    """What one property was and is; either is empty if no source says."""

    label: str
    before: tuple[str, ...]
    now: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangeItem:
    """One difference from the last report."""

    what: str
    """`new`, `changed`, `ended`, `no longer reported`, `lifted`, `refused`, `contradicted`, `merged`, …"""
    text: str
    """Who or what, and what is different, in one sentence."""
    sources: tuple[SourceReference, ...] = ()
    clusters: tuple[ClusterReference, ...] = ()
    """The clusters on which it bears; empty if it is about somebody sought who is in none, or about a source."""
    on: str = ""
    """The day in the world, as a source dates it; empty if none does."""
    recorded: str = ""
    """The day of the load that brought it."""
    values: tuple[ValueChange, ...] = ()
    """Each property that differs."""
    effects: tuple[str, ...] = ()
    """What became of assets by it: their enforcement status before and now."""
    notes: tuple[str, ...] = ()
    """Notes about those named: who is a relative and not accused."""
    about: tuple[str, ...] = ()
    """The nodes that the sentence names, by id: names alone do not tell namesakes apart."""
    links: tuple[str, ...] = ()
    """The links that it tells of, by id."""
    records: int = 1
    """How many records of one source say it."""
    leads: bool = False
    """Whether the first page tells it among the first: what is one of LEADING, and what gives an asset another status
    or much of another value, or moves a deadline."""


CHANGE_GROUPS = (
    ("sources", "Sources withdrawn"),
    ("exhibits", "Exhibits altered or missing"),
    ("enforcement", "Measures, requests, proceedings and people wanted"),
    ("assets", "Assets, values, ownership, control and payments"),
    ("records", "Judgements on identity"),
    ("contradictions", "Contradictions"),
    ("parties", "People, companies and other facts"),
    ("claims", "Titles of sources; grades, pages and dates of claims"),
    ("withdrawn", "What the withdrawn sources reported"),
)
"""Groups of changes, the most important first: the key and the title of each."""


DIED, NEW, TRANSFERRED = "died", "new", "transferred"

LEADING = (DIED, TRANSFERRED, "cleared", "wanted", "no longer wanted", "source withdrawn", "source erased")
"""What happened that the first page tells first, beside what moves assets."""


SUMMED_UP = ("claims", "withdrawn")
"""The groups that the first page only counts: what is only restated, and what a withdrawal names already."""


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """The changes of one of `CHANGE_GROUPS`; those that happened last come first."""

    key: str
    title: str
    items: tuple[ChangeItem, ...]


@dataclass(frozen=True, slots=True)
class StatusMovement:
    """The assets of one enforcement status in one currency, in the last report and now; empty if there were none."""

    status: str
    label: str
    currency: str
    low_before: str
    high_before: str
    assets_before: int
    low: str
    high: str
    assets: int


@dataclass(frozen=True, slots=True)
class PreviousClusterEntry:
    """One cluster of the last report, and how many of its members are in the present cluster."""

    name: str
    members: int
    here: int


@dataclass(frozen=True, slots=True)
class MemberMovement:
    """Members that joined or left, and where they were or are."""

    where: str
    """`Cluster 3 before`, `Cluster 5 now`, `no cluster`."""
    members: int
    names: tuple[str, ...]
    """Of the first of them; without those that may not be shown."""

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.members - len(self.names)


@dataclass(frozen=True, slots=True)
class ClusterChangeEntry:
    """How one cluster changed: its earlier members, plus those that joined, less those that left, are those of now."""

    what: str
    """`born`, `merged`, `split`, `grown`, `shrunk`, `gone`, `unchanged`, as `kg clusters --previous` says it."""
    cluster_id: str
    cluster: str
    """Its name now; both are empty if it is gone."""
    members: int
    was: tuple[PreviousClusterEntry, ...]
    came: tuple[MemberMovement, ...]
    left: tuple[MemberMovement, ...]
    besides: tuple[str, ...]
    """Changes of roles, links and red flags, a line each."""
    by: str
    """Whether records, time or the method changed its members."""
    records: int
    """How many new or changed records are about its members and links."""
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportChanges:
    """The differences from the last report."""

    since: str
    """Day of the last report."""
    version: str
    """Its graph version."""
    groups: tuple[ChangeGroup, ...]
    """Everything that differs of what bears on a cluster or a person sought; groups without items are left out."""
    values: tuple[StatusMovement, ...]
    """Totals of the values of assets by enforcement status that differ."""
    clusters: tuple[ClusterChangeEntry, ...]
    """How clusters changed; those without any difference are left out."""
    clusters_counted: str
    """How many there were and are, and how many changed in which way."""
    method: tuple[ChangeItem, ...]
    """Parameters, ontology and software that differ."""
    counted: tuple[tuple[str, int, int, int], ...]
    """Records added, changed and removed, by source."""

    @property
    def is_material(self) -> bool:
        """Whether there is any difference that a reader has to know."""
        return bool(self.groups or self.values or self.clusters or self.method)

    @property
    def items(self) -> tuple[ChangeItem, ...]:
        """The items of all groups."""
        return tuple(item for group in self.groups for item in group.items)

    @property
    def news(self) -> tuple[ChangeItem, ...]:
        """The items for the first page, without those of `SUMMED_UP`: first transfers and what else leads."""
        found = (item for group in self.groups if group.key not in SUMMED_UP for item in group.items)
        return tuple(sorted(found, key=lambda item: (not item.leads, item.what != TRANSFERRED)))

    @property
    def first(self) -> tuple[ChangeItem, ...]:
        """The same without the links of a new act of an authority, whose own line names what it is about."""
        news = self.news
        acts = {item.about[0] for item in news if item.what == NEW and item.about and not item.links}
        enforcement = [item for group in self.groups if group.key == "enforcement" for item in group.items]
        parts = [i for i in enforcement if i.what == NEW and i.links and not i.values and not acts.isdisjoint(i.about)]
        return tuple(item for item in news if item not in parts)

    @property
    def restated(self) -> int:
        """How many items are only about titles, grades, pages and dates of claims."""
        return sum(len(group.items) for group in self.groups if group.key == "claims")
