"""What do questions about who owns what come back with?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kg.records import GraphVersion

INTERESTS = ("beneficial", "legal")
"""The benefit of a thing, and the title to it: they may lie with different people."""

HOLDER_POSITIONS = ("person", "last known", "between")
"""Where an owner stands: a person; a party of whom nobody says who owns it; or one whose own owners are known."""


@dataclass(frozen=True, order=True, slots=True)
class Share:
    """A closed interval of percentages."""

    low: float
    high: float


NO_SHARE = Share(0.0, 0.0)


@dataclass(frozen=True, order=True, slots=True)
class OwnershipStep:
    """One direct holding on a chain, and the links that say it."""

    holder: str
    held: str
    share: Share
    links: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnershipChain:
    """Steps from a holder to what it holds, passing nothing twice, and what they come to when multiplied."""

    interests: tuple[str, ...]
    """For which interests it counts."""
    steps: tuple[OwnershipStep, ...]
    share: Share


@dataclass(frozen=True, slots=True)
class Holding:
    """What one party holds of one thing, through all chains."""

    holder: str
    held: str
    place: str
    """One of PLACES: where the holder stands."""
    beneficial: Share
    legal: Share
    chains: tuple[OwnershipChain, ...]
    """The largest first. Where holdings run in a circle they come to less than the whole."""
    more_chains: bool
    """Whether there may be chains that are not listed."""
    declared: tuple[str, ...] = ()
    """Links by which a source says what is held in all; they are shown beside the chains, and count nowhere."""


@dataclass(frozen=True, slots=True)
class CircularHolding:
    """Parties that hold each other in a circle, by id."""

    members: tuple[str, ...]
    closed: str
    """Whether they hold each other wholly, so that nobody outside owns anything of them: `yes`, `maybe` or `no`."""


@dataclass(frozen=True, slots=True)
class ShareExcess:
    """Shares in one thing that come to more than the whole, so that some of them cannot be right."""

    held: str
    interest: str
    percent: float
    """What the lowest shares come to."""
    links: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShareDispute:
    """Sources that say different shares for one holder of one thing."""

    holder: str
    held: str
    said: tuple[tuple[str, Share], ...]
    """Each source, and the share it says; by name."""


@dataclass(frozen=True, slots=True)
class Ownership:
    """Who holds something, or what somebody holds, through all chains, on a day."""

    version: GraphVersion
    as_of: str
    about: str
    """The node that was asked about."""
    asked: Mapping[str, str | int | float | bool]
    holdings: tuple[Holding, ...]
    """The largest first."""
    more: bool
    """Whether there are holdings that are not listed."""
    unaccounted: Mapping[str, Share]
    """By interest, how much of the asset asked about nobody is said to hold; empty where a holder was asked about."""
    circles: tuple[CircularHolding, ...]
    beyond: tuple[ShareExcess, ...]
    disputes: tuple[ShareDispute, ...]
