"""What does the law say between the two jurisdictions on the day?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from kg.analysis.routes.case import FactQuery
from kg.findings import LegalStatement
from kg.law import NO, UNKNOWN, YES, ForceStatus

FactFunction = Callable[[FactQuery], Iterator[LegalStatement]]


def _status_statement(found: ForceStatus) -> LegalStatement:
    checked = f"; last checked {found.checked}" if found.checked else ""
    return LegalStatement(
        found.answer, f"{found.instrument}: {found.word} ({found.reason}{checked})", citations=found.sources
    )


def _rule(name: str) -> FactFunction:
    def compute(ask: FactQuery) -> Iterator[LegalStatement]:
        yield _status_statement(ask.law.rule(ask.host, name, ask.day)[1])

    return compute


def _extradition(ask: FactQuery) -> Iterator[LegalStatement]:
    yield _status_statement(ask.law.extradition_treaty(ask.requesting, ask.host, ask.day))


def _assistance(ask: FactQuery) -> Iterator[LegalStatement]:
    yield _status_statement(ask.law.mutual_assistance_treaty(ask.requesting, ask.host, ask.day))


def _sharing(ask: FactQuery) -> Iterator[LegalStatement]:
    yield _status_statement(ask.law.sharing_agreement(ask.requesting, ask.host, ask.day))


def _convention(name: str) -> FactFunction:
    def compute(ask: FactQuery) -> Iterator[LegalStatement]:
        yield _status_statement(ask.law.convention(name, ask.requesting, ask.host, ask.day))

    return compute


def _article_44(ask: FactQuery) -> Iterator[LegalStatement]:
    yield _status_statement(ask.law.article_44(ask.host, ask.day))


def _intelligence_units(ask: FactQuery) -> Iterator[LegalStatement]:
    kind, work = "financial_intelligence", ("intelligence",)
    units = [ask.law.agencies(code, kind, ask.day, work) for code in (ask.requesting, ask.host)]
    known = [f"{unit[0].name} ({unit[0].jurisdiction})" for unit in units if unit]
    text = "; ".join(known) or "none is in the tables"
    yield LegalStatement(YES if all(units) else UNKNOWN, f"financial intelligence units known: {text}")


def _no_source(_: FactQuery) -> Iterator[LegalStatement]:
    yield from ()


LAW_FACTS: Mapping[str, FactFunction] = {
    "extradition_treaty_in_force": _extradition,
    "mutual_assistance_treaty_in_force": _assistance,
    "sharing_agreement_in_force": _sharing,
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

__all__ = ["LAW_FACTS", "NO", "FactFunction"]
