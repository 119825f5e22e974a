"""Writes the graph as GEXF 1.3, the format of Gephi."""

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
from kg.ontology.values import date_span
from kg.ports import DescribedNode, LinkWithEnds
from kg.records import Link

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://gexf.net/1.3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="http://gexf.net/1.3 http://gexf.net/1.3/gexf.xsd" version="1.3">
"""
_GRAPH = """<graph mode="dynamic" defaultedgetype="directed" idtype="string" timeformat="date" \
timerepresentation="interval">
"""
_TAIL = "</edges>\n</graph>\n</gexf>\n"

_OWN_FIELDS = ("label",)
"""What GEXF has a field of its own for."""


def write_gexf(
    stream: IO[bytes],
    ontology: Ontology,
    nodes: Iterable[DescribedNode],
    links: Iterable[LinkWithEnds],
    counts: ExportCounts,
    annotations: GraphAnnotations = NO_ANNOTATIONS,
) -> Iterator[None]:
    """Write the graph, nodes by id and then links by id; yields after each."""
    attributes = GraphAttributes(ontology, annotations)
    about = f"<description>{xml_text(annotations.description)}</description>" if annotations.description else ""
    stream.write(f"{_HEAD}<meta><creator>kg</creator>{about}</meta>\n{_GRAPH}".encode())
    for kind in ("node", "edge"):
        declared = "".join(
            f'<attribute id="{a.id}" title="{a.name}" type="{a.type}"/>\n'
            for a in attributes.declared()
            if a.kind == kind and a.name not in _OWN_FIELDS
        )
        stream.write(f'<attributes class="{kind}" mode="static">\n{declared}</attributes>\n'.encode())
    stream.write(b"<nodes>\n")
    for node, _ in nodes:
        counts.count_node(node)
        label, data = _label_and_values(attributes.of_node(node))
        stream.write(f"<node id={xml_attribute(node.id)} label={label}>{data}</node>\n".encode())
        yield
    stream.write(b"</nodes>\n<edges>\n")
    for link, _, other, _ in links:
        counts.count_link(link)
        label, data = _label_and_values(attributes.of_link(link, other))
        ends = f"source={xml_attribute(link.source_id)} target={xml_attribute(link.target_id)}"
        weight = f'weight="{float(max(1, len(link.sources)))}"'
        head = f'<edge id={xml_attribute(link.id)} {ends} kind="{link.type}" label={label} {weight}>'
        stream.write(f"{head}{data}{_spell(link)}</edge>\n".encode())
        yield
    stream.write(_TAIL.encode())


def _label_and_values(values: Iterable[tuple[GraphAttribute, str]]) -> tuple[str, str]:
    """The label, and the element of all other attributes; empty for none."""
    given = list(values)
    label = next((value for attribute, value in given if attribute.name in _OWN_FIELDS), "")
    data = "".join(
        f'<attvalue for="{attribute.id}" value={xml_attribute(value)}/>'
        for attribute, value in given
        if attribute.name not in _OWN_FIELDS
    )
    return xml_attribute(label), f"<attvalues>{data}</attvalues>" if data else ""


def _spell(link: Link) -> str:
    """From the first to the last day on which the link may have been in force; empty if that is not known.

    A partial date begins with its first day and ends with its last one. Dates that contradict each other are no spell.
    """
    once = link.properties.get("date", ())
    starts = [date_span(text).first.isoformat() for text in (*link.properties.get("start_date", ()), *once)]
    ends = [date_span(text).last.isoformat() for text in (*link.properties.get("end_date", ()), *once)]
    start, end = min(starts, default=""), max(ends, default="")
    if not (start or end) or (start and end and start > end):
        return ""
    days = (f' {name}="{day}"' for name, day in (("start", start), ("end", end)) if day)
    return f"<spells><spell{''.join(days)}/></spells>"
