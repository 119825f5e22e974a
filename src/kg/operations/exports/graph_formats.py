"""Answers as files for programs that draw graphs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from operator import attrgetter
from typing import TYPE_CHECKING

from kg.errors import InputError, QuestionError
from kg.ontology import Ontology
from kg.ontology.handling import OPEN, strictest
from kg.operations.question_result import QuestionResult
from kg.operations.store.as_of import nodes_as_of
from kg.operations.subgraphs.summaries import link_handling
from kg.ports import DescribedNode, LinkWithEnds, Store
from kg.records import GraphVersion, Link, Node

if TYPE_CHECKING:
    from kg.findings import Cluster, Clusters, RankedPaths
    from kg.operations.answers.subgraphs import SubgraphAnswer

GRAPH_FORMATS = ("graphml", "gexf", "cytoscape", "svg")
"""Formats for yEd and NetworkX, for Gephi, for Cytoscape, and a picture."""

MAX_DRAWN = 500
"""Nodes of a picture; nobody can read one with more."""

DISCLAIMER = "Each link is what its sources say; an allegation is no finding."


@dataclass(frozen=True, slots=True)
class Subgraph:
    """A part of the graph, with a description and annotations."""

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    """Between these nodes."""
    description: str
    annotations: Mapping[str, Mapping[str, str]]
    """Id of a node or link to more keys with their texts."""


def subgraph_of_paths(result: QuestionResult[RankedPaths]) -> Subgraph:
    """All paths of an answer; `on_paths` of a node or link has the ranks of its paths, `held` whether a link held."""
    answer = result.finding
    notes: dict[str, dict[str, str]] = {name: {} for name in (*result.nodes, *result.links)}
    for rank, path in enumerate(answer.paths, 1):
        links = {link.id: link.holds for hop in path.hops for link in hop.links}
        for name in dict.fromkeys((*path.nodes, *links)):
            before = notes[name].get("on_paths")
            notes[name]["on_paths"] = f"{before} {rank}" if before else str(rank)
            if links.get(name):
                notes[name]["held"] = links[name]
    cut = f" The search was cut short by its budget of {answer.cut}." if answer.cut else ""
    about = f"{len(answer.paths)} paths from {answer.start} to {answer.goal}, ranking {answer.ranking}.{cut}"
    return _build_subgraph(result.nodes.values(), result.links.values(), about, answer.version, notes)


def subgraph_of_cluster(store: Store, clusters: Clusters, cluster: Cluster) -> Subgraph:
    """The members of a cluster with their `role`, and the links between them that form ties or determine roles."""
    nodes = store.nodes(member.id for member in cluster.members)
    names = (tie.id for tie in cluster.ties), (link for member in cluster.members for link in member.because)
    links = store.links_by_id(dict.fromkeys(name for some in names for name in some))
    notes: dict[str, dict[str, str]] = {m.id: {"cluster_role": m.role} for m in cluster.members}
    notes |= {tie.id: {"tie_weight": f"{tie.weight:g}"} for tie in cluster.ties}
    inside = [k for k in links.values() if k.source_id in nodes and k.target_id in nodes]
    about = f"{cluster.name} ({cluster.id}). Membership in a cluster is not wrongdoing."
    return _build_subgraph(nodes.values(), inside, about, clusters.version, notes)


def subgraph_of_selection(store: Store, answer: SubgraphAnswer) -> Subgraph:
    """Nodes that somebody chose and the links between them, as an answer has them."""
    nodes = nodes_as_of(store, list(answer.nodes), answer.as_of)
    links = store.links_by_id([link.id for link in answer.links])
    notes = {link.id: {"held": link.holds} for link in answer.links if link.holds}
    day = f" As of {answer.as_of}." if answer.as_of else ""
    more = f" {answer.links_left_out} links are left out." if answer.links_left_out else ""
    about = f"{len(nodes)} nodes and the links between them.{day}{more}"
    return _build_subgraph(nodes.values(), links.values(), about, store.version(), notes)


def render_subgraph(
    ontology: Ontology, subgraph: Subgraph, graph_format: str, places: Mapping[str, tuple[float, float]] | None = None
) -> bytes:
    """The content of a file in a format, one of GRAPH_FORMATS; `places` of nodes in a picture, by id.

    Raises InputError for another format, for too many to draw, and for two at one place.
    """
    import orjson

    from kg.exports.cytoscape import cytoscape_document
    from kg.exports.graph_attributes import GraphAnnotations
    from kg.exports.summary import ExportCounts
    from kg.operations.exports.export import GRAPH_WRITERS

    if graph_format == "svg":
        return _render_picture(ontology, subgraph, places)
    types = {node.id: node.type for node in subgraph.nodes}
    kinds = frozenset(types.values()), frozenset(link.type for link in subgraph.links)
    beside = GraphAnnotations(subgraph.description, *kinds, subgraph.annotations)
    if graph_format == "cytoscape":
        return orjson.dumps(cytoscape_document(ontology, subgraph.nodes, subgraph.links, beside))
    if graph_format not in GRAPH_WRITERS:
        raise InputError(f"format {graph_format!r}: expected one of {', '.join(GRAPH_FORMATS)}")
    stream = BytesIO()
    nodes = (DescribedNode(node, ()) for node in subgraph.nodes)
    links = (LinkWithEnds(link, (types[link.source_id], types[link.target_id]), {}, False) for link in subgraph.links)
    for _ in GRAPH_WRITERS[graph_format](stream, ontology, nodes, links, ExportCounts(), beside):
        pass
    return stream.getvalue()


def _render_picture(ontology: Ontology, subgraph: Subgraph, places: Mapping[str, tuple[float, float]] | None) -> bytes:
    """The graph as SVG, the same for the same graph; what is not for everybody is said in it."""
    from kg.reports.cluster_report.sections.network import subgraph_diagram
    from kg.reports.render.files import render_network

    if len(subgraph.nodes) > MAX_DRAWN:
        raise QuestionError("format", "svg", f"expected at most {MAX_DRAWN} nodes in a picture")
    handling = strictest(
        (*(node.handling for node in subgraph.nodes), *(link_handling(ontology, link) for link in subgraph.links))
    )
    warnings = [] if handling == OPEN else [f"Some of what is shown is {handling}."]
    diagram = subgraph_diagram(ontology, subgraph.nodes, subgraph.links)
    try:
        return render_network(diagram, subgraph.description, (subgraph.description, *warnings), places).encode()
    except ValueError as error:
        raise QuestionError("positions", "", str(error)) from None


def _build_subgraph(
    nodes: Iterable[Node],
    links: Iterable[Link],
    description: str,
    version: GraphVersion,
    annotations: Mapping[str, dict[str, str]],
) -> Subgraph:
    by_id = attrgetter("id")
    text = f"{description} {DISCLAIMER} Graph {version}."
    return Subgraph(tuple(sorted(nodes, key=by_id)), tuple(sorted(links, key=by_id)), text, annotations)
