"""What are a cluster's assets said to be worth, by currency?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from kg.findings import ValuationTotal
from kg.ontology.values import VALUE_TYPES, BadValue, Valuation, date_span, valuation
from kg.records import Claim
from kg.view import GraphView


class ValuationKind(NamedTuple):
    """What may be added up: worth of one kind, in one currency, on one basis, of one group of assets."""

    currency: str
    kind: str
    basis: str
    of: str


def total_valuations(view: GraphView, assets: Sequence[str], enterprises: Sequence[str]) -> tuple[ValuationTotal, ...]:
    """The newest valuations of each asset, added up within one currency, kind and basis; never across them."""
    claims = view.claims((*assets, *enterprises))
    said: defaultdict[ValuationKind, dict[str, list[Valuation]]] = defaultdict(lambda: defaultdict(list))
    for of, ids in (("assets", assets), ("enterprises", enterprises)):
        for node in ids:
            for value in _valuations(claims.get(node, ())):
                said[ValuationKind(value.currency, value.kind, value.basis, of)][node].append(value)
    return tuple(_total(kind, list(said[kind].values())) for kind in sorted(said))


def _valuations(claims: Iterable[Claim]) -> Iterable[Valuation]:
    for raw in (raw for claim in claims for raw in claim.properties.get("valuation", ())):
        try:
            yield valuation(VALUE_TYPES["valuation"].clean(raw))
        except BadValue:
            continue


def _total(kind: ValuationKind, assets: Sequence[Sequence[Valuation]]) -> ValuationTotal:
    newest = [[v for v in each if _valuation_day(v) == max(map(_valuation_day, each))] for each in assets]
    low = sum((min(v.low for v in each) for each in newest), Decimal(0))
    high = sum((max(v.high for v in each) for each in newest), Decimal(0))
    return ValuationTotal(**kind._asdict(), low=f"{low:f}", high=f"{high:f}", assets=len(assets))


def _valuation_day(value: Valuation) -> str:
    return date_span(value.when).last.isoformat() if value.when else ""
