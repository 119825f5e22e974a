"""Where does a route stand, who acts next, and which documents are lacking?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kg.analysis.routes.case import FactQuery
from kg.findings import NeededDocument, RouteStage
from kg.findings.legal.routes import describe_agencies
from kg.law import UNKNOWN, YES, Answer, LawBook, Route, Stage, evaluate


class StageFinder:
    """Finds the stage of routes, and puts the same one into words once."""

    def __init__(self, law: LawBook) -> None:
        self.law = law
        self._known: dict[tuple[str, int, str, tuple[Answer, ...]], RouteStage] = {}

    def stage_of(self, query: FactQuery, route: Route, answers: Mapping[str, Answer]) -> RouteStage | None:
        """The stage after the last one that is done, which shows that those before are; None where a route has none.

        `answers` has all facts that the stages of the route name.
        """
        if not route.stages:
            return None
        stages = [self.law.stages[name] for name in route.stages]
        last_done = next((i for i in reversed(range(len(stages))) if _is_done(stages[i], answers)), -1)
        at = min(last_done + 1, len(stages) - 1)
        shown = tuple(answers.get(document.shown_by, UNKNOWN) for document in stages[at].documents)
        key = (route.id, at, query.host, shown)
        if key not in self._known:
            self._known[key] = self._tell(query, stages[at], at + 1, len(stages), shown)
        return self._known[key]

    def facts_of(self, route: Route) -> Iterator[str]:
        """The names of the facts that the stages of a route name."""
        return (name for stage in route.stages for name, _ in self.law.stages[stage].named_facts)

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


def _is_done(stage: Stage, answers: Mapping[str, Answer]) -> bool:
    return stage.done_condition is not None and evaluate(stage.done_condition, answers) == YES
