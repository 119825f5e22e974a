"""What is the answer to a fact?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache

from kg.analysis.routes.case import FactQuery
from kg.analysis.routes.facts.assets import ASSET_FACTS
from kg.analysis.routes.facts.determinations import determination_statements
from kg.analysis.routes.facts.law import LAW_FACTS
from kg.analysis.routes.facts.offences import CHARGE_FACTS, LOCAL_OFFENCE_FACTS, OFFENCE_FACTS
from kg.analysis.routes.facts.papers import PAPER_FACTS
from kg.analysis.routes.facts.presence import PRESENCE_FACTS
from kg.analysis.routes.facts.procedural_steps import PROCEDURAL_FACTS
from kg.findings import FactAnswer, LegalStatement
from kg.law import NO, UNKNOWN, YES, FactDefinition

FACT_FUNCTIONS: Mapping[str, Callable[[FactQuery], Iterator[LegalStatement]]] = {
    **LAW_FACTS,
    **PRESENCE_FACTS,
    **PAPER_FACTS,
    **OFFENCE_FACTS,
    **PROCEDURAL_FACTS,
    **ASSET_FACTS,
}
"""How each fact is found; those that are not here are only ever determined by somebody."""


def answer_fact(ask: FactQuery, fact: FactDefinition) -> FactAnswer:
    """A fact with all that is said about it, worked out once a case, host and asset.

    It is yes where somebody says yes and nobody no, no the other way round, else unknown. A protected fact is unknown,
    and hidden, without that scope, whoever says it and however it was marked.
    """
    asset = ask.asset if fact.about == "asset" else -1
    offence = ask.charge if fact.name in CHARGE_FACTS else ask.local_offence if fact.name in LOCAL_OFFENCE_FACTS else -1
    key = (fact.name, ask.host, asset, offence)
    known = ask.case.law_answers if fact.about == "law" else ask.case.case_answers
    found = known.get(key)
    if found is None:
        found = known[key] = _compute_answer(FactQuery(ask.case, ask.host, asset, ask.charge, ask.local_offence), fact)
    return found


def _compute_answer(ask: FactQuery, fact: FactDefinition) -> FactAnswer:
    if fact.is_protected and not ask.case.question.protected:
        return FactAnswer(fact.name, UNKNOWN, hidden=True)
    computed = FACT_FUNCTIONS.get(fact.name)
    told = (*(computed(ask) if computed else ()), *determination_statements(ask, fact))
    if not told:
        return _no_statements(fact.name)
    said = {statement.answer for statement in told} - {UNKNOWN}
    disputed = said == {YES, NO}
    once = tuple(dict.fromkeys(told)) if len(told) > 1 else told
    settled = said.pop() if len(said) == 1 else UNKNOWN
    words = fact.answer_text(settled, ask.requesting, ask.host, ask.day.isoformat())
    return FactAnswer(fact.name, settled, once, disputed, text=words)


@cache
def _no_statements(name: str) -> FactAnswer:
    return FactAnswer(name, UNKNOWN)
