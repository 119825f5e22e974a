"""Where do sources say things that cannot all be true?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import permutations

from kg.ontology import Property
from kg.ontology.values import date_span
from kg.records import Claim, Link, Node
from kg.reports.context import ReportContext
from kg.reports.entries import ContradictingValue, Contradiction
from kg.reports.evidence import evidence_entries
from kg.reports.terms import canonical_value, display_values, link_sentence, property_label, type_label


def contradictions(context: ReportContext, nodes: Iterable[Node], links: Iterable[Link]) -> tuple[Contradiction, ...]:
    """What the members, the links among them, and parallel links from different sources disagree about."""
    links = list(links)
    found = [c for link in links for c in _property_contradictions(context, link, link_sentence(context, link))]
    found += [c for group in _parallel_links(links) for c in _parallel_contradictions(context, group)]
    for node in nodes:
        about = context.display_name(node.id)
        found += _property_contradictions(context, node, about)
        if node.types:
            claims_by_value: dict[str, list[Claim]] = defaultdict(list)
            for claim in context.claims.get(node.id, ()):
                claims_by_value[type_label(claim.type)].append(claim)
            found.append(Contradiction(about, "kind", _values_with_evidence(context, claims_by_value), (node.id,)))
    return tuple(sorted(found, key=lambda c: (c.about, c.of)))


def _property_contradictions(context: ReportContext, thing: Node | Link, about: str) -> Iterable[Contradiction]:
    ids = (thing.source_id, thing.target_id) if isinstance(thing, Link) else (thing.id,)
    for name, kind in context.ontology.properties(thing.type).items():
        if kind.contradict(thing.properties.get(name, ())):
            values = _claimed_values(context, name, kind, context.claims.get(thing.id, ()))
            yield Contradiction(about, property_label(name), values, ids)


def _parallel_contradictions(context: ReportContext, links: Sequence[Link]) -> Iterable[Contradiction]:
    """Two sources report one holding, each with a key of its own, and give different shares."""
    link_type, ids = links[0].type, (links[0].source_id, links[0].target_id)
    about = f"{' and '.join(map(context.display_name, ids))}: {type_label(link_type)}"
    claims = [c for link in links for c in context.claims.get(link.id, ())]
    for name, kind in context.ontology.properties(link_type).items():
        if kind.type == "percent" and kind.disagree([v for link in links for v in link.properties.get(name, ())]):
            yield Contradiction(about, property_label(name), _claimed_values(context, name, kind, claims), ids)


def _parallel_links(links: Iterable[Link]) -> Iterable[list[Link]]:
    """Links with the same type, ends and interest and no source in common: one source's two links are two holdings."""
    groups: dict[tuple[str, str, str, tuple[str, ...]], list[Link]] = defaultdict(list)
    for link in links:
        groups[link.type, link.source_id, link.target_id, link.properties.get("interest", ())].append(link)
    for _, group in sorted(groups.items()):
        names = [s for link in group for s in link.sources]
        consecutive = any(_ends_before(a, b) for a, b in permutations(group, 2))
        if len(group) > 1 and len(names) == len(set(names)) and not consecutive:
            yield group


def _ends_before(left: Link, right: Link) -> bool:
    end, start = left.first("end_date"), right.first("start_date")
    return bool(end and start) and date_span(end).last <= date_span(start).first


def _claimed_values(
    context: ReportContext, name: str, kind: Property, claims: Iterable[Claim]
) -> tuple[ContradictingValue, ...]:
    claims_by_value: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        for value in dict.fromkeys(canonical_value(kind, raw) for raw in claim.properties.get(name, ())):
            claims_by_value[display_values(kind, [value])[0]].append(claim)
    return _values_with_evidence(context, claims_by_value)


def _values_with_evidence(
    context: ReportContext, claims_by_value: dict[str, list[Claim]]
) -> tuple[ContradictingValue, ...]:
    return tuple(
        ContradictingValue(value, evidence_entries(claims, context.sources))
        for value, claims in sorted(claims_by_value.items())
    )
