"""What is each asset said to be worth, and who says so?"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from kg.findings.statements import canonical_value
from kg.findings.valuation import stated_values, value_group, value_sums
from kg.ontology.values import Valuation
from kg.records import Node
from kg.reports.context import ReportContext
from kg.reports.entries import AssetValue, ValueTotal
from kg.reports.evidence import evidence_entries

MIXED_DATES_NOTE = "adds up values of different dates"


def asset_values(context: ReportContext, node: Node) -> tuple[AssetValue, ...]:
    """Every value that a source states for a node, oldest first, with the sources that state it."""
    kinds, claims, values = context.ontology.properties(node.type), context.claims.get(node.id, ()), []
    for name, text, valuation in stated_values(context.ontology, node):
        said = (c for c in claims if any(canonical_value(kinds[name], r) == text for r in c.properties.get(name, ())))
        values.append(
            AssetValue(
                asset_id=node.id,
                asset=context.display_name(node.id),
                of=value_group(context.ontology, node),
                kind=valuation.kind,
                when=valuation.when,
                low=f"{valuation.low:f}",
                high=f"{valuation.high:f}",
                currency=valuation.currency,
                basis=valuation.basis,
                evidence=evidence_entries(said, context.sources),
            )
        )
    return tuple(sorted(values, key=lambda v: (v.when, v.kind, v.currency, v.low, v.high, v.basis)))


def value_totals(values: Iterable[AssetValue]) -> tuple[ValueTotal, ...]:
    """The newest value of each asset, added up within one currency, kind and basis as `kg.findings.valuation` does."""
    totals = []
    for s in value_sums((value.asset_id, value.of, valuation_of(value)) for value in values):
        low, high, note = f"{s.low:f}", f"{s.high:f}", MIXED_DATES_NOTE if s.is_mixed else ""
        totals.append(ValueTotal(s.currency, s.kind, s.basis, s.of, low, high, s.assets, s.first, s.last, note))
    return tuple(totals)


def valuation_of(value: AssetValue) -> Valuation:
    """A value that the report shows, as numbers."""
    return Valuation(value.kind, value.when, Decimal(value.low), Decimal(value.high), value.currency, value.basis)
