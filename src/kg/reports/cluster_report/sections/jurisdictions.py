"""Which jurisdictions is a member tied to, and how?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kg.records import Link, Node
from kg.reports.context import ReportContext, ReportGraph
from kg.reports.entries import JurisdictionLink, MemberEntry
from kg.reports.names import latin_name
from kg.reports.terms import link_qualifiers, property_label

JURISDICTION_TRAITS = ("citizenship", "presence", "registration", "location")
"""Traits of links that tie a member to a jurisdiction."""


@dataclass(frozen=True, slots=True)
class JurisdictionMemberCounts:
    """How many members of each group are tied to one jurisdiction."""

    code: str
    name: str
    people: int
    enterprises: int
    arrangements: int
    assets: int


def jurisdiction_links(graph: ReportGraph, context: ReportContext, node: Node) -> tuple[JurisdictionLink, ...]:
    """What ties a node to jurisdictions: links, addresses, and properties that hold a code."""
    links = context.outgoing(node.id, graph.ontology.with_trait(*JURISDICTION_TRAITS))
    found = [where for link in links for where in _jurisdictions_of_link(context, link)]
    for name, kind in graph.ontology.properties(node.type).items():
        for code in node.properties.get(name, ()) if kind.type == "jurisdiction" else ():
            known = graph.jurisdictions.get(code)
            place = latin_name(known) if known else code
            found.append(JurisdictionLink(code, place, property_label(name), "", node.sources))
    return tuple(dict.fromkeys(sorted(found, key=lambda w: (w.how, w.name, w.detail))))


def jurisdiction_counts(*groups: Sequence[MemberEntry]) -> tuple[JurisdictionMemberCounts, ...]:
    """How many people, enterprises, arrangements and assets (four groups) each jurisdiction has, most first."""
    counted: dict[tuple[str, str], list[int]] = {}
    for column, entries in enumerate(groups):
        for entry in entries:
            for place in {(w.code, w.name) for w in entry.where if w.name}:
                counted.setdefault(place, [0, 0, 0, 0])[column] += 1
    order = sorted(counted, key=lambda p: (-sum(counted[p]), p[1], p[0]))
    return tuple(JurisdictionMemberCounts(*place, *counted[place]) for place in order)


def _jurisdictions_of_link(context: ReportContext, link: Link) -> Iterable[JurisdictionLink]:
    target = context.nodes[link.target_id]
    how = context.ontology.links[link.type].caption.removeprefix("is ").removeprefix("a ")
    detail = ", ".join(link_qualifiers(context.ontology, link))
    if target.type == "Jurisdiction":
        yield JurisdictionLink(target.first("code"), latin_name(target), how, detail, link.sources)
    elif target.type == "Address":
        above = context.outgoing(target.id, context.ontology.with_trait("location"))
        within = [context.nodes[k.target_id] for k in above if context.nodes[k.target_id].type == "Jurisdiction"]
        text = ", ".join(p for p in (target.caption, detail) if p)
        for place in within:
            yield JurisdictionLink(place.first("code"), latin_name(place), "address in", text, link.sources)
        if not within:
            yield JurisdictionLink("", "", "address", text, link.sources)
