"""What is each asset said to be worth, and what may be added up?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from kg.ontology.values import Valuation, date_span, money, valuation
from kg.records import Claim, Node
from kg.reports.context import Surroundings
from kg.reports.entries import Total, Value
from kg.reports.evidence import voices
from kg.reports.terms import cleaned, property_words

DIFFERENT_DATES = "adds up values of different dates"


def values(around: Surroundings, node: Node) -> tuple[Value, ...]:
    """Every valuation of a node and every sum of money it is said to be, oldest first, with who says so."""
    found = [*_valuations(around, node), *_sums(around, node)]
    return tuple(sorted(found, key=lambda v: (v.when, v.kind, v.currency, v.low, v.high, v.basis)))


def totals(found: Iterable[Value]) -> tuple[Total, ...]:
    """Within one currency, kind and basis: the newest value of each asset, added up; never across currencies."""
    groups: dict[tuple[str, str, str, str], dict[str, list[Value]]] = defaultdict(lambda: defaultdict(list))
    for value in found:
        groups[value.currency, value.of, value.kind, value.basis][value.asset_id].append(value)
    return tuple(_total(key, list(groups[key].values())) for key in sorted(groups))


def _total(key: tuple[str, str, str, str], assets: Sequence[Sequence[Value]]) -> Total:
    currency, of, kind, basis = key
    newest = [_newest(asset) for asset in assets]
    dates = sorted(v.when for each in newest for v in each if v.when)
    low = sum((min(Decimal(v.low) for v in each) for each in newest), Decimal(0))
    high = sum((max(Decimal(v.high) for v in each) for each in newest), Decimal(0))
    first, last = (dates[0], dates[-1]) if dates else ("", "")
    note = (
        DIFFERENT_DATES
        if len(assets) > 1 and (first != last or any(not v.when for each in newest for v in each))
        else ""
    )
    return Total(currency, kind, basis, of, f"{low:f}", f"{high:f}", len(assets), first, last, note)


def _newest(asset: Sequence[Value]) -> list[Value]:
    """The values of the newest date; several where sources disagree about that date."""
    when = max((v.when for v in asset), key=_last_day)
    return [v for v in asset if v.when == when]


def _last_day(when: str) -> str:
    return date_span(when).last.isoformat() if when else ""


def _valuations(around: Surroundings, node: Node) -> Iterable[Value]:
    for text in node.properties.get("valuation", ()):
        yield _value(around, node, valuation(text), _who_says(around, node, "valuation", text))


def _sums(around: Surroundings, node: Node) -> Iterable[Value]:
    """Cash is worth its amount; the day is that of the node's own date, where it has one."""
    kinds = around.ontology.properties(node.type)
    for name in (n for n, kind in kinds.items() if kind.type == "money"):
        when = node.first("found_on")
        for text in node.properties.get(name, ()):
            amount, currency = money(text)
            worth = Valuation(property_words(name), when, amount, amount, currency, "")
            yield _value(around, node, worth, _who_says(around, node, name, text))


def _value(around: Surroundings, node: Node, v: Valuation, claims: Sequence[Claim]) -> Value:
    of = "enterprises" if around.ontology.is_a(node.type, "Enterprise") else "assets"
    evidence = voices(claims, around.sources)
    low, high = f"{v.low:f}", f"{v.high:f}"
    return Value(node.id, around.called(node.id), of, v.kind, v.when, low, high, v.currency, v.basis, evidence)


def _who_says(around: Surroundings, node: Node, name: str, text: str) -> list[Claim]:
    kind = around.ontology.properties(node.type)[name]
    said = around.claims.get(node.id, ())
    return [c for c in said if any(cleaned(kind, raw) == text for raw in c.properties.get(name, ()))]
