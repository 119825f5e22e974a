"""Reads relationships and reporting exceptions, which GLEIF calls level 2."""

from __future__ import annotations

from kg.sources.gleif.documents import LeiFields, day_of
from kg.sources.record_builder import RecordBuilder, Texts

LINK_TYPES = {
    "IS_DIRECTLY_CONSOLIDATED_BY": ("CONTROLS", "direct"),
    "IS_ULTIMATELY_CONSOLIDATED_BY": ("CONTROLS", ""),
    "IS_INTERNATIONAL_BRANCH_OF": ("CONTROLS", "direct"),
    "IS_FUND-MANAGED_BY": ("MANAGES", ""),
}
"""Type of a relationship to link type, from the end node to the start node, and its directness. All other types are
ASSOCIATED_WITH, from the start node to the end node."""

WITHDRAWN_STATUSES = ("ANNULLED", "DUPLICATE")
"""Registration status of a record that GLEIF no longer holds to be right."""

_PERIOD = "RELATIONSHIP_PERIOD"
_WORD_PROPERTIES = {"CONTROLS": "how", "MANAGES": "role", "ASSOCIATED_WITH": "relation"}


def add_relationship(fields: LeiFields, builder: RecordBuilder) -> None:
    """Add the link of a relationship, of which the start node is the child."""
    child, parent = fields.take("Relationship.StartNode.NodeID"), fields.take("Relationship.EndNode.NodeID")
    word, status = fields.take("Relationship.RelationshipType"), fields.take("Relationship.RelationshipStatus")
    if (registration := fields.peek("Registration.RegistrationStatus")) in WITHDRAWN_STATUSES:
        builder.reject_row(f"key Registration.RegistrationStatus, value {registration!r}: is withdrawn by GLEIF")
        return
    for end in ("StartNode", "EndNode"):
        if fields.peek(f"Relationship.{end}.NodeIDType") == "LEI":
            fields.take(f"Relationship.{end}.NodeIDType")
    periods, (start, end_day) = _take_periods(fields)
    if not end_day and status == "INACTIVE":
        end_day = builder.provenance.stated
    kind, directness = LINK_TYPES.get(word, ("ASSOCIATED_WITH", ""))
    said = {
        _WORD_PROPERTIES[kind]: word,
        "directness": directness,
        "status": status,
        "start_date": start,
        "end_date": end_day,
    }
    properties: Texts = {name: [text] for name, text in said.items() if text}
    ends = (child, parent) if kind == "ASSOCIATED_WITH" else (parent, child)
    builder.add_link((f"{child}/{word}/{parent}", start), kind, ends, properties, fields.remaining() | periods)


def add_exception(fields: LeiFields, builder: RecordBuilder) -> None:
    """Add a claim about an entity: the words with which it explains that it reports no parent."""
    lei, category = fields.take("LEI"), fields.take("Exception.Category")
    reasons, references = fields.take_all("Exception.Reason").values(), fields.take_all("Exception.Reference").values()
    words = f"No parent reported ({category}): {', '.join(reasons) or 'no reason given'}"
    summary = "; ".join((words, *references))
    key = f"{lei}/exception/{category}"
    builder.add_claim_about((key, ""), lei, "Party", {"summary": [summary]}, fields.remaining())


def _take_periods(fields: LeiFields) -> tuple[Texts, tuple[str, str]]:
    """The periods of accounts and filings, and the days of the relationship itself."""
    kinds = fields.take_all("Relationship.Period.periodType")
    starts, ends = (fields.take_all(f"Relationship.Period.{name}") for name in ("startDate", "endDate"))
    others, own = Texts(), ("", "")
    for number in dict.fromkeys((*kinds, *starts, *ends)):
        first, last = (day_of(days.get(number, "")) for days in (starts, ends))
        if kinds.get(number) == _PERIOD and own == ("", ""):
            own = (first, last)
        else:
            others.setdefault(kinds.get(number, "period"), []).append(f"{first}..{last}")
    return others, own
