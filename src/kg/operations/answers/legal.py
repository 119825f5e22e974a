"""How are legal routes, dossiers, gaps and the portfolio answered?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, Self

from kg.findings import DISCLAIMERS, FreezeSet, Gap, PersonRoutes, Portfolio, RouteNeeds
from kg.operations.answers.answer import AnswerSummary, Finding, FlatAnswer, VersionedAnswer
from kg.records import GraphVersion
from kg.reports.legal.dossier import Dossier


class LegalAnswer(VersionedAnswer):
    """An answer about the law. It is research, not legal advice."""

    reminders: tuple[str, ...] = DISCLAIMERS
    """What a reader has to be told wherever a route is shown."""
    notes: tuple[str, ...] = ()
    """What is not loaded, and would change the answer."""


class LegalFindingAnswer(LegalAnswer, FlatAnswer[Finding], Generic[Finding]):
    """What was found about the law, as one flat document."""

    @classmethod
    def of(cls, version: GraphVersion, finding: Finding, notes: tuple[str, ...] = ()) -> Self:
        """The answer for what was found."""
        return cls(version=str(version), finding=finding, notes=notes)


class RoutesAnswer(LegalFindingAnswer[PersonRoutes]):
    """Who seeks a person, who clears them, and every route. Without a paper in force there are no routes."""

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
        version: GraphVersion,
        found: tuple[Sequence[Gap], Sequence[RouteNeeds]],
        limit: int,
        notes: tuple[str, ...] = (),
    ) -> Self:
        """The answer with the first `limit` of some gaps."""
        gaps, needs = found
        return cls(version=str(version), total=len(gaps), gaps=tuple(gaps[:limit]), needs=tuple(needs), notes=notes)

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
