"""Writes the merged graph as FollowTheMoney entities."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import IO, Protocol

from kg.exports.ftm_entities import Entity, EntityInput, FtmEntityBuilder, entity_line
from kg.exports.summary import DERIVED, DUPLICATE_LINK, LINK_DETAILS, MERGED_GRADES, NO_END, NO_LINK, STRICTER_HANDLING
from kg.ontology.derive.ftm import LinkRule
from kg.ontology.model import HANDLINGS
from kg.ports import DescribedNode, LinkWithEnds
from kg.records import NO_PROVENANCE, PAYMENT_ACCOUNTS, USES_OF_ACCOUNTS, Claim, Link, Node, Provenance, Values


class GraphReader(Protocol):
    """A graph whose nodes and links come in the order of their ids."""

    def iterate_nodes(self) -> Iterator[DescribedNode]:
        """Every node."""
        ...

    def iterate_links(self, types: Iterable[str] = ()) -> Iterator[LinkWithEnds]:
        """Every link; only those of `types` if given."""
        ...

    def links_of_node(self, node: str, out: tuple[str, ...], into: tuple[str, ...]) -> list[LinkWithEnds]:
        """The links of one node that leave it with a type of `out` or reach it with a type of `into`."""
        ...

    def end_node(self, node: str) -> Node:
        """The node with this id."""
        ...

    def claims(self, ids: Sequence[str]) -> dict[str, list[Claim]]:
        """The records behind nodes or links, by id."""
        ...

    def node_of_key(self, namespace: str, key: str) -> Node | None:
        """The node that a key of a namespace names; None where the graph has none."""
        ...


def write_graph(stream: IO[bytes], builder: FtmEntityBuilder, graph: GraphReader) -> Iterator[None]:
    """Write the entities of nodes, of payments and of other links, each by id, one a line; yields after each of them.

    An entity's id is the canonical id, its datasets are the sources.
    """
    beside = builder.property_link_types(reverse=False), builder.property_link_types(reverse=True)
    for node, provenances in graph.iterate_nodes():
        provenance = _single_provenance(provenances)
        entity = builder.build_node(
            node.id, EntityInput(node.type, node.properties, node.other, provenance, node.not_understood)
        )
        if entity is not None:
            builder.counts.nodes[node.type] += 1
            entity["datasets"] = list(node.sources)
            _count_lost_grades(builder, node.type, provenances)
        for joined in graph.links_of_node(node.id, *beside):
            _add_link_property(builder, graph, DescribedNode(node, (provenance,)), entity, joined)
        if entity is not None:
            stream.write(entity_line(entity))
        yield
    payments = builder.ontology.with_trait("payment")
    others = builder.ontology.links.keys() - payments - builder.property_links.keys()
    named = set[tuple[str, str, str]]()
    for joined in chain(graph.iterate_links(payments), graph.iterate_links(others)):
        link = joined.link
        if any((link.source_id, words, link.target_id) in named for words in link.properties.get("relation", ())):
            builder.counts.links[link.type] += 1  # said by the payment, of which a reader makes it again
        elif edge := _edge_entity(builder, graph, joined):
            named.update(_named_accounts(edge, link))
            stream.write(entity_line(edge))
        yield


def _named_accounts(edge: Entity, link: Link) -> Iterator[tuple[str, str, str]]:
    """Each party of a payment, its relation to an account that the entity names beside it, and the account."""
    for (name, own), party in zip(PAYMENT_ACCOUNTS.items(), (link.source_id, link.target_id), strict=True):
        for account in edge["properties"].get(name, ()) if own in link.properties else ():
            yield party, USES_OF_ACCOUNTS[own], account


def _edge_entity(builder: FtmEntityBuilder, graph: GraphReader, joined: LinkWithEnds) -> Entity | None:
    link = joined.link
    if joined.derived:
        builder.counts.count_lost(link.type, DERIVED)
        return None
    provenances = [provenance for _, provenance in link.provenances]
    properties, accounts = _with_account_ids(graph, link)
    content = EntityInput(link.type, properties, joined.other, _single_provenance(provenances), link.not_understood)
    entity = builder.build_edge(link.id, content, (link.source_id, link.target_id), joined.end_types, accounts)
    if entity is not None:
        builder.counts.links[link.type] += 1
        entity["datasets"] = list(link.sources)
        _count_lost_grades(builder, link.type, provenances)
    return entity


def _with_account_ids(graph: GraphReader, link: Link) -> tuple[Values, dict[str, str]]:
    """The properties of a link, with ids in the place of the keys of accounts, and the types of these accounts by id.

    A key means nothing outside its namespace; one that names no node stays.
    """
    properties, types = {**link.properties}, dict[str, str]()
    names = USES_OF_ACCOUNTS.keys() & properties
    claims = graph.claims([link.id]).get(link.id, ()) if names else ()
    for name in names:
        ids = {*properties[name]}
        for claim in claims:
            for key in ids.intersection(claim.properties.get(name, ())):
                if (node := graph.node_of_key(claim.namespace, key)) is not None:
                    ids = {*ids - {key}, node.id}
                    types[node.id] = node.type
        properties[name] = tuple(sorted(ids))
    return properties, types


def _add_link_property(
    builder: FtmEntityBuilder, graph: GraphReader, described: DescribedNode, entity: Entity | None, joined: LinkWithEnds
) -> None:
    """Add a link as a property of the node at one of its ends."""
    link, (node, (whose,)) = joined.link, described
    reverse = builder.property_links[link.type]
    far = link.source_id if reverse else link.target_id
    far_type = joined.end_types[0 if reverse else 1]
    key = builder.ontology.nodes[far_type].key
    names = builder.link_properties(node.type, LinkRule(link.type, reverse, key is not None))
    if entity is None or not names:
        builder.counts.count_lost(link.type, NO_LINK)
        return
    strict = _strictest(provenance.handling for _, provenance in link.provenances)
    # Of a jurisdiction its code, else the id, if it has a schema.
    value = graph.end_node(far).first(key).lower() if key else far if builder.schema_of(far_type) else ""
    there = entity["properties"].get(names[0], [])
    if not value:
        builder.counts.count_lost(link.type, NO_END)
    elif HANDLINGS.index(strict) > HANDLINGS.index(whose.handling):
        builder.counts.count_lost(link.type, STRICTER_HANDLING)
    elif value in there:
        builder.counts.count_lost(link.type, DUPLICATE_LINK)
    else:
        entity["properties"][names[0]] = sorted([*there, value])
        builder.counts.links[link.type] += 1
        for detail in [*link.properties, *joined.other, *(value.name for value in link.not_understood)]:
            builder.counts.count_lost(f"{link.type}.{detail}", LINK_DETAILS)
        if any(provenance != whose for _, provenance in link.provenances):
            builder.counts.count_lost(f"{link.type}: grades, dates and addresses", LINK_DETAILS)


def _single_provenance(provenances: Sequence[Provenance]) -> Provenance:
    """The provenance of a single claim; of several, only the strictest handling code."""
    if len(provenances) == 1:
        return provenances[0]
    strict = _strictest(provenance.handling for provenance in provenances)
    return Provenance(handling=strict) if strict != HANDLINGS[0] else NO_PROVENANCE


def _count_lost_grades(builder: FtmEntityBuilder, kind: str, provenances: Sequence[Provenance]) -> None:
    if len(provenances) > 1 and any(provenance != NO_PROVENANCE for provenance in provenances):
        builder.counts.count_lost(f"{kind}: grades, dates and addresses", MERGED_GRADES)


def _strictest(handlings: Iterable[str]) -> str:
    return max(handlings, key=HANDLINGS.index, default=HANDLINGS[0])
