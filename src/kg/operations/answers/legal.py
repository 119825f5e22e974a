"""How are legal routes, dossiers, gaps and the portfolio answered?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, Self

from kg.findings import DISCLAIMERS, FreezeSet, Gap, PersonRoutes, Portfolio, RouteNeeds
from kg.operations.answers.answer import AnswerSummary, Finding, FlatAnswer, VersionedAnswer, captions_of
from kg.ports import Store
from kg.records import GraphVersion
from kg.reports.legal.dossier import Dossier


@dataclass(frozen=True, slots=True)
class LegalFrame:
    """Of which graph, requesting state and day an answer about the law is, and what is not loaded."""

    version: GraphVersion
    requesting: str
    """Code of the jurisdiction that requests."""
    day: str
    """The day of law and facts, as ISO writes it."""
    notes: tuple[str, ...]
    """What is not loaded, and would change the answer."""


class LegalAnswer(VersionedAnswer):
    """An answer about the law. It is research, not legal advice."""

    requesting: str
    """Code of the jurisdiction that requests."""
    day: str
    """The day of law and facts."""
    reminders: tuple[str, ...] = DISCLAIMERS
    """What a reader has to be told wherever a route is shown."""
    notes: tuple[str, ...] = ()
    """What is not loaded, and would change the answer."""


class LegalFindingAnswer(LegalAnswer, FlatAnswer[Finding], Generic[Finding]):
    """What was found about the law, as one flat document."""

    @classmethod
    def of(cls, frame: LegalFrame, finding: Finding) -> Self:
        """The answer for what was found."""
        return cls(**_framed(frame), finding=finding)


class RoutesAnswer(LegalFindingAnswer[PersonRoutes]):
    """Who seeks a person, who clears them, and every route. Without a paper in force there are no routes."""

    captions: dict[str, str]
    """The names of the person and of what the routes are about, by id."""

    @classmethod
    def of_person(cls, frame: LegalFrame, finding: PersonRoutes, store: Store) -> Self:
        """The answer for what was found about a person; the store knows the names."""
        about = {finding.person, *(one.subject for one in finding.routes), *(one.asset for one in finding.assets)}
        return cls(**_framed(frame), finding=finding, captions=captions_of(store.nodes(sorted(about)).values()))

    def summary(self) -> AnswerSummary:
        """The routes, about the person."""
        return AnswerSummary(len(self.finding.routes), (self.finding.person,))


class DossierAnswer(LegalFindingAnswer[Dossier]):
    """What a reader has to know about one person first, each allegation with the person's reply."""

    def summary(self) -> AnswerSummary:
        """The one person."""
        return AnswerSummary(1, (self.finding.person,))


class GapsAnswer(LegalAnswer):
    """The questions that most routes wait for."""

    total: int
    """All questions, also those that are not listed here."""
    gaps: tuple[Gap, ...]
    needs: tuple[RouteNeeds, ...]
    """How differently cases lack something, by route."""

    @classmethod
    def of(
        cls,
        frame: LegalFrame,
        found: tuple[Sequence[Gap], Sequence[RouteNeeds]],
        limit: int,
    ) -> Self:
        """The answer with the first `limit` of some gaps."""
        gaps, needs = found
        return cls(**_framed(frame), total=len(gaps), gaps=tuple(gaps[:limit]), needs=tuple(needs))

    def summary(self) -> AnswerSummary:
        """The questions; they are about nobody in particular."""
        return AnswerSummary(len(self.gaps))


class FreezeSetAnswer(LegalFindingAnswer[FreezeSet]):
    """The fewest things whose restraint cuts a person off from the assets."""

    def summary(self) -> AnswerSummary:
        """The person and everything that is named."""
        named = (*(one.node for one in self.finding.restrain), *self.finding.assets, *self.finding.restrained)
        return AnswerSummary(len(self.finding.restrain), (self.finding.person, *named, *self.finding.traced_only))


class PortfolioAnswer(LegalFindingAnswer[Portfolio]):
    """Whom to work on, why, how good the choice is, and who was left out."""

    def summary(self) -> AnswerSummary:
        """Everybody, whether chosen or left out, and the assets to freeze first."""
        people = (*(one.person for one in self.finding.chosen), *(one.person for one in self.finding.left_out))
        return AnswerSummary(len(people), (*people, *(one.asset for one in self.finding.first_freezes)))


def _framed(frame: LegalFrame) -> dict[str, Any]:
    return {"version": str(frame.version), "requesting": frame.requesting, "day": frame.day, "notes": frame.notes}
