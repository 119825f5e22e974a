"""What is each asset said to be worth, and who says so?"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from kg.ontology.values import Valuation
from kg.records import Claim, Node
from kg.reports.context import ReportContext
from kg.reports.entries import AssetValue, ValueTotal
from kg.reports.evidence import evidence_entries
from kg.reports.terms import canonical_value
from kg.valuation import StatedValue, stated_values, value_group, value_sums

MIXED_DATES_NOTE = "adds up values of different dates"


def asset_values(context: ReportContext, node: Node) -> tuple[AssetValue, ...]:
    """Every value that a source states for a node, oldest first, with the sources that state it."""
    values = [_asset_value(context, node, stated) for stated in stated_values(context.ontology, node)]
    return tuple(sorted(values, key=lambda v: (v.when, v.kind, v.currency, v.low, v.high, v.basis)))


def value_totals(values: Iterable[AssetValue]) -> tuple[ValueTotal, ...]:
    """The newest value of each asset, added up within one currency, kind and basis as `kg.valuation` does."""
    sums = value_sums((value.asset_id, value.of, valuation_of(value)) for value in values)
    return tuple(
        ValueTotal(
            s.currency,
            s.kind,
            s.basis,
            s.of,
            f"{s.low:f}",
            f"{s.high:f}",
            s.assets,
            s.first,
            s.last,
            MIXED_DATES_NOTE if s.is_mixed else "",
        )
        for s in sums
    )


def valuation_of(value: AssetValue) -> Valuation:
    """A value that the report shows, as numbers."""
    return Valuation(value.kind, value.when, Decimal(value.low), Decimal(value.high), value.currency, value.basis)


def _asset_value(context: ReportContext, node: Node, stated: StatedValue) -> AssetValue:
    valuation = stated.valuation
    return AssetValue(
        asset_id=node.id,
        asset=context.display_name(node.id),
        of=value_group(context.ontology, node),
        kind=valuation.kind,
        when=valuation.when,
        low=f"{valuation.low:f}",
        high=f"{valuation.high:f}",
        currency=valuation.currency,
        basis=valuation.basis,
        evidence=evidence_entries(_claims_of_value(context, node, stated), context.sources),
    )


def _claims_of_value(context: ReportContext, node: Node, stated: StatedValue) -> list[Claim]:
    kind = context.ontology.properties(node.type)[stated.property]
    return [
        claim
        for claim in context.claims.get(node.id, ())
        if any(canonical_value(kind, raw) == stated.text for raw in claim.properties.get(stated.property, ()))
    ]
