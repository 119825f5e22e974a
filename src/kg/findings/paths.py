"""What do questions about paths come back with?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from kg.records import GraphVersion

PATH_KINDS = ("holding", "money trace", "association")
"""What a path is: one end holds the other through every hop; money flows one way along it, between holdings at most; or
neither, and then it does not support that anything is anybody's."""


@dataclass(frozen=True, slots=True)
class HopLink:
    """One link walked by a hop; `forward` when it points the way the path goes."""

    id: str
    type: str
    forward: bool
    holds: str = ""
    """Whether it held on the day asked for, in force by all its claims (`yes`), by some or perhaps (`maybe`), by none
    (`no`), or without any dates (`undated`); empty where that was not looked into."""


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of a path, with every link between the two nodes that the question allows, by id."""

    from_id: str
    to_id: str
    links: tuple[HopLink, ...]
    origins: int = 0
    """Independent origins that say any of the links: copies of one origin count once. 0 where not looked into."""


@dataclass(frozen=True, slots=True)
class CostTerm:
    """One part of a path's cost: which node or link, why, and how much, in nats (-ln of a probability)."""

    about: str
    why: str
    cost: float


@dataclass(frozen=True, slots=True)
class PathContradiction:
    """A property of a node or link on a path of which the sources say things that cannot all be true."""

    about: str
    property: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RankedPath:
    """One path with what speaks for it and against it."""

    nodes: tuple[str, ...]
    hops: tuple[Hop, ...]
    cost: float
    """Sum of the terms, in nats; lower is more credible."""
    terms: tuple[CostTerm, ...]
    """For each hop those of its cheapest link, for each node on the way what passing it costs, if anything."""
    kind: str
    """One of KINDS."""
    supports_holding: bool
    """Whether it supports that one end is the other's: a holding or a money trace does, an association does not."""
    coherent: str
    """Whether all hops may have held at once and payments follow each other in time: `yes`, `maybe` where dates are
    missing, `no`."""
    weakest: int
    """The hop whose link costs most, from 0; -1 for a path without hops."""
    origins: int
    """Independent origins behind the whole path."""
    contradictions: tuple[PathContradiction, ...]
    judgements: tuple[int, ...]
    """Numbers of the judgements by which nodes on the path are one thing: it falls with them."""
    rivals: tuple[int, ...]
    """Ranks, from 1, of listed paths that are nearly as credible."""


@dataclass(frozen=True, slots=True)
class ChanceBaseline:
    """How many people picked by no merit reach the goal in as few hops as the best path: how little being near says."""

    people: int
    reach: int
    hops: int


@dataclass(frozen=True, slots=True)
class RankedPaths:
    """The first paths between two nodes by one ranking, and what was done to find them."""

    version: GraphVersion
    as_of: str
    start: str
    goal: str
    ranking: str
    limits: Mapping[str, int | str | tuple[str, ...]]
    paths: tuple[RankedPath, ...]
    explored: int
    """Nodes that the search reached from either end."""
    steps: int
    """Partial paths looked at."""
    cut: str
    """Which budget ended the search before it was done: `nodes`, `steps` or `time`; empty when none did. Unless it is
    empty there may be paths that are not listed, better ones than none included."""
    more: bool
    """Whether there may be paths beyond those listed."""
    chance: ChanceBaseline | None = None

    @property
    def found(self) -> bool:
        """Whether there is any path within the limits."""
        return bool(self.paths)

    def to_json(self) -> dict[str, Any]:
        """Plain data for `--json`."""
        return {**asdict(self), "version": str(self.version), "found": self.found}
