"""Finds mistakes in an ontology that show only when all files are seen together."""

from __future__ import annotations

import re

from kg.errors import InputLocation
from kg.ontology.model import LinkType, NodeType, Ontology
from kg.ontology.property_lint import Problems, line_problems, property_problems, type_change_problems

HANDLINGS = ("open", "restricted", "protected")
"""Handling codes of a claim; `protected` is never shown or exported without that scope."""

RESERVED = ("Fugitive",)
"""Labels that the projection puts on nodes; no type may bear them."""


def problems(ontology: Ontology) -> Problems:
    """Every mistake that only shows when all files are seen together: nodes, links, traits, each in file order.

    Where a node type is not sound, nothing is said of what types inherit: it may have no lineage.
    """
    unsound = [p for node in ontology.nodes.values() for p in _node_problems(ontology, node)]
    unsound += _cycle_problems(ontology)
    yield from unsound
    if not unsound:
        yield from _inheritance_problems(ontology)
    for link in ontology.links.values():
        yield from _link_problems(ontology, link)
    yield from _base_link_problems(ontology)
    yield from _trait_problems(ontology)


def _node_problems(ontology: Ontology, node: NodeType) -> Problems:
    file = _node_file(node.name)
    if not re.fullmatch(r"[A-Z][A-Za-z]+", node.name):
        yield InputLocation(file, value=node.name), "expected a name such as RealEstate"
    if node.name in (*RESERVED, *ontology.links):
        yield (
            InputLocation(file, value=node.name),
            "expected a name that no link type and no label of the projection has",
        )
    for parent in node.extends:
        if parent not in ontology.nodes:
            yield InputLocation(file, key="extends", value=parent), "expected the name of another node type"
    if node.key is not None and node.key not in node.properties:
        yield InputLocation(file, key="key", value=node.key), "expected one of this type's own properties"
    yield from line_problems(file, "description", node.description)
    yield from property_problems(file, node.properties)


def _cycle_problems(ontology: Ontology) -> Problems:
    for name in ontology.nodes:
        seen, frontier = set[str](), [name]
        while frontier:
            parents = [p for n in frontier for p in ontology.nodes[n].extends if p in ontology.nodes]
            if name in parents:
                yield InputLocation(_node_file(name), key="extends"), "a type cannot extend itself, however far round"
                break
            frontier = [p for p in parents if p not in seen]
            seen.update(frontier)


def _inheritance_problems(ontology: Ontology) -> Problems:
    """A property keeps its value type all the way down, and a caption names properties that there are."""
    for node in ontology.nodes.values():
        for name in node.caption:
            if name not in ontology.properties(node.name):
                expected = f"expected one of {', '.join(ontology.properties(node.name))}"
                yield InputLocation(_node_file(node.name), key="caption", value=name), expected
        layers = [(n, ontology.nodes[n].properties) for n in reversed(ontology.lineage(node.name))]
        yield from type_change_problems(_node_file(node.name), layers)


def _link_problems(ontology: Ontology, link: LinkType) -> Problems:
    file = _link_file(link.name)
    if not re.fullmatch(r"[A-Z][A-Z_]+", link.name):
        yield InputLocation(file, value=link.name), "expected a name such as HAS_ADDRESS"
    for key, ends in (("from", link.from_), ("to", link.to)):
        for end in ends:
            if end not in ontology.nodes:
                yield InputLocation(file, key=key, value=end), "expected the name of a node type"
    for trait in link.traits:
        if trait not in ontology.traits:
            yield InputLocation(file, key="traits", value=trait), f"expected one of {', '.join(ontology.traits)}"
    if link.handling not in HANDLINGS:
        yield InputLocation(file, key="handling", value=link.handling), f"expected one of {', '.join(HANDLINGS)}"
    if not link.abstract:
        yield from _missing_values(file, link)
    if not link.directed and (set(link.from_) != set(link.to) or link.caption != link.inverse):
        yield (
            InputLocation(file, key="directed"),
            "expected the same ends and the same words both ways where it is false",
        )
    yield from line_problems(file, "description", link.description)
    yield from property_problems(file, link.properties)


def _missing_values(file: str, link: LinkType) -> Problems:
    """What only an abstract link may leave out; without a trait no analysis would ever see the link."""
    for key, words in (
        ("from", link.from_),
        ("to", link.to),
        ("caption", link.caption),
        ("inverse", link.inverse),
        ("traits", link.traits),
    ):
        if not words:
            yield InputLocation(file, key=key), "expected a value; only an abstract link may leave it out"


def _base_link_problems(ontology: Ontology) -> Problems:
    """One abstract link at most, whose properties every other link has."""
    shared = [t for t in ontology.links.values() if t.abstract]
    for link in shared[1:]:
        yield (
            InputLocation(_link_file(link.name), key="abstract"),
            f"expected one abstract link; {shared[0].name} is it already",
        )
    for link in ontology.links.values():
        layers = [(t.name, t.properties) for t in (*shared[:1], link)]
        yield from type_change_problems(_link_file(link.name), layers)


def _trait_problems(ontology: Ontology) -> Problems:
    for name, words in ontology.traits.items():
        if not re.fullmatch(r"[a-z][a-z_]*", name):
            yield InputLocation("traits.toml", key=name), "expected a name such as no_agreement"
        yield from line_problems("traits.toml", name, words)


def _node_file(name: str) -> str:
    return f"nodes/{name}.toml"


def _link_file(name: str) -> str:
    return f"links/{name}.toml"
