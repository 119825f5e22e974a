"""What holds one cluster together, where does it reach, and how firm is it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kg.findings.ownership import Holding


@dataclass(frozen=True, slots=True)
class TieImportance:
    """What one tie of a cluster does for it.

    `needed` is the part of its two ends' connection that goes through it, 0 to 1: 1 for a bridge, for which there is no
    other way. `falls_off` are the members that are cut off without it, on the side with fewer people sought, then fewer
    members; empty where it is no bridge.
    """

    tie: str
    weight: float
    needed: float
    falls_off: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BoundaryMember:
    """A member through which a cluster is tied to others, most weight first."""

    member: str
    clusters: tuple[str, ...]
    """Ids of the other clusters that it is tied to."""
    ties: tuple[str, ...]
    """Ids of the links, heaviest first."""
    weight: float


@dataclass(frozen=True, slots=True)
class CentralMember:
    """A member in the middle: the part of shortest ways between other members that pass it (Freeman 1977), 0 to 1."""

    member: str
    between: float
    cuts: bool
    """Whether the cluster falls apart without it."""


@dataclass(frozen=True, slots=True)
class ValuationTotal:
    """What assets of one kind of valuation are said to be worth in one currency; never added across kinds."""

    currency: str
    kind: str
    basis: str
    of: str
    """`assets` or `enterprises`: the worth of an enterprise includes what it holds."""
    low: str
    high: str
    assets: int


@dataclass(frozen=True, slots=True)
class JurisdictionCount:
    """A jurisdiction that members are tied to, and by how many of each group."""

    id: str
    people: int
    enterprises: int
    arrangements: int
    assets: int


@dataclass(frozen=True, slots=True)
class StabilityTrial:
    """What one change of the weights or the sources does to a cluster.

    `kept` is the part of both memberships that agrees (Jaccard), 1 where nothing changes.
    """

    what: str
    """`weight of control × 0.8`, or `without the source register`."""
    kept: float
    left: tuple[str, ...]
    came: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stability:
    """How a cluster holds up when weights move by a fifth and when any one source is withdrawn.

    `core` are the members that stay together whatever was tried; `shifts` are what changed, the largest change first.
    """

    cluster: str
    tried: int
    least_kept: float
    core: tuple[str, ...]
    shifts: tuple[StabilityTrial, ...]
    cut: str = ""
    """`time` where there was no time to try everything, so that more may change it; else empty."""


@dataclass(frozen=True, slots=True)
class ClusterExplanation:
    """One cluster in full. Ids throughout; members by group in the order of the cluster's members."""

    cluster: str
    people: tuple[str, ...]
    enterprises: tuple[str, ...]
    arrangements: tuple[str, ...]
    assets: tuple[str, ...]
    holds: tuple[TieImportance, ...]
    """The ties, by what falls off without them and then by how much they are needed."""
    middle: tuple[CentralMember, ...]
    """Members that others go through, most first."""
    weakest_cut: tuple[str, ...]
    """The ties of least weight without which the cluster falls in two (Stoer and Wagner 1997); empty where it is too
    large to say."""
    passages: tuple[BoundaryMember, ...]
    worth: tuple[ValuationTotal, ...]
    jurisdictions: tuple[JurisdictionCount, ...]
    agencies: tuple[str, ...]
    """Who seeks members, or ordered or asked for something about them."""
    measures: tuple[str, ...]
    """Measures, requests and cases that are about members."""
    stability: Stability | None = None
    """None where it was not asked for."""


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
