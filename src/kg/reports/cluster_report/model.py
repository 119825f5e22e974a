"""The content of a report on asset clusters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kg.errors import InputError, InputLocation
from kg.findings import Score
from kg.reports.cluster_report.outside_payments import OutsidePayments
from kg.reports.cluster_report.sections.jurisdictions import JurisdictionMemberCounts
from kg.reports.cluster_report.sections.network import EMPTY_DIAGRAM, NetworkDiagram
from kg.reports.cluster_report.sections.ownership import OwnershipEntry
from kg.reports.cluster_report.sections.red_flags import IndicatorSummary, RedFlagEntry
from kg.reports.cluster_report.sections.stability import Bridge, ClusterStabilityEntry
from kg.reports.cluster_report.sections.timeline import EMPTY_TIMELINE, Timeline
from kg.reports.cluster_report.summary import (
    EMPTY_SUMMARY,
    JurisdictionTotal,
    ReportSummary,
    StaleClaim,
    StatusTotal,
)
from kg.reports.entries import (
    AssetEntry,
    AssetValue,
    Clearance,
    ContradictionEntry,
    ExhibitEntry,
    LinkStatement,
    PartyEntry,
    Procedure,
    Pursuit,
    UnreadEntry,
    ValueTotal,
)


@dataclass(frozen=True, slots=True)
class CandidateEntry:
    """A person who is sought, and somebody else in the graph who may be the same one: work to do, no fact."""

    sought_id: str
    sought: str
    other_id: str
    other: str
    probability: str
    band: str
    reasons: tuple[str, ...]
    """What speaks for and against it, one sentence a feature."""
    missing: tuple[str, ...]
    """What was not compared and would tell."""


@dataclass(frozen=True, slots=True)
class ReportParameters:
    """What the caller chooses. No clock is read: `date` is the day that the report states."""

    date: str
    title: str = "Asset clusters"
    limit: int = 50
    """Clusters described; the others are listed in a table."""
    candidates: tuple[CandidateEntry, ...] = ()
    """Who may be one with people who are sought, the most probable first."""
    candidates_left_out: int = 0

    def __post_init__(self) -> None:
        if not _is_iso_date(self.date):
            raise InputError("expected a day such as 2024-06-30", InputLocation(key="date", value=self.date))
        if self.limit < 0:
            raise InputError("expected 0 or more", InputLocation(key="limit", value=str(self.limit)))


STATUS_HEADINGS = (
    ("sought", "People sought"),
    ("cleared", "People cleared by some source"),
    ("accused", "Accused or formerly wanted"),
    ("", "Other people"),
)
"""Headings of people, by their status."""


@dataclass(frozen=True, slots=True)
class NamedCount:
    """A number with its name."""

    name: str
    number: int


@dataclass(frozen=True, slots=True)
class SoughtPerson:
    """One person named by a warrant, notice or list entry in force, in a cluster or not."""

    id: str
    name: str
    other_names: tuple[str, ...]
    pursuits: tuple[Pursuit, ...]
    cluster_id: str
    cluster: str
    """Empty if the person is in no cluster."""
    invented: bool
    died: str = ""
    """The day on which sources say that the person died."""

    @property
    def first_issuer(self) -> str:
        """Who seeks the person under the first of the papers."""
        return self.pursuits[0].by


@dataclass(frozen=True, slots=True)
class ClearedParty:
    """One party cleared by some source, in a cluster or not."""

    id: str
    name: str
    cleared: tuple[Clearance, ...]
    cluster_id: str
    cluster: str
    """Empty if the party is in no cluster."""


@dataclass(frozen=True, slots=True)
class ClusterSection:
    """Everything about one cluster."""

    id: str
    name: str
    people: tuple[PartyEntry, ...]
    enterprises: tuple[PartyEntry, ...]
    arrangements: tuple[PartyEntry, ...]
    assets: tuple[AssetEntry, ...]
    values: tuple[AssetValue, ...]
    totals: tuple[ValueTotal, ...]
    procedures: tuple[Procedure, ...]
    jurisdictions: tuple[JurisdictionMemberCounts, ...]
    ties: tuple[LinkStatement, ...]
    """The strongest, heaviest first."""
    ties_left_out: int
    bridges: tuple[Bridge, ...]
    """The links without which it splits in two, first those without which most members drop out."""
    bridges_left_out: int
    circular: tuple[tuple[str, ...], ...]
    """Names along each circular holding; the last owns the first."""
    circular_cut: bool
    """Whether there are more of them."""
    contradictions: tuple[ContradictionEntry, ...]
    sources: tuple[str, ...]
    not_understood: tuple[UnreadEntry, ...] = ()
    """What sources say of its members and their links that could not be read."""
    exhibits: tuple[ExhibitEntry, ...] = ()
    """The documents that show something about its members."""
    outside: tuple[OutsidePayments, ...] = ()
    """Payments to and from outside, by party and currency."""
    outside_left_out: int = 0
    """How many further sums there are."""
    outside_unread: int = 0
    """How many older payments are in no sum."""
    picture: NetworkDiagram = EMPTY_DIAGRAM
    timeline: Timeline = EMPTY_TIMELINE
    apart: tuple[StatusTotal, ...] = ()
    """Totals of its assets by enforcement status, and alleged sums."""
    alleged: tuple[tuple[str, str, str], ...] = ()
    """Offences around it, by id, each with a sum that a source says it was about, and `laundered` if that is how."""
    worth_in: tuple[JurisdictionTotal, ...] = ()
    stale: tuple[StaleClaim, ...] = ()
    score: Score | None = None
    signs: tuple[RedFlagEntry, ...] = ()
    owned: tuple[OwnershipEntry, ...] = ()
    firmness: ClusterStabilityEntry | None = None
    """None if it was not computed."""
    same_until: str = ""
    """The day before which a report on the same graph says the same of it; empty if that holds for every later day."""

    @property
    def sought(self) -> tuple[PartyEntry, ...]:
        """The people of the cluster who are sought."""
        return tuple(p for p in self.people if p.sought)

    @property
    def people_by_status(self) -> tuple[tuple[str, tuple[PartyEntry, ...]], ...]:
        """The people by heading, without empty headings."""
        groups = (
            (title, tuple(p for p in self.people if p.procedural_status == name)) for name, title in STATUS_HEADINGS
        )
        return tuple((title, people) for title, people in groups if people)


@dataclass(frozen=True, slots=True)
class ClusterTableRow:
    """One cluster that is only listed."""

    id: str
    name: str
    leading: str
    """Its first sought person, else its first enterprise, else its first member; empty if it may not be named."""
    sought: int
    people: int
    enterprises: int
    arrangements: int
    assets: int


@dataclass(frozen=True, slots=True)
class SourceTableRow:
    """One source of the graph."""

    name: str
    title: str
    invented: bool
    records: int
    loaded: str
    """Day of the newest load that changed its records."""
    not_understood: int = 0
    """How many values of its records could not be read."""


@dataclass(frozen=True, slots=True)
class NamedTimeline:
    """How many events of one kind there were: each year with its number, the earliest first, without empty years."""

    name: str
    years: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """The key figures."""

    people_sought: int
    sought_in_clusters: int
    people_cleared: int
    """In the clusters described."""
    clusters: int
    clusters_shown: int
    assets: int
    """In all clusters, without those of `held_formerly`; an enterprise is not counted here."""
    held_formerly: int
    """In the clusters described, those that each known holder gave up, and no measure restrains."""
    enterprises: int
    contradictions: int
    """In the clusters described."""
    sources: int
    assets_by_status: tuple[NamedCount, ...]
    """By enforcement status, in the clusters described, whether a source gives a value or not."""
    assets_by_jurisdiction: tuple[NamedCount, ...]
    """In the clusters described. An asset tied to two jurisdictions counts in both."""
    events: tuple[NamedTimeline, ...] = ()
    """What happened around the clusters described, year by year."""
    not_counted: int = 0
    """Values of assets in these that could not be read, and are in no total."""


@dataclass(frozen=True, slots=True)
class ClusteringMethod:
    """How the clusters were found."""

    parameters: tuple[tuple[str, str], ...]
    nodes: int
    links: int
    nodes_considered: int
    links_considered: int
    modularity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One report, ready to be written in any format; its parts in the order of the pages."""

    title: str
    date: str
    version: str
    as_of: str
    banner: str
    """Says that people or companies are invented; empty if none are."""
    mark_invented: bool
    """Whether some are invented and some are not, so that each has to be marked."""
    notes: tuple[str, ...]
    """Notes on every page."""
    front: ReportSummary = EMPTY_SUMMARY
    figures: KeyFigures
    clusters: tuple[ClusterSection, ...]
    other_clusters: tuple[ClusterTableRow, ...]
    people_sought: tuple[SoughtPerson, ...]
    everybody_cleared: tuple[ClearedParty, ...] = ()
    """In the clusters described, in others, or in none."""
    candidates: tuple[CandidateEntry, ...] = ()
    """Suggestions about people who are sought: work to do, and the basis of nothing else in the report."""
    candidates_left_out: int = 0
    indicators: tuple[IndicatorSummary, ...] = ()
    """Every kind of red flag that was checked."""
    sources: tuple[SourceTableRow, ...]
    method: ClusteringMethod

    @property
    def has_later_facts(self) -> bool:
        """Whether the facts are of a later day than the report states."""
        return self.as_of > self.date


def _is_iso_date(text: str) -> bool:
    """Only `YYYY-MM-DD`: the day becomes part of a file's name."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
