"""What is the answer to a fact?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import NamedTuple

from kg.analysis.routes.case import FactFunction, FactQuery
from kg.analysis.routes.facts.assets import ASSET_FACTS
from kg.analysis.routes.facts.determinations import determination_statements
from kg.analysis.routes.facts.law import LAW_FACTS
from kg.analysis.routes.facts.offences import CHARGE_FACTS, LOCAL_OFFENCE_FACTS, OFFENCE_FACTS
from kg.analysis.routes.facts.papers import PAPER_FACTS
from kg.analysis.routes.facts.presence import PRESENCE_FACTS
from kg.analysis.routes.facts.procedural_steps import PROCEDURAL_FACTS
from kg.findings import FactAnswer
from kg.law import UNKNOWN, Answer, FactDefinition

FACT_FUNCTIONS: Mapping[str, FactFunction] = {
    **LAW_FACTS,
    **PRESENCE_FACTS,
    **PAPER_FACTS,
    **OFFENCE_FACTS,
    **PROCEDURAL_FACTS,
    **ASSET_FACTS,
}
"""How each fact is found; a fact that is missing here is only ever determined by somebody."""


HOST_FREE_FACTS = frozenset(
    (
        *("warrant_or_judgment", "wanted_for_a_year", "review_allows_notice", "cleared", "offence_stated"),
        *("offence_in_uncac", "offence_parties_must_punish", "tried_already", "limitation_passed_requesting"),
        *("death_penalty_possible", "notice_threshold_met", "death_recorded", "abroad", "nationality_resolved"),
        *("traced_to_offence", "held_for_person", "third_party_rights_considered", "embezzled_public_funds"),
        *("final_judgment_of_requesting", "final_order_of_requesting", "already_returned"),
    )
)
"""Facts whose functions give the same for each host: found once where nobody has determined anything."""


class Scope(NamedTuple):
    """What the answers to a fact depend on besides the case."""

    of_law: bool
    of_host: bool
    of_asset: bool
    of_charge: bool
    of_local_offence: bool


def scope_of(fact: FactDefinition) -> Scope:
    """What the answers to a fact depend on."""
    is_host_free = fact.name in HOST_FREE_FACTS and "{host}" not in fact.yes + fact.no
    of_charge, of_local = fact.name in CHARGE_FACTS, fact.name in LOCAL_OFFENCE_FACTS
    return Scope(fact.about == "law", not is_host_free, fact.about == "asset", of_charge, of_local)


def answer_fact(query: FactQuery, fact: FactDefinition) -> FactAnswer:
    """A fact with everything that is said about it, computed once for each case, host, asset and offence.

    It is yes where somebody says yes and nobody says no, no where it is the other way round, else unknown. Without the
    protected scope the host decides a protected fact: it is unknown, whoever says it and however it was marked.
    """
    scope = scope_of(fact)
    return _answer_in(_table(query, scope), query, fact, scope)


def answer_facts(query: FactQuery, facts: Iterable[tuple[FactDefinition, Scope]]) -> dict[str, FactAnswer]:
    """Several facts, each with its scope, as `answer_fact` answers each, by name."""
    found: dict[str, FactAnswer] = {}
    tables: dict[Scope, dict[str, FactAnswer]] = {}
    for fact, scope in facts:
        table = tables.get(scope)
        if table is None:
            table = tables[scope] = _table(query, scope)
        name = fact.name
        found[name] = table.get(name) or _answer_in(table, query, fact, scope)
    return found


def _table(query: FactQuery, scope: Scope) -> dict[str, FactAnswer]:
    """The answers that are known already, by name."""
    of_law, of_host, of_asset, of_charge, of_local = scope
    cache = query.case.law_answers if of_law else query.case.case_answers
    asset, charge = query.asset if of_asset else -1, query.charge if of_charge else -1
    if not of_host:
        of_host = bool(query.context.incoming(asset if of_asset else query.person, "DETERMINES"))
    key = (query.host if of_host else "", asset, charge, query.local_offence if of_local else -1)
    table = cache.get(key)
    if table is None:
        table = cache[key] = {}
    return table


def _answer_in(table: dict[str, FactAnswer], query: FactQuery, fact: FactDefinition, scope: Scope) -> FactAnswer:
    answer = table.get(fact.name)
    if answer is None:
        asset, charge = query.asset if scope.of_asset else -1, query.charge if scope.of_charge else -1
        local = query.local_offence if scope.of_local_offence else -1
        narrow = FactQuery(query.case, query.host, asset, charge, local)
        answer = table[fact.name] = _compute_answer(narrow, fact)
    return answer


@cache
def _unanswered(name: str, question: str) -> FactAnswer:
    """A fact of which nobody says anything: the same for everybody."""
    return FactAnswer(name, question, UNKNOWN)


def fact_answers(query: FactQuery, names: Iterable[str]) -> dict[str, Answer]:
    """The answers to some facts, by name."""
    return {name: answer_fact(query, query.law.facts[name]).answer for name in names}


def _compute_answer(query: FactQuery, fact: FactDefinition) -> FactAnswer:
    if fact.is_protected and not query.case.question.protected:
        return FactAnswer(fact.name, fact.question, UNKNOWN, host_decides=True)
    compute = FACT_FUNCTIONS.get(fact.name)
    computed = compute(query) if compute else ()
    statements = (*computed, *determination_statements(query, fact))
    if not statements:
        return _unanswered(fact.name, fact.question)
    if len(statements) > 1:
        statements = tuple(dict.fromkeys(statements))
    answers = {statement.answer for statement in statements} - {UNKNOWN}
    answer = answers.pop() if len(answers) == 1 else UNKNOWN
    text = fact.answer_text(answer, query.requesting, query.host, query.day.isoformat())
    return FactAnswer(fact.name, fact.question, answer, statements, disputed=len(answers) > 1, text=text)
