"""Who seeks whom since when, who accuses whom of what, who is cleared, and which relatives are not accused?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from kg.clearance import CLEARED
from kg.findings import Cluster
from kg.findings.accusations import (
    UNDATED,
    AccusationWords,
    accusation_phrase,
    is_official,
    last_stages,
)
from kg.findings.statements import canonical_value, is_stated_by_day
from kg.ontology.words import type_label
from kg.records import Claim, Link, Node
from kg.reports.context import ReportContext, ReportGraph, links_of, load_context
from kg.reports.entries import Accusation, Clearance, EvidenceEntry, Pursuit
from kg.reports.evidence import evidence_entries, link_evidence
from kg.reports.names import latin_name
from kg.reports.terms import join_alternatives

UNNAMED_ISSUER = "an issuer whom the sources do not name"

RELATIVE_NOTE = "relative, not accused in these sources"
"""The note wherever a relative of somebody sought is named who is not accused."""


class UnaccusedRelatives:
    """The relatives in all clusters whom no source accuses, and who are not and were not sought."""

    def __init__(self, graph: ReportGraph, clusters_by_member: Mapping[str, Cluster]) -> None:
        clusters = {cluster.id: cluster for cluster in clusters_by_member.values()}
        at = graph.indices([m.id for cluster in clusters.values() for m in cluster.with_role("relative")])
        links = graph.view.links_with("pursuit") | graph.names_accused
        named = np.zeros(len(graph.view.ids), bool)
        named[graph.view.tail[links]] = True
        self._ids = frozenset(graph.view.id(int(node)) for node in at[~named[at]])

    def select(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Those of some nodes who are such relatives, each once."""
        return tuple(dict.fromkeys(i for i in ids if i in self._ids))

    def annotate(self, node: str, name: str) -> str:
        """The name of a node, with the note if the node is such a relative."""
        return f"{name} ({RELATIVE_NOTE})" if name and node in self._ids else name


def relative_notes(names: Iterable[str]) -> tuple[str, ...]:
    """One note for each name."""
    return tuple(f"{name}: {RELATIVE_NOTE}" for name in names)


def pursuits(context: ReportContext, node: Node) -> tuple[Pursuit, ...]:
    """The warrants, notices and list entries that name a person: those in force first, then by date."""
    links = context.outgoing(node.id, context.ontology.with_trait("pursuit"))
    found = [_pursuit(context, link, link.id in node.sought_under) for link in links]
    found = [replace(one, sought_since=_day_of_replaced(one, found)) for one in found]
    return tuple(sorted(found, key=lambda p: (not p.in_force, p.since or "9", p.paper, p.id)))


def _day_of_replaced(paper: Pursuit, papers: Iterable[Pursuit]) -> str:
    """Since when the issuer has sought the person without a break, by papers that ended as the next one was issued."""
    if not paper.in_force:
        return ""
    first, others = paper.since, [p for p in papers if p.by == paper.by and "cleared" not in p.reason and p.since]
    for p in sorted(others, key=lambda p: p.since, reverse=True):
        if p.since < first <= p.ended:
            first = p.since
    return first if first != paper.since else ""


def accusations(context: ReportContext, node: Node) -> tuple[Accusation, ...]:
    """What each independent source says about a party and an offence, by date."""
    found = [a for link in context.outgoing(node.id, ["ACCUSED_OF"]) for a in accusations_of_link(context, link)]
    return tuple(sorted(found, key=lambda a: (a.date or "9", a.offence, a.stage, a.said_by, a.evidence.sources)))


def clearances(papers: Iterable[Pursuit], said: Iterable[Accusation]) -> tuple[Clearance, ...]:
    """Who says that a party is cleared: the issuer of a warrant or notice, or whoever speaks of the offence."""
    ended = [
        Clearance(p.by, p.ended, p.paper, p.evidence, p.id) for p in papers if "cleared" in p.reason and not p.in_force
    ]
    spoken = [Clearance(a.speaker, a.date, a.offence, (a.evidence,), a.offence_id) for a in said if a.stage == CLEARED]
    return tuple(sorted(ended + spoken, key=lambda c: (c.date or "9", c.by, c.of)))


def date_of_death(node: Node) -> str:
    """The day on which sources say that a person died."""
    return join_alternatives(node.properties.get("death_date", ()))


def _pursuit(context: ReportContext, link: Link, in_force: bool) -> Pursuit:
    paper = context.nodes[link.target_id]
    return Pursuit(
        id=paper.id,
        paper=_document_name(paper),
        by=issuer_names(context, paper) or UNNAMED_ISSUER,
        since=join_alternatives(paper.properties.get("issued_on", ())),
        ended=join_alternatives(paper.properties.get("ended_on", ()) or link.properties.get("end_date", ())),
        reason=join_alternatives(paper.properties.get("end_reason", ())),
        in_force=in_force,
        evidence=link_evidence(context, link),
    )


def issuer_names(context: ReportContext, paper: Node) -> str:
    """Who issued a warrant or notice or ordered a measure: agencies and jurisdictions, or the name that it gives.

    A name beside jurisdictions alone comes first: `High Court (Canada)`.
    """
    issuers = [context.nodes[link.target_id] for link in context.outgoing(paper.id, ["ISSUED_BY", "ORDERED_BY"])]
    linked = " and ".join(sorted({_agency_name(context, issuer) for issuer in issuers}))
    named = join_alternatives(paper.properties.get("issuer", ()) or paper.properties.get("authority", ()))
    if named and linked and all(issuer.type == "Jurisdiction" for issuer in issuers):
        return named if linked in named else f"{named} ({linked})"
    return linked or named


