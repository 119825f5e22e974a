"""What are a cluster's assets said to be worth, by currency?"""

from __future__ import annotations

from collections.abc import Sequence

from kg.findings import ValuationTotal
from kg.valuation import stated_values, value_group, value_sums
from kg.view import GraphView


def total_valuations(view: GraphView, assets: Sequence[str]) -> tuple[ValuationTotal, ...]:
    """The newest values of each asset (by id), added up as `kg.valuation` does; by currency, kind, basis and group."""
    nodes = view.records.nodes(assets)
    stated = (
        (node.id, value_group(view.ontology, node), value.valuation)
        for node in nodes.values()
        for value in stated_values(view.ontology, node)
    )
    totals = (
        ValuationTotal(s.currency, s.kind, s.basis, s.of, low=f"{s.low:f}", high=f"{s.high:f}", assets=s.assets)
        for s in value_sums(stated)
    )
    return tuple(sorted(totals, key=lambda total: (total.currency, total.kind, total.basis, total.of)))
