"""Where do sources say things that cannot all be true?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from kg.findings import Contradiction, ShareDispute, ShareExcess
from kg.findings.contradictions import (
    END_TYPES,
    KIND,
    StatedHolding,
    excess_words,
    find_contradictions,
    holdings_by_thing,
    link_contradictions,
    of_several_links,
    share_contradictions,
)
from kg.findings.statements import canonical_value, claims_by_value
from kg.ontology import Property
from kg.ontology.words import type_label
from kg.records import Claim, Link, Node
from kg.reports.context import ReportContext
from kg.reports.entries import ContradictingValue, ContradictionEntry
from kg.reports.evidence import evidence_entries
from kg.reports.terms import display_values, link_sentence, property_label

ALL_SHARES = "shares of all owners"


def contradictions(
    context: ReportContext, nodes: Iterable[Node], links: Iterable[Link]
) -> tuple[ContradictionEntry, ...]:
    """What the members and the links at them contradict, each by itself, and what all holders of a member do.

    `links` with those of holders who are no members; the same that `kg show` tells of each member.
    """
    nodes, links = list(nodes), list(links)
    members = {node.id for node in nodes}
    found = [*_share_contradictions(context, [link for link in links if link.target_id in members])]
    for link in links:
        ids, about = (link.source_id, link.target_id), link_sentence(context, link)
        known = context.ontology.properties(link.type)
        for one in link_contradictions(context.ontology, link, context.nodes):
            found.append(replace(_entry(context, one, known, about, ids), link=link.id))
    for node in nodes:
        known = context.ontology.merged_properties(node.types or (node.type,))
        for one in find_contradictions(known, node.id, node.properties, node.types):
            found.append(_entry(context, one, known, context.display_name(node.id), (node.id,)))
    return tuple(sorted(found, key=lambda c: (c.about, c.of)))


def _entry(
    context: ReportContext, one: Contradiction, known: Mapping[str, Property], about: str, ids: tuple[str, ...]
) -> ContradictionEntry:
    claims = context.claims.get(one.about, ())
    by_value: dict[str, list[Claim]] = defaultdict(list)
    if one.property in (KIND, END_TYPES):
        for claim in claims:
            by_value[one.says if one.property == END_TYPES else type_label(claim.type)].append(claim)
        return ContradictionEntry(about, one.property, _values_with_evidence(context, by_value), ids)
    if not one.earlier:
        return ContradictionEntry(
            about,
            property_label(one.property),
            _claimed_values(context, one.property, known[one.property], claims),
            ids,
        )
    for name in (one.earlier, one.property):
        for value in _claimed_values(context, name, known[name], claims):
            by_value[f"{property_label(name)} {value.value}"] += [
                c
                for c in claims
                if any(canonical_value(known[name], raw) == value.value for raw in c.properties.get(name, ()))
            ]
    dates = f"{property_label(one.earlier)} and {property_label(one.property)}"
    return ContradictionEntry(about, dates, _values_with_evidence(context, by_value), ids, says=one.says)


def _share_contradictions(context: ReportContext, links: Iterable[Link]) -> Iterator[ContradictionEntry]:
    """What sources say of one holder by several links, and what all holders of a thing have together."""
    kinds = context.ontology.with_trait("ownership", "benefit")
    by_id = {link.id: link for link in links if link.type in kinds and context.claims.get(link.id)}
    holdings = [StatedHolding.of(context.ontology, link, context.claims[link.id]) for link in by_id.values()]
    for some in holdings_by_thing(holdings):
        for one in of_several_links(share_contradictions(some)):
            held = [by_id[name] for name in one.links]
            yield _dispute(context, one, held) if isinstance(one, ShareDispute) else _excess(context, one, held)


def _dispute(context: ReportContext, one: ShareDispute, links: list[Link]) -> ContradictionEntry:
    ids, types = (one.holder, one.held), " and ".join(sorted({type_label(link.type) for link in links}))
    about = f"{' and '.join(map(context.display_name, ids))}: {types}"
    claims_of = {name: [c for k in links for c in context.claims[k.id] if c.source == name] for name, _ in one.said}
    by_value: dict[str, list[Claim]] = defaultdict(list)
    for source, share in one.said:
        by_value[share.text] += claims_of[source]
    return ContradictionEntry(about, property_label("share"), _values_with_evidence(context, by_value), ids, types)


def _excess(context: ReportContext, one: ShareExcess, links: list[Link]) -> ContradictionEntry:
    by_value: dict[str, list[Claim]] = defaultdict(list)
    for link in links:
        share = context.ontology.properties(link.type)["share"]
        texts = display_values(share, link.properties.get("share", ()))
        by_value[f"{context.display_name(link.source_id)}: {' or '.join(texts)}"] += context.claims[link.id]
    ids = tuple(dict.fromkeys((one.held, *(link.source_id for link in links))))
    values = _values_with_evidence(context, by_value)
    return ContradictionEntry(context.display_name(one.held), ALL_SHARES, values, ids, says=excess_words(one))


def _claimed_values(
    context: ReportContext, name: str, kind: Property, claims: Iterable[Claim]
) -> tuple[ContradictingValue, ...]:
    stated = claims_by_value(kind, name, claims)
    return _values_with_evidence(context, {display_values(kind, [value])[0]: said for value, said in stated.items()})


def _values_with_evidence(
    context: ReportContext, by_value: Mapping[str, Sequence[Claim]]
) -> tuple[ContradictingValue, ...]:
    return tuple(
        ContradictingValue(value, evidence_entries(claims, context.sources))
        for value, claims in sorted(by_value.items())
    )
