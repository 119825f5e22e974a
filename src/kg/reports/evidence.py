"""Who says so, how is it graded, and how many independent sources are there?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from kg.findings.statements import claims_by_value
from kg.ontology import Property
from kg.ports import SourceInfo
from kg.records import Claim, Link, Node
from kg.reports.context import ReportContext
from kg.reports.entries import Detail, EvidenceEntry, ExhibitEntry, LinkStatement
from kg.reports.terms import OMITTED_PROPERTIES, SEPARATE_VALUE_TYPES, display_values, link_sentence, property_label

DIGITS = 12
"""Digits of a SHA-256 that are told; the list of exhibits has all of them."""


def evidence_entries(claims: Iterable[Claim], sources: Mapping[str, SourceInfo]) -> tuple[EvidenceEntry, ...]:
    """One piece of evidence for each origin, best graded first. Claims without an origin count once a source."""
    groups: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in claims:
        groups["origin" if claim.provenance.origin else "source", claim.provenance.origin or claim.source].append(claim)
    ordered = sorted(groups.values(), key=lambda g: _grade_order(min(g, key=_grade_order)))
    return tuple(_evidence_entry(sorted(group, key=_grade_order), sources) for group in ordered)


def link_statement(context: ReportContext, link: Link, weight: str = "") -> LinkStatement:
    """A link in words with its evidence."""
    return LinkStatement(link.id, link_sentence(context, link), link_evidence(context, link), weight)


def link_evidence(context: ReportContext, link: Link) -> tuple[EvidenceEntry, ...]:
    """The evidence of one link."""
    if link.id not in context.evidence_cache:
        context.evidence_cache[link.id] = evidence_entries(context.claims.get(link.id, ()), context.sources)
    return context.evidence_cache[link.id]


def node_details(context: ReportContext, node: Node) -> tuple[Detail, ...]:
    """The properties of a node, without names, values and long texts."""
    ontology = context.ontology
    kinds = ontology.properties(node.type)
    elsewhere = SEPARATE_VALUE_TYPES | ({"money"} if ontology.is_a(node.type, "Asset") else set())
    stated = (n for n in kinds if node.properties.get(n) and n not in OMITTED_PROPERTIES)
    shown = (n for n in stated if kinds[n].type not in elsewhere)
    order = sorted(shown, key=lambda n: (not kinds[n].identifies, kinds[n].type != "identifier", n))
    return tuple(_detail(context, node, n, kinds[n]) for n in order)


def _detail(context: ReportContext, node: Node, name: str, kind: Property) -> Detail:
    stated, values = claims_by_value(kind, name, context.claims.get(node.id, ())), node.properties[name]
    evidence = tuple(evidence_entries(stated.get(value, ()), context.sources) for value in values)
    return Detail(property_label(name), display_values(kind, values), evidence)


def exhibit_entries(context: ReportContext, members: Iterable[str]) -> tuple[ExhibitEntry, ...]:
    """The documents that show something about members, by title."""
    types = context.ontology.with_trait("documentation")
    found = [_exhibit_entry(context, link) for member in members for link in context.incoming(member, types)]
    return tuple(sorted(_with_versions(found), key=lambda e: (e.title, e.about, e.pages, e.link)))


def _with_versions(found: Sequence[ExhibitEntry]) -> Iterator[ExhibitEntry]:
    """The same documents; those of one title that show the same are told apart by when their files were attached."""
    same: defaultdict[tuple[str, str, str], list[ExhibitEntry]] = defaultdict(list)
    for one in found:
        same[one.title, one.about_id, one.link_id].append(one)
    for entries in same.values():
        if len({one.sha256 for one in entries}) < 2:
            yield from entries
            continue
        days = {one.document_id: max((e.loaded for e in one.evidence), default="") for one in entries}
        newest = max(days.values())
        for one in entries:
            later = f", replaced on {newest}" if days[one.document_id] < newest else ""
            yield replace(one, title=version_title(one.title, days[one.document_id], one.sha256) + later)


def version_title(title: str, attached: str, sha256: str) -> str:
    """`Deed (attached 2026-11-20, SHA-256 1f2e3d4c5b6a…)`, of a document that shares its title with another."""
    return f"{title} (attached {attached}, SHA-256 {sha256[:DIGITS]}…)"


def _exhibit_entry(context: ReportContext, link: Link) -> ExhibitEntry:
    document, shown = context.nodes[link.source_id], context.links.get(link.first("about"))
    return ExhibitEntry(
        document_id=document.id,
        title=document.caption,
        about=context.display_name(link.target_id),
        about_id=link.target_id,
        link=link_sentence(context, shown) if shown else "",
        link_id=shown.id if shown else "",
        pages=link.properties.get("page", ()),
        media_type=document.first("media_type"),
        size=document.first("size"),
        sha256=document.first("sha256"),
        evidence=link_evidence(context, link),
        problem=context.file_problem(document.first("sha256")),
    )


def source_names(evidence: Iterable[EvidenceEntry]) -> tuple[str, ...]:
    """All sources of some evidence, sorted."""
    return tuple(sorted({name for e in evidence for name in e.sources}))


def _evidence_entry(group: Sequence[Claim], sources: Mapping[str, SourceInfo]) -> EvidenceEntry:
    """The best graded claim, with the sources of its copies."""
    lead = group[0]
    names = tuple(dict.fromkeys([lead.source, *sorted(c.source for c in group)]))
    return EvidenceEntry(
        sources=names,
        origin=lead.provenance.origin,
        reliability=lead.provenance.reliability,
        credibility=lead.provenance.credibility,
        stated=lead.provenance.stated,
        loaded=lead.since,
        url=next((c.provenance.url for c in group if c.provenance.url), ""),
        page=next((c.provenance.page for c in group if c.provenance.page), ""),
        handling="open" if all(c.provenance.handling == "open" for c in group) else "restricted",
        invented=all(n in sources and sources[n].invented for n in names),
    )


def _grade_order(claim: Claim) -> tuple[str, ...]:
    """Ungraded after graded; 6 and F mean unknown and come last among the graded."""
    provenance = claim.provenance
    return (
        provenance.reliability or "Z",
        provenance.credibility or "9",
        provenance.stated or "9",
        claim.source,
        claim.key,
        claim.part,
    )
