"""What does a report say?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kg.errors import InputError, Place
from kg.findings import Score
from kg.reports.cluster_report.sections.network import NOTHING_DRAWN, Picture
from kg.reports.cluster_report.sections.ownership import Owned
from kg.reports.cluster_report.sections.red_flags import IndicatorLine, WarningSign
from kg.reports.cluster_report.sections.stability import Bridge, Firmness
from kg.reports.cluster_report.sections.timeline import NO_EVENTS, Timeline
from kg.reports.cluster_report.sections.values_by_status import JurisdictionWorth
from kg.reports.cluster_report.summary import NOTHING_SAID, Apart, Front, Stale
from kg.reports.entries import (
    AssetEntry,
    Clearance,
    Contradiction,
    Party,
    Procedure,
    Pursuit,
    Statement,
    Total,
    Value,
)


@dataclass(frozen=True, slots=True)
class ReportParameters:
    """What the caller chooses. The clock is never read: `date` is the day the report states."""

    date: str
    title: str = "Asset clusters"
    limit: int = 50
    """Clusters described in full; the others are listed in a table."""

    def __post_init__(self) -> None:
        if not _is_day(self.date):
            raise InputError("expected a day such as 2024-06-30", Place(key="date", value=self.date))
        if self.limit < 0:
            raise InputError("expected 0 or more", Place(key="limit", value=str(self.limit)))


STANDINGS = (
    ("sought", "People sought"),
    ("cleared", "People whom somebody has cleared"),
    ("accused", "People accused, or sought before"),
    ("", "Other people"),
)
"""Headings, so that nobody stands under another's."""


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are of one kind."""

    name: str
    number: int


@dataclass(frozen=True, slots=True)
class SoughtPerson:
    """One person whom a warrant, notice or list entry in force names, in or out of a cluster."""

    id: str
    name: str
    other_names: tuple[str, ...]
    pursuits: tuple[Pursuit, ...]
    cluster_id: str
    cluster: str
    """Empty when the person is in no cluster."""
    invented: bool


@dataclass(frozen=True, slots=True)
class ClearedParty:
    """One party that somebody says is cleared, in or out of a cluster."""

    id: str
    name: str
    cleared: tuple[Clearance, ...]
    cluster_id: str
    cluster: str
    """Empty when the party is in no cluster."""


@dataclass(frozen=True, slots=True)
class JurisdictionLine:
    """What ties one jurisdiction to one cluster, counted."""

    code: str
    name: str
    people: int
    enterprises: int
    arrangements: int
    assets: int


@dataclass(frozen=True, slots=True)
class ClusterPage:
    """Everything that is said of one cluster."""

    id: str
    name: str
    people: tuple[Party, ...]
    enterprises: tuple[Party, ...]
    arrangements: tuple[Party, ...]
    assets: tuple[AssetEntry, ...]
    values: tuple[Value, ...]
    totals: tuple[Total, ...]
    procedures: tuple[Procedure, ...]
    jurisdictions: tuple[JurisdictionLine, ...]
    ties: tuple[Statement, ...]
    """The strongest, heaviest first."""
    ties_left_out: int
    bridges: tuple[Bridge, ...]
    """The links without which it falls in two, those first without which most falls off."""
    bridges_left_out: int
    circular: tuple[tuple[str, ...], ...]
    """Names along each circular holding; the last holds the first."""
    circular_cut: bool
    """Whether there are more of them."""
    contradictions: tuple[Contradiction, ...]
    sources: tuple[str, ...]
    picture: Picture = NOTHING_DRAWN
    timeline: Timeline = NO_EVENTS
    apart: tuple[Apart, ...] = ()
    """What its assets are worth by how far measures have taken them; sums alleged beside it."""
    alleged: tuple[tuple[str, str], ...] = ()
    """Offences around it, by id, each with a sum of money that somebody says it was about."""
    worth_in: tuple[JurisdictionWorth, ...] = ()
    stale: tuple[Stale, ...] = ()
    score: Score | None = None
    signs: tuple[WarningSign, ...] = ()
    owned: tuple[Owned, ...] = ()
    firmness: Firmness | None = None
    """None where it was not tried."""

    @property
    def sought(self) -> tuple[Party, ...]:
        """The people of the cluster who are sought."""
        return tuple(p for p in self.people if p.sought)

    @property
    def people_by_standing(self) -> tuple[tuple[str, tuple[Party, ...]], ...]:
        """The people under their headings, empty ones left out."""
        groups = ((title, tuple(p for p in self.people if p.standing == name)) for name, title in STANDINGS)
        return tuple((title, people) for title, people in groups if people)


@dataclass(frozen=True, slots=True)
class ClusterLine:
    """One cluster beyond the limit."""

    id: str
    name: str
    sought: int
    people: int
    enterprises: int
    arrangements: int
    assets: int


@dataclass(frozen=True, slots=True)
class SourceLine:
    """One source of the graph."""

    name: str
    title: str
    invented: bool
    records: int
    loaded: str
    """Day of the newest load that changed what it says."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The headline figures."""

    people_sought: int
    sought_in_clusters: int
    people_cleared: int
    """In the clusters described in full."""
    clusters: int
    clusters_shown: int
    assets: int
    """In all clusters; an enterprise is not counted here."""
    enterprises: int
    contradictions: int
    """In the clusters described in full."""
    sources: int
    assets_by_kind: tuple[Count, ...]
    assets_by_jurisdiction: tuple[Count, ...]
    """In the clusters described in full. An asset tied to two jurisdictions counts in both."""
    sought_by_year: tuple[Count, ...]
    """By the year of the earliest paper in force; `unknown` comes last."""
    totals: tuple[Total, ...]
    """In the clusters described in full."""


@dataclass(frozen=True, slots=True)
class Method:
    """How the clusters were found."""

    parameters: tuple[tuple[str, str], ...]
    nodes: int
    links: int
    nodes_considered: int
    links_considered: int
    modularity: str


@dataclass(frozen=True, slots=True)
class Report:
    """One report, ready to be written in any form."""

    title: str
    date: str
    version: str
    as_of: str
    banner: str
    """Says so where people or companies are invented; empty otherwise."""
    mark_invented: bool
    """Whether some are invented and some are not, so that each has to be marked."""
    notes: tuple[str, ...]
    """What holds for every page."""
    figures: Figures
    people_sought: tuple[SoughtPerson, ...]
    clusters: tuple[ClusterPage, ...]
    other_clusters: tuple[ClusterLine, ...]
    sources: tuple[SourceLine, ...]
    method: Method
    front: Front = NOTHING_SAID
    everybody_cleared: tuple[ClearedParty, ...] = ()
    """In the clusters described in full, in others, or in none."""
    indicators: tuple[IndicatorLine, ...] = ()
    """Every kind of warning sign that was looked for."""

    @property
    def facts_later(self) -> bool:
        """Whether the facts are of a day after the one that the report states."""
        return self.as_of > self.date


def _is_day(text: str) -> bool:
    """Only `YYYY-MM-DD`: the day becomes part of a file's name."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
