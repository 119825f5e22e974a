"""What is the answer to a fact?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache

from kg.analysis.routes.case import Ask
from kg.analysis.routes.facts.assets import ASSET_FACTS
from kg.analysis.routes.facts.determinations import determined
from kg.analysis.routes.facts.law import LAW_FACTS
from kg.analysis.routes.facts.offences import OF_A_CHARGE, OF_A_LOCAL_OFFENCE, OFFENCE_FACTS
from kg.analysis.routes.facts.papers import PAPER_FACTS
from kg.analysis.routes.facts.presence import PRESENCE_FACTS
from kg.analysis.routes.facts.procedural_steps import TAKEN_FACTS
from kg.findings import FactAnswer, Statement
from kg.law import NO, UNKNOWN, YES, FactKind

COMPUTED: Mapping[str, Callable[[Ask], Iterator[Statement]]] = {
    **LAW_FACTS,
    **PRESENCE_FACTS,
    **PAPER_FACTS,
    **OFFENCE_FACTS,
    **TAKEN_FACTS,
    **ASSET_FACTS,
}
"""How each fact is found; those that are not here are only ever determined by somebody."""


def answer(ask: Ask, fact: FactKind) -> FactAnswer:
    """A fact with all that is said about it, worked out once a case, host and asset.

    It is yes where somebody says yes and nobody no, no the other way round, else unknown. A protected fact is unknown,
    and hidden, without that scope, whoever says it and however it was marked.
    """
    asset = ask.asset if fact.about == "asset" else -1
    offence = ask.charge if fact.name in OF_A_CHARGE else ask.local if fact.name in OF_A_LOCAL_OFFENCE else -1
    key = (fact.name, ask.host, asset, offence)
    known = ask.case.shared if fact.about == "law" else ask.case.known
    found = known.get(key)
    if found is None:
        found = known[key] = _answer(Ask(ask.case, ask.host, asset, ask.charge, ask.local), fact)
    return found


def _answer(ask: Ask, fact: FactKind) -> FactAnswer:
    if fact.protected and not ask.case.question.protected:
        return FactAnswer(fact.name, UNKNOWN, hidden=True)
    computed = COMPUTED.get(fact.name)
    told = (*(computed(ask) if computed else ()), *determined(ask, fact))
    if not told:
        return _nothing_said(fact.name)
    said = {statement.answer for statement in told} - {UNKNOWN}
    disputed = said == {YES, NO}
    once = tuple(dict.fromkeys(told)) if len(told) > 1 else told
    settled = said.pop() if len(said) == 1 else UNKNOWN
    words = fact.told(settled, ask.requesting, ask.host, ask.day.isoformat())
    return FactAnswer(fact.name, settled, once, disputed, text=words)


@cache
def _nothing_said(name: str) -> FactAnswer:
    return FactAnswer(name, UNKNOWN)
