"""In which state is one route about one person or asset in one host?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property, lru_cache
from itertools import chain, product
from typing import Literal, NamedTuple

from kg.analysis.routes.case import FactAnswers, FactQuery, RouteQuestion
from kg.analysis.routes.decision import Decider, FactStatus, RouteDecision
from kg.analysis.routes.facts.answers import Scope, answer_fact, answer_facts, fact_answers, scope_of
from kg.analysis.routes.facts.offences import CHARGE_FACTS, LOCAL_OFFENCE_FACTS, charges, local_offences
from kg.analysis.routes.stages import StageFinder
from kg.findings import (
    ROUTE_STATES,
    CompetentAuthority,
    FactAnswer,
    LegalStatement,
    MissingFact,
    PresumedFact,
    RouteAnswer,
    RouteState,
)
from kg.law import INTERNATIONAL, NO, UNKNOWN, YES, LawBook, Presumption, Route, evaluate
from kg.law.conditions import fact_names
from kg.law.facts import AgencyKind, FactDefinition

NO_STAGE = ("blocked", "person_initiated_only")
"""States in which nobody takes a next step."""

ROUTE_IN_FORCE = "route_in_force"
"""The fact that blocks a route on a day on which the law does not have it."""

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
        self._rules_by_route: dict[str, Sequence[Presumption]] = {}
        self._facts_by_route: dict[str, Sequence[tuple[FactDefinition, Scope]]] = {}
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
        result = self._best_result(query, route)
        decision, facts = result.decision, result.facts
        facts_for, facts_against = self._split_sides(route, facts)
        if not route.is_valid_on(query.day):
            facts = {**facts, ROUTE_IN_FORCE: _not_in_force(route, query.day)}
            facts_against.insert(0, facts[ROUTE_IN_FORCE])
        protected, missing, holes = self._split_missing(query, decision)
        return RouteAnswer(
            person=query.case.person_id,
            subject=query.subject_id,
            host=query.host,
            route=route,
            state=decision.state,
            possible_states=result.possible_states,
            facts_for=tuple(facts_for),
            facts_against=tuple(facts_against),
            decided_by=decision.decided_by,
            because=tuple(facts[n].text for n in decision.decided_by) if decision.state == "blocked" else (),
            missing=tuple(self._missing_fact(query, n, n in decision.sole_openers, facts.get(n)) for n in missing),
            law_holes=holes,
            bars=tuple(facts[name] for name in decision.bars if name not in protected),
            presumed=tuple(_presumed_fact(facts[name], result.rules[name]) for name in decision.presumed),
            stage=self.stages.stage_of(query, route) if decision.state not in NO_STAGE else None,
            host_decides=tuple(facts[name] for name in protected),
            warnings=(
                *_flag_warnings(route, facts),
                *_stale_warnings([facts[name] for name in (*route.instruments, *decision.decided_by)]),
            ),
            instrument=tuple(facts[name] for name in route.instruments),
            agencies=self._authorities(route, query),
        )

    def _best_result(self, query: FactQuery, route: Route) -> _RouteResult:
        """The route for the offence for which it is best, unless something else than the facts settles its state."""
        results = [self._evaluate(one, route) for one in self._offences(query, route)]
        best = min(results, key=lambda r: (STATE_ORDER[r.decision.state], len(r.decision.missing)))
        decision, possible_states, facts, rules = best
        if len(results) > 1:
            possible_states = _state_range(results)
            if decision.state == "blocked":
                blocking = {name: r.facts[name] for r in reversed(results) for name in r.decision.decided_by}
                in_order = dict.fromkeys(name for r in results for name in r.decision.decided_by)
                decision, facts = decision._replace(decided_by=tuple(in_order)), {**facts, **blocking}
            facts = self._with_all_statements(query, facts)
        deciding = route.deciding_facts
        needs_host = any(self.law.facts[n].about == "law" or n in LOCATION_FACTS.values() for n in deciding)
        if needs_host and not query.host:
            decision = RouteDecision("needs", missing=(LOCATION_FACTS[route.subject],))
            possible_states = ("needs",)
        if not route.is_valid_on(query.day):
            decision, possible_states = RouteDecision("blocked", decided_by=(ROUTE_IN_FORCE,)), ("blocked",)
        if route.person_initiated:
            decision, possible_states = RouteDecision("person_initiated_only"), ("person_initiated_only",)
        return _RouteResult(decision, possible_states, facts, rules)

    def _split_missing(
        self, query: FactQuery, decision: RouteDecision
    ) -> tuple[list[str], list[str], tuple[FactAnswer, ...]]:
        """Undecided facts that the host decides, those of the case, and what the tables of the law do not have."""
        protected = [name for name in (*decision.missing, *decision.bars) if self.law.facts[name].is_protected]
        holes = {name: self._law_holes(query, name) for name in decision.missing}
        missing = [name for name, waits_for in holes.items() if not waits_for and name not in protected]
        lacking = dict.fromkeys(chain.from_iterable(holes.values()))
        return protected, missing, tuple(answer_fact(query, self.law.facts[name]) for name in lacking)

    def _law_holes(self, query: FactQuery, name: str) -> list[str]:
        """The facts about the law for want of which a fact is unknown."""
        fact = self.law.facts[name]
        if fact.about == "law":
            return [name] if query.host else []
        if not fact.rests_on or answer_fact(query, fact).says:
            return []
        return [one for one in fact.rests_on if answer_fact(query, self.law.facts[one]).answer == UNKNOWN]

    def _offences(self, query: FactQuery, route: Route) -> Sequence[FactQuery]:
        """The query for each pair of a charged offence and one under the host's law that the route may be about."""
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

    def _evaluate(self, query: FactQuery, route: Route) -> _RouteResult:
        facts = answer_facts(query, self._facts_of(route))
        rules = self._presumptions(query, route, facts)
        deciding = [facts[name] for name in route.deciding_facts]
        statuses: list[FactStatus] = [
            "yes" if f.answer == YES else "no" if f.answer == NO else self._unknown_status(query, route, f, rules)
            for f in deciding
        ]
        decision = self._decider.decide(route, statuses)
        disputed = [fact.fact for fact in deciding if fact.disputed]
        states = self._decider.possible_states(route, statuses, disputed) if disputed else (decision.state,)
        return _RouteResult(decision, states, facts, rules)

    def _facts_of(self, route: Route) -> Sequence[tuple[FactDefinition, Scope]]:
        if route.id not in self._facts_by_route:
            self._facts_by_route[route.id] = [
                (f, scope_of(f)) for f in map(self.law.facts.__getitem__, route.fact_names)
            ]
        return self._facts_by_route[route.id]

    def _presumptions(
        self, query: FactQuery, route: Route, facts: Mapping[str, FactAnswer]
    ) -> Mapping[str, Presumption]:
        """The rules that presume facts of a route of which no record says anything, in favour of the route."""
        if route.id not in self._rules_by_route:
            self._rules_by_route[route.id] = [rule for rule in self.law.presumptions if rule.is_for(route)]
        found: dict[str, Presumption] = {}
        for rule in self._rules_by_route[route.id]:
            fact = facts[rule.fact]
            if fact.answer != UNKNOWN or fact.says:
                continue
            if evaluate(rule.condition, fact_answers(query, rule.fact_names)) == YES:
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

    def _split_sides(self, route: Route, facts: Mapping[str, FactAnswer]) -> tuple[list[FactAnswer], list[FactAnswer]]:
        """The facts for a route and those against it.

        Disputed facts and those that the host decides are among those against: they block nothing, but nobody may rely
        on them. So are facts that are only shown and speak against, and steps of which something is said that settles
        nothing.
        """
        deciding = route.polarities
        facts_for: list[FactAnswer] = []
        facts_against: list[FactAnswer] = []
        for name in (*route.deciding_facts, *(n for n in route.shows if n not in deciding)):
            fact = facts[name]
            yes_is_for = deciding.get(name, self.law.facts[name].speaks == "for")
            if fact.host_decides or fact.disputed:
                facts_against.append(fact)
            elif fact.answer == UNKNOWN:
                if fact.says and self.law.facts[name].role == "step":
                    facts_against.append(fact)
                elif fact.says and name in route.shows:
                    (facts_for if yes_is_for else facts_against).append(fact)
            elif (fact.answer == YES) == yes_is_for:
                facts_for.append(fact)
            elif name in deciding or fact.answer == YES:
                facts_against.append(fact)
        return facts_for, facts_against

    def _missing_fact(self, query: FactQuery, name: str, opens: bool, known: FactAnswer | None) -> MissingFact:
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
                says=known.says if known else (),
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


