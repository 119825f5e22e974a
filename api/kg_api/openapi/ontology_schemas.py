"""OpenAPI schemas for the node and link types of the ontology."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kg.ontology import LinkType, NodeType, Ontology, Property

UNION_SCHEMAS = {"EntityOut": "AnyEntity", "LinkOut": "AnyLink"}
"""The schemas of nodes and links, and the name of the union over their types."""

PATTERNS = {
    "date": r"^\d{4}(-\d{2}(-\d{2})?)?$",
    "flag": "^(yes|no)$",
    "jurisdiction": r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$",
    "url": "^https?://",
}
"""The format of the canonical texts of a value type, as far as a pattern can state it."""

_REF = "#/components/schemas/"

Schema = dict[str, Any]


def add_ontology_schemas(document: Schema, ontology: Ontology) -> Schema:
    """The document with a schema for each type of node and link, and answers that say by `type` which one they are.

    A type's properties stand in `<type>.properties`, its own beside those of the types that it extends, as in the
    ontology. More may be there: where sources contradict each other about a type, the properties of all are kept.
    """
    schemas: Schema = document["components"]["schemas"]
    _replace_references(document, {f"{_REF}{base}": f"{_REF}{union}" for base, union in UNION_SCHEMAS.items()})
    for node in ontology.nodes.values():
        schemas[f"{node.name}.properties"] = _properties_schema(node, node.extends, node.properties)
    for link in ontology.links.values():
        above = [other.name for other in ontology.links.values() if other.abstract and other.name != link.name]
        schemas[f"{link.name}.properties"] = _properties_schema(link, above, link.properties)
    for base, names in (("EntityOut", ontology.node_names), ("LinkOut", ontology.link_names)):
        schemas |= {name: _type_schema(base, name) for name in names}
        schemas[UNION_SCHEMAS[base]] = {
            "title": UNION_SCHEMAS[base],
            "oneOf": [{"$ref": f"{_REF}{name}"} for name in names],
            "discriminator": {"propertyName": "type", "mapping": {name: f"{_REF}{name}" for name in names}},
        }
    return document


def drop_unused_schemas(document: Schema) -> None:
    """Remove the schemas to which no operation refers, directly or through others."""
    schemas: Schema = document["components"]["schemas"]
    used, waiting = set[str](), [document["paths"]]
    while waiting:
        found = {each["$ref"].removeprefix(_REF) for each in _objects_in(waiting.pop()) if "$ref" in each} - used
        used |= found
        waiting += (schemas[name] for name in found)
    for name in schemas.keys() - used:
        del schemas[name]


def _type_schema(base: str, name: str) -> Schema:
    own = {"type": {"const": name}, "properties": {"$ref": f"{_REF}{name}.properties"}}
    return {"title": name, "allOf": [{"$ref": f"{_REF}{base}"}, {"type": "object", "properties": own}]}


def _properties_schema(
    kind: NodeType | LinkType, above: tuple[str, ...] | list[str], own: Mapping[str, Property]
) -> Schema:
    found: Schema = {"title": f"Properties of {kind.name}", "type": "object", "description": kind.description}
    if above:
        found["allOf"] = [{"$ref": f"{_REF}{name}.properties"} for name in above]
    return found | {"properties": {name: _values_schema(prop) for name, prop in own.items()}}


def _values_schema(prop: Property) -> Schema:
    """All values of a property: texts, in the one form that the value type has for each."""
    one: Schema = {"type": "string"}
    if prop.values:
        one["enum"] = list(prop.values)
    elif prop.pattern:
        one["pattern"] = f"^(?:{prop.pattern.removeprefix('^').removesuffix('$')})$"
    elif prop.type in PATTERNS:
        one["pattern"] = PATTERNS[prop.type]
    return {"type": "array", "minItems": 1, "items": one, "description": f"{prop.description} ({prop.type})"}


def _replace_references(part: Any, ways: Mapping[str, str]) -> None:
    """Replace references in a document."""
    for each in _objects_in(part):
        if each.get("$ref") in ways:
            each["$ref"] = ways[each["$ref"]]


def _objects_in(part: Any) -> Iterator[Schema]:
    if isinstance(part, dict):
        yield part
        for value in part.values():
            yield from _objects_in(value)
    elif isinstance(part, list):
        for value in part:
            yield from _objects_in(value)
