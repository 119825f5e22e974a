"""In which state is one route about one person or asset in one host?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from itertools import chain, product
from typing import Literal, NamedTuple

from kg.analysis.routes.case import FactAnswers, FactQuery, RouteQuestion
from kg.analysis.routes.decision import Decider, FactStatus, RouteDecision
from kg.analysis.routes.facts.answers import HOST_FREE_FACTS, FactSet, answer_fact, fact_answers
from kg.analysis.routes.facts.offences import (
    CHARGE_FACTS,
    LOCAL_OFFENCE_FACTS,
    accused_offences,
    charges,
    local_offences,
)
from kg.analysis.routes.outcome import (
    ROUTE_IN_FORCE,
    RouteOutcome,
    flag_warnings,
    not_in_force,
    presumed_fact,
    split_sides,
    stale_warnings,
)
from kg.analysis.routes.stages import StageFinder
from kg.findings import (
    ROUTE_STATES,
    CompetentAuthority,
    FactAnswer,
    MissingFact,
    RouteAnswer,
    RouteState,
)
from kg.law import INTERNATIONAL, NO, UNKNOWN, YES, LawBook, Presumption, Route, deciding_facts, evaluate
from kg.law.conditions import fact_names
from kg.law.facts import AgencyKind, FactDefinition

NO_STAGE = ("blocked", "person_initiated_only")
"""States in which nobody takes a next step."""

MAX_OUTCOMES = 20_000
"""The most outcomes that are kept."""

LOCATION_FACTS = {"person": "present_in_host", "asset": "asset_in_host"}
"""The only fact that is missing where nobody says where the person or asset is: all others need a host."""

STATE_ORDER: Mapping[RouteState, int] = {state: rank for rank, state in enumerate(ROUTE_STATES)}


class _RouteResult(NamedTuple):
    """The state of a route, for one offence or for all."""

    decision: RouteDecision
    possible_states: tuple[RouteState, ...]
    facts: Mapping[str, FactAnswer]
    rules: Mapping[str, Presumption]
    """The rule that presumes a fact, by fact."""


class RouteEngine:
    """The routes of a question, and what they share: decisions, answers about the law, and competent authorities.

    It holds nothing about a person or a graph, so that a repeated question can use it again.
    """

    def __init__(self, law: LawBook, question: RouteQuestion, decider: Decider) -> None:
        self.law, self.question, self._decider = law, question, decider
        self._authorities_by_route: dict[tuple[str, str], tuple[CompetentAuthority, ...]] = {}
        self._teeth: dict[tuple[str, str], bool] = {}
        self._facts_by_route: dict[str, FactSet] = {}
        self._outcomes: dict[tuple[str, str, tuple[int, ...]], RouteOutcome] = {}
        self.stages = StageFinder(law)
        self.law_answers: FactAnswers = {}
        """Answers about the law, which every case shares."""

    @cached_property
    def routes(self) -> Mapping[str, Sequence[Route]]:
        """The routes that the requesting jurisdiction has, by subject: `person` and `asset`."""
        wanted, code = self.question.routes, self.question.requesting
        routes = [r for r in self.law.routes.values() if not r.requesting or code in r.requesting]
        chosen = [r for r in routes if not wanted or r.id in wanted]
        return {subject: [r for r in chosen if r.subject == subject] for subject in ("person", "asset")}

    def answer(self, query: FactQuery, route: Route) -> RouteAnswer:
        """The route with every fact that it names.

        Where the person is accused of several offences, the route has the state of the offence for which it is best:
        what is true of another offence disputes nothing.
        """
        outcome, facts = self._find_outcome(query, route)
        return RouteAnswer(
            person=query.case.person_id,
            subject=query.subject_id,
            host=query.host,
            route=route,
            state=outcome.state,
            possible_states=outcome.possible_states,
            facts_for=tuple([facts[name] for name in outcome.facts_for]),
            facts_against=(*outcome.out_of_force, *[facts[name] for name in outcome.facts_against]),
            decided_by=outcome.decided_by,
            because=outcome.because,
            missing=tuple([self._missing_fact(query, name, opens, facts[name]) for name, opens in outcome.missing]),
            law_holes=outcome.law_holes,
            bars=tuple([facts[name] for name in outcome.bars]),
            presumed=outcome.presumed,
            stage=outcome.stage,
            host_decides=tuple([facts[name] for name in outcome.host_decides]),
            warnings=(*outcome.warnings, *stale_warnings([facts[name] for name in outcome.cited])),
            instrument=tuple([facts[name] for name in route.instruments]),
            agencies=self._authorities(route, query),
        )

    def _find_outcome(self, query: FactQuery, route: Route) -> tuple[RouteOutcome, Mapping[str, FactAnswer]]:
        """What the route comes to, and the facts by name; found once for all cases of which the same is known."""
        asked, offences = self._facts_of(route), self._offences(query, route)
        if offences[0] is not query:
            result = self._best_result([self._evaluate(one, route, asked.answers(one)) for one in offences])
            facts = self._with_all_statements(query, result.facts)
            return self._outcome(query, route, result._replace(facts=facts), asked.answers(query)), facts
        known = asked.known(query)
        facts = asked.by_name(known)
        key = (route.id, query.host, tuple([found.kind for found in known]))
        outcome = self._outcomes.get(key)
        if outcome is None:
            if len(self._outcomes) >= MAX_OUTCOMES:
                self._outcomes.clear()
            outcome = self._outcomes[key] = self._outcome(query, route, self._evaluate(query, route, facts), facts)
        return outcome, facts

    def _outcome(
        self, query: FactQuery, route: Route, result: _RouteResult, known: Mapping[str, FactAnswer]
    ) -> RouteOutcome:
        """`known` are the facts of the query, about all offences."""
        decision, possible_states, facts, rules = result
        deciding = route.deciding_facts
        needs_host = any(self.law.facts[n].about == "law" or n in LOCATION_FACTS.values() for n in deciding)
        if needs_host and not query.host:
            decision = _decide_anywhere(route, facts)
            possible_states = (decision.state,)
        out_of_force: tuple[FactAnswer, ...] = ()
        if not route.is_valid_on(query.day):
            out_of_force = (not_in_force(route, query.day),)
            decision, possible_states = RouteDecision("blocked", decided_by=(ROUTE_IN_FORCE,)), ("blocked",)
        if route.person_initiated:
            decision, possible_states = RouteDecision("person_initiated_only"), ("person_initiated_only",)
        facts_for, facts_against = split_sides(self.law.facts, route, facts)
        protected, missing, holes = self._split_missing(query, decision, known)
        decided_by = tuple(name for name in decision.decided_by if name != ROUTE_IN_FORCE)
        reasons = (*(fact.text for fact in out_of_force), *(facts[name].text for name in decided_by))
        answers = {name: fact.answer for name, fact in known.items()}
        return RouteOutcome(
            state=decision.state,
            possible_states=possible_states,
            facts_for=tuple(facts_for),
            facts_against=tuple(facts_against),
            out_of_force=out_of_force,
            decided_by=decision.decided_by,
            because=reasons if decision.state == "blocked" else (),
            missing=tuple((name, name in decision.sole_openers) for name in missing),
            law_holes=holes,
            bars=tuple(name for name in decision.bars if name not in protected),
            presumed=tuple(presumed_fact(facts[name], rules[name]) for name in decision.presumed),
            stage=self.stages.stage_of(query, route, answers) if decision.state not in NO_STAGE else None,
            host_decides=tuple(protected),
            warnings=tuple(flag_warnings(route, facts)),
            cited=(*route.instruments, *decided_by),
        )

    def _best_result(self, results: Sequence[_RouteResult]) -> _RouteResult:
        """The route for the offence for which it is best, by what is known of several."""
        best = min(results, key=lambda r: (STATE_ORDER[r.decision.state], len(r.decision.missing)))
        decision, facts = best.decision, best.facts
        if decision.state == "blocked":
            blocking = {name: r.facts[name] for r in reversed(results) for name in r.decision.decided_by}
            in_order = dict.fromkeys(name for r in results for name in r.decision.decided_by)
            decision, facts = decision._replace(decided_by=tuple(in_order)), {**facts, **blocking}
        return _RouteResult(decision, _state_range(results), facts, best.rules)

    def _split_missing(
        self, query: FactQuery, decision: RouteDecision, known: Mapping[str, FactAnswer]
    ) -> tuple[list[str], list[str], tuple[FactAnswer, ...]]:
        """Undecided facts that the host decides, those of the case, and what the tables of the law do not have."""
        protected = [name for name in (*decision.missing, *decision.bars) if self.law.facts[name].is_protected]
        holes = {name: self._law_holes(query, known[name]) for name in decision.missing}
        missing = [name for name, waits_for in holes.items() if not waits_for and name not in protected]
        lacking = dict.fromkeys(chain.from_iterable(holes.values()))
        return protected, missing, tuple(answer_fact(query, self.law.facts[name]) for name in lacking)

    def _law_holes(self, query: FactQuery, known: FactAnswer) -> list[str]:
        """The facts about the law for want of which a fact is unknown."""
        fact = self.law.facts[known.fact]
        if fact.about == "law":
            return [fact.name] if query.host else []
        if known.says:
            return []
        return [one for one in fact.rests_on if answer_fact(query, self.law.facts[one]).answer == UNKNOWN]

    def _offences(self, query: FactQuery, route: Route) -> Sequence[FactQuery]:
        """The query for each pair of a charged offence and one under the host's law that the route may be about."""
        if len(accused_offences(query)) < 2:
            return (query,)
        of_charge, of_local = CHARGE_FACTS & set(route.deciding_facts), LOCAL_OFFENCE_FACTS & set(route.deciding_facts)
        here = [replace(query, charge=a.node) for a in (charges(query) if of_charge else ())]
        there = [replace(query, local_offence=a.node) for a in (local_offences(query) if of_local else ())]
        if len(here) < 2 and len(there) < 2:
            return (query,)
        pairs = product(self._distinct(here, of_charge) or [query], self._distinct(there, of_local) or [query])
        return [replace(query, charge=one.charge, local_offence=other.local_offence) for one, other in pairs]

    def _distinct(self, queries: Sequence[FactQuery], names: Iterable[str]) -> Sequence[FactQuery]:
        """One query for all offences that have the same answers: a person may be accused of hundreds."""
        facts = [self.law.facts[name] for name in sorted(names)]
        by_answers = {}
        for query in queries:
            answers = [answer_fact(query, fact) for fact in facts]
            by_answers[tuple((answer.answer, answer.disputed) for answer in answers)] = query
        return list(by_answers.values())

    def _evaluate(self, query: FactQuery, route: Route, facts: Mapping[str, FactAnswer]) -> _RouteResult:
        rules = self._presumptions(route, facts)
        deciding = [facts[name] for name in route.deciding_facts]
        statuses: list[FactStatus] = [
            "yes" if f.answer == YES else "no" if f.answer == NO else self._unknown_status(query, route, f, rules)
            for f in deciding
        ]
        decision = self._decider.decide(route, statuses)
        disputed = [fact.fact for fact in deciding if fact.disputed]
        states = self._decider.possible_states(route, statuses, disputed) if disputed else (decision.state,)
        return _RouteResult(decision, states, facts, rules)

    def _facts_of(self, route: Route) -> FactSet:
        """The facts on which the answer about a route depends, besides those about the law that a bar rests on."""
        if route.id not in self._facts_by_route:
            ruled = (name for rule in self._rules_of(route) for name in rule.fact_names)
            names = dict.fromkeys(
                (*route.fact_names, LOCATION_FACTS[route.subject], *ruled, *self.stages.facts_of(route))
            )
            self._facts_by_route[route.id] = FactSet(map(self.law.facts.__getitem__, names))
        return self._facts_by_route[route.id]

    def _rules_of(self, route: Route) -> Sequence[Presumption]:
        return [rule for rule in self.law.presumptions if rule.is_for(route)]

    def _presumptions(self, route: Route, facts: Mapping[str, FactAnswer]) -> Mapping[str, Presumption]:
        """The rules that presume facts of a route of which no record says anything, in favour of the route."""
        found: dict[str, Presumption] = {}
        for rule in self._rules_of(route):
            fact = facts[rule.fact]
            if fact.answer != UNKNOWN or fact.says:
                continue
            if evaluate(rule.condition, {name: facts[name].answer for name in rule.fact_names}) == YES:
                found.setdefault(rule.fact, rule)
        return found

    def _unknown_status(
        self, query: FactQuery, route: Route, fact: FactAnswer, rules: Mapping[str, Presumption]
    ) -> FactStatus:
        """Which kind of unknown a fact is in a route."""
        definition = self.law.facts[fact.fact]
        if definition.about == "law":
            return "law"
        if rule := rules.get(fact.fact):
            return "presumed yes" if rule.answer == YES else "presumed no"
        if definition.role == "step":
            return "case" if fact.says and definition.doubt_counts else "step"
        is_bar = definition.role == "bar" and not route.polarities[fact.fact]
        return "bar" if is_bar and not fact.says and not self._has_teeth(query, definition) else "case"

    def _has_teeth(self, query: FactQuery, fact: FactDefinition) -> bool:
        """Whether the host's law makes a bar one that has to be known."""
        if fact.teeth_condition is None or not query.host:
            return False
        key = (fact.name, query.host)
        if key not in self._teeth:
            named = (name for name, _ in fact_names(fact.teeth_condition))
            self._teeth[key] = evaluate(fact.teeth_condition, fact_answers(query, named)) == YES
        return self._teeth[key]

    def _with_all_statements(self, query: FactQuery, facts: Mapping[str, FactAnswer]) -> Mapping[str, FactAnswer]:
        """The same answers with the statements about every offence."""
        about_offences = (CHARGE_FACTS | LOCAL_OFFENCE_FACTS) & facts.keys()
        complete = {name: answer_fact(query, self.law.facts[name]) for name in about_offences}
        return {**facts, **{name: replace(facts[name], says=answer.says) for name, answer in complete.items()}}

    def _missing_fact(self, query: FactQuery, name: str, opens: bool, known: FactAnswer) -> MissingFact:
        fact, cache = self.law.facts[name], query.case.missing_facts
        about = query.subject_id if fact.about == "asset" else query.case.person_id
        about = f"{query.requesting}-{query.host}" if fact.about == "law" else about
        key = (name, query.host, about, opens)
        if key not in cache:
            sides = {"requesting": (query.requesting,), "host": (query.host,)}
            codes = () if fact.ask == [INTERNATIONAL] else sides.get(fact.side, (query.requesting, query.host))
            bodies = self.law.agencies("", INTERNATIONAL, query.day, fact.work) if INTERNATIONAL in fact.ask else ()
            cache[key] = MissingFact(
                fact=name,
                question=fact.question,
                ask=tuple(fact.ask),
                of=tuple(dict.fromkeys(code for code in codes if code)),
                bodies=tuple(body["name"] for body in bodies),
                opens=opens,
                about=about,
                says=known.says,
            )
        return cache[key]

    def _authorities(self, route: Route, query: FactQuery) -> tuple[CompetentAuthority, ...]:
        key = (route.id, query.host)
        if key not in self._authorities_by_route:
            host = [self._authority(route, "host", query.host, kind) for kind in route.agencies.host]
            own = [self._authority(route, "requesting", query.requesting, kind) for kind in route.agencies.requesting]
            self._authorities_by_route[key] = (*host, *own)
        return self._authorities_by_route[key]

    def _authority(
        self, route: Route, side: Literal["host", "requesting"], jurisdiction: str, kind: AgencyKind
    ) -> CompetentAuthority:
        work = tuple(route.agencies.work)
        names = tuple(a["name"] for a in self.law.agencies(jurisdiction, kind, self.question.day, work))
        if kind == INTERNATIONAL:
            return CompetentAuthority("international", "", kind, names, work)
        return CompetentAuthority(side, jurisdiction, kind, names, work)


@lru_cache(maxsize=16)
def engine_for(law: LawBook, question: RouteQuestion) -> RouteEngine:
    """The engine of a question, kept for when the same question is asked again."""
    return RouteEngine(law, question, Decider())


def _decide_anywhere(route: Route, facts: Mapping[str, FactAnswer]) -> RouteDecision:
    """A route of which nobody knows the host: blocked by what is so in any host, or else it needs the place."""
    anywhere = {name: facts[name].answer for name in route.deciding_facts if name in HOST_FREE_FACTS}
    if evaluate(route.condition, anywhere) == NO:
        return RouteDecision("blocked", deciding_facts(route.condition, anywhere))
    return RouteDecision("needs", missing=(LOCATION_FACTS[route.subject],))


def _state_range(results: Sequence[_RouteResult]) -> tuple[RouteState, ...]:
    """The states between the best one of any offence and the best of the offences' worst ones."""
    best = min(STATE_ORDER[state] for r in results for state in r.possible_states)
    worst = min(max(STATE_ORDER[state] for state in r.possible_states) for r in results)
    found = {state for r in results for state in r.possible_states}
    return tuple(state for state, rank in STATE_ORDER.items() if best <= rank <= worst and state in found)
