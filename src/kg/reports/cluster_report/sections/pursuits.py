"""Who seeks whom since when, who accuses whom of what, and who is cleared?"""

from __future__ import annotations

from collections.abc import Iterable

from kg.records import Claim, Link, Node
from kg.reports.context import Surroundings
from kg.reports.entries import Accusation, Clearance, Pursuit
from kg.reports.evidence import evidence_of, voices
from kg.reports.names import english
from kg.reports.terms import cleaned, either, type_words

NOBODY = "an issuer whom the sources do not name"


def pursuits(around: Surroundings, node: Node) -> tuple[Pursuit, ...]:
    """The papers that name a person: in force first, then by date."""
    links = around.leaving(node.id, around.ontology.with_trait("pursuit"))
    found = [_pursuit(around, link, link.id in node.sought_under) for link in links]
    return tuple(sorted(found, key=lambda p: (not p.in_force, p.since or "9", p.paper, p.id)))


def accusations(around: Surroundings, node: Node) -> tuple[Accusation, ...]:
    """What each voice says about a party and an offence, by date."""
    found = [a for link in around.leaving(node.id, ["ACCUSED_OF"]) for a in _accusations(around, link)]
    return tuple(sorted(found, key=lambda a: (a.date or "9", a.offence, a.stage, a.said_by, a.evidence.sources)))


def clearances(papers: Iterable[Pursuit], said: Iterable[Accusation]) -> tuple[Clearance, ...]:
    """Who says that somebody is cleared: the issuer of a paper, or whoever speaks of the offence."""
    ended = [Clearance(p.by, p.ended, p.paper, p.evidence) for p in papers if "cleared" in p.reason and not p.in_force]
    spoken = [
        Clearance(a.said_by or " and ".join(a.evidence.sources), a.date, a.offence, (a.evidence,))
        for a in said
        if a.stage == "cleared"
    ]
    return tuple(sorted(ended + spoken, key=lambda c: (c.date or "9", c.by, c.of)))


def _pursuit(around: Surroundings, link: Link, in_force: bool) -> Pursuit:
    paper = around.nodes[link.target_id]
    return Pursuit(
        id=paper.id,
        paper=_paper(paper),
        by=issuers(around, paper) or NOBODY,
        since=either(paper.properties.get("issued_on", ())),
        ended=either(paper.properties.get("ended_on", ()) or link.properties.get("end_date", ())),
        reason=either(paper.properties.get("end_reason", ())),
        in_force=in_force,
        evidence=evidence_of(around, link),
    )


def issuers(around: Surroundings, paper: Node) -> str:
    """Who issued a paper or ordered a measure: agencies and jurisdictions, or the name that the paper gives."""
    links = around.leaving(paper.id, ["ISSUED_BY", "ORDERED_BY"])
    linked = sorted({_body(around, around.nodes[link.target_id]) for link in links})
    named = paper.properties.get("issuer", ()) or paper.properties.get("authority", ())
    return " and ".join(linked) or either(named)


def _body(around: Surroundings, node: Node) -> str:
    """`Name of the agency (Jurisdiction)`."""
    above = (around.nodes[link.target_id] for link in around.leaving(node.id, ["AGENCY_OF"]))
    places = sorted({english(n) for n in above if n.type == "Jurisdiction"})
    name = english(node)
    missing = [p for p in places if p not in name]
    return f"{name} ({', '.join(missing)})" if missing else name


def _paper(paper: Node) -> str:
    """`red notice 17`, `list entry 5 (Name of the list)`: the kind is said, so that none passes for another."""
    kind = type_words(paper.type)
    colour = either(paper.properties.get("kind", ())).replace("_", " ")
    if paper.type == "Notice" and colour:
        kind = colour if colour == "diffusion" else f"{colour} notice"
    elif paper.type == "Warrant" and colour:
        kind = colour if "warrant" in colour.lower() else f"{colour} warrant"
    number = either(paper.properties.get("number", ()))
    listed = either(paper.properties.get("list_name", ()))
    return " ".join(p for p in (kind, number, f"({listed})" if listed else "") if p)


def _accusations(around: Surroundings, link: Link) -> Iterable[Accusation]:
    """One for each thing that each voice says, copies of one origin told once."""
    offence = around.called(link.target_id)
    said: dict[tuple[str, str, str], list[Claim]] = {}
    for claim in around.claims.get(link.id, ()):
        said.setdefault(_said(around, claim), []).append(claim)
    for (stage, by, day), claims in sorted(said.items()):
        for voice in voices(claims, around.sources):
            yield Accusation(stage or "stage not said", offence, by, day or voice.stated, voice)


def _said(around: Surroundings, claim: Claim) -> tuple[str, str, str]:
    """Stage, who says so, and when."""
    kinds = around.ontology.properties(claim.type)
    values = {n: [cleaned(kinds[n], v) for v in claim.properties.get(n, ())] for n in kinds}
    day = next((values[n] for n in ("date", "start_date") if values.get(n)), [])
    return either(values.get("stage", [])), either(values.get("said_by", [])), either(day)
