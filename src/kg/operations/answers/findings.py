"""How are paths, ownership and money in time order answered?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

from pydantic import Field

from kg.findings import MoneyFlow, Ownership, RankedPaths
from kg.operations.answers.answer import AnswerSummary, ClaimOut, FindingAnswer, link_claims_out
from kg.operations.answers.subgraphs import NodeSummary
from kg.operations.question_result import QuestionResult


class PathsAnswer(FindingAnswer[RankedPaths]):
    """The first paths by a ranking, and what was done to find them; that there is none is an answer."""

    found: bool = False
    """Whether there is any path within the limits."""
    link_claims: dict[str, list[ClaimOut]] = Field(default_factory=dict)
    """Who says what of each link that several records state, by its id; of the others `said` tells it."""
    nodes: dict[str, NodeSummary] = Field(default_factory=dict)
    """All nodes that are mentioned, in short, by id."""

    @classmethod
    def describing(cls, result: QuestionResult[RankedPaths], nodes: Mapping[str, NodeSummary]) -> Self:
        """The answer for the paths that were found, and their nodes in short."""
        more = {
            "found": bool(result.finding.paths),
            "link_claims": link_claims_out(result.claims),
            "nodes": dict(nodes),
        }
        return cls.of(result).model_copy(update=more)

    def summary(self) -> AnswerSummary:
        """The paths, about the two ends."""
        return AnswerSummary(len(self.finding.paths), (self.finding.start, self.finding.goal), self.finding.cut)


class OwnershipAnswer(FindingAnswer[Ownership]):
    """Who owns something, or what somebody owns: shares are intervals of percentages, lowest and highest."""

    def summary(self) -> AnswerSummary:
        """The holdings, about what was asked about and everybody listed."""
        ends = (end for holding in self.finding.holdings for end in (holding.holder, holding.held))
        return AnswerSummary(len(self.finding.holdings), tuple(dict.fromkeys((self.finding.about, *ends))))


class MoneyFlowAnswer(FindingAnswer[MoneyFlow]):
    """Where money went by rules of tracing: amounts are bounds, and what a rule traces is no finding of fact."""

    def summary(self) -> AnswerSummary:
        """The traced payments, about the start, the end and the parties to them."""
        found = self.finding
        ends = (end for payment in found.payments for end in (payment.payer, payment.payee))
        return AnswerSummary(len(found.payments), tuple(dict.fromkeys((*found.start, *found.goal, *ends))))
