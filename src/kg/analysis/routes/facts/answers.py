"""What is the answer to a fact?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from kg.analysis.routes.case import Dependence, FactFunction, FactQuery, KnownFact, QueryAnswers
from kg.analysis.routes.facts.assets import ASSET_FACTS
from kg.analysis.routes.facts.determinations import determination_statements
from kg.analysis.routes.facts.law import LAW_FACTS
from kg.analysis.routes.facts.offences import CHARGE_FACTS, LOCAL_OFFENCE_FACTS, OFFENCE_FACTS
from kg.analysis.routes.facts.papers import PAPER_FACTS
from kg.analysis.routes.facts.presence import PRESENCE_FACTS
from kg.analysis.routes.facts.procedural_steps import PROCEDURAL_FACTS
from kg.findings import FactAnswer
from kg.law import NO, UNKNOWN, YES, Answer, FactDefinition

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
        *("final_judgment_of_requesting", "final_order_of_requesting", "already_returned", "died_unconvicted"),
    )
)
"""Facts whose functions give the same for each host: found once where nobody has determined anything."""


_ANSWERS: Sequence[Answer] = (UNKNOWN, YES, NO)


def dependence_of(fact: FactDefinition) -> Dependence:
    """What the answers to a fact depend on."""
    is_host_free = fact.name in HOST_FREE_FACTS and "{host}" not in fact.yes + fact.no
    of_charge, of_local = fact.name in CHARGE_FACTS, fact.name in LOCAL_OFFENCE_FACTS
    return Dependence(fact.about == "law", not is_host_free, fact.about == "asset", of_charge, of_local)


class FactSet:
    """Some facts that are asked of many cases."""

    def __init__(self, facts: Iterable[FactDefinition]) -> None:
        self._facts = {fact.name: (fact, dependence_of(fact)) for fact in facts}

    def known(self, query: FactQuery) -> list[KnownFact]:
        """Each fact, as `answer_fact` answers it."""
        key = (query.host, query.asset, query.charge, query.local_offence)
        found = query.case.query_answers.get(key)
        if found is None:
            found = query.case.query_answers[key] = QueryAnswers()
        known = found.known
        try:
            return [known[name] for name in self._facts]
        except KeyError:
            for name, (fact, on) in self._facts.items():
                if name not in known:
                    known[name] = _find(found, query, fact, on)
        return [known[name] for name in self._facts]

    def answers(self, query: FactQuery) -> dict[str, FactAnswer]:
        """The same by name, without their kinds."""
        return self.by_name(self.known(query))

    def by_name(self, known: Iterable[KnownFact]) -> dict[str, FactAnswer]:
        """What `known` returned, by name."""
        return dict(zip(self._facts, [found.answer for found in known], strict=True))


def answer_fact(query: FactQuery, fact: FactDefinition) -> FactAnswer:
    """A fact with everything that is said about it, computed once for each case, host, asset and offence.

    It is yes where somebody says yes and nobody says no, no where it is the other way round, else unknown. Without the
    protected scope the host decides a protected fact: it is unknown, whoever says it and however it was marked.
    """
    return FactSet([fact]).known(query)[0].answer


def _find(answers: QueryAnswers, query: FactQuery, fact: FactDefinition, on: Dependence) -> KnownFact:
    found = answers.tables.get(on)
    if found is None:
        found = answers.tables[on] = _table(query, on), _narrow(query, on)
    table, narrow = found
    known = table.get(fact.name)
    if known is None:
        answer = _compute_answer(narrow, fact)
        known = table[fact.name] = KnownFact(answer, _kind_of(answer))
    return known


def _table(query: FactQuery, on: Dependence) -> dict[str, KnownFact]:
    """What is known already of facts that depend on the same, by name."""
    cache = query.case.law_answers if on.of_law else query.case.case_answers
    of_host, narrow = on.of_host, _narrow(query, on)
    if not of_host:
        of_host = bool(query.context.incoming(query.asset if on.of_asset else query.person, "DETERMINES"))
    key = (query.host if of_host else "", narrow.asset, narrow.charge, narrow.local_offence)
    return cache.setdefault(key, {})


def _narrow(query: FactQuery, on: Dependence) -> FactQuery:
    """The query without what the answers do not depend on."""
    asset, charge = query.asset if on.of_asset else -1, query.charge if on.of_charge else -1
    return FactQuery(query.case, query.host, asset, charge, query.local_offence if on.of_local_offence else -1)


def _kind_of(found: FactAnswer) -> int:
    return _ANSWERS.index(found.answer) * 8 + found.disputed * 4 + bool(found.says) * 2 + found.host_decides


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
