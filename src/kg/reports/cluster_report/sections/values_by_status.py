"""How far have measures taken each asset, and what are the assets of each status worth?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal

from kg.clearance import MeasureFacts, MeasureStatus
from kg.findings import STATUS_LABELS, AssetStatus
from kg.findings.legal.recoverable import furthest_status
from kg.findings.statements import claims_by_value, has_ended
from kg.findings.valuation import newest
from kg.ontology import HOLDING_TRAITS, Property
from kg.ontology.values import Valuation, money
from kg.records import Claim, Node
from kg.reports.cluster_report.sections.pursuits import LastWords, accusation_context, cleared_offences, last_words
from kg.reports.cluster_report.sections.valuations import valuation_of
from kg.reports.cluster_report.summary import JurisdictionTotal, StatusTotal
from kg.reports.context import ReportContext, ReportGraph
from kg.reports.entries import AssetEntry, AssetValue

NO_JURISDICTION = "none is known"


MemberStatus = AssetStatus | Literal["former"]

AllegedSum = tuple[str, str, str]
"""An offence by its id, a sum of money, and `laundered` if that is what was done with it; else empty."""

LAUNDERING = re.compile(r"launder|blanchi|geldwäsche|lavado|riciclaggio|spălare|отмыв|洗钱|洗錢", re.IGNORECASE)
LAUNDERING_ARTICLE = "UNCAC 23"

STATUS_ORDER = tuple(STATUS_LABELS)

RESTRAINING = ("restrained", "final")
"""How far a measure in force has taken an asset."""


def cleared_origins(graph: ReportGraph, context: ReportContext, assets: Iterable[str]) -> frozenset[str]:
    """The offences that some assets (by id) are said to be proceeds of, if everybody accused of them is cleared."""
    types = graph.ontology.with_trait("proceeds")
    return cleared_offences(graph, (link.target_id for asset in assets for link in context.outgoing(asset, types)))


def enforcement_status(context: ReportContext, asset: str, day: str, cleared: Collection[str]) -> MemberStatus:
    """How far enforcement came with an asset (its id) by a day; `former` where all known holders gave it up.

    It may be traced to any offence of which not everybody accused is cleared. `cleared`: what `cleared_origins` gives.
    """
    proceeds = context.outgoing(asset, context.ontology.with_trait("proceeds"))
    claims = (claim for link in proceeds if link.target_id not in cleared for claim in context.claims.get(link.id, ()))
    found = furthest_status((s for _, s in measures_about(context, asset, day)), claims, date.fromisoformat(day))
    holders = context.incoming(asset, context.ontology.with_trait(*HOLDING_TRAITS))
    given_up = holders and all(has_ended(context.claims.get(link.id, ()), day) for link in holders)
    return "former" if found == "held" and given_up else found


def measures_about(context: ReportContext, asset: str, day: str) -> Iterator[tuple[Node, MeasureStatus]]:
    """Each measure about an asset (its id), and how far it has taken it by a day."""
    for link in context.incoming(asset, ["TARGETS"]):
        node = context.nodes[link.source_id]
        if context.ontology.is_a(node.type, "Measure"):
            yield node, MeasureFacts.of_node(node).status(date.fromisoformat(day))


def alleged_sums(graph: ReportGraph, context: ReportContext) -> list[AllegedSum]:
    """Each sum of money that a source says an offence in the context was about, unless all accused of it are cleared.

    What was laundered is left out where the records say that it is the money of a predicate offence: the same sum.
    """
    found = {i: n for i, n in context.nodes.items() if context.ontology.is_a(n.type, "Offence") and _sums(n)}
    if not found:
        return []
    near = accusation_context(graph, found)
    words = {offence: last_words(near, offence) for offence in found}
    disputed = [offence for offence, said in words.items() if said.accusing and said.clearing]
    claims = graph.store.claims(disputed) if disputed else {}
    counted = {
        i: _sums_alleged(node, claims.get(i, ()), words[i], context.ontology.properties(node.type)["amount"])
        for i, node in found.items()
        if not words[i].are_all_cleared
    }
    sums = []
    for offence, alleged in counted.items():
        node = found[offence]
        before = [near.nodes[link.source_id] for link in near.incoming(offence, ["PREDICATE_FOR"])]
        known = {text for other in before for text in _sums(other)}
        sums += [(offence, t, "laundered" if _is_laundering(node) else "") for t in alleged if t not in known]
    return sorted(sums)


def _sums_alleged(offence: Node, claims: Sequence[Claim], words: LastWords, kind: Property) -> tuple[str, ...]:
    """The sums of an offence without those that only sources state which clear somebody of it and accuse nobody."""
    accusing, clearing = (
        {source for said in each.values() for one in said for source in one.evidence.sources} for each in words
    )
    stated = claims_by_value(kind, "amount", claims)
    alleged = (t for t in _sums(offence) if not {c.source for c in stated.get(t, ())} <= clearing - accusing)
    return tuple(alleged) if claims else _sums(offence)


def _sums(offence: Node) -> tuple[str, ...]:
    return offence.properties.get("amount", ())


def _is_laundering(offence: Node) -> bool:
    words = (*offence.properties.get("conduct", ()), *offence.properties.get("name", ()))
    articles = offence.properties.get("convention_article", ())
    return any(LAUNDERING.search(text) for text in words) or LAUNDERING_ARTICLE in articles


def totals_by_status(
    assets: Iterable[tuple[str, Sequence[AssetValue]]], sums: Iterable[AllegedSum]
) -> tuple[tuple[StatusTotal, ...], tuple[tuple[str, int], ...]]:
    """Totals by status and currency, and how many assets of each status have no value.

    `assets`: the status and the values of each asset; `sums`: those of offences. What was laundered may be the money of
    another offence: the least leaves it out where there is one. The newest value of each
    kind counts, and the range of an asset goes from the lowest of them to the highest: they are never added up.
    """
    ranges: defaultdict[tuple[str, str], dict[str, tuple[Decimal, Decimal]]] = defaultdict(dict)
    without: defaultdict[str, int] = defaultdict(int)
    for status, values in assets:
        without[status] += not values
        for currency, value_range in _ranges_by_currency(values).items():
            ranges[status, currency][values[0].asset_id] = value_range
    by_offence = sorted({*sums}, key=lambda one: one[2] != "")
    for offence, text, what in by_offence:
        amount, currency = money(text)
        others = ranges["alleged", currency]
        least = Decimal(0) if what and others.keys() - {offence} else amount
        low, high = others.get(offence, (least, amount))
        others[offence] = min(low, least), max(high, amount)
    totals = [
        StatusTotal(status, currency, *_sum_of_ranges(list(each.values())), len(each))
        for (status, currency), each in ranges.items()
    ]
    counted = ((status, without[status]) for status in STATUS_ORDER if without[status])
    return tuple(sorted(totals, key=lambda t: (STATUS_ORDER.index(t.state), t.currency))), tuple(counted)


def totals_by_jurisdiction(assets: Iterable[AssetEntry]) -> tuple[JurisdictionTotal, ...]:
    """Totals of what is held, by jurisdiction, then currency. One tied to two counts in both: do not add them up."""
    ranges: defaultdict[tuple[str, str], list[tuple[Decimal, Decimal]]] = defaultdict(list)
    without: defaultdict[str, int] = defaultdict(int)
    for asset in (asset for asset in assets if asset.is_held):
        for jurisdiction in sorted({w.name for w in asset.where if w.name}) or [NO_JURISDICTION]:
            without[jurisdiction] += not asset.values
            for currency, value_range in _ranges_by_currency(asset.values).items():
                ranges[jurisdiction, currency].append(value_range)
    for jurisdiction in without.keys() - {jurisdiction for jurisdiction, _ in ranges}:
        ranges[jurisdiction, ""] = []
    totals = [
        JurisdictionTotal(jurisdiction, currency, *_sum_of_ranges(each), len(each), without[jurisdiction])
        for (jurisdiction, currency), each in ranges.items()
    ]
    return tuple(sorted(totals, key=lambda t: (t.jurisdiction == NO_JURISDICTION, t.jurisdiction, t.currency)))


def _ranges_by_currency(values: Sequence[AssetValue]) -> dict[str, tuple[Decimal, Decimal]]:
    """The lowest and the highest of the newest values of each kind and basis, by currency."""
    groups: defaultdict[tuple[str, str, str], list[Valuation]] = defaultdict(list)
    for value in map(valuation_of, values):
        groups[value.currency, value.kind, value.basis].append(value)
    by_currency: defaultdict[str, list[Valuation]] = defaultdict(list)
    for (currency, _, _), group in groups.items():
        by_currency[currency] += newest(group)
    return {currency: (min(v.low for v in each), max(v.high for v in each)) for currency, each in by_currency.items()}


def _sum_of_ranges(ranges: Sequence[tuple[Decimal, Decimal]]) -> tuple[str, str]:
    low, high = sum((r[0] for r in ranges), Decimal(0)), sum((r[1] for r in ranges), Decimal(0))
    return f"{low:f}", f"{high:f}"
