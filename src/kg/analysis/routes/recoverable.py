"""What are a person's assets worth, how far has enforcement come with each, and what threatens its recovery?"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from kg.analysis.routes.case import FactQuery, claim_statement
from kg.analysis.routes.chains import chain_to
from kg.analysis.routes.facts.answers import answer_fact
from kg.analysis.routes.facts.assets import asset_hosts, traced_by
from kg.analysis.routes.facts.offences import charges
from kg.analysis.routes.facts.presence import person_hosts, whereabouts
from kg.analysis.routes.facts.procedural_steps import EXECUTED, OrderedMeasure, find_measures, find_requests
from kg.findings import LapseDate, LegalStatement, LinkedAsset, StatedAmount
from kg.findings.legal.recoverable import furthest_status
from kg.findings.valuation import VALUATION, newest, value_properties
from kg.law import YES
from kg.ontology.values import Valuation, date_span, is_reached, money, valuation
from kg.ontology.words import type_label

LAPSE_HORIZON = timedelta(days=365)
"""How far ahead of the day a lapse counts."""

LIQUID_TYPES = ("BankAccount", "Cash", "CryptoWallet", "Security")
"""Types of assets that can be moved at once."""

MIXED = ("commingled",)
"""Ways of tracing after which not all of an asset is traced."""

WHOLE = 100.0

ENFORCING = ("freeze", "forfeiture", "return", "mutual_assistance")
"""Kinds of requests by which a state asks another to execute what it ordered."""


def linked_assets(query: FactQuery, assets: Iterable[int], wanted_since: date | None) -> Iterator[LinkedAsset]:
    """Each of some assets as far as it is known by the day. `wanted_since`: the first day of a paper in force."""
    for asset in assets:
        yield _linked_asset(FactQuery(query.case, "", asset), wanted_since)


def _linked_asset(query: FactQuery, wanted_since: date | None) -> LinkedAsset:
    hosts = asset_hosts(query)
    every, executing = list(find_measures(query, query.asset)), _states_with_executed_requests(query, hosts)
    measures = [m for m in every if not m.ordering or not hosts or set(m.ordering) & {*hosts, *executing}]
    elsewhere = [m for m in every if m not in measures and not m.is_over]
    traced = traced_by(query)
    tracings = [query.context.first_text(claim, "tracing") for claim in traced]
    status = furthest_status((measure.status for measure in measures), traced, query.day)
    low, high = _share(query, tracings)
    is_at_risk = status in ("held", "traced")
    return LinkedAsset(
        asset=query.subject_id,
        hosts=hosts,
        status=status,
        amounts=tuple(_amounts(query)),
        share_low=low,
        share_high=high,
        burdens=tuple(_burdens(query)),
        risks=(*_risks(query, measures, wanted_since), *_not_executed(elsewhere, hosts)) if is_at_risk else (),
        lapses=tuple(_lapses(query, measures)) if status == "restrained" else (),
        is_traced=bool(tracings),
    )


def _states_with_executed_requests(query: FactQuery, hosts: Sequence[str]) -> frozenset[str]:
    """The states of whose requests about an asset its host executed one: what they ordered binds there."""
    executed = (r for r in find_requests(query, query.asset) if r.kind in ENFORCING and r.answer in EXECUTED)
    return frozenset(code for request in executed if request.addressee in hosts for code in request.issuers)


def _not_executed(measures: Iterable[OrderedMeasure], hosts: Sequence[str]) -> Iterator[str]:
    for measure in measures:
        where = " or ".join(hosts)
        yield f"{measure.text}, ordered by {' and '.join(measure.ordering)}: no record says that {where} executes it"


def _amounts(query: FactQuery) -> Iterator[StatedAmount]:
    """The newest values of each kind by the day, by currency: what a source says of a later day is not known yet."""
    context, kind = query.context, query.context.view.type(query.asset)
    values = [valuation(text) for text in context.merged_texts(query.asset, VALUATION)]
    for name in (name for name in value_properties(context.view.ontology, kind) if name != VALUATION):
        when = next(iter(context.merged_texts(query.asset, "found_on")), "")
        for amount, currency in map(money, context.merged_texts(query.asset, name)):
            values.append(Valuation(name, when, amount, amount, currency, ""))
    by_currency: dict[str, dict[tuple[str, str], list[Valuation]]] = {}
    for value in values:
        if not value.when or is_reached(value.when, query.day) is not False:
            by_currency.setdefault(value.currency, {}).setdefault((value.kind, value.basis), []).append(value)
    for currency, groups in sorted(by_currency.items()):
        kept = [value for group in groups.values() for value in newest(group)]
        low, high = min(v.low for v in kept), max(v.high for v in kept)
        yield StatedAmount(currency, f"{low:f}", f"{high:f}", max(v.when for v in kept))


def _share(query: FactQuery, tracings: Sequence[str]) -> tuple[float, float]:
    """Least and most percentage of an asset that is within reach."""
    if any(tracing not in MIXED for tracing in tracings):
        return WHOLE, WHOLE
    low, high = _share_along(query)
    return (0.0, max(high, WHOLE)) if tracings else (low, high)


def _share_along(query: FactQuery) -> tuple[float, float]:
    """The product of the shares along the chain by which the person holds the asset."""
    view, links = query.context.view, chain_to(query.case.predecessors, query.asset)
    shares, owning = view.column("share"), view.link_types_with("ownership")
    low, high = WHOLE, WHOLE
    for link in links:
        one, other = shares[link].tolist() if owning[view.link_type[link]] else (math.nan, math.nan)
        low *= 0.0 if math.isnan(one) else one / 100
        high *= 1.0 if math.isnan(other) else other / 100
    return (low, high) if links else (0.0, WHOLE)


def _burdens(query: FactQuery) -> Iterator[str]:
    for _, claim in query.link_claims(query.context.incoming(query.asset, "ENCUMBERS")):
        if query.is_current(claim):
            yield query.context.first_text(claim, "amount")


def _risks(query: FactQuery, measures: Iterable[OrderedMeasure], wanted_since: date | None) -> Iterator[str]:
    view, context, asset = query.context.view, query.context, query.asset
    if liquid := next((kind for kind in LIQUID_TYPES if view.ontology.is_a(view.type(asset), kind)), ""):
        yield f"it can be moved at once ({type_label(liquid)})"
    yield from (f"no longer restrained: {measure.text}" for measure in measures if measure.is_over)
    doubtful = (measure.text for measure in measures if measure.is_doubtful)
    yield from (
        f"kind, day or end of a measure was not understood, so that it does not count: {text}" for text in doubtful
    )
    if wanted_since is None:
        return
    if paid := _days_within(query, _payments(query), 0, wanted_since):
        yield f"{len(paid)} paid out of it since the person is sought, the last on {date.fromordinal(max(paid))}"
    if ended := _days_within(query, [s.link for s in context.incoming(asset, "OWNS")], 1, wanted_since):
        yield f"a holder gave it up on {date.fromordinal(max(ended))}, after the person was sought"


def _payments(query: FactQuery) -> list[int]:
    """What is paid out of an asset, without refunds and corrections, which sources state with amounts below zero."""
    context = query.context
    links = [step.link for step in context.outgoing(query.asset, "PAID")]
    claims = context.view.records.claims([context.view.link_id(link) for link in links]) if links else {}

    def is_refund(link: int) -> bool:
        said = claims.get(context.view.link_id(link), ())
        amounts = [money(text)[0] for claim in said for text in context.texts(claim, "amount")]
        return bool(amounts) and max(amounts) < 0

    return [link for link in links if not is_refund(link)]


def _days_within(query: FactQuery, links: Sequence[int], side: int, since: date) -> list[int]:
    """The first (0) or last (1) days of some links, as ordinals, that lie between two days."""
    dates = query.context.view.column("dates")
    days = [int(dates[link, side]) for link in links]
    return [day for day in days if since.toordinal() <= day <= query.day.toordinal()]


def _lapses(query: FactQuery, measures: Iterable[OrderedMeasure]) -> Iterator[LapseDate]:
    for measure in measures:
        if not (measure.is_over or measure.is_final or measure.is_doubtful):
            about = query.context.name_of(query.asset)
            yield from _soon(query, measure.expires, f"lapses unless it is renewed: {measure.text}, on {about}")


def limitation_dates(query: FactQuery) -> Iterator[LapseDate]:
    """When the time for prosecution ends for what the person is accused of under the requesting state's law."""
    for accused in charges(query):
        texts = query.context.merged_texts(accused.node, "limitation_date")
        yield from _soon(query, texts, f"time for prosecution ends: {query.context.name_of(accused.node)}")


