"""What is known of an asset linked to a person sought: its value, how far enforcement came, and what threatens it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from kg.clearance import MeasureStatus
from kg.findings.statements import is_known_by_day, only_alleges
from kg.records import Claim

AssetStatus = Literal["held", "traced", "restrained", "final", "returned"]

ASSET_STATUSES: tuple[AssetStatus, ...] = ("held", "traced", "restrained", "final", "returned")
"""How far enforcement came, the least first. Each asset has its furthest status alone."""

STATUS_LABELS: Mapping[str, str] = {
    "alleged": "alleged loss",
    "held": "identified, not restrained",
    "traced": "said to be proceeds of an offence",
    "restrained": "restrained",
    "final": "finally confiscated",
    "returned": "returned",
    "former": "held formerly, not restrained",
}
"""What a reader sees in place of a status, and of the sums that offences are said to be about.

That something is proceeds is what a source says, and no finding.
"""


def furthest_status(measures: Iterable[MeasureStatus], proceeds: Iterable[Claim], day: date) -> AssetStatus:
    """How far enforcement came by a day: measures decide, and where none is in force, whether it is traced.

    `proceeds`: the claims that the asset comes from an offence of which not everybody accused is cleared; of the assets
    of a person, from one that the person is accused of.
    """
    found: AssetStatus = max(("held", *measures), key=ASSET_STATUSES.index)
    return "traced" if found == "held" and tracing_claims(proceeds, day) else found


def tracing_claims(proceeds: Iterable[Claim], day: date) -> list[Claim]:
    """Those of some claims by which an asset is traced: known by the day, and more than an allegation."""
    return [claim for claim in proceeds if is_known_by_day(claim, day) and not only_alleges(claim)]


@dataclass(frozen=True, slots=True)
class StatedAmount:
    """What an asset is said to be worth in one currency: the newest values of each kind, lowest and highest."""

    currency: str
    low: str
    high: str
    when: str
    """The date of the newest of them; empty where none has one."""


@dataclass(frozen=True, slots=True)
class LapseDate:
    """A day on which something that protects the recovery of an asset ends."""

    day: str
    what: str
    """Names the asset, or the offence."""


@dataclass(frozen=True, slots=True)
class LinkedAsset:
    """An asset that a chain or a tracing links to a person, on the day."""

    asset: str
    hosts: tuple[str, ...]
    """Where it may be."""
    status: AssetStatus
    amounts: tuple[StatedAmount, ...]
    share_low: float
    """The least percentage of it that is certainly within reach: all of what is traced whole, else the product of the
    shares along the chain, 0 where a share is not known or funds were mixed."""
    share_high: float
    burdens: tuple[str, ...]
    """Amounts that third parties' rights secure; an empty text for one of which nobody says how much."""
    risks: tuple[str, ...]
    """Why it may be moved out of reach; empty for what is restrained."""
    lapses: tuple[LapseDate, ...]
    is_traced: bool
    """Whether a source says that it comes from an offence that the person is accused of."""
