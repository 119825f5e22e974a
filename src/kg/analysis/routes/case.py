"""What is known in one case: one person, one question?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple

from kg.analysis.routes.chains import ReachableNodes, find_reachable
from kg.analysis.routes.context import AdjacentLink, CaseContext
from kg.analysis.routes.question import RouteQuestion
from kg.findings import FactAnswer, LegalStatement, MissingFact, Paper
from kg.law import LawBook
from kg.law.dates import is_reached
from kg.records import Claim

IMPROBABLE = ("5",)
"""Credibilities by which a claim is doubt and no answer: 5 is improbable. 6 is unknown, not low."""


FactKey = tuple[str, str, int, int]
"""A fact by name, its host, and the asset and the offence that it is about; -1 for none, or for all."""


class AccusedOffence(NamedTuple):
    """An offence that a person is accused of by the day, and the claims that say so without clearing."""

    node: int
    claims: tuple[Claim, ...]
    stages: tuple[str, ...]


@dataclass
class Case:
    """One person with what sources claim around them, for one question. Answers are worked out once."""

    context: CaseContext
    person: int
    question: RouteQuestion
    law: LawBook
    law_answers: dict[FactKey, FactAnswer] = field(default_factory=dict)
    """Answers about the law, which are those of every case of the question."""
    case_answers: dict[FactKey, FactAnswer] = field(default_factory=dict)

    missing_facts: dict[tuple[str, str, str, bool], MissingFact] = field(default_factory=dict)
    """What is missing, so that routes that wait for the same share it."""
    accused_offences: tuple[AccusedOffence, ...] | None = None
    """Of what the person is accused by the day, once it was looked for."""
    papers: dict[int, Paper] = field(default_factory=dict)
    """Papers that name the person, by the link that says so."""

    @property
    def day(self) -> date:
        """The day of the question."""
        return self.question.day

    @cached_property
    def person_id(self) -> str:
        """The person's canonical id."""
        return self.context.view.id(self.person)

    @cached_property
    def reachable(self) -> ReachableNodes:
        """What the person holds, directly or through others."""
        return find_reachable(self.context.view, self.person, self.day)


@dataclass(frozen=True, slots=True)
class FactQuery:
    """A fact is asked of a case, in a host jurisdiction, maybe about an asset (a position in the view; -1 for none)."""

    case: Case
    host: str
    asset: int = -1
    charge: int = -1
    """The only offence under the requesting jurisdiction's law that is looked at; all of them when -1."""
    local_offence: int = -1
    """The only one under the host's law."""

    @property
    def context(self) -> CaseContext:
        """What sources claim."""
        return self.case.context

    @property
    def person(self) -> int:
        """The person, as a position in the view."""
        return self.case.person

    @property
    def subject_id(self) -> str:
        """Canonical id of the asset, or else of the person."""
        return self.case.person_id if self.asset < 0 else self.context.id(self.asset)

    @property
    def requesting(self) -> str:
        """The requesting jurisdiction."""
        return self.case.question.requesting

    @property
    def law(self) -> LawBook:
        """The law."""
        return self.case.law

    @property
    def day(self) -> date:
        """The day."""
        return self.case.day

    def has_begun(self, claim: Claim, *names: str) -> bool:
        """Whether no date of a claim, under these names, comes after the day."""
        return all(
            is_reached(text, self.day) is not False for name in names for text in self.context.texts(claim, name)
        )

    def is_past(self, claim: Claim, name: str) -> bool:
        """Whether a date of a claim is there and has surely come by the day."""
        return any(is_reached(text, self.day) is True for text in self.context.texts(claim, name))

    def is_current(self, claim: Claim) -> bool:
        """Whether what a claim says lasts over the day, as far as its dates say; the last day counts."""
        ends = self.context.texts(claim, "end_date")
        over = any(is_reached(text, self.day) is True and text != self.day.isoformat() for text in ends)
        return self.has_begun(claim, "start_date", "date") and not over

    def link_claims(self, steps: Sequence[AdjacentLink]) -> Iterator[tuple[AdjacentLink, Claim]]:
        """Each claim of some links, with the link."""
        for step in steps:
            for claim in self.context.link_claims(step.link):
                yield step, claim


def claim_statement(answer: str, text: str, claim: Claim, *links: str) -> LegalStatement:
    """What a claim says about a fact. A doubtful claim says that it is unknown."""
    said = claim.provenance
    doubt = said.credibility in IMPROBABLE and answer != "unknown"
    return LegalStatement(
        answer="unknown" if doubt else answer,  # type: ignore[arg-type]  # one of the three words
        text=f"{text} (held to be improbable)" if doubt else text,
        sources=(claim.source,),
        origin=said.origin,
        url=said.url,
        stated=said.stated,
        grade=f"{said.reliability}{said.credibility}",
        links=links,
    )


def since_text(ask: FactQuery, claim: Claim, *names: str) -> str:
    """` since 2003`, of the first date there is; empty without one."""
    found = next((text for name in names for text in ask.context.texts(claim, name)), "")
    return f" since {found}" if found else ""
