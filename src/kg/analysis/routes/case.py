"""What is known in one case, which is one person and one question?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple

from kg.analysis.routes.chains import Predecessors, find_reachable
from kg.analysis.routes.context import AdjacentLink, CaseContext
from kg.findings import FactAnswer, LegalStatement, MissingFact, Paper
from kg.findings.accusations import stage_date
from kg.findings.statements import (
    BEGINNINGS,
    is_date,
    is_known_by_day,
    is_stated_by_day,
    unread_label,
    unread_words,
)
from kg.law import LawBook
from kg.ontology.values import is_reached
from kg.records import Claim

IMPROBABLE = ("5",)
"""Credibilities of doubtful claims, which answer nothing: 5 is improbable. 6 is unknown, not low."""

OwnerShares = Callable[[str, date], Mapping[str, float]]
"""The lowest percentage that each owner of a node, by id, has of it through all chains on a day."""


def no_owners(_node: str, _day: date) -> Mapping[str, float]:
    """Where nobody computes ownership, no share is known."""
    return {}


FactScope = tuple[str, int, int, int]
"""What answers are about: host, asset, charge and local offence; -1 for none, or for all."""


class KnownFact(NamedTuple):
    """An answer that was computed."""

    answer: FactAnswer
    kind: int
    """Equal for answers between which no route makes a difference: yes, no or unknown, disputed, said by anybody."""


FactAnswers = dict[FactScope, dict[str, KnownFact]]
"""Answers that were computed, by what they are about and by the name of the fact."""

REQUIRED_COLUMNS = ("share", "dates", "reliability", "interest", "sought")
"""Columns that the view must have been opened with."""


@dataclass(frozen=True, slots=True)
class RouteQuestion:
    """Which jurisdiction requests, on which day, from which hosts."""

    requesting: str
    day: date
    hosts: tuple[str, ...] = ()
    """Only these; wherever the person may be and the assets are if empty."""
    routes: tuple[str, ...] = ()
    """Only these; all if empty."""
    protected: bool = False
    """Whether protected facts may be seen."""


class AccusedOffence(NamedTuple):
    """An offence that a person is accused of by the day, and the claims that accuse and do not clear them."""

    node: int
    claims: tuple[Claim, ...]


class Dependence(NamedTuple):
    """What the answers to a fact depend on besides the case."""

    of_law: bool
    of_host: bool
    of_asset: bool
    of_charge: bool
    of_local_offence: bool


@dataclass(frozen=True, slots=True)
class QueryAnswers:
    """The answers to one query."""

    known: dict[str, KnownFact] = field(default_factory=dict)
    """By the name of the fact."""
    tables: dict[Dependence, tuple[dict[str, KnownFact], FactQuery]] = field(default_factory=dict)
    """What any query found of facts that depend on the same, and the query without what they do not depend on."""


@dataclass
class Case:
    """One person with what sources claim about their surroundings, for one question; it keeps what was computed."""

    context: CaseContext
    person: int
    question: RouteQuestion
    law: LawBook
    owners: OwnerShares = no_owners
    law_answers: FactAnswers = field(default_factory=dict)
    """Answers about the law, which every case of the question shares."""
    state_owned: dict[int, str] = field(default_factory=dict)
    """Why an enterprise is the requesting state's, empty where it is not known to be; every case shares it too."""
    case_answers: FactAnswers = field(default_factory=dict)
    """Answers about the case, each by what it depends on."""
    query_answers: dict[FactScope, QueryAnswers] = field(default_factory=dict)
    """All answers that were given to one query, by its host, asset and offences."""
    missing_facts: dict[tuple[str, str, str, bool], MissingFact] = field(default_factory=dict)
    """Missing facts, shared by the routes that wait for them."""
    accused_offences: tuple[AccusedOffence, ...] | None = None
    """The offences that the person is accused of by the day; None until they are looked for."""
    accusations: tuple[tuple[str, LegalStatement], ...] | None = None
    """What is said of the accusations, each with its stage; None until it is put into words."""
    papers: dict[int, Paper] = field(default_factory=dict)
    """Papers that name the person, by the link from the person to the paper."""

    @cached_property
    def person_id(self) -> str:
        """The person's canonical id."""
        return self.context.view.id(self.person)

    @cached_property
    def predecessors(self) -> Predecessors:
        """What the person holds, directly or through others."""
        return find_reachable(self.context.view, self.person, self.question.day)


