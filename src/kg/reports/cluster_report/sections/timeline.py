"""What happened around a cluster, and when?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kg.records import Claim, Link
from kg.reports.context import Surroundings
from kg.reports.entries import Evidence, Procedure
from kg.reports.evidence import evidence_of, voices
from kg.reports.terms import property_words, sentence, type_words

MOST = 60
"""Events told; of more, those that authorities did and those of the newest years."""

PAPERS = ("Sought", "Offence")
"""Kinds of node around members whose dates are events; those of procedures are told from them."""

SILENT = frozenset(("birth_date", "death_date", "limitation_date", "expires_on", "due_on", "found_on"))
"""Dates of nodes that are no event of a cluster, or lie ahead."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that somebody says happened on a day, in a month or in a year."""

    date: str
    what: str
    """`holding`, `family`, `payment`, `authority`, `offence`, …: in which row of a drawing it belongs."""
    text: str
    evidence: tuple[Evidence, ...]

    @property
    def year(self) -> str:
        """Under which year it is told."""
        return self.date[:4]


@dataclass(frozen=True, slots=True)
class Timeline:
    """Events by date, and how many there was no room for."""

    events: tuple[Event, ...] = ()
    left_out: int = 0

    @property
    def years(self) -> tuple[tuple[str, tuple[Event, ...]], ...]:
        """The events under their years."""
        names = list(dict.fromkeys(e.year for e in self.events))
        return tuple((name, tuple(e for e in self.events if e.year == name)) for name in names)


NO_EVENTS = Timeline()


def timeline(around: Surroundings, members: Iterable[str], procedures: Sequence[Procedure], day: str) -> Timeline:
    """Dated links of members, papers about them and stages of procedures, up to a day, the oldest first."""
    inside = set(members)
    found = {
        *(e for k in around.links.values() if k.source_id in inside for e in _of_link(around, k, inside)),
        *(e for name in _papers(around, inside) for e in _of_paper(around, name)),
        *(e for p in procedures for e in _of_procedure(p)),
    }
    past = sorted((e for e in found if e.date <= day), key=lambda e: (e.date, e.what, e.text))
    if len(past) <= MOST:
        return Timeline(tuple(past))
    kept = sorted(past, key=lambda e: (e.what not in ("authority", "offence"), _newest_first(e.date), e.text))[:MOST]
    chosen = set(kept)
    return Timeline(tuple(e for e in past if e in chosen), len(past) - len(kept))


def _newest_first(date: str) -> tuple[int, ...]:
    return tuple(-int(part) for part in date.split("-"))


def _of_link(around: Surroundings, link: Link, inside: set[str]) -> Iterator[Event]:
    """When a link among members, or of a member to a place, began, ended or happened."""
    kind = around.ontology.links[link.type]
    what = next((w for t, w in _ROWS.items() if t in kind.traits), "")
    if not what or (what in ("holding", "family", "payment") and link.target_id not in inside):
        return
    said, whole = evidence_of(around, link), sentence(around, link)
    for name, verb in (("start_date", "from then on"), ("end_date", "until then"), ("date", "")):
        for date in link.properties.get(name, ()):
            yield Event(date, what, f"{whole}{f' ({verb})' if verb and ',' not in whole else ''}", said)


_ROWS = {
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
"""By a link's trait, what its dates are told as."""


def _papers(around: Surroundings, inside: set[str]) -> list[str]:
    """Papers and offences that a member is linked to."""
    found = {k.target_id for k in around.links.values() if k.source_id in inside}
    is_a = around.ontology.is_a
    return sorted(n for n in found if n in around.nodes and any(is_a(around.nodes[n].type, k) for k in PAPERS))


def _of_paper(around: Surroundings, name: str) -> Iterator[Event]:
    node = around.nodes[name]
    offence = around.ontology.is_a(node.type, "Offence")
    claims: list[Claim] = list(around.claims.get(name, ()))
    for link in around.links.values():
        if link.target_id == name:
            claims += around.claims.get(link.id, ())
    said = voices(claims, around.sources)
    for prop, kind in around.ontology.properties(node.type).items():
        for date in node.properties.get(prop, ()) if kind.type == "date" and prop not in SILENT else ():
            words = {"committed_from": "said to begin", "committed_to": "said to end"}.get(prop, property_words(prop))
            yield Event(date, "offence" if offence else "authority", f"{_called(around, name)}: {words}", said)


def _called(around: Surroundings, name: str) -> str:
    kind, called = type_words(around.nodes[name].type), around.called(name)
    return called if kind == "offence" or called.lower().startswith(kind) else f"{kind} {called}"


def _of_procedure(procedure: Procedure) -> Iterator[Event]:
    """Each stage; deadlines lie ahead and are told on the first page."""
    named = procedure.kind.removeprefix("measure: ").removeprefix("case: ")
    for step in procedure.steps:
        if step.label not in ("expires", "due"):
            by = f" by {procedure.by}" if procedure.by else ""
            about = f", about {', '.join(procedure.about)}" if procedure.about else ""
            text = " ".join(f"{named} {procedure.name}".split()) + f"{by}: {step.label}{about}"
            yield Event(step.date, "authority", text, procedure.evidence)