def _agency_name(context: ReportContext, node: Node) -> str:
    """`Name of the agency (Jurisdiction)`."""
    above = (context.nodes[link.target_id] for link in context.outgoing(node.id, ["AGENCY_OF"]))
    places = sorted({latin_name(n) for n in above if n.type == "Jurisdiction"})
    name = latin_name(node)
    missing = [p for p in places if p not in name]
    return f"{name} ({', '.join(missing)})" if missing else name


def _document_name(paper: Node) -> str:
    """`red notice 17`, `list entry 5 (Name of the list)`: the kind is always named."""
    kind = type_label(paper.type)
    colour = join_alternatives(paper.properties.get("kind", ())).replace("_", " ")
    if paper.type == "Notice" and colour:
        kind = colour if colour == "diffusion" else f"{colour} notice"
    elif paper.type == "Warrant" and colour:
        kind = colour if "warrant" in colour.lower() else f"{colour} warrant"
    number = join_alternatives(paper.properties.get("number", ()))
    listed = join_alternatives(paper.properties.get("list_name", ()))
    return " ".join(p for p in (kind, number, f"({listed})" if listed else "") if p)


def accusations_of_link(context: ReportContext, link: Link) -> Iterable[Accusation]:
    """One for each statement of each independent source; copies of one origin count once."""
    offence = context.display_name(link.target_id)
    said: dict[tuple[str, str, str], list[Claim]] = {}
    for claim in context.claims.get(link.id, ()):
        if is_stated_by_day(claim, context.day, "date", "start_date"):
            said.setdefault(_accusation_key(context, claim), []).append(claim)
    for (stage, by, day), claims in sorted(said.items()):
        for voice in evidence_entries(claims, context.sources):
            told = _accusation_words(context, link, claims[0], voice, day)
            phrase = accusation_phrase(told, UNDATED)
            yield Accusation(stage or "stage not said", offence, by, day, voice, phrase, link.target_id)


def _accusation_words(
    context: ReportContext, link: Link, claim: Claim, voice: EvidenceEntry, day: str
) -> AccusationWords:
    """Who says what of whom. Without a speaker, the sources speak."""
    kinds = context.ontology.properties(claim.type)
    speakers, stages = (
        tuple(canonical_value(kinds[name], value) for value in claim.properties.get(name, ()))
        for name in ("said_by", "stage")
    )
    speakers = speakers or voice.sources
    agencies, papers = context.agencies, list(_papers(context, link.source_id))
    official = tuple(speaker for speaker in speakers if is_official(speaker, agencies.__contains__, papers))
    name, offence = context.display_name(link.source_id), context.display_name(link.target_id)
    return AccusationWords(stages[0] if stages else "accused", speakers, official, name, offence, day)


def _papers(context: ReportContext, party: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The type, names and numbers of each paper that names a party."""
    for link in context.outgoing(party, context.ontology.with_trait("pursuit")):
        paper = context.nodes[link.target_id]
        yield paper.type, (*paper.properties.get("name", ()), *paper.properties.get("number", ()))


def _accusation_key(context: ReportContext, claim: Claim) -> tuple[str, str, str]:
    """Stage, who says so, and when."""
    kinds = context.ontology.properties(claim.type)
    values = {n: [canonical_value(kinds[n], v) for v in claim.properties.get(n, ())] for n in kinds}
    stage, by, day, start = (join_alternatives(values.get(n, ())) for n in ("stage", "said_by", "date", "start_date"))
    return stage, by, day or start


class LastWords(NamedTuple):
    """Who goes on to accuse of an offence, and who clears of it: what of each accused no later word answers."""

    accusing: Mapping[str, tuple[Accusation, ...]]
    """By id of the accused."""
    clearing: Mapping[str, tuple[Accusation, ...]]
    """By id of the accused."""

    @property
    def are_all_cleared(self) -> bool:
        """Whether nobody goes on to accuse anybody, and somebody was accused."""
        return bool(self.clearing) and not self.accusing


def voices(said: Iterable[Accusation]) -> str:
    """`the High Court; the prosecutor`: who says some things."""
    return "; ".join(sorted({one.speaker for one in said}))


def last_words(context: ReportContext, offence: str) -> LastWords:
    """Those about an offence, by the accusations in a context."""
    accusing, clearing = dict[str, tuple[Accusation, ...]](), dict[str, tuple[Accusation, ...]]()
    said_of: dict[str, list[Accusation]] = {}
    for link in context.incoming(offence, ["ACCUSED_OF"]):
        said_of.setdefault(link.source_id, []).extend(accusations_of_link(context, link))
    for person, said in said_of.items():
        left, last = last_stages(said, lambda one: one.stated)
        if left:
            accusing[person] = left
        if last:
            clearing[person] = last
    return LastWords(accusing, clearing)


def cleared_offences(graph: ReportGraph, offences: Iterable[str]) -> frozenset[str]:
    """Those of some offences of which everybody accused is cleared."""
    said = all_last_words(graph, {*offences})
    return frozenset(offence for offence, words in said.items() if words.are_all_cleared)


def all_last_words(graph: ReportGraph, offences: Collection[str]) -> Mapping[str, LastWords]:
    """Those about each of some offences, by everybody accused of it."""
    if not offences:
        return {}
    near = accusation_context(graph, offences)
    return {offence: last_words(near, offence) for offence in offences}


def accusation_context(graph: ReportGraph, offences: Iterable[str]) -> ReportContext:
    """Some offences, their accused and victims, and the offences whose proceeds they deal with."""
    links = links_of(graph.indices(sorted(offences)), graph.is_accusation, graph.view.incoming)
    return load_context(graph, (), [graph.view.link_id(int(link)) for link in links])
