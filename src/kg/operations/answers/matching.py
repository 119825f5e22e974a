"""How are screenings and comparisons answered?"""

from __future__ import annotations

from kg.findings.matches import Match, NameComparison, Screening
from kg.operations.answers.answer import Answer, AnswerPart, AnswerSummary, FlatAnswer, GivenEntry, VersionedAnswer
from kg.operations.answers.subgraphs import NodeSummary


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


class CandidatePair(AnswerPart):
    """Two people or companies that may be one, and that nobody has judged."""

    id: str
    """The id of the suggestion where it stands among links."""
    match: Match
    since: str
    """Day on which it was first written."""


class CandidatePairsAnswer(VersionedAnswer):
    """Pairs to look at; nothing follows from them until somebody judges."""

    pairs: list[CandidatePair]
    """Those about somebody sought first, then the most probable."""
    total: int
    nodes: dict[str, NodeSummary]
    """Both of each pair, by id."""

    def summary(self) -> AnswerSummary:
        """The pairs, about both of each."""
        return AnswerSummary(len(self.pairs), tuple(self.nodes))


class JudgementAnswer(Answer):
    """What a judgement does, and whether it was recorded."""

    kind: str
    nodes: tuple[str, str]
    """As they were before."""
    captions: tuple[str, str]
    says: str
    """What is different after it, in words."""
    contradictions: list[str]
    """What sources say that could not all be true if the two are one."""
    evidence_against: list[str]
    """What speaks against the two being one, one sentence a feature, where they are judged the same."""
    becomes_sought: list[str]
    """Who of the two would be wanted and is not now."""
    missing: str
    """What is missing until it takes effect, such as a second person; empty where nothing is."""
    number: int
    """Of the judgement that was recorded; 0 where it was only asked what it would do."""

    def summary(self) -> AnswerSummary:
        """The one judgement, about both."""
        return AnswerSummary(1, self.nodes)


class NameComparisonsAnswer(Answer):
    """Pairs of written names, in the order in which they were sent."""

    comparisons: list[NameComparison]

    def summary(self) -> AnswerSummary:
        """The pairs; they are about nobody in the graph."""
        return AnswerSummary(len(self.comparisons))
