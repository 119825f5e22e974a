"""What does a statement on a relationship claim?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from kg.ontology import Ontology
from kg.records import Ref
from kg.sources.bods.parties import CLOSED, unspecified
from kg.sources.bods.statements import RELATIONSHIP, Index, Statement
from kg.sources.record_builder import Gathering, Texts, left, plain
from kg.sources.rows import key_problem

KINDS = {
    "shareholding": ("OWNS", "BENEFITS_FROM"),
    "votingRights": (),
    "appointmentOfBoard": (),
    "otherInfluenceOrControl": (),
    "seniorManagingOfficial": ("MANAGES",),
    "settlor": ("SETTLED",),
    "trustee": ("TRUSTEE_OF",),
    "protector": ("PROTECTS",),
    "beneficiaryOfLegalArrangement": ("BENEFITS_FROM",),
    "rightsToSurplusAssetsOnDissolution": ("BENEFITS_FROM",),
    "rightsToProfitOrIncome": ("BENEFITS_FROM",),
    "rightsGrantedByContract": ("BENEFITS_FROM",),
    "conditionalRightsGrantedByContract": ("BENEFITS_FROM",),
    "controlViaCompanyRulesOrArticles": (),
    "controlByLegalFramework": (),
    "boardMember": ("DIRECTS",),
    "boardChair": ("DIRECTS",),
    "enjoymentAndUseOfAssets": ("BENEFITS_FROM",),
    "rightToProfitOrIncomeFromAssets": ("BENEFITS_FROM",),
    "nominee": ("TRUSTEE_OF",),
    "nominator": (),
}
"""Type of an interest to the link types that may say it; the first that can lead to the subject does, else CONTROLS."""

UNSAID = ("", "unknownInterest", "unpublishedInterest")
"""Types of interest that do not say what it is."""

INDIRECT = "HOLDS_INDIRECTLY"
_NOBODY = ("noBeneficialOwners",)
"""Reasons that say that there is nobody, not that somebody is unknown."""

_WORDS = {
    "OWNS": "ownership_type",
    "CONTROLS": "how",
    INDIRECT: "how",
    "ASSOCIATED_WITH": "relation",
}
"""Where a link says the type of the interest in the words of the source; others have `role`."""


@dataclass(frozen=True, slots=True)
class Between:
    """The two ends of a relationship: keys, and what is behind them."""

    subject: str
    party: str
    subject_kind: str
    party_kind: str
    chain: bool
    """Whether the file has relationships that this one is made up of."""
    closed: bool
    """Whether the source says so no longer."""


class Relationships:
    """Reads statements on relationships."""

    def __init__(self, ontology: Ontology, index: Index) -> None:
        self._ontology = ontology
        self._index = index

    def read(self, statement: Statement, found: Gathering) -> None:
        """One link for each interest. An end that nobody names is a Party without a name, or a claim on the subject."""
        details = dict(statement.details)
        ends = {name: details.pop(name, None) for name in ("subject", "interestedParty")}
        if problem := next((p for name, end in ends.items() if (p := _end_problem(name, end))), ""):
            found.refuse(problem)
            return
        interests = found.several(details, "interests")
        components = found.texts(details, "componentRecords")
        other = (
            left(statement.data)
            | left(details, "isComponent")
            | ({"componentRecords": components} if components else {})
        )
        if details.get("isComponent") is True:
            other["isComponent"] = ["true"]
        subject = self._unnamed(ends["subject"], f"{statement.key}/subject", found, other)
        party = ends["interestedParty"]
        if isinstance(party, dict) and (not interests or party.get("reason") in _NOBODY):
            _about(statement, subject, party, found, other | left({"interests": interests}))
            return
        between = Between(
            subject=subject,
            party=self._unnamed(party, statement.key, found, other),
            subject_kind=self._index.kind(subject),
            party_kind=self._index.kind(party) if isinstance(party, str) else "Party",
            chain=any(self._index.kind(c) == RELATIONSHIP for c in components),
            closed=statement.closed,
        )
        for part, interest in _parted(interests or [{}]):
            self._interest((statement.key, part), interest, between, found, other)

    def _unnamed(self, end: Any, key: str, found: Gathering, other: Texts) -> str:
        """The key of an end; where nobody is named, that of a Party of its own, which is merged with nobody."""
        if isinstance(end, str):
            return end
        found.node(key, "Party", {"summary": [unspecified(dict(end), found)]}, other)
        return key

    def _interest(
        self, of: tuple[str, str], interest: dict[str, Any], between: Between, found: Gathering, other: Texts
    ) -> None:
        sort, how = found.text(interest, "type"), found.text(interest, "directOrIndirect")
        if sort not in KINDS and sort not in UNSAID:
            found.reject("interests.type", sort, f"expected one of {', '.join((*KINDS, *UNSAID[1:]))}")
        beneficial = interest.pop("beneficialOwnershipOrControl", None)
        indirect = how == "indirect"
        kind = INDIRECT if indirect and between.chain else self._kind(sort, beneficial is True, between.subject_kind)
        known = self._ontology.properties(kind)
        said: Texts = {
            _WORDS.get(kind, "role"): [sort],
            "share": [_share(found.inner(interest, "share"), found)],
            "interest": [_title(beneficial, between.party_kind)],
            "directness": [how if how != "unknown" else ""],
            "start_date": [found.text(interest, "startDate")],
            "end_date": [found.text(interest, "endDate") or (found.said.stated if between.closed else "")],
            "status": [CLOSED if between.closed else ""],
            "summary": [found.text(interest, "details")],
        }
        properties = {name: values for name, values in said.items() if name in known and values != [""]}
        rest = {name: values for name, values in said.items() if name not in known and values != [""]}
        if beneficial is not None and "interest" not in properties:
            rest["beneficialOwnershipOrControl"] = [plain(beneficial)]
            rest.pop("interest", None)
        ends: tuple[Ref, Ref] = (found.ref(between.party), found.ref(between.subject))
        found.link(of, kind, ends, properties, other | rest | left(interest))

    def _kind(self, sort: str, beneficial: bool, subject: str) -> str:
        """The link type for a type of interest in a thing of some kind, which may be unknown."""
        if sort not in KINDS:
            return "CONTROLS" if beneficial else "ASSOCIATED_WITH"
        for kind in KINDS[sort]:
            ends = self._ontology.links[kind].to
            if subject in {"", "Party"} or any(self._ontology.is_a(subject, end) for end in ends):
                return kind
        return "CONTROLS"


def _end_problem(name: str, end: object) -> str:
    if isinstance(end, str) and not key_problem(end):
        return ""
    if isinstance(end, dict) and isinstance(end.get("reason"), str):
        return ""
    return f"key {name}, value {end!r:.80}: expected the id of a record, or an object with a reason"


def _about(statement: Statement, subject: str, party: dict[str, Any], found: Gathering, other: Texts) -> None:
    """A claim on the subject: that it has no interested party, or none whose interest is known."""
    words = f"Interested party not named: {unspecified(dict(party), found)}"
    said = {"summary": [f"{words} ({CLOSED} {found.said.stated})" if statement.closed else words]}
    found.about((statement.key, ""), subject, "Party", said, other)


def _parted(interests: list[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    """Each interest with the name of its part, which does not depend on the order in which they are listed."""
    times = Counter[str]()
    parted = []
    for interest in sorted(interests, key=plain):
        name = str(interest.get("type") or "interest")
        if interest.get("directOrIndirect") == "indirect":
            name += ", indirect"
        times[name] += 1
        parted.append((name if times[name] == 1 else f"{name} #{times[name]}", interest))
    return parted


def _share(share: dict[str, Any], found: Gathering) -> str:
    """`51`, or `25..50`; bands are closed, so an exclusive bound is its number. Empty where nothing is said."""
    exact, least, more, most, less = (
        found.text(share, n) for n in ("exact", "minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum")
    )
    if exact:
        return exact
    low, high = least or more, most or less
    return f"{low or 0}..{high or 100}" if low or high else ""


def _title(beneficial: object, party: str) -> str:
    """Whose the benefit is.

    BODS calls only interests of people beneficial. That one of a person is not makes it a mere title; that one of an
    enterprise is not says nothing.
    """
    if beneficial is True:
        return "beneficial"
    return "legal" if beneficial is False and party == "Person" else ""
