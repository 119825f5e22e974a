"""The explanation of one cluster: what holds it together, where it reaches, and how stable it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kg.findings.ownership import Holding


@dataclass(frozen=True, slots=True)
class TieImportance:
    """How important one tie is for its cluster."""

    tie: str
    weight: float
    needed: float
    """The part of the connection of its two ends that goes through it, 0 to 1; 1 for a bridge, the only one."""
    falls_off: tuple[str, ...]
    """Members that are cut off without it, on the side with fewer people sought, then fewer members; empty if it is no
    bridge."""


@dataclass(frozen=True, slots=True)
class BoundaryMember:
    """A member with ties to other clusters."""

    member: str
    clusters: tuple[str, ...]
    """Ids of the other clusters that it is tied to."""
    ties: tuple[str, ...]
    """Ids of the links, heaviest first."""
    weight: float


@dataclass(frozen=True, slots=True)
class CentralMember:
    """A member in the middle of the cluster."""

    member: str
    between: float
    """Betweenness: the part of the shortest paths between other members that pass through it (Freeman 1977), 0 to 1."""
    cuts: bool
    """Whether it is a cut vertex: the cluster falls apart without it."""


@dataclass(frozen=True, slots=True)
class ValuationTotal:
    """The total reported value of assets in one currency, kind and basis; never added across these."""

    currency: str
    kind: str
    basis: str
    of: str
    """`assets` or `enterprises`: the value of an enterprise includes what it holds."""
    low: str
    high: str
    assets: int


@dataclass(frozen=True, slots=True)
class JurisdictionCount:
    """A jurisdiction to which members have links, and how many of each group do."""

    id: str
    people: int
    enterprises: int
    arrangements: int
    assets: int


WITHOUT_SOURCE = "without the source "
"""How the name of a trial that leaves out a source begins; the source follows."""


@dataclass(frozen=True, slots=True)
class StabilityTrial:
    """How the cluster changes in one trial: with other weights, or without one source."""

    what: str
    """`weight of control × 0.8`, or `without the source register`."""
    kept: float
    """Jaccard similarity of both memberships, 1 if nothing changes."""
    left: tuple[str, ...]
    came: tuple[str, ...]

    @property
    def source(self) -> str:
        """The source that it leaves out; empty for one with other weights."""
        return self.what.removeprefix(WITHOUT_SOURCE) if self.what.startswith(WITHOUT_SOURCE) else ""


@dataclass(frozen=True, slots=True)
class Stability:
    """How stable a cluster is when weights change by a fifth, and when any one source is withdrawn."""

    cluster: str
    tried: int
    """How many trials there were."""
    least_kept: float
    core: tuple[str, ...]
    """Members that stay together in every trial."""
    shifts: tuple[StabilityTrial, ...]
    """Trials that changed it, the largest change first."""
    cut: str = ""
    """`time` if there was no time for every trial, so that more may change it; else empty."""


@dataclass(frozen=True, slots=True)
class ClusterExplanation:
    """One cluster in full. Ids throughout; members by group in the order of the cluster's members."""

    cluster: str
    people: tuple[str, ...]
    enterprises: tuple[str, ...]
    arrangements: tuple[str, ...]
    assets: tuple[str, ...]
    holds: tuple[TieImportance, ...]
    """The ties, by the number of members cut off without them, then by how much they are needed."""
    middle: tuple[CentralMember, ...]
    """Central members, the highest betweenness first."""
    weakest_cut: tuple[str, ...]
    """The minimum cut: the ties of least weight that divide the cluster (Stoer and Wagner 1997); empty where it is too
    large to compute."""
    passages: tuple[BoundaryMember, ...]
    worth: tuple[ValuationTotal, ...]
    not_counted: tuple[str, ...]
    """What sources say that its assets are worth, and that could not be read: one sentence each."""
    jurisdictions: tuple[JurisdictionCount, ...]
    agencies: tuple[str, ...]
    """Agencies that seek members, or ordered or requested something about them."""
    measures: tuple[str, ...]
    """Measures, requests and cases about members."""
    stability: Stability | None = None
    """Null if it was not asked for."""


@dataclass(frozen=True, slots=True)
class ClusterDetails:
    """What was worked out of the clusters that a report describes, by the id of the cluster."""

    holdings: Mapping[str, tuple[Holding, ...]] = field(default_factory=dict)
    """What its people sought, their kin and its nominees hold of its assets, with the largest chain of each."""
    cut_off_members: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    """The members that fall off without a link, by the link's id; nothing for a link that is not needed."""
    stability: Mapping[str, Stability] = field(default_factory=dict)
    """How those that were tried hold up; trying takes long, so that not all need be."""


NO_CLUSTER_DETAILS = ClusterDetails()
