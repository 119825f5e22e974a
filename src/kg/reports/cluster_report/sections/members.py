"""What is told of each member of a cluster?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from kg.findings import Member
from kg.ontology import Ontology
from kg.records import Node
from kg.reports.cluster_report.sections.jurisdictions import places
from kg.reports.cluster_report.sections.procedures import told_of
from kg.reports.cluster_report.sections.pursuits import accusations, clearances, pursuits
from kg.reports.cluster_report.sections.valuations import values
from kg.reports.cluster_report.sections.values_by_status import state
from kg.reports.context import HOLDINGS, Graph, Surroundings
from kg.reports.entries import AssetEntry, Party, Procedure
from kg.reports.evidence import statement
from kg.reports.names import caption, other_names
from kg.reports.terms import details, type_words

NOT_ACCUSED = "Not accused in these sources."

REASONS = 4
"""Links told of why a party is a member; how many more there are is said."""


def groups(ontology: Ontology, members: Iterable[Member]) -> dict[str, list[Member]]:
    """Members in the report's four groups, in the order given."""
    found: dict[str, list[Member]] = {"people": [], "enterprises": [], "arrangements": [], "assets": []}
    for member in members:
        found[_group(ontology, member.type)].append(member)
    return found


def reasons(member: Member, weights: Mapping[str, float]) -> list[str]:
    """The strongest of the links behind a member's role. The papers that name a sought person are told elsewhere."""
    if member.role == "sought":
        return []
    return sorted(member.because, key=lambda i: (-weights.get(i, 0.0), i))[:REASONS]


def party(graph: Graph, around: Surroundings, member: Member, weights: Mapping[str, float]) -> Party:
    """A person, enterprise or arrangement. `weights`: of the cluster's ties, by link."""
    node = around.nodes[member.id]
    papers, said = pursuits(around, node), accusations(around, node)
    because = reasons(member, weights)
    person = graph.ontology.is_a(node.type, "Person")
    return Party(
        **_entry(graph, around, member),
        because=tuple(statement(around, around.links[i]) for i in because if i in around.links),
        because_left_out=len(member.because) - len(because) if because else 0,
        pursuits=papers,
        accusations=said,
        cleared=clearances(papers, said),
        note=NOT_ACCUSED if person and not (papers or said) else "",
    )


def asset(graph: Graph, around: Surroundings, member: Member, about: Sequence[Procedure], day: str = "") -> AssetEntry:
    """A thing of worth that is no party; `about`: the procedures of its cluster; `day`: that of the report."""
    node = around.nodes[member.id]
    holders = around.arriving(node.id, graph.ontology.with_trait(*HOLDINGS))
    proceeds = around.leaving(node.id, graph.ontology.with_trait("proceeds"))
    return AssetEntry(
        **_entry(graph, around, member),
        because=(),  # who holds it says that
        because_left_out=0,
        held_by=tuple(statement(around, link) for link in holders),
        values=values(around, node),
        measures=told_of(about, node.id),
        proceeds=tuple(statement(around, link) for link in proceeds),
        state=state(member.id, about, day, proceeds=bool(proceeds)) if day else "held",
    )


def _entry(graph: Graph, around: Surroundings, member: Member) -> dict[str, Any]:
    """What every entry has."""
    node = around.nodes[member.id]
    return {
        "id": node.id,
        "name": caption(node),
        "other_names": other_names(node),
        "kind": type_words(node.type),
        "role": member.role,
        "details": details(graph.ontology, node),
        "where": places(graph, around, node),
        "sources": node.sources,
        "invented": invented(graph, node),
    }


def invented(graph: Graph, node: Node) -> bool:
    """Whether all that is known of a node is made up."""
    return bool(node.sources) and all(n in graph.sources and graph.sources[n].invented for n in node.sources)


def _group(ontology: Ontology, kind: str) -> str:
    """An enterprise is a party and an asset, and listed once; a party of unsaid kind stands with the people."""
    if ontology.is_a(kind, "Arrangement"):
        return "arrangements"
    if ontology.is_a(kind, "Enterprise") or ontology.is_a(kind, "Agency"):
        return "enterprises"
    return "people" if ontology.is_a(kind, "Party") else "assets"
