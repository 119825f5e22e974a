"""What is each asset said to be worth, and what may be added up?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from kg.ontology.values import Valuation, date_span, money, valuation
from kg.records import Claim, Node
from kg.reports.context import ReportContext
from kg.reports.entries import AssetValue, ValueTotal
from kg.reports.evidence import evidence_entries
from kg.reports.terms import canonical_value, property_label

MIXED_DATES_NOTE = "adds up values of different dates"


def asset_values(context: ReportContext, node: Node) -> tuple[AssetValue, ...]:
    """Every valuation of a node and every sum of money it is said to be, oldest first, with who says so."""
    found = [*_stated_valuations(context, node), *_money_amounts(context, node)]
    return tuple(sorted(found, key=lambda v: (v.when, v.kind, v.currency, v.low, v.high, v.basis)))


def value_totals(found: Iterable[AssetValue]) -> tuple[ValueTotal, ...]:
    """Within one currency, kind and basis: the newest value of each asset, added up; never across currencies."""
    groups: dict[tuple[str, str, str, str], dict[str, list[AssetValue]]] = defaultdict(lambda: defaultdict(list))
    for value in found:
        groups[value.currency, value.of, value.kind, value.basis][value.asset_id].append(value)
    return tuple(_total(key, list(groups[key].values())) for key in sorted(groups))


def _total(key: tuple[str, str, str, str], assets: Sequence[Sequence[AssetValue]]) -> ValueTotal:
    currency, of, kind, basis = key
    newest = [_newest(asset) for asset in assets]
    dates = sorted(v.when for each in newest for v in each if v.when)
    low = sum((min(Decimal(v.low) for v in each) for each in newest), Decimal(0))
    high = sum((max(Decimal(v.high) for v in each) for each in newest), Decimal(0))
    first, last = (dates[0], dates[-1]) if dates else ("", "")
    note = (
        MIXED_DATES_NOTE
        if len(assets) > 1 and (first != last or any(not v.when for each in newest for v in each))
        else ""
    )
    return ValueTotal(currency, kind, basis, of, f"{low:f}", f"{high:f}", len(assets), first, last, note)


def _newest(asset: Sequence[AssetValue]) -> list[AssetValue]:
    """The values of the newest date; several where sources disagree about that date."""
    when = max((v.when for v in asset), key=_last_day)
    return [v for v in asset if v.when == when]


def _last_day(when: str) -> str:
    return date_span(when).last.isoformat() if when else ""


def _stated_valuations(context: ReportContext, node: Node) -> Iterable[AssetValue]:
    for text in node.properties.get("valuation", ()):
        yield _asset_value(context, node, valuation(text), _claims_of_value(context, node, "valuation", text))


def _money_amounts(context: ReportContext, node: Node) -> Iterable[AssetValue]:
    """Cash is worth its amount; the day is that of the node's own date, where it has one."""
    kinds = context.ontology.properties(node.type)
    for name in (n for n, kind in kinds.items() if kind.type == "money"):
        when = node.first("found_on")
        for text in node.properties.get(name, ()):
            amount, currency = money(text)
            worth = Valuation(property_label(name), when, amount, amount, currency, "")
            yield _asset_value(context, node, worth, _claims_of_value(context, node, name, text))


def _asset_value(context: ReportContext, node: Node, v: Valuation, claims: Sequence[Claim]) -> AssetValue:
    of = "enterprises" if context.ontology.is_a(node.type, "Enterprise") else "assets"
    evidence = evidence_entries(claims, context.sources)
    low, high = f"{v.low:f}", f"{v.high:f}"
    return AssetValue(
        node.id, context.display_name(node.id), of, v.kind, v.when, low, high, v.currency, v.basis, evidence
    )


def _claims_of_value(context: ReportContext, node: Node, name: str, text: str) -> list[Claim]:
    kind = context.ontology.properties(node.type)[name]
    said = context.claims.get(node.id, ())
    return [c for c in said if any(canonical_value(kind, raw) == text for raw in c.properties.get(name, ()))]
