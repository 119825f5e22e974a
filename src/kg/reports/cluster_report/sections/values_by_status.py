"""How much is alleged, held, traced, restrained, final and returned, each apart?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from kg.ontology.values import date_span, money
from kg.reports.cluster_report.summary import ENFORCEMENT_STATUSES, StatusTotal
from kg.reports.context import ReportContext
from kg.reports.entries import AssetEntry, AssetValue, Procedure


@dataclass(frozen=True, slots=True)
class JurisdictionTotal:
    """What the assets tied to one jurisdiction are said to be worth in one currency, from the lowest to the highest."""

    jurisdiction: str
    currency: str
    low: str
    high: str
    assets: int
    without: int
    """Assets tied to it of which no source says a value in any currency."""


STATUS_ORDER = tuple(name for name, _ in ENFORCEMENT_STATUSES)


def enforcement_status(asset: str, procedures: Iterable[Procedure], day: str, *, proceeds: bool) -> str:
    """The furthest state of an asset (its id) on a day: one of STATES, but `alleged`.

    Measures about it decide; without one in force, whether a source says that it is `proceeds` of an offence.
    """
    furthest = "held"
    for procedure in procedures:
        if asset in procedure.about_ids and procedure.kind.startswith("measure"):
            furthest = max(furthest, _status_after_measure(procedure, day), key=STATUS_ORDER.index)
    return "traced" if proceeds and furthest == "held" else furthest


def alleged_sums(context: ReportContext) -> list[tuple[str, str]]:
    """Every sum that an offence around is said to be about: the offence and the money; each once."""
    nodes = (n for n in context.nodes.values() if context.ontology.is_a(n.type, "Offence"))
    return sorted({(n.id, text) for n in nodes for text in n.properties.get("amount", ())})


def totals_by_status(
    assets: Iterable[tuple[str, Sequence[AssetValue]]], sums: Iterable[tuple[str, str]]
) -> tuple[tuple[StatusTotal, ...], tuple[tuple[str, int], ...]]:
    """Assets by state and currency, and how many of each state have no value.

    `assets`: the state and the values of each asset; `sums`: each offence and a sum of money. The newest value of each
    kind counts, and the range of an asset goes from the lowest of them to the highest: they are never added up.
    """
    ranges: defaultdict[tuple[str, str], dict[str, tuple[Decimal, Decimal]]] = defaultdict(dict)
    without: defaultdict[str, int] = defaultdict(int)
    for name, values in assets:
        if not values:
            without[name] += 1
        for currency in {v.currency for v in values}:
            ranges[name, currency][values[0].asset_id] = _newest_range([v for v in values if v.currency == currency])
    for offence, text in sums:
        amount, currency = money(text)
        low, high = ranges["alleged", currency].get(offence, (amount, amount))
        ranges["alleged", currency][offence] = min(low, amount), max(high, amount)
    found = [_status_total(name, currency, list(each.values())) for (name, currency), each in ranges.items()]
    counted = ((name, without[name]) for name in STATUS_ORDER if without[name])
    return tuple(sorted(found, key=lambda a: (STATUS_ORDER.index(a.state), a.currency))), tuple(counted)


def group_by_currency(found: Iterable[StatusTotal]) -> list[tuple[str, list[StatusTotal]]]:
    """The same, under each currency."""
    listed = sorted(found, key=lambda a: (a.currency, STATUS_ORDER.index(a.state)))
    return [(currency, list(some)) for currency, some in groupby(listed, key=lambda a: a.currency)]


def totals_by_jurisdiction(assets: Iterable[AssetEntry]) -> tuple[JurisdictionTotal, ...]:
    """By jurisdiction, then currency; an asset tied to two jurisdictions counts in both, so do not add."""
    ranges: defaultdict[tuple[str, str], list[tuple[Decimal, Decimal]]] = defaultdict(list)
    without: defaultdict[str, int] = defaultdict(int)
    for asset in assets:
        places = sorted({w.name for w in asset.where if w.name}) or ["none is known"]
        for place in places:
            without[place] += not asset.values
            for currency in {v.currency for v in asset.values}:
                ranges[place, currency].append(_newest_range([v for v in asset.values if v.currency == currency]))
    for place in without:
        if without[place] and not any(p == place for p, _ in ranges):
            ranges[place, ""] = []
    found = ((place, _status_total("", currency, each)) for (place, currency), each in ranges.items())
    lines = (JurisdictionTotal(p, a.currency, a.low, a.high, a.assets, without[p]) for p, a in found)
    return tuple(sorted(lines, key=lambda k: (k.jurisdiction == "none is known", k.jurisdiction, k.currency)))


def _status_after_measure(procedure: Procedure, day: str) -> str:
    """How far a measure has taken an asset by a day; one that was lifted before has taken it nowhere."""
    done = {s.label for s in procedure.steps if date_span(s.date).first.isoformat() <= day}
    if "returned" in done or ("return" in procedure.kind and "executed" in done):
        return "returned"
    if "lifted" in done:
        return "held"
    if "forfeiture" in procedure.kind and "final" in done:
        return "final"
    return "restrained" if done & {"ordered", "executed"} else "held"


def _newest_range(values: Sequence[AssetValue]) -> tuple[Decimal, Decimal]:
    newest: dict[tuple[str, str], list[AssetValue]] = {}
    for value in sorted(values, key=lambda v: _last_day(v.when)):
        kept = newest.setdefault((value.kind, value.basis), [])
        if kept and _last_day(kept[0].when) < _last_day(value.when):
            kept.clear()
        kept.append(value)
    each = [v for kept in newest.values() for v in kept]
    return min(Decimal(v.low) for v in each), max(Decimal(v.high) for v in each)


def _last_day(when: str) -> str:
    return date_span(when).last.isoformat() if when else ""


def _status_total(name: str, currency: str, each: Sequence[tuple[Decimal, Decimal]]) -> StatusTotal:
    low, high = sum((r[0] for r in each), Decimal(0)), sum((r[1] for r in each), Decimal(0))
    return StatusTotal(name, currency, f"{low:f}", f"{high:f}", len(each))
