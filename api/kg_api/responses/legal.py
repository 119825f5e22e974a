"""What do answers about legal routes look like?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from kg.findings import LegalStatement, PersonRoutes
from kg.operations.answers import AnswerPart, AnswerSummary, VersionedAnswer


class RouteOut(AnswerPart):
    """One route about one person or asset, in one host jurisdiction."""

    person: str
    route: str
    host: str = Field(description="Empty where nobody says where the person is.")
    subject: str = Field(description="The person or the asset.")
    state: str = Field(description="open, needs, blocked or person_initiated_only; open recommends nothing.")
    instrument: list[dict[str, Any]] = Field(description="The facts about law that it rests on, with their sources.")
    agencies: list[dict[str, Any]] = Field(
        description="Who carries it, by kind and side; no names where the reference facts know of nobody."
    )
    facts_for: list[dict[str, Any]]
    facts_against: list[dict[str, Any]] = Field(
        description="Also what is disputed, what the host decides, and warnings."
    )
    missing: list[dict[str, Any]] = Field(description="Which facts, and which kinds of agency of whom can answer.")
    sources: list[dict[str, str]]


class PaperOut(AnswerPart):
    """A warrant, notice or list entry, as it stands on the day."""

    id: str
    kind: str
    name: str
    issuers: list[str]
    since: str
    ended: str
    reason: str
    in_force: bool
    sources: list[str]


class LegalStatementOut(AnswerPart):
    """What somebody says about a person: alleged, charged, convicted or cleared, by whom and since when."""

    text: str
    sources: list[str]
    stated: str
    url: str

    @classmethod
    def of(cls, said: LegalStatement) -> LegalStatementOut:
        """The statement as an answer."""
        return cls(text=said.text, sources=list(said.sources), stated=said.stated, url=said.url)


class RoutesAnswer(VersionedAnswer):
    """Who seeks a person, who clears them, and every route. Without a paper in force there are none."""

    reminders: list[str] = Field(description="What holds wherever a route is shown.")
    person: str
    sought: bool
    papers: list[PaperOut]
    accusations: list[LegalStatementOut]
    clearances: list[LegalStatementOut]
    unread: list[str] = Field(description="Answers that somebody gave and that answer no fact the law knows.")
    routes: list[RouteOut]

    def summary(self) -> AnswerSummary:
        """For the audit."""
        return AnswerSummary(len(self.routes), (self.person,))

    @classmethod
    def of(cls, version: str, reminders: Sequence[str], found: PersonRoutes) -> RoutesAnswer:
        """What was found as an answer."""
        return cls(
            version=version,
            reminders=list(reminders),
            person=found.person,
            sought=found.sought,
            papers=[PaperOut(**paper.to_json()) for paper in found.papers],
            accusations=[LegalStatementOut.of(said) for said in found.accusations],
            clearances=[LegalStatementOut.of(said) for said in found.clearances],
            unread=list(found.unread),
            routes=[RouteOut(**answer.to_json()) for answer in found.routes],
        )


class GapOut(AnswerPart):
    """A question that routes wait for."""

    fact: str
    question: str
    ask: list[str]
    host: str
    of: list[str]
    bodies: list[str] = Field(description="International bodies that can answer.")
    answers: int = Field(description="How many separate answers are wanted.")
    people: int
    routes: int = Field(description="Routes that wait for it.")
    opens: int = Field(description="Routes that it would open alone.")


class GapsAnswer(VersionedAnswer):
    """The questions that most routes wait for."""

    reminders: list[str] = Field(description="What holds wherever a route is shown.")
    total: int
    gaps: list[GapOut]

    def summary(self) -> AnswerSummary:
        """For the audit."""
        return AnswerSummary(len(self.gaps))


class PortfolioAnswer(VersionedAnswer):
    """Whom to work on, why, how good the choice is, and who was left out."""

    reminders: list[str] = Field(description="What holds wherever a route is shown.")
    limit: int
    objective: str
    weights: dict[str, float]
    chosen: list[dict[str, Any]]
    value: float
    bound: float
    guarantee: str
    left_out: list[dict[str, str]]

    def summary(self) -> AnswerSummary:
        """For the audit."""
        people = [one["person"] for one in (*self.chosen, *self.left_out)]
        return AnswerSummary(len(people), tuple(people))
