"""Writes the graph as GraphML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO
from xml.sax.saxutils import escape, quoteattr

import orjson

from kg.exports.columns import VALUE_SEPARATOR, link_label, numeric_bounds, property_columns, unread_json
from kg.exports.summary import ExportCounts
from kg.ontology import Ontology
from kg.ports import DescribedNode, LinkWithEnds
from kg.records import NOT_UNDERSTOOD, Link, Node

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""
_TAIL = "</graph>\n</graphml>\n"

_NOT_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 does not allow, not even escaped."""

_NEEDS_ESCAPE = re.compile(rf"[&<>\r]|{_NOT_XML.pattern}")
"""Characters that have to be replaced in the text of an element."""

_TEXTS = {"other": "string", NOT_UNDERSTOOD: "string"}
NODE_KEYS = {"label": "string", "type": "string", "sources": "string", "sought": "boolean", **_TEXTS}
LINK_KEYS = {"label": "string", "type": "string", "sources": "string", "symmetric": "boolean", **_TEXTS}
"""Keys of every node and every link beside its properties. Gephi shows `label`."""


@dataclass(frozen=True, slots=True)
class GraphAnnotations:
    """Additions to a graph file: a description of the whole, and keys of single nodes and links."""

    description: str = ""
    node_types: frozenset[str] | None = None
    link_types: frozenset[str] | None = None
    """The types in the file, if known; properties of other types are not declared."""
    notes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Id of a node or link to more keys with their texts; no property may have their names."""


NO_ANNOTATIONS = GraphAnnotations()


def write_graphml(
    stream: IO[bytes],
    ontology: Ontology,
    nodes: Iterable[DescribedNode],
    links: Iterable[LinkWithEnds],
    counts: ExportCounts,
    annotations: GraphAnnotations = NO_ANNOTATIONS,
) -> Iterator[None]:
    """Write the graph, nodes by id and then links by id; yields after each.

    Properties are declared for every possible type, because the types are not known before they are written.
    """
    keys, notes = _AttributeKeys(ontology, annotations), annotations.notes
    about = f"<desc>{_xml_text(annotations.description)}</desc>\n" if annotations.description else ""
    stream.write((_HEAD + keys.declarations() + '<graph id="kg" edgedefault="directed">\n' + about).encode())
    for node, _ in nodes:
        counts.nodes[node.type] += 1
        counts.count_unread(node.type, node.not_understood)
        common = {"label": node.caption, "type": node.type, "sources": VALUE_SEPARATOR.join(node.sources)}
        values = {**common, "sought": _xml_boolean(bool(node.sought_under)), **_json_texts(node, node.other)}
        data = keys.data_elements("node", {**values, **notes.get(node.id, {})}, node.type, node.properties)
        stream.write(f"<node id={quoteattr(node.id)}>{data}</node>\n".encode())
        yield
    for link, _, other, _ in links:
        counts.links[link.type] += 1
        counts.count_unread(link.type, link.not_understood)
        kind = ontology.links[link.type]
        common = {"label": link_label(kind, link), "type": link.type, "sources": VALUE_SEPARATOR.join(link.sources)}
        values = {**common, "symmetric": _xml_boolean(not kind.directed), **_json_texts(link, other)}
        data = keys.data_elements("edge", {**values, **notes.get(link.id, {})}, link.type, link.properties)
        ends = f"source={quoteattr(link.source_id)} target={quoteattr(link.target_id)}"
        stream.write(f"<edge id={quoteattr(link.id)} {ends}>{data}</edge>\n".encode())
        yield
    stream.write(_TAIL.encode())


class _AttributeKeys:
    """The declared keys: the id of each in the file, and its type."""

    def __init__(self, ontology: Ontology, annotations: GraphAnnotations) -> None:
        self._ontology = ontology
        self._ids: dict[tuple[str, str], str] = {}
        self._types: dict[tuple[str, str], str] = {}
        more = dict.fromkeys(sorted({name for keys in annotations.notes.values() for name in keys}), "string")
        for kind, usual, names, there in (
            ("node", NODE_KEYS, ontology.node_names, annotations.node_types),
            ("edge", LINK_KEYS, ontology.link_names, annotations.link_types),
        ):
            fixed, types = {**usual, **more}, [name for name in names if there is None or name in there]
            named = {name: form for type_name in types for name, form in property_columns(ontology, type_name).items()}
            for name, form in {**fixed, **{n: f for n, f in sorted(named.items()) if n not in fixed}}.items():
                self._ids[kind, name] = f"{kind[0]}{len(self._ids)}"
                self._types[kind, name] = form
            for clash in fixed.keys() & named.keys():
                self._ids[kind, f"{clash}_"] = f"{kind[0]}{len(self._ids)}"
                self._types[kind, f"{clash}_"] = "string"

    def declarations(self) -> str:
        """One element for each key."""
        return "".join(
            f'<key id="{key}" for="{kind}" attr.name="{name}" attr.type="{self._types[kind, name]}"/>\n'
            for (kind, name), key in self._ids.items()
        )

    def data_elements(
        self, kind: str, fixed: Mapping[str, str], type_name: str, properties: Mapping[str, tuple[str, ...]]
    ) -> str:
        """The elements for one node or link; a property with the name of a fixed key gets an underscore."""
        texts = {f"{n}_" if n in fixed else n: VALUE_SEPARATOR.join(values) for n, values in properties.items()}
        known, numbers = self._ontology.properties(type_name), dict[str, str]()
        for name, values in properties.items():
            numbers |= numeric_bounds(known, name, values)
        return "".join(
            f'<data key="{self._ids[kind, name]}">{_xml_text(value)}</data>'
            for name, value in {**fixed, **texts, **numbers}.items()
            if value and (kind, name) in self._ids
        )


def _xml_text(value: str) -> str:
    return escape(_NOT_XML.sub("\ufffd", value), {"\r": "&#13;"}) if _NEEDS_ESCAPE.search(value) else value


def _xml_boolean(value: bool) -> str:
    return "true" if value else "false"


def _json_texts(item: Node | Link, other: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Values without a property, and values that could not be read, as JSON; empty for none."""
    unnamed = orjson.dumps(other, option=orjson.OPT_SORT_KEYS).decode() if other else ""
    return {"other": unnamed, NOT_UNDERSTOOD: unread_json(item.not_understood)}
