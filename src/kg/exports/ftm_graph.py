"""How does the merged graph become FollowTheMoney, one entity a node?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Protocol

from kg.exports.ftm_entities import Entity, Forms, Told, line
from kg.exports.summary import AGAIN, DERIVED, DETAIL, GRADES, NO_END, NO_LINK, STRICTER
from kg.ontology.derive.ftm import LinkRule
from kg.ontology.lint import HANDLINGS
from kg.ports import Described, Joined
from kg.records import OPEN, Node, Said


class Graph(Protocol):
    """A graph in the order of its ids."""

    def each_node(self) -> Iterator[Described]:
        """Every node."""
        ...

    def each_link(self, types: Iterable[str] = ()) -> Iterator[Joined]:
        """Every link; only those of `types` if given."""
        ...

    def links_of(self, node: str, out: tuple[str, ...], into: tuple[str, ...]) -> list[Joined]:
        """The links of one node that leave it with a type of `out` or reach it with a type of `into`."""
        ...

    def far(self, node: str) -> Node:
        """The node with this id."""
        ...


def write_graph(stream: IO[bytes], forms: Forms, graph: Graph) -> Iterator[None]:
    """Write the entities, nodes by id and then links by id, one a line; yields after each node and each link.

    An entity's id is the canonical id, its datasets are the sources.
    """
    beside = forms.said_by(reverse=False), forms.said_by(reverse=True)
    for node, sayings in graph.each_node():
        said = _one_said(sayings)
        entity = forms.node(node.id, Told(node.type, node.properties, node.other, said))
        if entity is not None:
            forms.tally.nodes[node.type] += 1
            entity["datasets"] = list(node.sources)
            _count_grades(forms, node.type, sayings)
        for joined in graph.links_of(node.id, *beside):
            _say_beside(forms, graph, Described(node, (said,)), entity, joined)
        if entity is not None:
            stream.write(line(entity))
        yield
    for joined in graph.each_link():
        if joined.link.type not in forms.as_properties and (edge := _edge(forms, joined)) is not None:
            stream.write(line(edge))
        yield


def _edge(forms: Forms, joined: Joined) -> Entity | None:
    link = joined.link
    if joined.derived:
        forms.tally.lose(link.type, DERIVED)
        return None
    sayings = [said for _, said in link.said]
    told = Told(link.type, link.properties, joined.other, _one_said(sayings))
    entity = forms.edge(link.id, told, (link.source_id, link.target_id), joined.end_types)
    if entity is not None:
        forms.tally.links[link.type] += 1
        entity["datasets"] = list(link.sources)
        _count_grades(forms, link.type, sayings)
    return entity


def _say_beside(forms: Forms, graph: Graph, described: Described, entity: Entity | None, joined: Joined) -> None:
    """Say a link as a property of the node at the end that says it."""
    link, (node, (whose,)) = joined.link, described
    reverse = forms.as_properties[link.type][0].reverse
    far = link.source_id if reverse else link.target_id
    far_type = joined.end_types[0 if reverse else 1]
    curated = forms.ontology.nodes[far_type].key is not None
    names = forms.properties_of(node.type, LinkRule(link.type, reverse, curated))
    if entity is None or not names:
        forms.tally.lose(link.type, NO_LINK)
        return
    strict = _strictest(said.handling for _, said in link.said)
    value = _value(forms, graph, far, far_type)
    there = entity["properties"].get(names[0], [])
    if not value:
        forms.tally.lose(link.type, NO_END)
    elif HANDLINGS.index(strict) > HANDLINGS.index(whose.handling):
        forms.tally.lose(link.type, STRICTER)
    elif value in there:
        forms.tally.lose(link.type, AGAIN)
    else:
        entity["properties"][names[0]] = sorted([*there, value])
        forms.tally.links[link.type] += 1
        for detail in [*link.properties, *joined.other]:
            forms.tally.lose(f"{link.type}.{detail}", DETAIL)
        if any(said != whose for _, said in link.said):
            forms.tally.lose(f"{link.type}: grades, dates and addresses", DETAIL)


def _value(forms: Forms, graph: Graph, far: str, far_type: str) -> str:
    """How the property names the far end: a curated key where its type has one, else its id; empty if it has none."""
    curated = forms.ontology.nodes[far_type].key
    if curated is not None:
        return graph.far(far).first(curated).lower()
    return far if forms.schema(far_type) else ""


def _one_said(sayings: Sequence[Said]) -> Said:
    """How the only claim is said; several have no common grade, but the strictest handling."""
    if len(sayings) == 1:
        return sayings[0]
    strict = _strictest(said.handling for said in sayings)
    return Said(handling=strict) if strict != HANDLINGS[0] else OPEN


def _count_grades(forms: Forms, kind: str, sayings: Sequence[Said]) -> None:
    if len(sayings) > 1 and any(said != OPEN for said in sayings):
        forms.tally.lose(f"{kind}: grades, dates and addresses", GRADES)


def _strictest(handlings: Iterable[str]) -> str:
    return max(handlings, key=HANDLINGS.index, default=HANDLINGS[0])
