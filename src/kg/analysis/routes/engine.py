"""How does one route stand about one person or asset in one host?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property, lru_cache
from itertools import product
from typing import NamedTuple

from kg.analysis.routes.case import FactKey, FactQuery
from kg.analysis.routes.decision import Decider, RouteDecision, polarities
from kg.analysis.routes.facts.answers import answer_fact
from kg.analysis.routes.facts.offences import CHARGE_FACTS, LOCAL_OFFENCE_FACTS, charges, local_offences
from kg.analysis.routes.question import RouteQuestion
from kg.findings import CompetentAuthority, FactAnswer, LegalStatement, MissingFact, RouteAnswer, RouteState
from kg.law import INTERNATIONAL, NO, UNKNOWN, YES, FactDefinition, LawBook, Route, evaluate

ROUTE_IN_FORCE = "route_in_force"
"""The fact that blocks a route on a day on which the law does not have it."""

LOCATION_FACTS = {"person": "present_in_host", "asset": "asset_in_host"}
"""What is asked first where nobody says where the person or asset is: nothing else can be, without a host."""


STATE_ORDER: Mapping[RouteState, int] = {"open": 0, "needs": 1, "blocked": 2}


class _OffenceResult(NamedTuple):
    """How a route stands for one offence."""

    decided: RouteDecision
    possible_states: tuple[RouteState, ...]
    facts: Mapping[str, FactAnswer]


class RouteEngine:
    """The routes of a question, and what they share: decisions, answers about the law, and who carries them.

    Nothing in it is about a person or a graph, so that questions that are asked again find it made.
    """

    def __init__(self, law: LawBook, question: RouteQuestion, decider: Decider) -> None:
        self.law, self.question, self._decider = law, question, decider
        self._authorities_by_route: dict[tuple[str, str], tuple[CompetentAuthority, ...]] = {}
        self._fact_names_by_route: dict[str, tuple[str, ...]] = {}
        self.law_answers: dict[FactKey, FactAnswer] = {}
        """Answers about the law, which are those of every case."""

    def routes(self, subject: str) -> Sequence[Route]:
        """Those about a person, or about an asset, that the requesting jurisdiction has."""
        return self._routes_by_subject[subject]

    @cached_property
    def _routes_by_subject(self) -> Mapping[str, Sequence[Route]]:
        asked, code = self.question.routes, self.question.requesting
        routes = [r for r in self.law.routes.values() if not r.requesting or code in r.requesting]
        chosen = [r for r in routes if not asked or r.id in asked]
        return {subject: [r for r in chosen if r.subject == subject] for subject in ("person", "asset")}

    def answer(self, ask: FactQuery, route: Route) -> RouteAnswer:
        """The route with every fact that it names.

        Where the person is accused of several offences, it stands as it does for the one for which it stands best:
        what is true of another offence disputes nothing.
        """
        tries = [self._evaluate(one, route) for one in self._offences(ask, route)]
        best = min(tries, key=lambda t: (STATE_ORDER[t.decided.state], len(t.decided.missing)))
        found, spread, facts = best.decided, best.possible_states, best.facts
        if len(tries) > 1:
            spread = _state_range(tries)
            if found.state == "blocked":
                found = found._replace(
                    decided_by=tuple(dict.fromkeys(name for one in tries for name in one.decided.decided_by))
                )
                facts = {
                    **facts,
                    **{name: one.facts[name] for one in reversed(tries) for name in one.decided.decided_by},
                }
            facts = self._with_all_statements(ask, facts)
        if not ask.host and self._needs_host(route):
            found, spread = RouteDecision("needs", (), (LOCATION_FACTS[route.subject],), frozenset()), ("needs",)
        supports, opposes = self._split_sides(route, facts)
        if not route.is_valid_on(ask.day):
            found, spread = RouteDecision("blocked", (ROUTE_IN_FORCE,), (), frozenset()), ("blocked",)
            facts = {**facts, ROUTE_IN_FORCE: _not_in_force(route, ask.day)}
            opposes = (facts[ROUTE_IN_FORCE], *opposes)
        if route.person_initiated:
            found, spread = RouteDecision("person_initiated_only", (), (), frozenset()), ("person_initiated_only",)
        hidden = [name for name in found.missing if self.law.facts[name].is_protected]
        return RouteAnswer(
            person=ask.case.person_id,
            subject=ask.subject_id,
            host=ask.host,
            route=route,
            state=found.state,
            range=spread,
            facts_for=supports,
            facts_against=opposes,
            decided_by=found.decided_by,
            because=tuple(facts[name].text for name in found.decided_by) if found.state == "blocked" else (),
            missing=tuple(
                self._missing_fact(ask, n, n in found.sole_openers, facts.get(n))
                for n in found.missing
                if n not in hidden
            ),
            host_decides=tuple(hidden),
            flags=self._flags(route, facts),
            instrument=tuple(facts[name] for name in route.instruments),
            agencies=self._authorities(route, ask),
        )

    def _offences(self, ask: FactQuery, route: Route) -> Sequence[FactQuery]:
        """The question for each offence that it may be about: those of the charge, with those under the host's law."""
        of_charge, of_local = CHARGE_FACTS & set(route.deciding_facts), LOCAL_OFFENCE_FACTS & set(route.deciding_facts)
        here = [replace(ask, charge=node) for node in (charges(ask) if of_charge else ())]
        there = [replace(ask, local_offence=node) for node in (local_offences(ask) if of_local else ())]
        if len(here) < 2 and len(there) < 2:
            return (ask,)
        pairs = product(self._distinct(here, of_charge) or [ask], self._distinct(there, of_local) or [ask])
        return [replace(ask, charge=one.charge, local_offence=other.local_offence) for one, other in pairs]

    def _distinct(self, asks: Sequence[FactQuery], names: Iterable[str]) -> Sequence[FactQuery]:
        """One of the offences of which the same is true: a person may be accused of hundreds."""
        facts = [self.law.facts[name] for name in sorted(names)]
        told = ([answer_fact(ask, fact) for fact in facts] for ask in asks)
        seen = {tuple((f.answer, f.disputed) for f in said): ask for said, ask in zip(told, asks, strict=True)}
        return list(seen.values())

    def _evaluate(self, ask: FactQuery, route: Route) -> _OffenceResult:
        facts = {name: answer_fact(ask, self.law.facts[name]) for name in self._fact_names(route)}
        answers = [facts[name].answer for name in route.deciding_facts]
        disputed = [name for name in route.deciding_facts if facts[name].disputed]
        spread = self._decider.possible_states(route, answers, disputed)
        return _OffenceResult(self._decider.decide(route, answers), spread, facts)

    def _with_all_statements(self, ask: FactQuery, facts: Mapping[str, FactAnswer]) -> Mapping[str, FactAnswer]:
        """The same answers with what is said of every offence."""
        told = dict(facts)
        for name in (CHARGE_FACTS | LOCAL_OFFENCE_FACTS) & facts.keys():
            every = answer_fact(ask, self.law.facts[name])
            told[name] = replace(facts[name], says=every.says)
        return told

    def _needs_host(self, route: Route) -> bool:
        return any(self.law.facts[n].about == "law" or n in LOCATION_FACTS.values() for n in route.deciding_facts)

    def _fact_names(self, route: Route) -> Sequence[str]:
        found = self._fact_names_by_route.get(route.id)
        if found is None:
            found = self._fact_names_by_route[route.id] = tuple(dict.fromkeys(name for name, _ in route.named_facts))
        return found

    def _flags(self, route: Route, facts: Mapping[str, FactAnswer]) -> tuple[str, ...]:
        if not route.warnings:
            return ()
        answers = {name: fact.answer for name, fact in facts.items()}
        return tuple(words for condition, words in route.warnings if evaluate(condition, answers) == YES)

    def _split_sides(
        self, route: Route, facts: Mapping[str, FactAnswer]
    ) -> tuple[tuple[FactAnswer, ...], tuple[FactAnswer, ...]]:
        """Facts for and against. Disputed facts and those that the host decides stand against: they close nothing, but
        nobody may lean on them; so do those that are only shown and speak against.
        """
        leaning = polarities(route.condition)
        supports: list[FactAnswer] = []
        opposes: list[FactAnswer] = []
        for name in (*route.deciding_facts, *(n for n in route.shows if n not in leaning)):
            fact = facts[name]
            lean = leaning.get(name, self.law.facts[name].speaks == "for")
            if fact.hidden or fact.disputed:
                opposes.append(fact)
            elif fact.answer == UNKNOWN:
                if name in route.shows and fact.says:
                    (supports if lean else opposes).append(fact)
            elif (fact.answer == YES) == lean:
                supports.append(fact)
            elif name in leaning or fact.answer == YES:
                opposes.append(fact)
        return tuple(supports), tuple(opposes)

    def _missing_fact(self, ask: FactQuery, name: str, opens: bool, known: FactAnswer | None) -> MissingFact:
        fact = self.law.facts[name]
        about = _subject_of(ask, fact)
        key, asked = (name, ask.host, about, opens), ask.case.missing_facts
        if key not in asked:
            sides = {"requesting": (ask.requesting,), "host": (ask.host,)}
            of = tuple(dict.fromkeys(code for code in sides.get(fact.side, (ask.requesting, ask.host)) if code))
            bodies = self.law.agencies("", INTERNATIONAL, ask.day, fact.work) if INTERNATIONAL in fact.ask else ()
            if fact.ask == [INTERNATIONAL]:
                of = ()
            says = known.says if known else ()
            names = tuple(body.name for body in bodies)
            asked[key] = MissingFact(name, fact.question, tuple(fact.ask), of, names, opens, about, says)
        return asked[key]

    def _authorities(self, route: Route, ask: FactQuery) -> tuple[CompetentAuthority, ...]:
        key = (route.id, ask.host)
        if key not in self._authorities_by_route:
            sides = (("host", ask.host, route.agencies.host), ("requesting", ask.requesting, route.agencies.requesting))
            work = route.agencies.work
            self._authorities_by_route[key] = tuple(
                CompetentAuthority(
                    *((INTERNATIONAL, "") if kind == INTERNATIONAL else (side, code)),
                    kind,
                    tuple(a.name for a in self.law.agencies(code, kind, ask.day, work)),
                )
                for side, code, kinds in sides
                for kind in kinds
            )
        return self._authorities_by_route[key]


