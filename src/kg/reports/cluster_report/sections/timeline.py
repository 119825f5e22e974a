"""What happened around a cluster, and when?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kg.ontology.words import type_label
from kg.records import Link
from kg.reports.context import ReportContext
from kg.reports.entries import EvidenceEntry, Procedure
from kg.reports.evidence import evidence_entries, link_evidence
from kg.reports.terms import link_sentence, property_label

MAX_EVENTS = 60
"""Events listed. If there are more, acts of authorities and the newest events are."""

DOCUMENT_TYPES = ("Sought", "Offence")
"""Kinds of node around members whose dates are events; those of procedures come from the procedures."""

OMITTED_DATES = frozenset(("birth_date", "death_date", "limitation_date", "expires_on", "due_on", "found_on"))
"""Dates of nodes that are no event of a cluster, or are in the future."""


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """Something that happened, as a source says, on a day, in a month or in a year."""

    date: str
    what: str
    """`holding`, `family`, `payment`, `authority`, `offence`, …"""
    text: str
    evidence: tuple[EvidenceEntry, ...]

    @property
    def year(self) -> str:
        """The year under which it is listed."""
        return self.date[:4]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Events by date, and how many are left out."""

    events: tuple[TimelineEvent, ...] = ()
    left_out: int = 0

    @property
    def years(self) -> tuple[tuple[str, tuple[TimelineEvent, ...]], ...]:
        """The events by year."""
        names = list(dict.fromkeys(e.year for e in self.events))
        return tuple((name, tuple(e for e in self.events if e.year == name)) for name in names)


EMPTY_TIMELINE = Timeline()


def timeline(context: ReportContext, members: Iterable[str], procedures: Sequence[Procedure], day: str) -> Timeline:
    """Dated links of members, documents about them and stages of procedures, up to a day, the oldest first."""
    inside = set(members)
    found = {
        *(e for k in context.links.values() for e in _link_events(context, k, inside)),
        *(e for name in _document_ids(context, inside) for e in _document_events(context, name)),
        *(e for p in procedures for e in _procedure_events(p)),
        *(e for name in sorted(inside & context.nodes.keys()) for e in _deaths(context, name)),
    }
    past = sorted((e for e in found if e.date <= day), key=lambda e: (e.date, e.what, e.text))
    if len(past) <= MAX_EVENTS:
        return Timeline(tuple(past))
    newest = sorted(past, key=lambda e: ([-int(part) for part in e.date.split("-")], e.text))
    chosen = set(sorted(newest, key=lambda e: e.what not in ("authority", "offence"))[:MAX_EVENTS])
    return Timeline(tuple(e for e in past if e in chosen), len(past) - MAX_EVENTS)


def _link_events(context: ReportContext, link: Link, inside: set[str]) -> Iterator[TimelineEvent]:
    """When a link among members, of a member to a place, or a payment of or to a member began, ended or happened."""
    kind = context.ontology.links[link.type]
    what = next((w for t, w in _EVENT_KINDS.items() if t in kind.traits), "")
    starts_inside, ends_inside = link.source_id in inside, link.target_id in inside
    if not what or not (starts_inside or (ends_inside and what == "payment")):
        return
    if what in ("holding", "family") and not ends_inside:
        return
    evidence, whole = link_evidence(context, link), link_sentence(context, link)
    for name, verb in (("start_date", "from then on"), ("end_date", "until then"), ("date", "")):
        for date in link.properties.get(name, ()) if name != "date" or not kind.is_holding else ():
            yield TimelineEvent(date, what, f"{whole}{f' ({verb})' if verb and ',' not in whole else ''}", evidence)


_EVENT_KINDS = {
    "ownership": "holding",
    "benefit": "holding",
    "control": "holding",
    "encumbrance": "holding",
    "kinship": "family",
    "payment": "payment",
    "presence": "place",
    "citizenship": "place",
    "registration": "place",
    "accusation": "authority",
}
"""What the dates of a link are listed as, by its trait."""


def _document_ids(context: ReportContext, inside: set[str]) -> list[str]:
    """Documents and offences that a member is linked to."""
    found = {k.target_id for k in context.links.values() if k.source_id in inside} & context.nodes.keys()
    is_a = context.ontology.is_a
    return sorted(n for n in found if any(is_a(context.nodes[n].type, k) for k in DOCUMENT_TYPES))


def _document_events(context: ReportContext, name: str) -> Iterator[TimelineEvent]:
    node = context.nodes[name]
    what = "offence" if context.ontology.is_a(node.type, "Offence") else "authority"
    kind, called = type_label(node.type), context.display_name(name)
    named = called if kind == "offence" or called.lower().startswith(kind) else f"{kind} {called}"
    about = (name, *(link.id for link in context.links.values() if link.target_id == name))
    evidence = evidence_entries((c for i in about for c in context.claims.get(i, ())), context.sources)
    for prop, known in context.ontology.properties(node.type).items():
        for date in node.properties.get(prop, ()) if known.type == "date" and prop not in OMITTED_DATES else ():
            words = {"committed_from": "said to begin", "committed_to": "said to end"}.get(prop, property_label(prop))
            yield TimelineEvent(date, what, f"{named}: {words}", evidence)


def _deaths(context: ReportContext, name: str) -> Iterator[TimelineEvent]:
    said = evidence_entries(context.claims.get(name, ()), context.sources)
    for day in context.nodes[name].properties.get("death_date", ()):
        yield TimelineEvent(day, "death", f"{context.display_name(name)} died", said)


def _procedure_events(procedure: Procedure) -> Iterator[TimelineEvent]:
    """Each stage without deadlines, which are in the future and on the first page."""
    named = procedure.kind.removeprefix("measure: ").removeprefix("case: ")
    for step in procedure.steps:
        if step.label not in ("expires", "due"):
            by = f" by {procedure.by}" if procedure.by else ""
            about = f", about {', '.join(procedure.about)}" if procedure.about else ""
            text = " ".join(f"{named} {procedure.name}".split()) + f"{by}: {step.label}{about}"
            yield TimelineEvent(step.date, "authority", text, procedure.evidence)
