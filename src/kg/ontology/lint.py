"""Finds mistakes in an ontology that show only when all files are seen together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain

from kg.errors import InputLocation
from kg.ontology.model import HANDLINGS, LinkType, NodeType, Ontology, Property
from kg.ontology.values import VALUE_TYPES, BadValue

Problems = Iterator[tuple[InputLocation, str]]
"""The location of each mistake, and what was expected."""

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
        place = InputLocation(file, value=node.name)
        yield place, "expected a name that no link type and no label of the projection has"
    for parent in node.extends:
        if parent not in ontology.nodes:
            yield InputLocation(file, key="extends", value=parent), "expected the name of another node type"
    if node.key is not None and node.key not in node.properties:
        yield InputLocation(file, key="key", value=node.key), "expected one of this type's own properties"
    yield from _line_problems(file, "description", node.description)
    yield from _property_problems(file, node.properties)


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
        for name in chain.from_iterable(caption.split() for caption in node.caption):
            if name not in ontology.properties(node.name):
                expected = f"expected one of {', '.join(ontology.properties(node.name))}"
                yield InputLocation(_node_file(node.name), key="caption", value=name), expected
        layers = [(n, ontology.nodes[n].properties) for n in reversed(ontology.lineage(node.name))]
        yield from _type_change_problems(_node_file(node.name), layers)


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
    if not link.abstract:  # without a trait no analysis would ever see the link
        ends_and_words = {"from": link.from_, "to": link.to, "caption": link.caption, "inverse": link.inverse}
        for key in (key for key, given in {**ends_and_words, "traits": link.traits}.items() if not given):
            yield InputLocation(file, key=key), "expected a value; only an abstract link may leave it out"
    if not link.directed and (set(link.from_) != set(link.to) or link.caption != link.inverse):
        expected = "expected the same ends and the same words both ways where it is false"
        yield InputLocation(file, key="directed"), expected
    yield from _role_problems(ontology, link)
    for key, words in (("caption", link.caption), ("inverse", link.inverse)):
        yield from _line_problems(file, key, words) if words else ()
    yield from _line_problems(file, "description", link.description)
    yield from _property_problems(file, link.properties)


def _role_problems(ontology: Ontology, link: LinkType) -> Problems:
    """Words of roles that no link could have, and such as are none."""
    file = _link_file(link.name)
    if link.roles and "role" not in ontology.properties(link.name):
        yield InputLocation(file, key="roles"), "expected a property role, whose words choose among them"
    for role, words in link.roles.items():
        if not re.fullmatch(r"[a-z]+", role):
            yield InputLocation(file, key=f"roles.{role}"), "expected a word in small letters"
        for key, text in (("caption", words.caption), ("inverse", words.inverse)):
            yield from _line_problems(file, f"roles.{role}.{key}", text)


def _base_link_problems(ontology: Ontology) -> Problems:
    """One abstract link at most, whose properties every other link has."""
    shared = [t for t in ontology.links.values() if t.abstract]
    for link in shared[1:]:
        expected = f"expected one abstract link; {shared[0].name} is it already"
        yield InputLocation(_link_file(link.name), key="abstract"), expected
    for link in ontology.links.values():
        layers = [(t.name, t.properties) for t in (*shared[:1], link)]
        yield from _type_change_problems(_link_file(link.name), layers)


def _trait_problems(ontology: Ontology) -> Problems:
    for name, words in ontology.traits.items():
        if not re.fullmatch(r"[a-z][a-z_]*", name):
            yield InputLocation("traits.toml", key=name), "expected a name such as no_agreement"
        yield from _line_problems("traits.toml", name, words)


def _node_file(name: str) -> str:
    return f"nodes/{name}.toml"


def _link_file(name: str) -> str:
    return f"links/{name}.toml"


def _property_problems(file: str, properties: Mapping[str, Property]) -> Problems:
    """Mistakes in the properties that one file declares."""
    for name, prop in properties.items():
        key = f"properties.{name}"
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
            yield InputLocation(file, key=key), "expected a name such as birth_date"
        if prop.identifies and prop.type != "identifier":
            yield InputLocation(file, key=f"{key}.identifies"), "expected only on properties of type identifier"
        for value in prop.values:
            if not _is_canonical(VALUE_TYPES[prop.type].clean, value):
                place = InputLocation(file, key=f"{key}.values", value=value)
                yield place, f"expected the canonical text of a {prop.type}"
        if prop.example and not _is_canonical(prop.clean, prop.example):
            yield InputLocation(file, key=f"{key}.example", value=prop.example), "expected a value of this property"
        yield from _line_problems(file, f"{key}.description", prop.description)


def _is_canonical(clean: Callable[[str], str], value: str) -> bool:
    """Whether a claim could ever have this value: claims are compared after cleaning."""
    try:
        return clean(value) == value
    except BadValue:
        return False


def _line_problems(file: str, key: str, words: object) -> Problems:
    """A mistake for a description that is not one line of text."""
    if not isinstance(words, str) or not words.strip() or "\n" in words:
        shown = None if isinstance(words, str) else str(words)
        yield InputLocation(file, key=key, value=shown), "expected words on one line"


def _type_change_problems(file: str, layers: Iterable[tuple[str, Mapping[str, Property]]]) -> Problems:
    """Properties whose value type differs from the inherited one; each layer is a type and its own properties."""
    first: dict[str, tuple[str, str]] = {}
    for owner, properties in layers:
        for name, prop in properties.items():
            above, kind = first.setdefault(name, (owner, prop.type))
            if prop.type != kind:
                place = InputLocation(file, key=f"properties.{name}.type", value=prop.type)
                yield place, f"expected {kind}, as in {above}"
