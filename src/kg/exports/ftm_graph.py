"""Writes the merged graph as FollowTheMoney entities."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Protocol

from kg.exports.ftm_entities import Entity, EntityInput, FtmEntityBuilder, entity_line
from kg.exports.summary import DERIVED, DUPLICATE_LINK, LINK_DETAILS, MERGED_GRADES, NO_END, NO_LINK, STRICTER_HANDLING
from kg.ontology.derive.ftm import LinkRule
from kg.ontology.model import HANDLINGS
from kg.ports import DescribedNode, LinkWithEnds
from kg.records import NO_PROVENANCE, Node, Provenance


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


def write_graph(stream: IO[bytes], builder: FtmEntityBuilder, graph: GraphReader) -> Iterator[None]:
    """Write the entities, nodes by id and then links by id, one a line; yields after each node and each link.

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
    for joined in graph.iterate_links():
        if joined.link.type not in builder.property_links and (edge := _edge_entity(builder, joined)) is not None:
            stream.write(entity_line(edge))
        yield


def _edge_entity(builder: FtmEntityBuilder, joined: LinkWithEnds) -> Entity | None:
    link = joined.link
    if joined.derived:
        builder.counts.count_lost(link.type, DERIVED)
        return None
    provenances = [provenance for _, provenance in link.provenances]
    content = EntityInput(
        link.type, link.properties, joined.other, _single_provenance(provenances), link.not_understood
    )
    entity = builder.build_edge(link.id, content, (link.source_id, link.target_id), joined.end_types)
    if entity is not None:
        builder.counts.links[link.type] += 1
        entity["datasets"] = list(link.sources)
        _count_lost_grades(builder, link.type, provenances)
    return entity


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