def _state_range(results: Sequence[_RouteResult]) -> tuple[RouteState, ...]:
    """The states between the best one of any offence and the best of the offences' worst ones."""
    best = min(STATE_ORDER[state] for r in results for state in r.possible_states)
    worst = min(max(STATE_ORDER[state] for state in r.possible_states) for r in results)
    found = {state for r in results for state in r.possible_states}
    return tuple(state for state, rank in STATE_ORDER.items() if best <= rank <= worst and state in found)


def _presumed_fact(fact: FactAnswer, rule: Presumption) -> PresumedFact:
    source = rule.source
    return PresumedFact(
        fact.fact, fact.question, rule.answer, rule.says, rule.rebuttal, source.title, source.url, source.date
    )


def _flag_warnings(route: Route, facts: Mapping[str, FactAnswer]) -> Sequence[str]:
    if not route.warnings:
        return ()
    answers = {name: fact.answer for name, fact in facts.items()}
    return [text for condition, text in route.warnings if evaluate(condition, answers) == YES]


def _stale_warnings(facts: Iterable[FactAnswer]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(statement.stale for fact in facts for statement in fact.says if statement.stale))


def _not_in_force(route: Route, day: date) -> FactAnswer:
    if route.valid_from and day < route.valid_from:
        text = f"route not yet in force: valid from {route.valid_from}"
    else:
        text = f"route no longer in force: valid until {route.valid_to}"
    question = "Does the law have this route on the day?"
    return FactAnswer(ROUTE_IN_FORCE, question, NO, (LegalStatement(NO, text),), text=text)