@lru_cache(maxsize=16)
def engine_for(law: LawBook, question: RouteQuestion) -> RouteEngine:
    """The engine of a question; that of one asked lately is still there."""
    return RouteEngine(law, question, Decider())


def _state_range(tries: Sequence[_OffenceResult]) -> tuple[RouteState, ...]:
    """The states between the best that some offence has at worst and the best that any has."""
    best = min(STATE_ORDER[state] for one in tries for state in one.possible_states)
    worst = min(max(STATE_ORDER[state] for state in one.possible_states) for one in tries)
    return tuple(
        state
        for state, rank in STATE_ORDER.items()
        if best <= rank <= worst and any(state in t.possible_states for t in tries)
    )


def _subject_of(ask: FactQuery, fact: FactDefinition) -> str:
    if fact.about == "law":
        return f"{ask.requesting}-{ask.host}"
    return ask.subject_id if fact.about == "asset" else ask.case.person_id


def _not_in_force(route: Route, day: date) -> FactAnswer:
    if route.valid_from and day < route.valid_from:
        text = f"route not yet in force: valid from {route.valid_from}"
    else:
        text = f"route no longer in force: valid until {route.valid_to}"
    return FactAnswer(ROUTE_IN_FORCE, NO, (LegalStatement(NO, text),), text=text)
