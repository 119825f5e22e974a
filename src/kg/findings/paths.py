"""Paths between two nodes, and the network that connects several."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kg.findings.contradictions import Contradiction
from kg.records import GraphVersion


@dataclass(frozen=True, slots=True)
class HopLink:
    """One link of a hop; `forward` if it points in the direction of the path."""

    id: str
    type: str
    forward: bool
    holds: str = ""
    """Whether it was in force on the day asked for: by all its claims (`yes`), by some or possibly (`maybe`), by none
    (`no`), or without any dates (`undated`); empty where no day was asked for."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a path, with every link between the two nodes that the filters allow, by id."""

    from_id: str
    to_id: str
    links: tuple[HopLink, ...]
    origins: int = 0
    """Independent origins of any of the links: copies of one origin count once. 0 where they were not counted."""


@dataclass(frozen=True, slots=True)
class CostTerm:
    """One part of a path's cost: which node or link, why, and how much, in nats (-ln of a probability)."""

    about: str
    why: str
    cost: float


@dataclass(frozen=True, slots=True)
class RankedPath:
    """One path with the evidence for and against it."""

    nodes: tuple[str, ...]
    hops: tuple[Hop, ...]
    cost: float
    """Sum of the terms, in nats; lower is more credible."""
    terms: tuple[CostTerm, ...]
    """For each hop the terms of its cheapest link, for each node on the way the cost of passing it, if any."""
    kind: str
    """`holding`: one end holds the other through every hop. `money trace`: money flows one way along it, possibly
    between holdings. `association`: neither; it supports no claim of ownership or control."""
    supports_holding: bool
    """Whether it supports that one end holds the other: a holding or a money trace does, an association does not."""
    coherent: str
    """Whether all hops may have been in force at the same time, and payments follow each other in time: `yes`, `maybe`
    where dates are missing, `no`."""
    weakest: int
    """The hop whose link costs most, from 0; -1 for a path without hops."""
    origins: int
    """Independent origins behind the whole path."""
    contradictions: tuple[Contradiction, ...]
    judgements: tuple[int, ...]
    """Numbers of the judgements that merged nodes whose both sides the path needs: without them it does not exist."""
    rivals: tuple[int, ...]
    """Ranks, from 1, of listed paths that are almost as credible."""


@dataclass(frozen=True, slots=True)
class ChanceBaseline:
    """The baseline: how many randomly picked people reach the goal in as few hops as the best path."""

    people: int
    reach: int
    hops: int


@dataclass(frozen=True, slots=True)
class RankedPaths:
    """The first paths between two nodes by one ranking, and how the search went."""

    version: GraphVersion
    """The graph that answered: its ledger, and how often it has changed."""
    as_of: str
    start: str
    goal: str
    ranking: str
    limits: Mapping[str, int | str | tuple[str, ...]]
    paths: tuple[RankedPath, ...]
    explored: int
    """Nodes that the search reached from either end."""
    steps: int
    """Partial paths examined."""
    cut: str
    """Which budget ended the search early: `nodes`, `steps` or `time`; empty if none did. Unless it is empty, paths may
    be missing, also better ones than those listed."""
    more: bool
    """Whether there may be more paths than those listed."""
    chance: ChanceBaseline | None = None

    @property
    def found(self) -> bool:
        """Whether there is any path within the limits."""
        return bool(self.paths)


@dataclass(frozen=True, slots=True)
class ConnectingPath:
    """A path between two of the nodes that were asked about, over none of the others."""

    start: str
    goal: str
    joins: bool
    """Whether it is the first, from the most credible on, that joins what was not connected before."""
    path: RankedPath


@dataclass(frozen=True, slots=True)
class SharedNode:
    """Somebody or something on paths between three or more of the nodes that were asked about."""

    node: str
    asked: tuple[str, ...]
    """The ends of these paths."""


@dataclass(frozen=True, slots=True)
class ConnectingNetwork:
    """How several nodes are connected."""

    version: GraphVersion
    as_of: str
    """The day on which every link may hold; empty where none was asked for."""
    asked: tuple[str, ...]
    """In the order of the question."""
    depth: int
    """Most links on a path."""
    paths: tuple[ConnectingPath, ...]
    """The most credible first."""
    shared: tuple[SharedNode, ...]
    """Those with the most ends first."""
    unconnected: tuple[tuple[str, str], ...]
    """Pairs that no path within the depth connects, not even through others; only those whose search was complete."""
    pairs: int
    """Pairs that were looked at; fewer than all if the time ran out."""
    more: bool
    """Whether there may be more paths than those listed."""
    cut: str
    """Which budget ended a search early: `nodes`, `steps` or `time`; empty if none did. Then paths may be missing."""
