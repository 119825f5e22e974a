"""How are searches, nodes and their links answered?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from kg.findings.matches import Capped, Rival, reasons_of, suggestion_id
from kg.operations.answers.answer import (
    AnswerPart,
    AnswerSummary,
    ClaimOut,
    EntityOut,
    LinkOut,
    PagedAnswer,
    ProvenanceOut,
    VersionedAnswer,
)

if TYPE_CHECKING:
    from kg.findings.matches import Suggestion
    from kg.ledger.judgement_status import JudgementStatus


class MatchOut(AnswerPart):
    """The name or number by which a search finds a node."""

    property: str
    value: str
    how: str
    """`identifier`, `whole` name, `words` of it, `beginnings` of words, or `spelling`: the same in other letters."""
    bears: bool
    """Whether it is a name or number of the node's own, and not that of somebody else whom it mentions."""


class EntitiesAnswer(PagedAnswer):
    """A page of nodes. Ask for `next` with the same parameters to go on; null where there is no more."""

    entities: list[EntityOut]
    matches: dict[str, MatchOut] = Field(default_factory=dict)
    """By which name or number each of them is found, by id; none of those found by the words of several names."""
    kinds: dict[str, int] = Field(default_factory=dict)
    """How many of all results, up to 1,000, are of each type."""

    def summary(self) -> AnswerSummary:
        """Everybody on the page."""
        return AnswerSummary(len(self.entities), tuple(entity.id for entity in self.entities))


class WrittenSoOut(AnswerPart):
    """A person or company whose name may be written like the text that was searched for. It need not be the same."""

    entity: EntityOut
    name: str
    """The name of it that may be written so."""
    bits: float
    """What the two names weigh: each bit doubles the odds that they are of one."""
    reasons: list[str]
    """What was compared with what."""


class FuzzyEntitiesAnswer(EntitiesAnswer):
    """A page of nodes, and apart from them those whose names may be written so."""

    may_be_written_so: list[WrittenSoOut]
    """The heaviest first, at most `limit`; with the first page only."""

    def summary(self) -> AnswerSummary:
        """Everybody on the page, and those whose names may be written so."""
        found = super().summary()
        return AnswerSummary(
            found.results + len(self.may_be_written_so),
            (*found.about, *(one.entity.id for one in self.may_be_written_so)),
        )


class UnresolvedLinkOut(AnswerPart):
    """A link of one source with an end, or two, that no record describes yet; no answer counts it."""

    source: str
    key: str
    part: str
    type: str
    missing: list[tuple[str, str]]
    """Namespace and key of each end that no record describes."""
    present: tuple[tuple[str, str], str] | None
    """Namespace and key of the end that is there, and what it is called."""
    place: str
    """File and line where it was read last; empty where they are not known."""
    starts_there: bool
    """Whether the link starts at the end that is there."""
    stated: dict[str, list[str]]
    """What the source states of the link, by property; the words of values that were not understood too."""


class LinksAnswer(PagedAnswer):
    """A page of the links of one node, in the order of their ids."""

    links: list[LinkOut]
    captions: dict[str, str]
    """The names of the nodes at their ends, by id."""
    link_claims: dict[str, list[ClaimOut]]
    """Who says what of a link, by its id, if several records state it or one has `other`; else `said` tells it."""
    link_contradictions: dict[str, list[str]]
    """What is said of a link and cannot all be true, by its id, in words."""
    unresolved: list[UnresolvedLinkOut]
    """With the first page, links of the node whose other end is not loaded, of any day, at most 200. A graph in Neo4j
    has none of them."""

    def summary(self) -> AnswerSummary:
        """The links; whose they are is in the question."""
        return AnswerSummary(len(self.links))


class ExhibitOut(AnswerPart):
    """One document that shows something about one node."""

    document: str
    """Id of the document's node."""
    title: str
    file_name: str
    sha256: str
    """Of the file's bytes; empty where no source names a file."""
    media_type: str
    size: int | None
    """In bytes."""
    entity: str
    """Id of the node that it shows something about; empty where that is not loaded."""
    caption: str
    """The name of that node."""
    pages: list[str]
    """Where in the document; several where sources differ."""
    about: str
    """Id of the link that it shows; empty where it shows the node itself."""
    said: list[ProvenanceOut]
    """Who says so."""
    is_kept: bool
    """Whether its file is beside the store."""


