"""Reads statements on relationships."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from kg.ontology import Ontology
from kg.sources.bods.earlier_versions import current_code
from kg.sources.bods.parties import CLOSED_STATUS, unspecified_reason
from kg.sources.bods.statements import RELATIONSHIP, BodsStatement, StatementIndex
from kg.sources.record_builder import RecordBuilder, Texts, remaining
from kg.sources.rows import as_object, json_text, key_problem

LINK_TYPES = {
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
"""Type of an interest to its link types; the first that may lead to the subject is used, else CONTROLS."""

UNSPECIFIED_INTERESTS = ("", "unknownInterest", "unpublishedInterest")
"""Types of interest that are unspecified."""

REPLACED_STATUS = "statement replaced"
"""Status of what a replaced statement said."""

INDIRECT_LINK = "HOLDS_INDIRECTLY"
_NO_OWNER_REASONS = ("noBeneficialOwners",)
"""Reasons that mean that there is nobody, not that somebody is unknown."""

_INTEREST_PROPERTIES = {
    "OWNS": "ownership_type",
    "CONTROLS": "how",
    INDIRECT_LINK: "how",
    "ASSOCIATED_WITH": "relation",
}
"""Link type to the property with the source's word for the interest; other link types have `role`."""


@dataclass(frozen=True, slots=True)
class RelationshipEnds:
    """The two ends of a relationship: their keys and types."""

    subject: str
    party: str
    subject_type: str
    party_type: str
    has_components: bool
    """Whether the file has the relationships that an indirect one is composed of."""
    closed_on: str
    """The day on which the record was closed, or the statement replaced; empty where it was neither."""
    status: str
    """Which of both; else empty."""


class RelationshipReader:
    """Reads statements on relationships."""

    def __init__(self, ontology: Ontology, index: StatementIndex) -> None:
        self._ontology = ontology
        self._index = index

    def read(self, statement: BodsStatement, builder: RecordBuilder) -> None:
        """Add a link for each interest. An unnamed end becomes a Party without a name, or a claim on the subject."""
        details = dict(statement.details)
        ends = {name: details.pop(name, None) for name in ("subject", "interestedParty")}
        if problem := next((p for name, end in ends.items() if (p := _end_problem(name, end))), ""):
            builder.reject_row(problem)
            return
        interests = builder.take_objects(details, "interests")
        components = builder.take_texts(details, "componentRecords")
        other = remaining(statement.data) | remaining(details, "isComponent")
        if components:
            other["componentRecords"] = components
        if details.get("isComponent") is True:
            other["isComponent"] = ["true"]
        subject = self._end_key(ends["subject"], f"{statement.key}/subject", builder, other)
        status = REPLACED_STATUS if statement.replaced_on else CLOSED_STATUS if statement.is_closed else ""
        closed_on = statement.replaced_on or (builder.provenance.stated if status else "")
        party = ends["interestedParty"]
        if isinstance(party, dict) and (not interests or current_code(str(party.get("reason"))) in _NO_OWNER_REASONS):
            words = f"Interested party not named: {unspecified_reason(dict(party), builder)}"
            summary = f"{words} ({status} {closed_on})" if status else words
            other |= remaining({"interests": interests})
            builder.add_claim_about((statement.key, ""), subject, "Party", {"summary": [summary]}, other)
            return
        between = RelationshipEnds(
            subject=subject,
            party=self._end_key(party, statement.key, builder, other),
            subject_type=self._index.record_kind(subject),
            party_type=self._index.record_kind(party) if isinstance(party, str) else "Party",
            has_components=any(self._index.record_kind(c) == RELATIONSHIP for c in components),
            closed_on=closed_on,
            status=status,
        )
        for part, interest in _named_interests(interests or [{}]):
            self._read_interest((statement.key, part), interest, between, builder, other)

    def _end_key(self, end: Any, key: str, builder: RecordBuilder, other: Texts) -> str:
        """The key of an end; for an unnamed one that of a new Party, which is merged with nothing else."""
        if isinstance(end, str):
            return end
        builder.add_node(key, "Party", {"summary": [unspecified_reason(dict(end), builder)]}, other)
        return key

    def _read_interest(
        self,
        of: tuple[str, str],
        interest: dict[str, Any],
        between: RelationshipEnds,
        builder: RecordBuilder,
        other: Texts,
    ) -> None:
        sort, how = builder.take_text(interest, "type"), builder.take_text(interest, "directOrIndirect")
        code = current_code(sort)
        if code not in LINK_TYPES and code not in UNSPECIFIED_INTERESTS:
            known_types = ", ".join((*LINK_TYPES, *UNSPECIFIED_INTERESTS[1:]))
            builder.reject_value("interests.type", sort, f"expected one of {known_types}")
        beneficial = interest.pop("beneficialOwnershipOrControl", None)
        kind = self._link_type(code, beneficial is True, between.subject_type)
        if how == "indirect" and between.has_components:
            kind = INDIRECT_LINK
        has_title = beneficial is True and how == "direct" and code == "shareholding"  # then it is both
        values: Texts = {
            _INTEREST_PROPERTIES.get(kind, "role"): [sort],
            "share": _share_texts(builder.take_object(interest, "share", "share"), builder),
            "interest": ["" if has_title else _interest_kind(beneficial, between.party_type)],
            "directness": [how if how != "unknown" else ""],
            "start_date": [builder.take_text(interest, "startDate", "start_date")],
            "end_date": [builder.take_text(interest, "endDate", "end_date") or between.closed_on],
            "status": [between.status],
            "summary": [builder.take_text(interest, "details")],
        }
        known, given = self._ontology.properties(kind), {name: texts for name, texts in values.items() if any(texts)}
        properties = {name: texts for name, texts in given.items() if name in known}
        rest = {name: texts for name, texts in given.items() if name not in known}
        if beneficial is not None and "interest" not in properties:
            rest["beneficialOwnershipOrControl"] = [json_text(beneficial)]
            rest.pop("interest", None)
        builder.add_link(of, kind, (between.party, between.subject), properties, other | rest | remaining(interest))

    def _link_type(self, code: str, beneficial: bool, subject: str) -> str:
        """The link type for a type of interest in a subject, whose type may be unknown."""
        if code not in LINK_TYPES:
            return "CONTROLS" if beneficial else "ASSOCIATED_WITH"
        for kind in LINK_TYPES[code]:
            ends = self._ontology.links[kind].to
            if subject in {"", "Party"} or any(self._ontology.is_a(subject, end) for end in ends):
                return kind
        return "CONTROLS"


