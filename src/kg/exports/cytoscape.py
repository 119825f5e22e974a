"""Writes a part of the graph for Cytoscape."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kg.exports.columns import link_label
from kg.exports.graph_attributes import GraphAnnotations
from kg.ontology import Ontology
from kg.records import NOT_UNDERSTOOD, Link, Node


def cytoscape_document(
    ontology: Ontology, nodes: Iterable[Node], links: Iterable[Link], annotations: GraphAnnotations
) -> dict[str, Any]:
    """The data of a `.cyjs` file of Cytoscape, which Cytoscape.js reads too: nodes by id, then links by id.

    Common keys come first, then the properties, each a list of texts; a property with the name of a common key gets
    an underscore.
    """
    return {
        "format_version": "1.0",
        "generated_by": "kg",
        "target_cytoscapejs_version": "~3.0",
        "data": {"name": "kg", "about": annotations.description},
        "elements": {
            "nodes": [{"data": _node_data(node, annotations.notes.get(node.id, {}))} for node in nodes],
            "edges": [{"data": _edge_data(ontology, link, annotations.notes.get(link.id, {}))} for link in links],
        },
    }


def _node_data(node: Node, notes: Mapping[str, str]) -> dict[str, Any]:
    shared: dict[str, Any] = {"id": node.id, "name": node.caption, "type": node.type, "sources": list(node.sources)}
    shared |= {"sought": bool(node.sought_under), **_unread(node)}
    return _with_properties({**shared, **notes}, node.properties)


def _edge_data(ontology: Ontology, link: Link, notes: Mapping[str, str]) -> dict[str, Any]:
    kind = ontology.links[link.type]
    ends = {"source": link.source_id, "target": link.target_id}
    common: dict[str, Any] = {"name": link_label(kind, link), "interaction": link.type, "sources": list(link.sources)}
    common |= {"symmetric": not kind.directed, **_unread(link)}
    return _with_properties({"id": link.id, **ends, **common, **notes}, link.properties)


def _unread(item: Node | Link) -> dict[str, Any]:
    return {NOT_UNDERSTOOD: [value._asdict() for value in item.not_understood]} if item.not_understood else {}


def _with_properties(fixed: dict[str, Any], properties: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    return {**fixed, **{f"{name}_" if name in fixed else name: list(v) for name, v in properties.items()}}
