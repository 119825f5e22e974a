"""What does the law say between the two jurisdictions on the day?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kg.analysis.routes.case import FactFunction, FactQuery
from kg.findings import LegalStatement
from kg.law import NO, UNKNOWN, YES, ForceStatus
from kg.law.book import CONVENTIONS
from kg.law.survey import RULES


def _of_host(instrument: str, function: FactFunction) -> FactFunction:
    """The same, where the host is known; of a host that is not known no table says anything."""

    def statements(query: FactQuery) -> Iterable[LegalStatement]:
        return function(query) if query.host else (LegalStatement(UNKNOWN, f"{instrument}: host not known"),)

    return statements


def _status_statement(status: ForceStatus, query: FactQuery) -> tuple[LegalStatement]:
    return (
        LegalStatement(status.answer, status.text, citations=status.sources, stale=status.stale_warning(query.day)),
    )


def _rule(name: str) -> FactFunction:
    def statements(query: FactQuery) -> Iterable[LegalStatement]:
        return _status_statement(query.law.rule(query.host, name, query.day)[1], query)

    return _of_host(name.replace("_", " "), statements)


def _agreement(kind: str) -> FactFunction:
    def statements(query: FactQuery) -> Iterable[LegalStatement]:
        return _status_statement(query.law.agreement(kind, query.requesting, query.host, query.day), query)

    return _of_host(kind, statements)


def _convention(name: str) -> FactFunction:
    def statements(query: FactQuery) -> Iterable[LegalStatement]:
        return _status_statement(query.law.convention(name, query.requesting, query.host, query.day), query)

    return _of_host(CONVENTIONS[name], statements)


def _article_44(query: FactQuery) -> tuple[LegalStatement]:
    return _status_statement(query.law.article_44(query.host, query.day), query)


def _extradition_suspended(query: FactQuery) -> tuple[LegalStatement]:
    """An absent or signed agreement is neither suspended nor ended; of an unknown one nobody knows."""
    status = query.law.agreement("extradition treaty", query.requesting, query.host, query.day)
    answer = YES if status.word in ("suspended", "ended") else UNKNOWN if status.word == "unknown" else NO
    return (LegalStatement(answer, status.text, citations=status.sources),)


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
    **{fact: _rule(rule) for fact, rule in RULES.items()},
    "extradition_treaty_in_force": _agreement("extradition treaty"),
    "mutual_assistance_treaty_in_force": _agreement("mutual assistance treaty"),
    "sharing_agreement_in_force": _agreement("asset sharing agreement"),
    "uncac_binds_both": _convention("UNCAC"),
    "untoc_binds_both": _convention("UNTOC"),
    "host_takes_uncac_as_basis": _of_host("UNCAC article 44 as a basis", _article_44),
    "both_have_financial_intelligence_units": _of_host("financial intelligence units", _intelligence_units),
    "extradition_treaty_suspended": _of_host("extradition treaty", _extradition_suspended),
    "financial_intelligence_channel": _of_host("exchange between financial intelligence units", _intelligence_channel),
    "tax_information_exchange_in_force": _no_source,
}
