"""Dated events of the parties to traced payments: papers, accusations, measures, and where people were."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from kg.analysis.validity import clean_values
from kg.clearance import DAYS_AHEAD, TOLD_WITH, has_come
from kg.findings.flows import EventKind
from kg.ontology.values import DateSpan, date_span
from kg.records import Claim, Node
from kg.view import GraphView

LINK_DATES = {"start_date": "from", "date": "on", "end_date": "until"}
"""The dates of a link, and what is told of each."""

NO_LAPSE_AFTER = ("lifted_on", "returned_on", "final_on")
"""Days of a measure from which on it cannot lapse."""

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
    node = nodes.get(other)
    of_node = _node_dates(view, node) if node and one.kind in _KINDS_WITH_DAYS else ()
    found: defaultdict[tuple[DateSpan, str], dict[str, None]] = defaultdict(dict)
    for text, what, stage in (*_link_dates(claims.get(link, ()), one.kind), *of_node):
        found[date_span(text), what][stage] = None
    for (span, what), told in found.items():
        stage = "; ".join(filter(None, told))
        yield PartyEvent(view.id(one.about), one.kind, link, other, span.first, span.last, what, stage)


_KINDS_WITH_DAYS = ("warrant, notice or list entry", "measure, request or case")
"""Events of which the node at the other end has the days."""


def _link_dates(claims: Iterable[Claim], kind: EventKind) -> Iterator[tuple[str, str, str]]:
    """Each date of the claims of a link, what it is, and of an accusation its stage."""
    words = {**LINK_DATES, "date": "from"} if kind == "presence" else LINK_DATES
    for claim in claims:
        stage = _stage(claim) if kind == "accusation" else ""
        for name, what in words.items():
            yield from ((text, what, stage) for text in clean_values(claim.properties, name, "date"))


def _node_dates(view: GraphView, node: Node) -> Iterator[tuple[str, str, str]]:
    """Each day of a paper or procedure that is not told ahead, or on which a measure lapses, and what came with it."""
    for name, kind in view.ontology.properties(node.type).items():
        told = "; ".join(text for of in TOLD_WITH.get(name, ()) for text in node.properties.get(of, ()))
        for text in clean_values(node.properties, name, "date") if kind.type == "date" else ():
            if name not in DAYS_AHEAD:
                yield text, name.replace("_", " "), told
            elif name == "expires_on" and _may_lapse(node, date_span(text).last):
                yield text, "lapsed", ""


def _may_lapse(node: Node, day: date) -> bool:
    ends = (text for name in NO_LAPSE_AFTER for text in clean_values(node.properties, name, "date"))
    return not has_come(ends, day)


def _stage(claim: Claim) -> str:
    """`charged, said by the procuratorate`, as one record has it."""
    stage, said_by = (", ".join(claim.properties.get(name, ())) for name in ("stage", "said_by"))
    return ", ".join(filter(None, (stage or "alleged", f"said by {said_by or claim.source}")))