class ExhibitsAnswer(PagedAnswer):
    """A page of the documents that show something about a node, in the order of the links between them."""

    exhibits: list[ExhibitOut]

    def summary(self) -> AnswerSummary:
        """The exhibits; whose they are is in the question."""
        return AnswerSummary(len(self.exhibits))


class JudgementOut(AnswerPart):
    """Somebody's decision that two names mean one thing (`same`) or two (`distinct`), or are `unsure`."""

    number: int
    kind: str
    one: tuple[str, str]
    """Namespace and key."""
    other: tuple[str, str]
    """Namespace and key."""
    by: str
    why: str
    day: str
    undone: str
    """Day on which it was taken back; empty while it stands."""
    undone_by: str
    undone_why: str
    confirmed: str
    """Day on which a second person confirmed it; empty where nobody did, or nobody had to."""
    confirmed_by: str
    confirmed_why: str
    state: str
    """What has become of it: `holds`, `rests`, `contradicted`, `undone`, `waiting for confirmation`, `reopened`."""

    @classmethod
    def of(cls, judged: JudgementStatus) -> JudgementOut:
        """A judgement as everybody who asks is told it: without the accounts that recorded it."""
        return cls.model_validate({name: v for name, v in judged.to_json().items() if name in cls.model_fields})


class SuggestionOut(AnswerPart):
    """A node that may be one with another; a suggestion, no fact: only a judgement makes two one."""

    id: str
    """The id of the suggestion where it stands among links."""
    other: str
    """The id of the other node."""
    caption: str
    probability: float
    band: str
    """`strong` rests on two kinds of evidence at least; `review` is for people to look at."""
    capped: Capped
    """Why the probability is no higher than 0.89, whatever the odds."""
    bits: float
    """The sum of the evidence: each bit doubles the odds."""
    rivals: list[Rival]
    """Others of whom only one can be right."""
    reasons: list[str]
    """What speaks for and against it, one sentence a feature."""
    namesakes_expected: float | None
    missing: list[str]
    """What was not compared and would tell."""
    rules_version: str
    seen_first: str
    """Day on which it was first written."""
    seen_last: str
    """Day on which it was last found."""

    @classmethod
    def of(cls, suggestion: Suggestion, node: str) -> SuggestionOut:
        """A suggestion as one of its ends tells it."""
        match = suggestion.match
        other, caption = (match.other, match.other_caption) if match.one == node else (match.one, match.one_caption)
        return cls(
            id=suggestion_id(match),
            other=other,
            caption=caption,
            reasons=reasons_of(match),
            missing=list(match.missing),
            rivals=list(match.rivals),
            seen_first=suggestion.seen_first,
            seen_last=suggestion.seen_last,
            **{
                n: getattr(match, n)
                for n in ("probability", "band", "capped", "bits", "namesakes_expected", "rules_version")
            },
        )


class EntityAnswer(VersionedAnswer):
    """A node with everything that is said about it."""

    entity: EntityOut
    sought: list[str]
    """Who looks for it, since when, under which paper, and which sources say so: one sentence for each paper."""
    formerly_sought: list[str]
    """Until when it was sought, why that ended, and under which paper: one sentence for each paper that has ended."""
    contradictions: list[str]
    """What is said of it, and of the shares of its holders on any day, and cannot all be true: one sentence each."""
    joins: list[str]
    """Why records of several keys are one here, where a source names a referent of them: one sentence each."""
    claims: list[ClaimOut]
    names: list[tuple[str, str]]
    """Namespace and key of every record that is about it."""
    former_ids: list[str]
    """Ids that its parts have on their own; they lead here."""
    judgements: list[JudgementOut]
    """Who decided what is one with it, and why."""
    suggestions: list[SuggestionOut]
    """Who may be one with it, the most probable first, as `kg candidates --write` found."""

    def summary(self) -> AnswerSummary:
        """The one node."""
        return AnswerSummary(1, (self.entity.id,))
