"""What is said of a node and cannot all be true, and which of its records referents join, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.ontology import Ontology
from kg.ports import LinkQuery, Store
from kg.records import Claim, Node, Ref

MAX_JOINS = 20
"""Most joins of records of one node that are told."""


def entity_contradictions(
    store: Store, ontology: Ontology, node: Node, claims: Sequence[Claim] | None = None
) -> list[str]:
    """What is said of a node, and of the shares of its holders, and cannot all be true; `claims` are those on it."""
    from kg.findings.contradictions import find_contradictions

    known = ontology.merged_properties(node.types or (node.type,))
    said = [one.says for one in find_contradictions(known, node.id, node.properties, node.types)]
    claims = store.claims([node.id]).get(node.id, []) if claims is None else claims
    said += _citizenship_sentences(store, ontology, node.id, claims)
    return [*said, *_share_sentences(store, ontology, node.id)]


def join_sentences(ontology: Ontology, claims: Sequence[Claim]) -> list[str]:
    """Why the records of a node with several keys are one, where a source names a referent of them."""
    from kg.identity import referent_joins

    joins = referent_joins(_named(ontology, claims))
    captions: dict[Ref, str] = {}
    for claim in claims:
        if name := ontology.stated_caption(claim.type, claim.properties):
            captions.setdefault(Ref(claim.namespace, claim.key), name)
    told = [join.text(captions) for join in joins[:MAX_JOINS]]
    return [*told, f"and {len(joins) - MAX_JOINS:,} more"] if len(joins) > MAX_JOINS else told


def _named(ontology: Ontology, claims: Sequence[Claim]) -> Iterator[tuple[str, Ref, Sequence[str]]]:
    """Source, key and referents of the claims that name their thing; others only say something about it."""
    named = (claim for claim in claims if ontology.stated_caption(claim.type, claim.properties))
    return ((claim.source, Ref(claim.namespace, claim.key), claim.referents) for claim in named)


def _citizenship_sentences(store: Store, ontology: Ontology, node_id: str, claims: Sequence[Claim]) -> list[str]:
    """That records of a node which a referent joins state citizenships of which none is common."""
    from kg.findings.contradictions import joined_contradiction
    from kg.identity import format_ref, referent_joins
    from kg.operations.answers import captions_of

    joins = referent_joins(_named(ontology, claims))
    owns = {ref for join in joins for ref in join[:2]}
    if not owns:
        return []
    links = store.links(LinkQuery(node_id, tuple(sorted(ontology.with_trait("citizenship"))), direction="out"))
    states = captions_of(store.nodes({link.target_id for link in links}).values())
    stated: dict[str, set[str]] = {}
    claims_of = store.claims([link.id for link in links])
    for link in links:
        for claim in claims_of.get(link.id, ()):
            if (own := Ref(claim.namespace, claim.key)) in owns:
                stated.setdefault(format_ref(own), set()).add(states.get(link.target_id, link.target_id))
    sentence = joined_contradiction("citizenship", stated)
    return [sentence] if sentence else []


def _share_sentences(store: Store, ontology: Ontology, node_id: str) -> list[str]:
    """What the shares of a node's holders contradict; nothing for more than MAX_HOLDERS, of which `kg owners` tells."""
    from kg.findings.contradictions import (
        MAX_HOLDERS,
        StatedHolding,
        named_holders,
        share_contradictions,
        share_sentences,
    )
    from kg.operations.answers import captions_of

    types = tuple(sorted(ontology.with_trait("ownership", "benefit")))
    links = store.links(LinkQuery(node_id, types, MAX_HOLDERS + 1, direction="in"))
    if not 0 < len(links) <= MAX_HOLDERS:
        return []
    claims = store.claims([link.id for link in links])
    found = list(share_contradictions([StatedHolding.of(ontology, link, claims.get(link.id, ())) for link in links]))
    holders = store.nodes(named_holders(found))
    return share_sentences(found, captions_of(holders.values()))
