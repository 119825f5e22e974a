"""What the choice of a portfolio returns: people, values by status, first freezes, and a freeze set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kg.findings.legal.recoverable import STATUS_LABELS, AssetStatus, LapseDate
from kg.findings.legal.routes import RouteState


@dataclass(frozen=True, slots=True)
class StatusValue:
    """What the assets of one status are worth together, in the currency of the portfolio."""

    status: AssetStatus
    low: str
    """What is certainly within reach: nothing of what is not traced, and less what third parties may claim."""
    high: str
    assets: int
    without_value: int
    """Assets of which no source states a value."""
    not_converted: tuple[str, ...] = ()
    """Values in currencies of which the table has no rate by the day."""

    @property
    def text(self) -> str:
        """`said to be proceeds of an offence: 1,200,000 to 3,400,000 (2 assets, 1 without a value)`."""
        counted = f"{self.assets} asset{'s' if self.assets != 1 else ''}"
        without = f", {self.without_value} without a value" if self.without_value else ""
        told = f"{interval_text(self.low, self.high)} ({counted}{without})"
        left = f"; not converted: {', '.join(self.not_converted)}" if self.not_converted else ""
        return f"{STATUS_LABELS[self.status]}: {told}{left}"


def interval_text(low: str, high: str) -> str:
    """`1,200,000 to 3,400,000`, or one number where both are the same."""
    first, last = f"{int(low):,}", f"{int(high):,}"
    return first if first == last else f"{first} to {last}"


@dataclass(frozen=True, slots=True)
class WorkBudget:
    """How many working days there are, and how many a case is assumed to take: assumptions of whoever asks."""

    days: int
    """All together; 0 for no budget."""
    per_person: int
    per_asset: int
    """For each linked asset with a route that is not blocked."""


@dataclass(frozen=True, slots=True)
class PortfolioPerson:
    """A person in the portfolio, with what they add to those before."""

    person: str
    gain: float
    adds: Mapping[str, int]
    """Elements that nobody before covers, or not as fully, by kind."""
    values: tuple[StatusValue, ...] = ()
    """What the person's linked assets are worth, by the status that enforcement reached."""
    lapses: tuple[LapseDate, ...] = ()
    """What ends within a year, the earliest first."""
    days: int = 0
    """Working days by the assumptions of the budget."""
    through_relatives: tuple[StatusValue, ...] = ()
    """What of it the person reaches through a relative alone, which accuses nobody; without what is traced to an
    offence of the person."""


@dataclass(frozen=True, slots=True)
class ExcludedPerson:
    """A person who was not chosen, with the reason."""

    person: str
    why: str


@dataclass(frozen=True, slots=True)
class FirstFreeze:
    """An asset that no measure restrains, with the route by which a freeze may be asked for."""

    asset: str
    people: tuple[str, ...]
    """Those whom a chain or a tracing links to it."""
    host: str
    status: AssetStatus
    low: str
    high: str
    """In the currency of the portfolio; both 0 where no value is stated or converted."""
    valued: bool
    risks: tuple[str, ...]
    lapses: tuple[LapseDate, ...]
    route: str
    """Name of the route that is furthest."""
    state: RouteState
    next_action: str
    """Who asks whom for what."""
    missing: tuple[str, ...]
    """Questions about the case that nobody has answered."""
    note: str = ""
    """Why a person it is linked to came off the portfolio; else empty."""


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Whom to work on when only so many people can be, why, how good the choice is, and who was left out."""

    limit: int
    budget: WorkBudget
    objective: str
    weights: Mapping[str, float]
    currency: str
    rates: tuple[str, ...]
    """The rates that values were converted with, each with its dates."""
    chosen: tuple[PortfolioPerson, ...]
    value: float
    bound: float
    """No choice of so many people, or for so many days, has a value above this."""
    guarantee: str
    values: tuple[StatusValue, ...]
    """What the linked assets of those chosen are worth, each asset once, by status."""
    first_freezes: tuple[FirstFreeze, ...]
    """Of everybody sought whom nobody clears, whether chosen or not."""
    left_out: tuple[ExcludedPerson, ...] = ()


@dataclass(frozen=True, slots=True)
class FreezeTarget:
    """One node of a freeze set."""

    node: str
    kind: str
    """Its type."""
    hosts: tuple[str, ...]
    """Where it is, or is registered."""
    assets: tuple[str, ...]
    """The assets behind it, by ids."""
    through_relatives: bool
    """Whether the person reaches it through relatives alone; being one is no accusation."""


@dataclass(frozen=True, slots=True)
class FreezeSet:
    """The fewest enterprises, accounts, arrangements, agencies or other assets whose restraint cuts a person off.

    No smaller set does. People are never in it: a measure is against property. Of several smallest sets it is the one
    nearest to the person.
    """

    person: str
    restrain: tuple[FreezeTarget, ...]
    assets: tuple[str, ...]
    """The assets that the person reaches through chains in force on the day and that are not restrained already."""
    restrained: tuple[str, ...]
    """What a measure in force restrains already."""
    traced_only: tuple[str, ...]
    """Assets that are said to be proceeds of what the person is accused of, and that no chain reaches."""
    complete: bool
    """Whether all that the person reaches was looked at; chains are searched up to six links and 2,000 nodes."""
