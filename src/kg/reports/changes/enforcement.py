"""How far had measures taken each asset in the last report, and how far now?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from kg.findings import STATUS_LABELS
from kg.reports.cluster_report.changes import StatusMovement
from kg.reports.cluster_report.model import Report
from kg.reports.cluster_report.sections.values_by_status import (
    RESTRAINING,
    measures_about,
    totals_by_status,
)
from kg.reports.cluster_report.summary import StatusTotal
from kg.reports.context import ReportGraph, load_context
from kg.reports.phrases import amount


class AssetStatus(NamedTuple):
    """The enforcement status of one asset, and what it is worth in each currency."""

    status: str
    values: tuple[StatusTotal, ...]
    name: str

    @property
    def worth(self) -> str:
        """`GBP 2,000,000 and USD 3`; empty where no value is known."""
        return " and ".join(f"{total.currency} {amount(total.low, total.high)}" for total in self.values)


def asset_statuses(report: Report) -> dict[str, AssetStatus]:
    """Every asset in the clusters described in full, by id."""
    return {
        a.id: AssetStatus(a.state, totals_by_status([(a.state, a.values)], ())[0], a.name)
        for section in report.clusters
        for a in section.assets
    }


def status_effects(before: Mapping[str, AssetStatus], now: Mapping[str, AssetStatus]) -> dict[str, str]:
    """What became of each asset that both reports describe and whose status differs, by id."""
    return {
        asset: _status_effect(old, new)
        for asset, new in now.items()
        if (old := before.get(asset)) and old.status != new.status
    }


def value_effects(before: Mapping[str, AssetStatus], now: Mapping[str, AssetStatus]) -> dict[str, str]:
    """What became of the known value of each asset that both reports describe with one status, by id."""
    return {
        asset: f"{new.name}, {STATUS_LABELS[new.status]}: {_value_effect(old, new)}"
        for asset, new in now.items()
        if (old := before.get(asset)) and old.status == new.status and old.worth != new.worth
    }


def _value_effect(old: AssetStatus, new: AssetStatus) -> str:
    """`known value fell to GBP 1,000,000, GBP 3,400,000 before`: a range falls where neither end rises."""
    if not (old.values and new.values):
        return (
            f"its value is known now, {new.worth}" if new.values else f"no value is known any more, {old.worth} before"
        )
    was, is_now = (
        {(t.currency, end): Decimal(value) for t in each.values for end, value in (("low", t.low), ("high", t.high))}
        for each in (old, new)
    )
    moves = [is_now[end] - was[end] for end in was.keys() & is_now]
    if was.keys() != is_now.keys() or min(moves) < 0 < max(moves):
        return f"known value is now {new.worth}, {old.worth} before"
    return f"known value {'fell' if min(moves) < 0 else 'rose'} to {new.worth}, {old.worth} before"


def _status_effect(old: AssetStatus, new: AssetStatus) -> str:
    """What it was worth stands beside the status that it had then, and what it is worth now, if that differs, too."""
    worth = old.worth or new.worth
    now = f", {new.worth}" if new.worth and new.worth != worth else ""
    before = f"{new.name}{f', {worth}' if worth else ''}: {STATUS_LABELS[old.status]} before"
    return f"{before}, now {_status_after(old.status, new.status)}{now}"


def remaining_restraints(graph: ReportGraph, assets: Iterable[str], day: str) -> dict[str, str]:
    """`Flat 9: stays restrained, by seizure`, by id: what a measure in force on a day restrains."""
    ids = sorted({*assets})
    context = load_context(graph, ids)
    found: dict[str, str] = {}
    for asset in ids:
        in_force = (node.id for node, status in measures_about(context, asset, day) if status in RESTRAINING)
        if names := sorted({*map(context.display_name, in_force)}):
            found[asset] = f"{context.display_name(asset)}: stays restrained, by {' and '.join(names)}"
    return found


def _status_after(before: str, now: str) -> str:
    """What an asset's status is now: where a measure was in force and none is, that is what is told."""
    if before in RESTRAINING and now in ("held", "traced"):
        return "no measure in force" + (f" ({STATUS_LABELS[now]})" if now == "traced" else "")
    return STATUS_LABELS[now]


def value_movements(before: Iterable[StatusTotal], now: Iterable[StatusTotal]) -> tuple[StatusMovement, ...]:
    """Each total by status and currency that differs."""
    old, new = ({(t.state, t.currency): t for t in totals} for totals in (before, now))
    found = []
    for status, label in STATUS_LABELS.items():
        for currency in sorted({c for s, c in (*old, *new) if s == status}):
            was, is_now = old.get((status, currency)), new.get((status, currency))
            if was != is_now:
                ends = (*_numbers(was), *_numbers(is_now))
                found.append(StatusMovement(status, label, currency, *ends))
    return tuple(found)


def _numbers(total: StatusTotal | None) -> tuple[str, str, int]:
    return (total.low, total.high, total.assets) if total else ("", "", 0)