def _soon(query: FactQuery, texts: Iterable[str], what: str) -> Iterator[LapseDate]:
    for text in texts:
        if query.day <= date_span(text).first <= query.day + LAPSE_HORIZON:
            yield LapseDate(text, what)


def came_off_records(query: FactQuery) -> Iterator[LegalStatement]:
    """The records by which nobody is to be returned any more; the text follows on "this person"."""
    facts = query.law.facts
    yield from (s for s in answer_fact(query, facts["death_recorded"]).says if s.answer == YES)
    places = list(whereabouts(query))
    if {code for code, _, _ in places} == {query.requesting}:
        for _, how, claim in places:
            statement = claim_statement(YES, f"is in {query.requesting} again ({how})", claim)
            if how == "resident" and statement.answer == YES:
                yield statement
    yield from _left_hosts(query, {code for code, _, _ in places})
    for host in query.case.question.hosts or person_hosts(query) or ("",):
        tried = answer_fact(FactQuery(query.case, host), facts["tried_already"])
        if tried.answer == YES:
            yield from (replace(s, text=f"was tried already: {s.text}") for s in tried.says if s.answer == YES)


def _left_hosts(query: FactQuery, present: set[str]) -> Iterator[LegalStatement]:
    """That the person left the hosts of the question, where all records of a residence in them ended."""
    hosts = set(query.case.question.hosts)
    if not hosts or present & hosts:
        return
    for link, claim in query.link_claims(query.context.outgoing(query.person, "PRESENT_IN")):
        code, until = query.context.jurisdiction_code(link.far), query.context.first_text(claim, "end_date")
        if code in hosts and until and query.is_past(claim, "end_date"):
            statement = claim_statement(YES, f"left {code}: there until {until}", claim)
            if statement.answer == YES:
                yield statement
