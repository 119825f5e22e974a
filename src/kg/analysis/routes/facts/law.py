"""What does the law say between the two jurisdictions on the day?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from kg.analysis.routes.case import Ask
from kg.findings import Statement
from kg.law import NO, UNKNOWN, YES, Standing

Compute = Callable[[Ask], Iterator[Statement]]


def _standing(found: Standing) -> Statement:
    checked = f"; last checked {found.checked}" if found.checked else ""
    return Statement(found.answer, f"{found.what}: {found.word} ({found.why}{checked})", citations=found.sources)


def _rule(name: str) -> Compute:
    def compute(ask: Ask) -> Iterator[Statement]:
        yield _standing(ask.law.rule(ask.host, name, ask.day)[1])

    return compute


def _extradition(ask: Ask) -> Iterator[Statement]:
    yield _standing(ask.law.extradition(ask.requesting, ask.host, ask.day))


def _assistance(ask: Ask) -> Iterator[Statement]:
    yield _standing(ask.law.mutual_assistance(ask.requesting, ask.host, ask.day))


def _sharing(ask: Ask) -> Iterator[Statement]:
    yield _standing(ask.law.sharing(ask.requesting, ask.host, ask.day))


def _convention(name: str) -> Compute:
    def compute(ask: Ask) -> Iterator[Statement]:
        yield _standing(ask.law.convention(name, ask.requesting, ask.host, ask.day))

    return compute


def _article_44(ask: Ask) -> Iterator[Statement]:
    yield _standing(ask.law.article_44(ask.host, ask.day))


def _units(ask: Ask) -> Iterator[Statement]:
    kind, work = "financial_intelligence", ("intelligence",)
    units = [ask.law.agencies(code, kind, ask.day, work) for code in (ask.requesting, ask.host)]
    known = [f"{unit[0].name} ({unit[0].jurisdiction})" for unit in units if unit]
    text = "; ".join(known) or "none is in the tables"
    yield Statement(YES if all(units) else UNKNOWN, f"financial intelligence units known: {text}")


def _never(_: Ask) -> Iterator[Statement]:
    yield from ()


LAW_FACTS: Mapping[str, Compute] = {
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
    "both_have_financial_intelligence_units": _units,
    "financial_intelligence_channel": _never,
    "tax_information_exchange_in_force": _never,
}

__all__ = ["LAW_FACTS", "NO", "Compute"]
