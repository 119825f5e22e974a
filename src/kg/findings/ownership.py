"""Ownership through all chains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kg.findings.contradictions import Contradiction, CrowdedHolding, ShareDispute, ShareExcess
from kg.findings.shares import Share
from kg.records import GraphVersion


@dataclass(frozen=True, order=True, slots=True)
class OwnershipStep:
    """One direct holding of a chain, and the links behind it."""

    holder: str
    held: str
    share: Share
    links: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnershipChain:
    """Steps from a holder to what it holds, without repetition, and the product of their shares."""

    interests: tuple[str, ...]
    """The interests for which it counts."""
    steps: tuple[OwnershipStep, ...]
    share: Share


@dataclass(frozen=True, slots=True)
class Holding:
    """What one party holds of one thing, through all chains."""

    holder: str
    held: str
    place: str
    """The holder is a `person`, the `last known` (without known owners), or `between` (its own owners are known)."""
    beneficial: Share
    legal: Share
    chains: tuple[OwnershipChain, ...]
    """The largest first. With circular holdings they add up to less than the whole."""
    more_chains: bool
    """Whether there may be chains that are not listed."""
    declared: tuple[str, ...] = ()
    """Links in which a source states the total; they are shown beside the chains and not counted."""


@dataclass(frozen=True, slots=True)
class CircularHolding:
    """Circular holdings: parties that hold each other, by id."""

    members: tuple[str, ...]
    closed: str
    """Whether they hold each other wholly, so that nobody outside owns anything of them: `yes`, `maybe` or `no`."""


@dataclass(frozen=True, slots=True)
class ArrangementRole:
    """The part that a party has in a trust or another arrangement; no share follows from it."""

    party: str
    arrangement: str
    link: str
    """The link that says so, such as that it settled it."""
    holds_title: bool
    """Whether it holds the legal title for others, as a trustee or nominee does."""
    held: tuple[str, ...]
    """What the arrangement holds directly."""


@dataclass(frozen=True, slots=True)
class UnresolvedHolding:
    """A holding of which a source names the holder, or what is held, by a key that no record describes yet.

    Its share counts nowhere. The end that is there is named as it is called, the other by `namespace:key`.
    """

    source: str
    holder: str
    held: str
    share: tuple[str, ...]
    """As stated."""
    is_held_missing: bool
    """Whether what is held is the end that is not there."""
    place: str
    """File and line of the link; empty where they are not known."""

    @property
    def says(self) -> str:
        """The same as a sentence."""
        place = f" ({self.place})" if self.place else ""
        share = f" (share {' or '.join(self.share)})" if self.share else ""
        if self.is_held_missing:
            names = f"{self.source} names a holding of {self.holder}, {self.held}{share}"
        else:
            names = f"{self.source} names a holder of {self.held}, {self.holder}{share}"
        return f"{names}, that no source describes yet{place}; not counted here"


@dataclass(frozen=True, slots=True)
class Ownership:
    """Who holds something, or what a party holds, through all chains, as of a day."""

    version: GraphVersion
    """The graph that answered: its ledger, and how often it has changed."""
    as_of: str
    about: str
    """The node that was asked about."""
    asked: Mapping[str, str | int | float | bool]
    holdings: tuple[Holding, ...]
    """The largest first."""
    more: bool
    """Whether there are holdings that are not listed."""
    unaccounted: Mapping[str, Share]
    """By interest, the share of the asset that no source attributes to anybody.

    None of an interest with more than 100 %, nor of the holdings of a party.
    """
    circles: tuple[CircularHolding, ...]
    beyond: tuple[ShareExcess, ...]
    disputes: tuple[ShareDispute, ...]
    crowded: tuple[CrowdedHolding, ...]
    """Holdings that sources state, and for which the stated shares of others leave nothing."""
    impossible: tuple[str, ...]
    """Links between any of them that are never in force, because they end before they start."""
    contradictions: tuple[Contradiction, ...] = ()
    """What else the links that are named contradict."""
    unresolved: tuple[UnresolvedHolding, ...] = ()
    """Holdings with an end that is not loaded yet, of what has owners that no source names, or of what a party holds:
    the first 1,000; of a SQLite file alone."""
    arrangements: tuple[ArrangementRole, ...] = ()
    """Who has which part in the arrangements by which the node is held, or which part a party has in any."""
    caveats: tuple[str, ...] = ()
    """How the figures count what sources leave open, such as shares that may be one at several times, one sentence
    each."""
