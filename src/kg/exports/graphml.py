"""Writes the graph as GraphML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO

from kg.exports.graph_attributes import (
    NO_ANNOTATIONS,
    GraphAnnotations,
    GraphAttribute,
    GraphAttributes,
    xml_attribute,
    xml_text,
)
from kg.exports.summary import ExportCounts
from kg.ontology import Ontology
from kg.ports import DescribedNode, LinkWithEnds

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""
_TAIL = "</graph>\n</graphml>\n"


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
    attributes = GraphAttributes(ontology, annotations)
    keys = "".join(
        f'<key id="{a.id}" for="{a.kind}" attr.name="{a.name}" attr.type="{a.type}"/>\n' for a in attributes.declared()
    )
    about = f"<desc>{xml_text(annotations.description)}</desc>\n" if annotations.description else ""
    stream.write(f'{_HEAD}{keys}<graph id="kg" edgedefault="directed">\n{about}'.encode())
    for node, _ in nodes:
        counts.count_node(node)
        data = _data_elements(attributes.of_node(node))
        stream.write(f"<node id={xml_attribute(node.id)}>{data}</node>\n".encode())
        yield
    for link, _, other, _ in links:
        counts.count_link(link)
        data = _data_elements(attributes.of_link(link, other))
        ends = f"source={xml_attribute(link.source_id)} target={xml_attribute(link.target_id)}"
        stream.write(f"<edge id={xml_attribute(link.id)} {ends}>{data}</edge>\n".encode())
        yield
    stream.write(_TAIL.encode())


def _data_elements(values: Iterable[tuple[GraphAttribute, str]]) -> str:
    return "".join(f'<data key="{attribute.id}">{xml_text(value)}</data>' for attribute, value in values)