def _end_problem(name: str, end: object) -> str:
    if (isinstance(end, str) and not key_problem(end)) or isinstance(as_object(end).get("reason"), str):
        return ""
    return f"key {name}, value {end!r:.80}: expected the id of a record or statement, or an object with a reason"


def _named_interests(interests: list[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    """Each interest with the name of its part, which is independent of the order of the list."""
    times = Counter[str]()
    parted = []
    for interest in sorted(interests, key=json_text):
        name = str(interest.get("type") or "interest")
        if interest.get("directOrIndirect") == "indirect":
            name += ", indirect"
        times[name] += 1
        parted.append((name if times[name] == 1 else f"{name} #{times[name]}", interest))
    return parted


def _share_texts(share: dict[str, Any], builder: RecordBuilder) -> list[str]:
    """`51`, or `25..50`; both, where the first does not lie in the second. Empty if unknown.

    Bands are closed, so an exclusive bound counts as an inclusive one.
    """
    names = ("exact", "minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum")
    exact, least, more, most, less = (builder.take_text(share, name, "share") for name in names)
    low, high = least or more, most or less
    band = f"{low or 0}..{high or 100}" if low or high else ""
    return [exact] if exact and _lies_in(exact, low, high) else [text for text in (exact, band) if text]


def _lies_in(exact: str, low: str, high: str) -> bool:
    """Whether a share lies between two bounds, each of which may be missing."""
    try:
        return Decimal(low or 0) <= Decimal(exact) <= Decimal(high or 100)
    except InvalidOperation:
        return False


def _interest_kind(beneficial: object, party: str) -> str:
    """Whether the interest is beneficial or legal; empty if unknown.

    BODS calls only interests of people beneficial. An interest of a person that is not beneficial is legal title; of
    an interest of an enterprise, this says nothing.
    """
    if beneficial is True:
        return "beneficial"
    return "legal" if beneficial is False and party == "Person" else ""
