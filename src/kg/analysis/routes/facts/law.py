"""What does the law say between the two jurisdictions on the day?"""

from __future__ import annotations

from collections.abc import Mapping

from kg.analysis.routes.case import FactFunction, FactQuery
from kg.findings import LegalStatement
from kg.law import UNKNOWN, YES, ForceStatus


def _status_statement(status: ForceStatus) -> tuple[LegalStatement]:
    checked = f"; last checked {status.checked}" if status.checked else ""
    text = f"{status.instrument}: {status.word} ({status.reason}{checked})"
    return (LegalStatement(status.answer, text, citations=status.sources),)


def _rule(name: str) -> FactFunction:
    return lambda query: _status_statement(query.law.rule(query.host, name, query.day)[1])


def _agreement(kind: str) -> FactFunction:
    return lambda query: _status_statement(query.law.agreement(kind, query.requesting, query.host, query.day))


def _convention(name: str) -> FactFunction:
    return lambda query: _status_statement(query.law.convention(name, query.requesting, query.host, query.day))


def _article_44(query: FactQuery) -> tuple[LegalStatement]:
    return _status_statement(query.law.article_44(query.host, query.day))


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
    "financial_intelligence_channel": _no_source,
    "tax_information_exchange_in_force": _no_source,
}
