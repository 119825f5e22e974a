"""What are linked assets worth in one currency, as intervals, and in which band does each lie?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from kg.findings import ASSET_STATUSES, LinkedAsset, StatusValue
from kg.law.exchange_rates import ExchangeRates
from kg.ontology.values import money

BANDS = (Decimal(0), Decimal(100_000), Decimal(1_000_000), Decimal(10_000_000), Decimal(100_000_000))
"""A band begins above each of these amounts, in the currency of the portfolio; below the first is none."""

UNVALUED_POINTS = 1.0
"""What an asset counts of which no value is known: as much as one of the lowest band."""

CERTAIN_STATUSES = ("traced", "restrained", "final")
"""Statuses of which something is certainly within reach; of an asset that is only held, nothing is."""


class ValueScale:
    """Puts values into one currency at the rates of a day, and remembers which rates were used."""

    def __init__(self, rates: ExchangeRates, day: date, currency: str = "USD") -> None:
        self._rates, self.day, self.currency = rates, day, currency
        self._used: dict[str, None] = {}

    @property
    def rates(self) -> tuple[str, ...]:
        """The rates that were used, in words."""
        return tuple(sorted(self._used))

    def interval(self, asset: LinkedAsset) -> tuple[Decimal, Decimal] | None:
        """What can be recovered of an asset: least and most; None where no value can be put into the currency.

        The least is nothing of what is only held, and less what third parties may claim. Values in several currencies
        are one value told twice: the interval goes from the lowest to the highest.
        """
        stated = [self.convert(Decimal(a.low), Decimal(a.high), a.currency) for a in asset.amounts]
        known = [interval for interval in stated if interval is not None]
        if not known:
            return None
        low = min(one for one, _ in known) * Decimal(str(asset.share_low)) / 100
        high = max(other for _, other in known) * Decimal(str(asset.share_high)) / 100
        if asset.status not in CERTAIN_STATUSES:
            low = Decimal(0)
        for burden in asset.burdens:
            claimed = self.convert(*_twice(burden)) if burden else None
            low = max(Decimal(0), low - claimed[1]) if claimed else Decimal(0)
        return low.to_integral_value(ROUND_FLOOR), high.to_integral_value(ROUND_CEILING)

    def points(self, asset: LinkedAsset) -> float:
        """The mean of the bands of the least and of the most that can be recovered."""
        interval = self.interval(asset)
        return UNVALUED_POINTS if interval is None else sum(map(_band, interval)) / 2

    def convert(self, low: Decimal, high: Decimal, currency: str) -> tuple[Decimal, Decimal] | None:
        """An interval of money in the currency of the scale; None where no rate by the day is known."""
        found = self._rates.convert(low, high, currency, self.currency, self.day)
        if found is None:
            return None
        self._used |= {rate.text: None for rate in found[2]}
        return found[:2]


def values_by_status(assets: Iterable[LinkedAsset], scale: ValueScale) -> tuple[StatusValue, ...]:
    """What some assets are worth together, by status, the furthest first. Each asset counts once."""
    unique = {asset.asset: asset for asset in sorted(assets, key=lambda a: (a.share_low, a.share_high))}
    found = (
        _status_value([a for a in unique.values() if a.status == status], scale) for status in reversed(ASSET_STATUSES)
    )
    return tuple(value for value in found if value.assets)


def _status_value(assets: list[LinkedAsset], scale: ValueScale) -> StatusValue:
    intervals = [interval for asset in assets if (interval := scale.interval(asset)) is not None]
    left = {
        f"{amount.currency} {amount.low}" + (f" to {amount.high}" if amount.high != amount.low else "")
        for asset in assets
        if scale.interval(asset) is None
        for amount in asset.amounts
    }
    return StatusValue(
        status=assets[0].status if assets else "held",
        low=f"{sum((low for low, _ in intervals), Decimal(0)):f}",
        high=f"{sum((high for _, high in intervals), Decimal(0)):f}",
        assets=len(assets),
        without_value=sum(not asset.amounts for asset in assets),
        not_converted=tuple(sorted(left)),
    )


def _band(amount: Decimal) -> int:
    return sum(amount > start for start in BANDS)


def _twice(text: str) -> tuple[Decimal, Decimal, str]:
    amount, currency = money(text)
    return amount, amount, currency
