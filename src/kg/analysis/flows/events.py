"""Dated events of the parties to traced payments: papers, accusations, measures, and where people were."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from kg.analysis.validity import claimed_values, clean_values
from kg.findings.flows import EventKind
from kg.ontology.values import date_span
from kg.records import Claim, Node
from kg.view import GraphView

PAPER_DATES = ("issued_on",)
PROCEDURE_DATES = ("sought_on", "ordered_on", "executed_on", "sent_on", "opened_on")
PRESENCE_DATES = ("start_date", "date")

_KIND_OF_TRAIT: Mapping[str, EventKind] = {
    "pursuit": "warrant, notice or list entry",
    "accusation": "accusation",
    "procedure": "measure, request or case",
    "presence": "presence",
}


class _EventLink(NamedTuple):
    link: int
    about: int
    other: int
    kind: EventKind


@dataclass(frozen=True, slots=True)
class PartyEvent:
    """One date of one link of a party."""

    about: str
    kind: EventKind
    link: str
    other: str
    first: date
    last: date
    what: str
    stage: str


def read_events(view: GraphView, parties: Collection[str], day: date) -> tuple[PartyEvent, ...]:
    """What had happened to some parties by a day, as sources say, the oldest first."""
    links = sorted({one for party in parties for one in _event_links(view, view.index(party))})
    claims = view.records.claims([view.link_id(one.link) for one in links])
    nodes = view.records.nodes([view.id(one.other) for one in links])
    found = [event for one in links for event in _events(view, one, claims, nodes) if event.first <= day]
    return tuple(sorted(found, key=lambda e: (e.first, e.last, e.about, e.link, e.what)))


def _event_links(view: GraphView, party: int) -> Iterator[_EventLink]:
    types = {kind: view.ontology.with_trait(trait) for trait, kind in _KIND_OF_TRAIT.items()}
    for ends, near in ((view.outgoing, view.head), (view.incoming, view.tail)):
        for link in ends.of(party).tolist():
            name = view.type_of_link(link)
            kind = next((kind for kind, of in types.items() if name in of), None)
            is_forth = near is view.head
            if kind is None or is_forth == (kind == "measure, request or case"):
                continue
            if kind == "accusation" and "stage" not in view.ontology.properties(name):
                continue  # it names a victim
            yield _EventLink(link, party, int(near[link]), kind)


def _events(
    view: GraphView, one: _EventLink, claims: Mapping[str, Sequence[Claim]], nodes: Mapping[str, Node]
) -> Iterator[PartyEvent]:
    link, other = view.link_id(one.link), view.id(one.other)
    said = claims.get(link, ())
    of_link = one.kind in ("accusation", "presence")
    properties = nodes[other].properties if other in nodes else {}
    stages = dict.fromkeys(_stage(claim) for claim in said) if one.kind == "accusation" else {}
    names = {"accusation": ("date",), "presence": PRESENCE_DATES, "warrant, notice or list entry": PAPER_DATES}
    for name in names.get(one.kind, PROCEDURE_DATES):
        texts = claimed_values(said, name, "date") if of_link else clean_values(properties, name, "date")
        for span in map(date_span, dict.fromkeys(texts)):
            what = "from" if one.kind == "presence" else "on" if of_link else name.replace("_", " ")
            stage = "; ".join(text for text in stages if text)
            yield PartyEvent(view.id(one.about), one.kind, link, other, span.first, span.last, what, stage)


def _stage(claim: Claim) -> str:
    """`charged, said by the procuratorate`, as one record has it."""
    stage, said_by = (", ".join(claim.properties.get(name, ())) for name in ("stage", "said_by"))
    return ", ".join(filter(None, (stage or "alleged", f"said by {said_by or claim.source}")))
