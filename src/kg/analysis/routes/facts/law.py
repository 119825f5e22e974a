"""What does the law say between the two jurisdictions on the day?"""

from __future__ import annotations

from collections.abc import Mapping

from kg.analysis.routes.case import FactFunction, FactQuery
from kg.findings import LegalStatement
from kg.law import NO, UNKNOWN, YES, ForceStatus


def _status_statement(status: ForceStatus, query: FactQuery) -> tuple[LegalStatement]:
    return (
        LegalStatement(status.answer, status.text, citations=status.sources, stale=status.stale_warning(query.day)),
    )


def _rule(name: str) -> FactFunction:
    return lambda query: _status_statement(query.law.rule(query.host, name, query.day)[1], query)


def _agreement(kind: str) -> FactFunction:
    return lambda query: _status_statement(query.law.agreement(kind, query.requesting, query.host, query.day), query)


def _convention(name: str) -> FactFunction:
    return lambda query: _status_statement(query.law.convention(name, query.requesting, query.host, query.day), query)


def _article_44(query: FactQuery) -> tuple[LegalStatement]:
    return _status_statement(query.law.article_44(query.host, query.day), query)


def _extradition_suspended(query: FactQuery) -> tuple[LegalStatement]:
    """An absent or signed agreement is neither suspended nor ended; of an unknown one nobody knows."""
    status = query.law.agreement("extradition treaty", query.requesting, query.host, query.day)
    answer = YES if status.word in ("suspended", "ended") else UNKNOWN if status.word == "unknown" else NO
    return (LegalStatement(answer, status.text, citations=status.sources),)


def _penalty_threshold(query: FactQuery) -> tuple[LegalStatement]:
    return _status_statement(query.law.rule(query.host, "penalty_threshold_months", query.day)[1], query)


def _intelligence_channel(query: FactQuery) -> tuple[LegalStatement]:
    return _status_statement(query.law.intelligence_channel(query.requesting, query.host, query.day), query)


def _intelligence_units(query: FactQuery) -> tuple[LegalStatement]:
    kind, work = "financial_intelligence", ("intelligence",)
    units = [query.law.agencies(code, kind, query.day, work) for code in (query.requesting, query.host)]
    known = [f"{unit[0]['name']} ({unit[0]['jurisdiction']})" for unit in units if unit]
    text = "; ".join(known) or "none is in the tables"
    return (LegalStatement(YES if all(units) else UNKNOWN, f"financial intelligence units known: {text}"),)


def _no_source(_: FactQuery) -> tuple[LegalStatement, ...]:
    """No table has this fact."""
    return ()


LAW_FACTS: Mapping[str, FactFunction] = {
    "extradition_treaty_in_force": _agreement("extradition treaty"),
    "mutual_assistance_treaty_in_force": _agreement("mutual assistance treaty"),
    "sharing_agreement_in_force": _agreement("asset sharing agreement"),
    "uncac_binds_both": _convention("UNCAC"),
    "untoc_binds_both": _convention("UNTOC"),
    "host_takes_uncac_as_basis": _article_44,
    "host_requires_treaty": _rule("extradites_only_by_treaty"),
    "host_extradites_nationals": _rule("extradites_own_nationals"),
    "host_requires_death_penalty_assurance": _rule("requires_death_penalty_assurance"),
    "host_forfeits_without_conviction": _rule("non_conviction_forfeiture"),
    "host_enforces_foreign_orders": _rule("enforces_foreign_orders"),
    "host_protects_third_parties": _rule("protects_third_parties"),
    "host_has_unexplained_wealth_orders": _rule("unexplained_wealth_orders"),
    "both_have_financial_intelligence_units": _intelligence_units,
    "extradition_treaty_suspended": _extradition_suspended,
    "host_states_penalty_threshold": _penalty_threshold,
    "host_assists_without_treaty": _rule("assists_without_treaty"),
    "host_returns_by_own_act": _rule("returns_by_own_act"),
    "host_enforces_non_conviction_orders": _rule("enforces_non_conviction_orders"),
    "host_lets_states_sue": _rule("foreign_state_may_sue"),
    "host_prosecutes_foreign_corruption": _rule("prosecutes_foreign_corruption"),
    "financial_intelligence_channel": _intelligence_channel,
    "tax_information_exchange_in_force": _no_source,
}
