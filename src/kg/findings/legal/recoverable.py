"""What is known of an asset linked to a person sought: its value, how far enforcement came, and what threatens it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

AssetStatus = Literal["held", "traced", "restrained", "final", "returned"]

ASSET_STATUSES: tuple[AssetStatus, ...] = ("held", "traced", "restrained", "final", "returned")
"""How far enforcement came, the least first. Each asset has its furthest status alone."""

ASSET_STATUS_LABELS: Mapping[AssetStatus, str] = {
    "held": "identified, not restrained",
    "traced": "traced to an offence",
    "restrained": "restrained",
    "final": "finally confiscated",
    "returned": "returned",
}
"""What a reader sees in place of a status."""


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
