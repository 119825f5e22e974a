"""What is the answer to a fact?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

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


def answer_fact(query: FactQuery, fact: FactDefinition) -> FactAnswer:
    """A fact with everything that is said about it, computed once for each case, host, asset and offence.

    It is yes where somebody says yes and nobody says no, no where it is the other way round, else unknown. Without the
    protected scope the host decides a protected fact: it is unknown, whoever says it and however it was marked.
    """
    asset = query.asset if fact.about == "asset" else -1
    charge = query.charge if fact.name in CHARGE_FACTS else -1
    local = query.local_offence if fact.name in LOCAL_OFFENCE_FACTS else -1
    key = (fact.name, query.host, asset, charge, local)
    cache = query.case.law_answers if fact.about == "law" else query.case.case_answers
    if key not in cache:
        cache[key] = _compute_answer(FactQuery(query.case, query.host, asset, charge, local), fact)
    return cache[key]


def fact_answers(query: FactQuery, names: Iterable[str]) -> dict[str, Answer]:
    """The answers to some facts, by name."""
    return {name: answer_fact(query, query.law.facts[name]).answer for name in names}


def _compute_answer(query: FactQuery, fact: FactDefinition) -> FactAnswer:
    if fact.is_protected and not query.case.question.protected:
        return FactAnswer(fact.name, fact.question, UNKNOWN, host_decides=True)
    compute = FACT_FUNCTIONS.get(fact.name)
    computed = compute(query) if compute else ()
    statements = tuple(dict.fromkeys((*computed, *determination_statements(query, fact))))
    answers = {statement.answer for statement in statements} - {UNKNOWN}
    answer = answers.pop() if len(answers) == 1 else UNKNOWN
    text = fact.answer_text(answer, query.requesting, query.host, query.day.isoformat())
    return FactAnswer(fact.name, fact.question, answer, statements, disputed=len(answers) > 1, text=text)
