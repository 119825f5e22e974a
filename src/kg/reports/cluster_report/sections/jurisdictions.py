"""Which jurisdictions does a member have to do with, and how?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from kg.records import Link, Node
from kg.reports.cluster_report.model import JurisdictionLine
from kg.reports.context import Graph, Surroundings
from kg.reports.entries import Entry, Where
from kg.reports.names import english
from kg.reports.terms import property_words, qualifiers

TIED_BY = ("citizenship", "presence", "registration", "location")
"""Traits of links that tie a member to a jurisdiction."""


def places(graph: Graph, around: Surroundings, node: Node) -> tuple[Where, ...]:
    """What ties a node to jurisdictions: links, addresses, and properties that hold a code."""
    links = around.leaving(node.id, graph.ontology.with_trait(*TIED_BY))
    found = [where for link in links for where in _linked(around, link)] + list(_held(graph, node))
    return tuple(dict.fromkeys(sorted(found, key=lambda w: (w.how, w.name, w.detail))))


def jurisdiction_lines(*groups: Sequence[Entry]) -> tuple[JurisdictionLine, ...]:
    """How many people, enterprises, arrangements and assets (four groups) each jurisdiction has, most first."""
    counted: dict[tuple[str, str], list[int]] = {}
    for column, entries in enumerate(groups):
        for place in ((w.code, w.name) for entry in entries for w in _once(entry)):
            counted.setdefault(place, [0, 0, 0, 0])[column] += 1
    order = sorted(counted, key=lambda p: (-sum(counted[p]), p[1], p[0]))
    return tuple(JurisdictionLine(*place, *counted[place]) for place in order)


def _linked(around: Surroundings, link: Link) -> Iterable[Where]:
    target = around.nodes[link.target_id]
    how = around.ontology.links[link.type].caption.removeprefix("is ").removeprefix("a ")
    detail = ", ".join(qualifiers(around.ontology, link))
    if target.type == "Jurisdiction":
        yield Where(target.first("code"), english(target), how, detail, link.sources)
    elif target.type == "Address":
        above = around.leaving(target.id, around.ontology.with_trait("location"))
        within = [around.nodes[k.target_id] for k in above if around.nodes[k.target_id].type == "Jurisdiction"]
        text = ", ".join(p for p in (target.caption, detail) if p)
        for place in within:
            yield Where(place.first("code"), english(place), "address in", text, link.sources)
        if not within:
            yield Where("", "", "address", text, link.sources)


def _held(graph: Graph, node: Node) -> Iterable[Where]:
    for name, kind in graph.ontology.properties(node.type).items():
        for code in node.properties.get(name, ()) if kind.type == "jurisdiction" else ():
            known = graph.jurisdictions.get(code)
            yield Where(code, english(known) if known else code, property_words(name), "", node.sources)


def _once(entry: Entry) -> list[Where]:
    """One tie to each jurisdiction."""
    return list({(w.code, w.name): w for w in entry.where if w.name}.values())
