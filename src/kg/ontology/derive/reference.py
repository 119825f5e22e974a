"""Descriptions of the ontology's types, traits, properties and grades as plain data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from kg.errors import NotFound
from kg.ontology.model import LinkType, NodeType, Ontology, Property
from kg.ontology.values import VALUE_TYPES

Data = dict[str, Any]

RELIABILITY = {
    "A": "completely reliable",
    "B": "usually reliable",
    "C": "fairly reliable",
    "D": "not usually reliable",
    "E": "unreliable",
    "F": "unknown: nobody can judge the source; this is not low",
}
"""Reliability of a source, as investigators grade it."""

CREDIBILITY = {
    "1": "confirmed by other sources",
    "2": "probably true",
    "3": "possibly true",
    "4": "doubtful",
    "5": "improbable",
    "6": "unknown: nobody can judge the information; this is not low",
}
"""Credibility of information, graded independently of its source."""

HANDLING = {
    "open": "its source sets no limit",
    "restricted": "to be passed on only as its source allows; the code stays with the claim",
    "protected": "asylum, health, counsel: never shown, exported or listed as a gap without that scope",
}
"""Handling codes of a claim or of a type of link."""


def overview(ontology: Ontology) -> Data:
    """Everything, as plain data: `nodes`, `links`, `traits`, `value_types` and `grades`."""
    return {
        "nodes": [_node(ontology, name) for name in ontology.nodes],
        "links": [_link(ontology, name) for name in ontology.links],
        "traits": [_trait(ontology, name) for name in ontology.traits],
        "value_types": [_value_type(ontology, name) for name in VALUE_TYPES],
        "grades": {"reliability": RELIABILITY, "credibility": CREDIBILITY, "handling": HANDLING},
    }


def describe(ontology: Ontology, name: str) -> Data:
    """The description of a node type, link type, trait, value type or property; case does not matter.

    `kind` says which of them it is. A name that means several things has the others under `also`, by kind. Raises
    NotFound, with the names that come close.
    """
    spellings = _spellings(ontology)
    meant = spellings.get(name.casefold(), set())
    if not meant:
        close = [s for key in get_close_matches(name.casefold(), spellings, n=3) for s in sorted(spellings[key])]
        hint = f"close to it: {', '.join(close)}" if close else "see `kg ref`"
        raise NotFound(f"the ontology has no type, trait or property {name!r}; {hint}")
    found = [
        {"kind": kind, **data(ontology, spelling)}
        for spelling in sorted(meant, key=lambda s: (s != name, s))
        for kind, data in _meanings(ontology, spelling)
    ]
    return {**found[0], "also": {other["kind"]: other for other in found[1:]}} if len(found) > 1 else found[0]


def _spellings(ontology: Ontology) -> Mapping[str, set[str]]:
    """Every name that has a meaning, by its text without case."""
    types = [*ontology.nodes, *ontology.links]
    properties = [name for t in types for name in ontology.properties(t)]
    found: dict[str, set[str]] = {}
    for name in (*types, *ontology.traits, *VALUE_TYPES, *properties):
        found.setdefault(name.casefold(), set()).add(name)
    return found


def _meanings(ontology: Ontology, name: str) -> Iterator[tuple[str, Callable[[Ontology, str], Data]]]:
    if name in ontology.nodes:
        yield "node type", _node
    if name in ontology.links:
        yield "link type", _link
    if name in ontology.traits:
        yield "trait", _trait
    if name in VALUE_TYPES:
        yield "value type", _value_type
    if _definitions(ontology, name):
        yield "property", _property_definitions


def _node(ontology: Ontology, name: str) -> Data:
    node = ontology.nodes[name]
    line = ontology.lineage(name)
    return {
        "name": name,
        "description": node.description,
        "lineage": list(line),
        "kinds": sorted(n for n, t in ontology.nodes.items() if name in t.extends),
        "abstract": node.abstract,
        "key": node.key or "",
        "caption": list(ontology.caption_properties(name)),
        "ftm": list(node.ftm),
        "links_out": [t.name for t in ontology.links.values() if set(line) & set(t.from_)],
        "links_in": [t.name for t in ontology.links.values() if set(line) & set(t.to)],
        "properties": _properties(ontology, name),
    }


def _link(ontology: Ontology, name: str) -> Data:
    link = ontology.links[name]
    return {
        "name": name,
        "description": link.description,
        "from": list(link.from_),
        "to": list(link.to),
        "caption": link.caption,
        "inverse": link.inverse,
        "directed": link.directed,
        "abstract": link.abstract,
        "traits": list(link.traits),
        "handling": link.handling,
        "ftm": [form.to_json(defaults=False) for form in link.ftm],
        "properties": _properties(ontology, name),
    }


def _trait(ontology: Ontology, name: str) -> Data:
    return {"name": name, "description": ontology.traits[name], "links": sorted(ontology.with_trait(name))}


def _value_type(_: Ontology, name: str) -> Data:
    kind = VALUE_TYPES[name]
    return {
        "name": name,
        "description": kind.description,
        "expected": kind.expected,
        "examples": {raw: kind.clean(raw) for raw in kind.examples},
    }


def _property_definitions(ontology: Ontology, name: str) -> Data:
    return {"name": name, "of": {t: _property(p[name]) for t, p in _definitions(ontology, name).items()}}


def _properties(ontology: Ontology, type_name: str) -> Data:
    """By name; `of` is the type that defines it, this one or one it inherits from."""
    found = {}
    for name, prop in ontology.properties(type_name).items():
        definers = [t for t, own in _definitions(ontology, name).items() if own[name] is prop]
        found[name] = {"of": definers[0], **_property(prop)}
    return found


def _definitions(ontology: Ontology, name: str) -> Mapping[str, Mapping[str, Property]]:
    """The types, with their own properties, that define a property of this name."""
    types: dict[str, NodeType | LinkType] = {**ontology.nodes, **ontology.links}
    return {t: types[t].properties for t in sorted(types) if name in types[t].properties}


def _property(prop: Property) -> Data:
    return {
        "type": prop.type,
        "description": prop.description,
        "expected": VALUE_TYPES[prop.type].expected,
        "values": list(prop.values),
        "pattern": prop.pattern or "",
        "identifies": prop.identifies,
        "ftm": list(prop.ftm),
    }
