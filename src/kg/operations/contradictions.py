"""What is said of a node and cannot all be true, in sentences."""

from __future__ import annotations

from kg.ontology import Ontology
from kg.ports import LinkQuery, Store
from kg.records import Node


def entity_contradictions(store: Store, ontology: Ontology, node: Node) -> list[str]:
    """What is said of a node, and of the shares of its holders, and cannot all be true."""
    from kg.findings.contradictions import find_contradictions

    known = ontology.merged_properties(node.types or (node.type,))
    said = [one.says for one in find_contradictions(known, node.id, node.properties, node.types)]
    return [*said, *_share_sentences(store, ontology, node.id)]


def _share_sentences(store: Store, ontology: Ontology, node_id: str) -> list[str]:
    """What the shares of a node's holders contradict; nothing for more than MAX_HOLDERS, of which `kg owners` tells."""
    from kg.findings.contradictions import (
        MAX_HOLDERS,
        ShareDispute,
        StatedHolding,
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
    holders = store.nodes({one.holder for one in found if isinstance(one, ShareDispute)})
    return share_sentences(found, captions_of(holders.values()))
