"""How far had measures taken each asset in the last report, and how far now?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
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
from kg.reports.entries import AssetEntry
from kg.reports.phrases import amount

WORTH = re.compile(r"([A-Z]{3}) ([\d,.]+)(?: to ([\d,.]+))?")
"""The lowest and the highest amount in each currency, in what an asset is worth in words."""


class AssetStatus(NamedTuple):
    """The enforcement status of one asset, and what it is worth in words, such as `GBP 2,000,000`."""

    status: str
    worth: str
    name: str


LARGE_MOVE = 0.1
"""The part of a value by which it has to move to be told among the first changes."""


class ValueEffect(NamedTuple):
    """What became of a known value, in words, and whether it moved by LARGE_MOVE or more."""

    text: str
    is_large: bool


def asset_statuses(report: Report) -> dict[str, AssetStatus]:
    """Every asset in the clusters described in full, by id."""
    return {a.id: AssetStatus(a.state, _worth(a), a.name) for section in report.clusters for a in section.assets}


def status_effects(before: Mapping[str, AssetStatus], now: Mapping[str, AssetStatus]) -> dict[str, str]:
    """What became of each asset that both reports describe and whose status differs, by id."""
    return {
        asset: _status_effect(old, new)
        for asset, new in now.items()
        if (old := before.get(asset)) and old.status != new.status
    }


def value_effects(before: Mapping[str, AssetStatus], now: Mapping[str, AssetStatus]) -> dict[str, ValueEffect]:
    """What became of the known value of each asset that both reports describe with one status, by id."""
    return {
        asset: ValueEffect(f"{new.name}, {STATUS_LABELS[new.status]}: {told.text}", told.is_large)
        for asset, new in now.items()
        if (old := before.get(asset)) and old.status == new.status and old.worth != new.worth
        for told in [_value_effect(old.worth, new.worth)]
    }


def _value_effect(old: str, new: str) -> ValueEffect:
    """`known value fell to GBP 1,000,000, GBP 3,400,000 before`: a range falls where neither end rises."""
    if not (old and new):
        text = f"its value is known now, {new}" if new else f"no value is known any more, {old} before"
        return ValueEffect(text, is_large=True)
    was, is_now = (
        {c: [float(n.replace(",", "")) for n in (low, high or low)] for c, low, high in WORTH.findall(worth)}
        for worth in (old, new)
    )
    ends = [ends for c in was.keys() & is_now for ends in zip(was[c], is_now[c], strict=True)]
    moves = [end - start for start, end in ends]
    is_large = was.keys() != is_now.keys() or any(abs(end - start) >= LARGE_MOVE * abs(start) for start, end in ends)
    if was.keys() != is_now.keys() or min(moves) < 0 < max(moves):
        return ValueEffect(f"known value is now {new}, {old} before", is_large)
    return ValueEffect(f"known value {'fell' if min(moves) < 0 else 'rose'} to {new}, {old} before", is_large)


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


def _worth(asset: AssetEntry) -> str:
    totals, _ = totals_by_status([(asset.state, asset.values)], ())
    return " and ".join(f"{t.currency} {amount(t.low, t.high)}" for t in totals)
