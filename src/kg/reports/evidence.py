"""Who says so, how is it graded, and how many independent voices are there?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from kg.ports import SourceInfo
from kg.records import Claim, Link
from kg.reports.context import Surroundings
from kg.reports.entries import Evidence, Statement
from kg.reports.terms import sentence


def voices(claims: Iterable[Claim], sources: Mapping[str, SourceInfo]) -> tuple[Evidence, ...]:
    """One piece of evidence for each origin, best graded first. Claims without an origin count once a source."""
    groups: dict[tuple[str, str], list[Claim]] = defaultdict(list)
    for claim in claims:
        groups["origin" if claim.said.origin else "source", claim.said.origin or claim.source].append(claim)
    ordered = sorted(groups.values(), key=lambda g: _order(min(g, key=_order)))
    return tuple(_voice(sorted(group, key=_order), sources) for group in ordered)


def statement(around: Surroundings, link: Link, weight: str = "") -> Statement:
    """A link in words with its evidence."""
    return Statement(link.id, sentence(around, link), evidence_of(around, link), weight)


def evidence_of(around: Surroundings, link: Link) -> tuple[Evidence, ...]:
    """Who says one link."""
    if link.id not in around.heard:
        around.heard[link.id] = voices(around.claims.get(link.id, ()), around.sources)
    return around.heard[link.id]


def source_names(evidence: Iterable[Evidence]) -> tuple[str, ...]:
    """All sources of some evidence, sorted."""
    return tuple(sorted({name for e in evidence for name in e.sources}))


def _voice(group: Sequence[Claim], sources: Mapping[str, SourceInfo]) -> Evidence:
    """The best graded claim speaks; its copies are named."""
    lead = group[0]
    names = tuple(dict.fromkeys([lead.source, *sorted(c.source for c in group)]))
    return Evidence(
        sources=names,
        origin=lead.said.origin,
        reliability=lead.said.reliability,
        credibility=lead.said.credibility,
        stated=lead.said.stated,
        loaded=lead.since,
        url=next((c.said.url for c in group if c.said.url), ""),
        handling="open" if all(c.said.handling == "open" for c in group) else "restricted",
        invented=all(n in sources and sources[n].invented for n in names),
    )


def _order(claim: Claim) -> tuple[str, ...]:
    """Ungraded after graded; 6 and F mean unknown and come last among the graded."""
    said = claim.said
    return (said.reliability or "Z", said.credibility or "9", said.stated or "9", claim.source, claim.key, claim.part)
