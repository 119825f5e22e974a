"""Which facts does a report list about each member of a cluster?"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from kg.clearance import CLEARED
from kg.findings import Member
from kg.ontology import HOLDING_TRAITS, Ontology
from kg.ontology.words import type_label
from kg.records import Link, Node
from kg.reports.cluster_report.sections.jurisdictions import jurisdiction_links
from kg.reports.cluster_report.sections.network import NODE_GROUPS, node_group
from kg.reports.cluster_report.sections.procedures import procedure_phrases
from kg.reports.cluster_report.sections.pursuits import (
    accusations,
    accusations_of_link,
    clearances,
    date_of_death,
    pursuits,
)
from kg.reports.cluster_report.sections.valuations import asset_values
from kg.reports.cluster_report.sections.values_by_status import enforcement_status
from kg.reports.context import POSTS, VICTIMS, ReportContext, ReportGraph
from kg.reports.entries import AssetEntry, PartyEntry, Procedure
from kg.reports.evidence import link_statement, node_details
from kg.reports.names import caption, other_names

NOT_ACCUSED = "Not accused in these sources."

EVERYBODY_CLEARED = "everybody accused of it is cleared"

MAX_REASONS = 4
"""Links listed as reasons for a membership; the number of the others is given."""


def group_members(ontology: Ontology, members: Iterable[Member]) -> dict[str, list[Member]]:
    """Members in the report's four groups, in the order given."""
    found: dict[str, list[Member]] = {"people": [], "enterprises": [], "arrangements": [], "assets": []}
    groups = dict(zip(NODE_GROUPS, found, strict=True))
    for member in members:
        found[groups[node_group(ontology, member.type)]].append(member)
    return found


def membership_links(member: Member, weights: Mapping[str, float]) -> list[str]:
    """The strongest of the links behind a member's role. Pursuits of a sought person are listed elsewhere."""
    if member.role == "sought":
        return []
    return sorted(member.because, key=lambda i: (-weights.get(i, 0.0), i))[:MAX_REASONS]


def party_entry(graph: ReportGraph, context: ReportContext, member: Member, weights: Mapping[str, float]) -> PartyEntry:
    """A person, enterprise or arrangement. `weights`: of the cluster's ties, by link."""
    node = context.nodes[member.id]
    pursued, accused = pursuits(context, node), accusations(context, node)
    because = membership_links(member, weights)
    person = graph.ontology.is_a(node.type, "Person")
    harmed = {link.target_id for link in context.outgoing(node.id, ["ACCUSED_OF"]) if _is_accused(context, link)}
    return PartyEntry(
        **_common_fields(graph, context, member),
        because=tuple(link_statement(context, context.links[i]) for i in because if i in context.links),
        because_left_out=len(member.because) - len(because) if because else 0,
        pursuits=pursued,
        accusations=accused,
        cleared=clearances(pursued, accused),
        note=NOT_ACCUSED if person and not (pursued or accused) else "",
        posts=tuple(link_statement(context, link) for link in context.outgoing(node.id, POSTS)),
        died=date_of_death(node),
        victims=tuple(link_statement(context, k) for i in sorted(harmed) for k in context.incoming(i, VICTIMS)),
    )


def _is_accused(context: ReportContext, link: Link) -> bool:
    """Whether a link from a party to an offence says more than that the party is cleared of it."""
    return any(accusation.stage != CLEARED for accusation in accusations_of_link(context, link))


def asset_entry(
    graph: ReportGraph,
    context: ReportContext,
    member: Member,
    procedures: Sequence[Procedure],
    cleared: Collection[str],
    day: str = "",
) -> AssetEntry:
    """An asset that is no party. `procedures` and `cleared`: those of its cluster, as `cleared_origins` gives them;
    `day`: that of the report.
    """
    node = context.nodes[member.id]
    holders = context.incoming(node.id, graph.ontology.with_trait(*HOLDING_TRAITS))
    proceeds = context.outgoing(node.id, graph.ontology.with_trait("proceeds"))
    return AssetEntry(
        **_common_fields(graph, context, member),
        because=(),  # who holds it says that
        because_left_out=0,
        held_by=tuple(link_statement(context, link) for link in holders),
        values=asset_values(context, node),
        measures=procedure_phrases(procedures, node.id),
        proceeds=tuple(
            replace(said, text=f"{said.text}; {EVERYBODY_CLEARED}") if link.target_id in cleared else said
            for link in proceeds
            for said in [link_statement(context, link)]
        ),
        state=enforcement_status(context, member.id, day, cleared) if day else "held",
    )


def _common_fields(graph: ReportGraph, context: ReportContext, member: Member) -> dict[str, Any]:
    """The fields that every entry has."""
    node = context.nodes[member.id]
    return {
        "id": node.id,
        "name": context.told_apart(node.id, caption(node)),
        "other_names": other_names(node),
        "kind": type_label(node.type),
        "role": member.role,
        "details": node_details(context, node),
        "where": jurisdiction_links(graph, context, node),
        "sources": node.sources,
        "invented": is_invented(graph, node),
    }


def is_invented(graph: ReportGraph, node: Node) -> bool:
    """Whether all sources of a node are invented."""
    return bool(node.sources) and all(n in graph.sources and graph.sources[n].invented for n in node.sources)
