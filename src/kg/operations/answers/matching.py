"""How are screenings and comparisons answered?"""

from __future__ import annotations

from kg.findings.matches import Match, NameComparison, Screening
from kg.operations.answers.answer import Answer, AnswerSummary, FlatAnswer, GivenEntry


class ScreeningAnswer(FlatAnswer[Screening]):
    """Which entries may be the people and companies on a list. Nobody is said to be anybody."""

    def summary(self) -> AnswerSummary:
        """The matches, about their entries; row by row, what was given for it."""
        targets = self.finding.targets
        return AnswerSummary(
            self.finding.matches,
            tuple(dict.fromkeys(match.other for target in targets for match in target.matches)),
            screened={t.id: tuple(GivenEntry(m.other, m.probability, m.band) for m in t.matches) for t in targets},
        )


class ComparisonAnswer(FlatAnswer[Match]):
    """What speaks for and against two nodes being one person or company."""

    def summary(self) -> AnswerSummary:
        """The one comparison, about both."""
        return AnswerSummary(1, (self.finding.one, self.finding.other))


class NameComparisonsAnswer(Answer):
    """Pairs of written names, in the order in which they were sent."""

    comparisons: list[NameComparison]

    def summary(self) -> AnswerSummary:
        """The pairs; they are about nobody in the graph."""
        return AnswerSummary(len(self.comparisons))
