"""Which measures, requests and cases are about the members, and how far have they gone?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from kg.clearance import MeasureFacts
from kg.ontology.words import type_label
from kg.records import Link, Node
from kg.reports.cluster_report.sections.pursuits import issuer_names
from kg.reports.context import ReportContext
from kg.reports.entries import Detail, Procedure, ProcedureStep
from kg.reports.evidence import evidence_entries
from kg.reports.phrases import NOT_COUNTED, procedure_phrase
from kg.reports.terms import display_values, property_label

OMITTED_DETAILS = frozenset(("name", "number", "authority", "kind", "summary", "topic"))
"""Properties that the heading of a procedure shows already, or that are too long for a line of details."""

TERM_LABELS = ("expires", "due")
"""Steps that are deadlines, and no acts."""

DOUBT_SENTENCES = {
    "kind": "what kind of measure it is was not understood",
    "day": "no source gives a day that was understood",
    "end": "the day of its end was not understood",
}
"""Why nobody can say whether a measure is in force, by `MeasureFacts.doubt`."""


def procedures(context: ReportContext, members: Iterable[str]) -> tuple[Procedure, ...]:
    """Each measure, request and case that targets or involves a member, by its newest step; first those without one."""
    about: dict[str, list[tuple[str, Link]]] = defaultdict(list)
    for member in members:
        for link in context.incoming(member, ["TARGETS"]):
            about[link.source_id].append((member, link))
        for link in context.outgoing(member, ["PARTY_TO"]):
            about[link.target_id].append((member, link))
    found = [_procedure(context, context.nodes[node], links) for node, links in about.items()]
    return tuple(sorted(found, key=lambda p: (_newest_step(p), p.kind, p.name, p.id)))


def _newest_step(procedure: Procedure) -> str:
    return max((step.date for step in procedure.steps if step.label not in TERM_LABELS), default="")


def procedure_phrases(found: Iterable[Procedure], member: str) -> tuple[str, ...]:
    """The procedures that are about one member, in a few words each."""
    return tuple(procedure_phrase(p) for p in found if member in p.about_ids)


def _procedure(context: ReportContext, node: Node, links: Sequence[tuple[str, Link]]) -> Procedure:
    claims = [c for _, link in links for c in context.claims.get(link.id, ())]
    members = tuple(sorted({member for member, _ in links}, key=lambda m: (context.display_name(m), m)))
    known = context.ontology.properties(node.type)
    shown = {n: display_values(k, node.properties[n]) for n, k in known.items() if node.properties.get(n)}
    steps = [ProcedureStep(property_label(n), v) for n in shown if known[n].type == "date" for v in node.properties[n]]
    details = (n for n in shown if known[n].type in ("text", "money", "jurisdiction") and n not in OMITTED_DETAILS)
    told = [Detail(property_label(n), shown[n]) for n in details]
    if context.ontology.is_a(node.type, "Measure") and (doubt := MeasureFacts.of_node(node).doubt):
        told.append(Detail(NOT_COUNTED, (DOUBT_SENTENCES[doubt],)))
    return Procedure(
        id=node.id,
        kind=": ".join(p for p in (type_label(node.type), " or ".join(shown.get("kind", ()))) if p),
        name=_procedure_name(node),
        by=issuer_names(context, node) or node.first("court"),
        steps=tuple(sorted(steps, key=lambda s: (s.date, s.label))),  # a stage has two dates if sources differ
        details=tuple(told),
        about=tuple(context.display_name(member) for member in members),
        about_ids=members,
        evidence=evidence_entries(claims, context.sources),
    )


def _procedure_name(node: Node) -> str:
    """Its names, and its numbers unless a name contains them."""
    names = node.properties.get("name", ())
    numbers = [n for n in node.properties.get("number", ()) if not any(n in name for name in names)]
    return " ".join([*names, *numbers])
