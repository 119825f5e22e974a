"""Who is cleared by some source, in a cluster or not?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from kg.findings import Cluster
from kg.records import Link
from kg.reports.cluster_report.model import ClearedParty
from kg.reports.cluster_report.sections.pursuits import accusations, clearances, pursuits
from kg.reports.context import ReportContext, ReportGraph, load_context
from kg.reports.names import caption

CLEARED = "cleared"


def cleared_parties(graph: ReportGraph, clusters_by_member: Mapping[str, Cluster]) -> tuple[ClearedParty, ...]:
    """Every party cleared by the issuer of a warrant or notice, or by whoever speaks of an offence; by name."""
    ids = sorted(set(_candidate_ids(graph)))
    context = load_context(graph, ids) if ids else None
    found = [_cleared_party(context, i, clusters_by_member.get(i)) for i in ids if context and i in context.nodes]
    return tuple(sorted((p for p in found if p.cleared), key=lambda p: (p.name, p.id)))


def _candidate_ids(graph: ReportGraph) -> Iterable[str]:
    """Those with a warrant or notice that ended because they were cleared, or with an accusation that says so."""
    links = _links_with_traits(graph, "pursuit", "accusation")
    papers = graph.store.nodes(sorted({link.target_id for link in links if "stage" not in link.properties}))
    for link in links:
        paper = papers.get(link.target_id)
        reasons = paper.properties.get("end_reason", ()) if paper else ()
        if CLEARED in (*link.properties.get("stage", ()), *reasons):
            yield link.source_id


def _links_with_traits(graph: ReportGraph, *traits: str) -> list[Link]:
    chosen = np.flatnonzero(graph.view.links_with(*traits))
    return list(graph.store.links_by_id([graph.view.link_id(int(link)) for link in chosen]).values())


def _cleared_party(context: ReportContext, node_id: str, cluster: Cluster | None) -> ClearedParty:
    node = context.nodes[node_id]
    cleared = clearances(pursuits(context, node), accusations(context, node))
    return ClearedParty(node.id, caption(node), cleared, cluster.id if cluster else "", cluster.name if cluster else "")