@dataclass(frozen=True, slots=True)
class FactQuery:
    """What the answer to a fact depends on: the case, the host jurisdiction, the asset and the offences."""

    case: Case
    host: str
    asset: int = -1
    """The asset, as a position in the view; -1 for none."""
    charge: int = -1
    """The one offence under the requesting jurisdiction's law that counts; -1 for all of them."""
    local_offence: int = -1
    """The one offence under the host's law that counts; -1 for all of them."""

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
        return self.case.question.day

    def has_begun(self, claim: Claim, *names: str) -> bool:
        """Whether none of these dates of a claim comes after the day."""
        return all(
            is_reached(text, self.day) is not False for name in names for text in self.context.texts(claim, name)
        )

    def is_stated(self, claim: Claim, *names: str) -> bool:
        """Whether a claim was made by the day: by the first of these dates it has, else when it was stated."""
        return is_stated_by_day(claim, self.day, *names)

    def is_still_to_come(self, claim: Claim, *names: str) -> bool:
        """Whether a claim has some of these dates and all of them come after the day."""
        texts = [text for name in names for text in self.context.texts(claim, name)]
        return bool(texts) and all(is_reached(text, self.day) is False for text in texts)

    def is_past(self, claim: Claim, name: str) -> bool:
        """Whether a claim has this date and it has certainly come by the day."""
        return any(is_reached(text, self.day) is True for text in self.context.texts(claim, name))

    def is_known(self, claim: Claim) -> bool:
        """Whether what a claim says had begun and could be known by the day."""
        return is_known_by_day(claim, self.day)

    def is_current(self, claim: Claim) -> bool:
        """Whether what a claim says is known and true on the day, as far as its dates tell; the last day counts."""
        ends = self.context.texts(claim, "end_date")
        over = any(is_reached(text, self.day) is True and text != self.day.isoformat() for text in ends)
        return self.is_known(claim) and not over

    def link_claims(self, links: Iterable[AdjacentLink]) -> Iterator[tuple[AdjacentLink, Claim]]:
        """Each claim of some links, with the link."""
        return ((link, claim) for link in links for claim in self.context.link_claims(link.link))

    def texts_about(self, node: int, name: str) -> Iterator[tuple[str, Claim]]:
        """Each value of a property that a claim about a node has, with the claim."""
        return ((text, claim) for claim in self.context.claims(node) for text in self.context.texts(claim, name))

    def unread_about(self, node: int, *properties: str) -> Iterator[LegalStatement]:
        """What sources say of a node under these properties, or of its links of these types, that could not be read."""
        for claim in self.context.claims(node):
            for value in claim.not_understood:
                if value.property in properties:
                    told = f"{unread_label(value)} “{unread_words(value)}”, which was not understood"
                    yield claim_statement("unknown", told, claim)


FactFunction = Callable[[FactQuery], Iterable[LegalStatement]]
"""Finds what is said about one fact."""


def claim_statement(answer: str, text: str, claim: Claim, *links: str) -> LegalStatement:
    """What a claim says about a fact, with the dates that were not understood. A doubtful claim makes it unknown."""
    provenance = claim.provenance
    for value in claim.not_understood:
        if is_date(value) and unread_words(value) not in text:
            text += f", {unread_label(value)} “{unread_words(value)}” not understood"
    doubt = provenance.credibility in IMPROBABLE and answer != "unknown"
    return LegalStatement(
        answer="unknown" if doubt else answer,  # type: ignore[arg-type]  # one of the three words
        text=f"{text} (held to be improbable)" if doubt else text,
        sources=(claim.source,),
        origin=provenance.origin,
        url=provenance.url,
        stated=provenance.stated,
        grade=f"{provenance.reliability}{provenance.credibility}",
        links=links,
    )


def since_text(query: FactQuery, claim: Claim, *names: str) -> str:
    """` since 2003`, from the first of these dates that the claim has; empty without one."""
    found = next((text for name in names for text in query.context.texts(claim, name)), "")
    return f" since {found}" if found else ""


def begun_text(query: FactQuery, claim: Claim) -> str:
    """` since 2003`; without a date that it began, the day on which its source stated it, from which it counts."""
    since, stated = since_text(query, claim, *BEGINNINGS), claim.provenance.stated
    return since or (f", counted from the day on which its source stated it ({stated})" if stated else "")


def offence_text(query: FactQuery, words: str, claim: Claim, offence: int) -> str:
    """`charged since 2014-03: embezzlement`, `convicted in 2014: …`, by a claim that accuses the person."""
    day = since_text(query, claim, "date").removeprefix(" since ")
    return f"{words}{stage_date(words, day)}: {query.context.name_of(offence)}"
