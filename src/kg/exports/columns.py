"""The columns of properties in tables and graph files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import orjson

from kg.ontology import LinkType, Ontology, Property
from kg.ontology.values import percent_interval
from kg.records import Link, UnreadValue

VALUE_SEPARATOR = "; "
"""Separator of several values in one cell."""

NUMERIC_TYPES = ("percent", "number")
"""Value types with two more columns: the lowest and the highest value as plain numbers."""


def property_columns(ontology: Ontology, type_name: str) -> dict[str, str]:
    """The columns of a type's properties: name to `string` or `double`."""
    found: dict[str, str] = {}
    for name, prop in ontology.properties(type_name).items():
        found[name] = "string"
        if prop.type in NUMERIC_TYPES:
            found |= {f"{name}_low": "double", f"{name}_high": "double"}
    return found


def numeric_bounds(known: Mapping[str, Property], name: str, values: Sequence[str]) -> dict[str, str]:
    """The lowest and highest value of a property; empty if it is not numeric."""
    if not values or name not in known or known[name].type not in NUMERIC_TYPES:
        return {}
    spans = [percent_interval(text) for text in values]
    return {f"{name}_low": str(min(s.low for s in spans)), f"{name}_high": str(max(s.high for s in spans))}


def unread_json(values: Sequence[UnreadValue]) -> str:
    """Values that could not be read, as JSON; empty for none."""
    return orjson.dumps([value._asdict() for value in values]).decode() if values else ""


def link_label(kind: LinkType, link: Link) -> str:
    """A link in words. An accusation has its stage and its sources: without a stage it is an allegation."""
    if "accusation" not in kind.traits:
        return kind.words(link.properties).caption
    stages = ", ".join(link.properties.get("stage", ())) or "alleged"
    return f"{kind.caption} ({stages}, says {', '.join(link.sources)})"
