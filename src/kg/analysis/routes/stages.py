"""Where does a route stand, who acts next, and which documents are lacking?"""

from __future__ import annotations

from collections.abc import Sequence

from kg.analysis.routes.case import FactQuery
from kg.analysis.routes.facts.answers import fact_answers
from kg.findings import NeededDocument, RouteStage
from kg.findings.legal.routes import describe_agencies
from kg.law import UNKNOWN, YES, Answer, LawBook, Route, Stage, evaluate


class StageFinder:
    """Finds the stage of routes, and puts the same one into words once."""

    def __init__(self, law: LawBook) -> None:
        self.law = law
        self._stages_by_route: dict[str, Sequence[Stage]] = {}
        self._told: dict[tuple[str, int, str, tuple[Answer, ...]], RouteStage] = {}

    def stage_of(self, query: FactQuery, route: Route) -> RouteStage | None:
        """The stage after the last one that is done, which shows that those before are; None where a route has none."""
        if not route.stages:
            return None
        stages = self._stages_of(route)
        last_done = next((i for i in reversed(range(len(stages))) if self._is_done(query, stages[i])), -1)
        at = min(last_done + 1, len(stages) - 1)
        stage, answers = stages[at], self._document_answers(query, stages[at])
        key = (route.id, at, query.host, answers)
        if key not in self._told:
            self._told[key] = self._tell(query, stage, at + 1, len(stages), answers)
        return self._told[key]

    def _stages_of(self, route: Route) -> Sequence[Stage]:
        if route.id not in self._stages_by_route:
            self._stages_by_route[route.id] = [self.law.stages[name] for name in route.stages]
        return self._stages_by_route[route.id]

    def _document_answers(self, query: FactQuery, stage: Stage) -> tuple[Answer, ...]:
        """What is known of the documents of a stage, in their order."""
        known, key = query.case.documents, (stage.id, query.host, query.asset)
        if key not in known:
            shown = [document.shown_by for document in stage.documents]
            recorded = fact_answers(query, filter(None, shown))
            known[key] = tuple(recorded.get(name, UNKNOWN) for name in shown)
        return known[key]

    def _is_done(self, query: FactQuery, stage: Stage) -> bool:
        condition, known = stage.done_condition, query.case.stages_done
        if condition is None:
            return False
        key = (stage.id, query.host, query.asset)
        if key not in known:
            known[key] = evaluate(condition, fact_answers(query, stage.done_facts)) == YES
        return known[key]

    def _tell(self, query: FactQuery, stage: Stage, number: int, of: int, answers: tuple[Answer, ...]) -> RouteStage:
        codes = {"requesting": query.requesting, "host": query.host}
        who = describe_agencies(stage.by, tuple(filter(None, (codes[stage.side],))), ())
        action = f"{who} {stage.action}"
        if stage.with_:
            whom = describe_agencies(stage.with_, tuple(filter(None, (codes[stage.with_side],))), ())
            action += f"; with {whom}"
        documents = tuple(
            NeededDocument(d.name, "unknown" if not d.shown_by else "yes" if answer == YES else "no")
            for d, answer in zip(stage.documents, answers, strict=True)
        )
        days = stage.days
        return RouteStage(
            stage=stage.id,
            name=stage.name,
            number=number,
            of=of,
            next_action=action,
            documents=documents,
            days=f"{days.least} to {days.most} days {days.of}" if days else "",
            lapse=stage.lapse,
            source=f"{days.source.title}, {days.source.url}" if days else "",
        )
