"""Which measures, requests and cases are about the members, and how far have they gone?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from kg.records import Link, Node
from kg.reports.cluster_report.sections.pursuits import issuers
from kg.reports.context import Surroundings
from kg.reports.entries import Detail, Procedure, Step
from kg.reports.evidence import voices
from kg.reports.terms import captions, property_words, type_words

SAID_OTHERWISE = frozenset(("name", "number", "authority", "kind"))
"""Properties that the heading of a procedure says already."""


def procedures(around: Surroundings, members: Iterable[str]) -> tuple[Procedure, ...]:
    """Each measure, request and case that targets or involves a member, by its first date."""
    about: dict[str, list[tuple[str, Link]]] = defaultdict(list)
    for member in members:
        for link in around.arriving(member, ["TARGETS"]):
            about[link.source_id].append((member, link))
        for link in around.leaving(member, ["PARTY_TO"]):
            about[link.target_id].append((member, link))
    found = [_procedure(around, around.nodes[node], links) for node, links in about.items()]
    return tuple(sorted(found, key=lambda p: (p.steps[0].date if p.steps else "9", p.kind, p.name, p.id)))


def told_of(found: Iterable[Procedure], member: str) -> tuple[str, ...]:
    """The procedures that are about one member, in a few words each."""
    return tuple(in_words(p) for p in found if member in p.about_ids)


def in_words(procedure: Procedure) -> str:
    """`freeze by the High Court (Canada), ordered 2012-03-04, lifted 2014`."""
    by = f" by {procedure.by}" if procedure.by else ""
    steps = "".join(f", {s.label} {s.date}" for s in procedure.steps)
    return f"{procedure.kind.removeprefix('measure: ')}{by}{steps}"


def _procedure(around: Surroundings, node: Node, links: Sequence[tuple[str, Link]]) -> Procedure:
    claims = [c for _, link in links for c in around.claims.get(link.id, ())]
    members = tuple(sorted({member for member, _ in links}, key=lambda m: (around.called(m), m)))
    return Procedure(
        id=node.id,
        kind=": ".join(p for p in (type_words(node.type), _kind(around, node)) if p),
        name=_name(node),
        by=issuers(around, node) or node.first("court"),
        steps=_steps(around, node),
        details=_details(around, node),
        about=tuple(around.called(member) for member in members),
        about_ids=members,
        evidence=voices(claims, around.sources),
    )


def _kind(around: Surroundings, node: Node) -> str:
    kind = around.ontology.properties(node.type).get("kind")
    return " or ".join(captions(kind, node.properties.get("kind", ()))) if kind else ""


def _name(node: Node) -> str:
    """Its names, and its numbers where no name has them."""
    names = node.properties.get("name", ())
    numbers = [n for n in node.properties.get("number", ()) if not any(n in name for name in names)]
    return " ".join([*names, *numbers])


def _steps(around: Surroundings, node: Node) -> tuple[Step, ...]:
    """Its dated stages in order; sources that differ give one stage two dates."""
    kinds = around.ontology.properties(node.type)
    dated = [
        Step(property_words(n), v) for n, k in kinds.items() if k.type == "date" for v in node.properties.get(n, ())
    ]
    return tuple(sorted(dated, key=lambda s: (s.date, s.label)))


def _details(around: Surroundings, node: Node) -> tuple[Detail, ...]:
    kinds = around.ontology.properties(node.type)
    told = [n for n, k in kinds.items() if k.type in ("text", "money") and n not in SAID_OTHERWISE]
    told = [n for n in told if node.properties.get(n) and n not in ("summary", "topic")]
    return tuple(Detail(property_words(n), captions(kinds[n], node.properties[n])) for n in told)
