"""What does the question about asset clusters come back with?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

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
    """One link that holds a cluster together, with its weight after hubs are weighed down."""

    id: str
    type: str
    source_id: str
    target_id: str
    weight: float


@dataclass(frozen=True, slots=True)
class Cluster:
    """Parties and the assets they hold together. Members by role and id; ties by weight, heaviest first."""

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

    def with_role(self, *roles: str) -> tuple[Member, ...]:
        """The members that have any of `roles`."""
        return tuple(m for m in self.members if m.role in roles)


@dataclass(frozen=True, slots=True)
class Clusters:
    """All clusters of one graph version, largest interest first, and how they were found."""

    version: GraphVersion
    as_of: str
    parameters: Mapping[str, float | int | str]
    nodes_considered: int
    """Nodes with at least one link that can hold a cluster together."""
    links_considered: int
    """Links that can hold a cluster together."""
    modularity: float
    """Of the whole partition on the weighted network (Newman 2004). It describes; it is not what was maximised."""
    clusters: Sequence[Cluster]

    def to_json(self) -> dict[str, Any]:
        """Plain data for `--json`."""
        return {**asdict(self), "version": str(self.version)}
