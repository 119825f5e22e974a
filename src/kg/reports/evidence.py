"""Who says so, how is it graded, and how many independent sources are there?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from kg.ports import SourceInfo
from kg.records import Claim, Link
from kg.reports.context import ReportContext
from kg.reports.entries import EvidenceEntry, LinkStatement
from kg.reports.terms import link_sentence


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
