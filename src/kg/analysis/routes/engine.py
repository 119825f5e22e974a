"""How does one route stand about one person or asset in one host?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property, lru_cache
from itertools import product
from typing import NamedTuple

from kg.analysis.routes.case import Ask, FactKey
from kg.analysis.routes.decision import Decided, Decider, leanings
from kg.analysis.routes.facts.answers import answer
from kg.analysis.routes.facts.offences import OF_A_CHARGE, OF_A_LOCAL_OFFENCE, charges, local_offences
from kg.analysis.routes.question import RouteQuestion
from kg.findings import Carrier, FactAnswer, MissingFact, RouteAnswer, State, Statement
from kg.law import INTERNATIONAL, NO, UNKNOWN, YES, FactKind, LawBook, Route, value

IN_FORCE = "route_in_force"
"""The fact that blocks a route on a day on which the law does not have it."""

WHERE = {"person": "present_in_host", "asset": "asset_in_host"}
"""What is asked first where nobody says where the person or asset is: nothing else can be, without a host."""


ORDER: Mapping[State, int] = {"open": 0, "needs": 1, "blocked": 2}


class _Try(NamedTuple):
    """How a route stands for one offence."""

    decided: Decided
    spread: tuple[State, ...]
    facts: Mapping[str, FactAnswer]


class Engine:
    """The routes of a question, and what they share: decisions, answers about the law, and who carries them.

    Nothing in it is about a person or a graph, so that questions that are asked again find it made.
    """

    def __init__(self, law: LawBook, question: RouteQuestion, decider: Decider) -> None:
        self.law, self.question, self._decider = law, question, decider
        self._carriers: dict[tuple[str, str], tuple[Carrier, ...]] = {}
        self._named: dict[str, tuple[str, ...]] = {}
        self.about_law: dict[FactKey, FactAnswer] = {}
        """Answers about the law, which are those of every case."""

    def routes(self, subject: str) -> Sequence[Route]:
        """Those about a person, or about an asset, that the requesting jurisdiction has."""
        return self._by_subject[subject]

    @cached_property
    def _by_subject(self) -> Mapping[str, Sequence[Route]]:
        asked, code = self.question.routes, self.question.requesting
        routes = [r for r in self.law.routes.values() if not r.requesting or code in r.requesting]
        chosen = [r for r in routes if not asked or r.id in asked]
        return {subject: [r for r in chosen if r.subject == subject] for subject in ("person", "asset")}

    def answer(self, ask: Ask, route: Route) -> RouteAnswer:
        """The route with every fact that it names.

        Where the person is accused of several offences, it stands as it does for the one for which it stands best:
        what is true of another offence disputes nothing.
        """
        tries = [self._tried(one, route) for one in self._offences(ask, route)]
        best = min(tries, key=lambda t: (ORDER[t.decided.state], len(t.decided.missing)))
        found, spread, facts = best.decided, best.spread, best.facts
        if len(tries) > 1:
            spread = _range(tries)
            if found.state == "blocked":
                found = found._replace(by=tuple(dict.fromkeys(name for one in tries for name in one.decided.by)))
                facts = {**facts, **{name: one.facts[name] for one in reversed(tries) for name in one.decided.by}}
            facts = self._all_told(ask, facts)
        if not ask.host and self._wants_host(route):
            found, spread = Decided("needs", (), (WHERE[route.subject],), frozenset()), ("needs",)
        supports, opposes = self._sides(route, facts)
        if not route.runs(ask.day):
            found, spread = Decided("blocked", (IN_FORCE,), (), frozenset()), ("blocked",)
            facts = {**facts, IN_FORCE: _not_yet(route, ask.day)}
            opposes = (facts[IN_FORCE], *opposes)
        if route.person_initiated:
            found, spread = Decided("person_initiated_only", (), (), frozenset()), ("person_initiated_only",)
        hidden = [name for name in found.missing if self.law.facts[name].protected]
        return RouteAnswer(
            person=ask.case.person_id,
            subject=ask.subject_id,
            host=ask.host,
            route=route,
            state=found.state,
            range=spread,
            supports=supports,
            opposes=opposes,
            decided_by=found.by,
            because=tuple(facts[name].text for name in found.by) if found.state == "blocked" else (),
            missing=tuple(
                self._asked(ask, n, n in found.opens, facts.get(n)) for n in found.missing if n not in hidden
            ),
            host_decides=tuple(hidden),
            flags=self._flags(route, facts),
            instruments=tuple(facts[name] for name in route.instruments),
            carriers=self._carried(route, ask),
        )

    def _offences(self, ask: Ask, route: Route) -> Sequence[Ask]:
        """The question for each offence that it may be about: those of the charge, with those under the host's law."""
        of_charge, of_local = OF_A_CHARGE & set(route.deciding), OF_A_LOCAL_OFFENCE & set(route.deciding)
        here = [replace(ask, charge=node) for node in (charges(ask) if of_charge else ())]
        there = [replace(ask, local=node) for node in (local_offences(ask) if of_local else ())]
        if len(here) < 2 and len(there) < 2:
            return (ask,)
        pairs = product(self._unlike(here, of_charge) or [ask], self._unlike(there, of_local) or [ask])
        return [replace(ask, charge=one.charge, local=other.local) for one, other in pairs]

    def _unlike(self, asks: Sequence[Ask], names: Iterable[str]) -> Sequence[Ask]:
        """One of the offences of which the same is true: a person may be accused of hundreds."""
        facts = [self.law.facts[name] for name in sorted(names)]
        told = ([answer(ask, fact) for fact in facts] for ask in asks)
        seen = {tuple((f.answer, f.disputed) for f in said): ask for said, ask in zip(told, asks, strict=True)}
        return list(seen.values())

    def _tried(self, ask: Ask, route: Route) -> _Try:
        facts = {name: answer(ask, self.law.facts[name]) for name in self._names(route)}
        answers = [facts[name].answer for name in route.deciding]
        disputed = [name for name in route.deciding if facts[name].disputed]
        spread = self._decider.range(route, answers, disputed)
        return _Try(self._decider.decide(route, answers), spread, facts)

    def _all_told(self, ask: Ask, facts: Mapping[str, FactAnswer]) -> Mapping[str, FactAnswer]:
        """The same answers with what is said of every offence."""
        told = dict(facts)
        for name in (OF_A_CHARGE | OF_A_LOCAL_OFFENCE) & facts.keys():
            every = answer(ask, self.law.facts[name])
            told[name] = replace(facts[name], statements=every.statements)
        return told

    def _wants_host(self, route: Route) -> bool:
        return any(self.law.facts[n].about == "law" or n in WHERE.values() for n in route.deciding)

    def _names(self, route: Route) -> Sequence[str]:
        found = self._named.get(route.id)
        if found is None:
            found = self._named[route.id] = tuple(dict.fromkeys(name for name, _ in route.named))
        return found

    def _flags(self, route: Route, facts: Mapping[str, FactAnswer]) -> tuple[str, ...]:
        if not route.warnings:
            return ()
        answers = {name: fact.answer for name, fact in facts.items()}
        return tuple(words for condition, words in route.warnings if value(condition, answers) == YES)

    def _sides(
        self, route: Route, facts: Mapping[str, FactAnswer]
    ) -> tuple[tuple[FactAnswer, ...], tuple[FactAnswer, ...]]:
        """Facts for and against. Disputed facts and those that the host decides stand against: they close nothing, but
        nobody may lean on them; so do those that are only shown and speak against.
        """
        leaning = leanings(route.condition)
        supports: list[FactAnswer] = []
        opposes: list[FactAnswer] = []
        for name in (*route.deciding, *(n for n in route.shows if n not in leaning)):
            fact = facts[name]
            lean = leaning.get(name, self.law.facts[name].speaks == "for")
            if fact.hidden or fact.disputed:
                opposes.append(fact)
            elif fact.answer == UNKNOWN:
                if name in route.shows and fact.statements:
                    (supports if lean else opposes).append(fact)
            elif (fact.answer == YES) == lean:
                supports.append(fact)
            elif name in leaning or fact.answer == YES:
                opposes.append(fact)
        return tuple(supports), tuple(opposes)

    def _asked(self, ask: Ask, name: str, opens: bool, known: FactAnswer | None) -> MissingFact:
        fact = self.law.facts[name]
        about = _about(ask, fact)
        key, asked = (name, ask.host, about, opens), ask.case.asked
        if key not in asked:
            sides = {"requesting": (ask.requesting,), "host": (ask.host,)}
            of = tuple(dict.fromkeys(code for code in sides.get(fact.side, (ask.requesting, ask.host)) if code))
            bodies = self.law.agencies("", INTERNATIONAL, ask.day, fact.work) if INTERNATIONAL in fact.ask else ()
            if fact.ask == [INTERNATIONAL]:
                of = ()
            says = known.statements if known else ()
            names = tuple(body.name for body in bodies)
            asked[key] = MissingFact(name, fact.question, tuple(fact.ask), of, names, opens, about, says)
        return asked[key]

    def _carried(self, route: Route, ask: Ask) -> tuple[Carrier, ...]:
        key = (route.id, ask.host)
        if key not in self._carriers:
            sides = (("host", ask.host, route.agencies.host), ("requesting", ask.requesting, route.agencies.requesting))
            work = route.agencies.work
            self._carriers[key] = tuple(
                Carrier(
                    *((INTERNATIONAL, "") if kind == INTERNATIONAL else (side, code)),
                    kind,
                    tuple(a.name for a in self.law.agencies(code, kind, ask.day, work)),
                )
                for side, code, kinds in sides
                for kind in kinds
            )
        return self._carriers[key]


@lru_cache(maxsize=16)
def engine_of(law: LawBook, question: RouteQuestion) -> Engine:
    """The engine of a question; that of one asked lately is still there."""
    return Engine(law, question, Decider())


def _range(tries: Sequence[_Try]) -> tuple[State, ...]:
    """The states between the best that some offence has at worst and the best that any has."""
    best = min(ORDER[state] for one in tries for state in one.spread)
    worst = min(max(ORDER[state] for state in one.spread) for one in tries)
    return tuple(
        state for state, rank in ORDER.items() if best <= rank <= worst and any(state in t.spread for t in tries)
    )


def _about(ask: Ask, fact: FactKind) -> str:
    if fact.about == "law":
        return f"{ask.requesting}-{ask.host}"
    return ask.subject_id if fact.about == "asset" else ask.case.person_id


def _not_yet(route: Route, day: date) -> FactAnswer:
    if route.valid_from and day < route.valid_from:
        text = f"route not yet in force: valid from {route.valid_from}"
    else:
        text = f"route no longer in force: valid until {route.valid_to}"
    return FactAnswer(IN_FORCE, NO, (Statement(NO, text),), text=text)
