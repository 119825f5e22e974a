"""How much is alleged, held, traced, restrained, final and returned, each apart?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from kg.ontology.values import date_span, money
from kg.reports.cluster_report.summary import STATES, Apart
from kg.reports.context import Surroundings
from kg.reports.entries import AssetEntry, Procedure, Value


@dataclass(frozen=True, slots=True)
class JurisdictionWorth:
    """What the assets tied to one jurisdiction are said to be worth in one currency, from the lowest to the highest."""

    jurisdiction: str
    currency: str
    low: str
    high: str
    assets: int
    without: int
    """Assets tied to it of which no source says a value in any currency."""


ORDER = tuple(name for name, _ in STATES)


def state(asset: str, procedures: Iterable[Procedure], day: str, *, proceeds: bool) -> str:
    """The furthest state of an asset (its id) on a day: one of STATES, but `alleged`.

    Measures about it decide; without one in force, whether a source says that it is `proceeds` of an offence.
    """
    furthest = "held"
    for procedure in procedures:
        if asset in procedure.about_ids and procedure.kind.startswith("measure"):
            furthest = max(furthest, _of_measure(procedure, day), key=ORDER.index)
    return "traced" if proceeds and furthest == "held" else furthest


def alleged(around: Surroundings) -> list[tuple[str, str]]:
    """Every sum that an offence around is said to be about: the offence and the money; each once."""
    nodes = (n for n in around.nodes.values() if around.ontology.is_a(n.type, "Offence"))
    return sorted({(n.id, text) for n in nodes for text in n.properties.get("amount", ())})


def by_state(
    assets: Iterable[tuple[str, Sequence[Value]]], sums: Iterable[tuple[str, str]]
) -> tuple[tuple[Apart, ...], tuple[tuple[str, int], ...]]:
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
            ranges[name, currency][values[0].asset_id] = _range([v for v in values if v.currency == currency])
    for offence, text in sums:
        amount, currency = money(text)
        low, high = ranges["alleged", currency].get(offence, (amount, amount))
        ranges["alleged", currency][offence] = min(low, amount), max(high, amount)
    found = [_apart(name, currency, list(each.values())) for (name, currency), each in ranges.items()]
    counted = ((name, without[name]) for name in ORDER if without[name])
    return tuple(sorted(found, key=lambda a: (ORDER.index(a.state), a.currency))), tuple(counted)


def by_currency(found: Iterable[Apart]) -> list[tuple[str, list[Apart]]]:
    """The same, under each currency."""
    listed = sorted(found, key=lambda a: (a.currency, ORDER.index(a.state)))
    return [(currency, list(some)) for currency, some in groupby(listed, key=lambda a: a.currency)]


def by_jurisdiction(assets: Iterable[AssetEntry]) -> tuple[JurisdictionWorth, ...]:
    """By jurisdiction, then currency; an asset tied to two jurisdictions counts in both, so do not add."""
    ranges: defaultdict[tuple[str, str], list[tuple[Decimal, Decimal]]] = defaultdict(list)
    without: defaultdict[str, int] = defaultdict(int)
    for asset in assets:
        places = sorted({w.name for w in asset.where if w.name}) or ["none is known"]
        for place in places:
            without[place] += not asset.values
            for currency in {v.currency for v in asset.values}:
                ranges[place, currency].append(_range([v for v in asset.values if v.currency == currency]))
    for place in without:
        if without[place] and not any(p == place for p, _ in ranges):
            ranges[place, ""] = []
    found = ((place, _apart("", currency, each)) for (place, currency), each in ranges.items())
    lines = (JurisdictionWorth(p, a.currency, a.low, a.high, a.assets, without[p]) for p, a in found)
    return tuple(sorted(lines, key=lambda k: (k.jurisdiction == "none is known", k.jurisdiction, k.currency)))


def _of_measure(procedure: Procedure, day: str) -> str:
    """How far a measure has taken an asset by a day; one that was lifted before has taken it nowhere."""
    done = {s.label for s in procedure.steps if date_span(s.date).first.isoformat() <= day}
    if "returned" in done or ("return" in procedure.kind and "executed" in done):
        return "returned"
    if "lifted" in done:
        return "held"
    if "forfeiture" in procedure.kind and "final" in done:
        return "final"
    return "restrained" if done & {"ordered", "executed"} else "held"


def _range(values: Sequence[Value]) -> tuple[Decimal, Decimal]:
    newest: dict[tuple[str, str], list[Value]] = {}
    for value in sorted(values, key=lambda v: _last_day(v.when)):
        kept = newest.setdefault((value.kind, value.basis), [])
        if kept and _last_day(kept[0].when) < _last_day(value.when):
            kept.clear()
        kept.append(value)
    each = [v for kept in newest.values() for v in kept]
    return min(Decimal(v.low) for v in each), max(Decimal(v.high) for v in each)


def _last_day(when: str) -> str:
    return date_span(when).last.isoformat() if when else ""


def _apart(name: str, currency: str, each: Sequence[tuple[Decimal, Decimal]]) -> Apart:
    low, high = sum((r[0] for r in each), Decimal(0)), sum((r[1] for r in each), Decimal(0))
    return Apart(name, currency, f"{low:f}", f"{high:f}", len(each))
