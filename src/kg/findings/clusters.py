"""What does the question about asset clusters come back with?"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from kg.records import GraphVersion

ROLES = ("sought", "nominee", "relative", "professional", "counterparty", "enterprise", "arrangement", "asset")
"""What a member is to its cluster. Membership is not wrongdoing: only `sought` says that somebody looks for a person,
and the report names who and since when."""


@dataclass(frozen=True, slots=True)
class Member:
    """One node of a cluster, its role, and the links that give it this role, by id."""

    id: str
    type: str
    role: str
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tie:
    """One link that holds a cluster together, with its weight after hubs are weighed down.

    For a paper that two members share, `id` is the link of the one to the paper, `via` that of the other.
    """

    id: str
    type: str
    source_id: str
    target_id: str
    weight: float
    via: str = ""


@dataclass(frozen=True, slots=True)
class ScoreTerm:
    """One part of a cluster's score: what was measured, how much of it there is (0 to 1), and the points it gives."""

    name: str
    part: float
    points: float


@dataclass(frozen=True, slots=True)
class Score:
    """How much a cluster asks to be looked at first, 0 to 100: the sum of its terms. No measure of guilt."""

    total: float
    terms: tuple[ScoreTerm, ...]


@dataclass(frozen=True, slots=True)
class RedFlag:
    """One warning sign in one cluster: which indicator, about whom, and the links it rests on. It proves nothing."""

    indicator: str
    """Name of the indicator."""
    about: tuple[str, ...]
    """Ids of the nodes it is about, the most telling first."""
    because: tuple[str, ...]
    """Ids of the links it rests on."""
    says: str
    """What was found, with figures and days but without names."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """What one kind of warning sign means, and how common it is in this graph."""

    name: str
    title: str
    asks: str
    """What is looked for."""
    innocent: tuple[str, ...]
    """Explanations that have nothing to do with hiding anything."""
    basis: str
    """Paper, standard or reasoning behind it."""
    clusters: int
    """Clusters that show it, of `of`."""
    of: int
    """Clusters in which it could have been seen: those that have what it looks at, such as a shared address."""
    without_sought: int
    """Of the clusters in which nobody is sought, those that show it: the base rate, of `of_without_sought`."""
    of_without_sought: int

    @property
    def base_rate(self) -> str:
        """The base rate in words: `3 of 40 clusters where it can be seen and nobody is sought`."""
        if not self.of_without_sought:
            return f"{self.clusters} of {self.of} clusters where it can be seen; in all of them somebody is sought"
        counted = f"{self.without_sought} of {self.of_without_sought}"
        return f"{counted} clusters where it can be seen and nobody is sought"


@dataclass(frozen=True, slots=True)
class Cluster:
    """Parties and the assets that are held together. Members by role and id; ties by weight, heaviest first."""

    id: str
    name: str
    """Neutral: `Cluster 1` is the one with most sought people and assets."""
    members: tuple[Member, ...]
    ties: tuple[Tie, ...]
    circular: tuple[tuple[str, ...], ...]
    """Circular holdings inside: each a cycle of node ids, starting with the smallest."""
    bridges: tuple[str, ...]
    """Links whose loss would cut the cluster in two, by id."""
    circular_cut: bool = False
    """Whether there are more circular holdings than `circular` shows, or longer ones may be."""
    score: Score | None = None
    signs: tuple[RedFlag, ...] = ()
    """Warning signs, by indicator and what they are about."""

    def with_role(self, *roles: str) -> tuple[Member, ...]:
        """The members that have any of `roles`."""
        return tuple(m for m in self.members if m.role in roles)


@runtime_checkable
class MemberIndex(Protocol):
    """Clusters that know where their members are, so that not all have to be looked at."""

    def containing_any(self, members: Collection[str]) -> Iterator[Cluster]:
        """The clusters to which any of some nodes (ids) belong, in their order."""
        ...


@dataclass(frozen=True, slots=True)
class Clusters:
    """All clusters of one graph version, largest interest first, and how they were found."""

    version: GraphVersion
    as_of: str
    parameters: Mapping[str, bool | int | float | str]
    nodes_considered: int
    """Nodes with at least one link that can hold a cluster together."""
    links_considered: int
    """Links that can hold a cluster together."""
    modularity: float
    """Of the whole partition on the weighted network (Newman 2004). It describes; it is not what was maximised."""
    clusters: Sequence[Cluster]
    indicators: tuple[Indicator, ...] = ()
    """What the warning signs mean and how common each is, by name."""

    def by_member(self) -> dict[str, Cluster]:
        """The cluster of each member, by the member's id."""
        return {member.id: cluster for cluster in self.clusters for member in cluster.members}

    def containing_any(self, members: Collection[str]) -> Iterator[Cluster]:
        """The clusters to which any of some nodes (ids) belong, in their order."""
        if isinstance(self.clusters, MemberIndex):
            return self.clusters.containing_any(members)
        return (c for c in self.clusters if any(m.id in members for m in c.members))
