"""Under which papers is a person sought on a day, as one scope sees it?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from kg.clearance import ACCUSATION_PROPERTIES, DELETED, NAME_PROPERTIES, PaperDates, PaperIssue
from kg.ontology import Ontology
from kg.ontology.handling import PROTECTED

ACCUSED_OF, ISSUED_BY = "ACCUSED_OF", "ISSUED_BY"

Body = Mapping[str, Any]
"""The merged claims about a node or link, as the store has them."""


class AccusationStatement(NamedTuple):
    """What one record states of an accusation: stages, by whom, and when."""

    stages: tuple[str, ...]
    said_by: tuple[str, ...]
    days: tuple[str, ...]


def accusation_statement(ontology: Ontology, body: Body) -> AccusationStatement:
    """Of the record of an accusation, by itself: merged, one source's `cleared` could be attributed to another."""
    properties = ontology.canonical_properties(ACCUSED_OF, body.get("properties", {}))
    return AccusationStatement(*(properties.get(name, ()) for name in ACCUSATION_PROPERTIES))


def paper_dates(
    paper: Body, link: Body, issuers: Iterable[Body], statements: Sequence[AccusationStatement], *, protected: bool
) -> PaperDates:
    """When a paper is in force for a person, by the bodies of the paper, of the link to it and of those who issued it.

    `statements` are all that records state of the person's accusations; `issuers` are read only where there are some.
    """
    issued = tuple(_values(paper, "issued_on", protected=protected))
    clearances = tuple[tuple[str, ...], ...]()
    if statements:
        names = [name for body in issuers for name in _values(body, *NAME_PROPERTIES, protected=protected)]
        issue = PaperIssue.from_names((*names, *_values(paper, "issuer", protected=protected)), issued)
        clearances = tuple(said.days for said in statements if issue.is_cleared_by(*said))
    deleted = (state for state in _values(paper, "review", protected=protected) if state == DELETED)
    return PaperDates(
        issued,
        tuple(_values(paper, "ended_on", protected=protected)),
        tuple(_values(link, "end_date", protected=protected)),
        (*_values(paper, "end_reason", protected=protected), *deleted),
        clearances,
    )


def _values(body: Body, *names: str, protected: bool) -> Iterator[str]:
    """Values of a merged node; in the protected scope, also those that only protected records say."""
    for part in (body, body.get(PROTECTED, {}) if protected else {}):
        properties = part.get("properties", {})
        for name in names:
            yield from properties.get(name, ())
