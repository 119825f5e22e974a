"""Who is cleared by anybody, in a cluster or in none?"""

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
    """Every party of whom the issuer of a paper, or whoever speaks of an offence, says so; by name.

    `homes`: the cluster of each member.
    """
    ids = sorted(set(_candidate_ids(graph)))
    around = load_context(graph, ids) if ids else None
    found = [_cleared_party(around, i, clusters_by_member.get(i)) for i in ids if around and i in around.nodes]
    return tuple(sorted((p for p in found if p.cleared), key=lambda p: (p.name, p.id)))


def _candidate_ids(graph: ReportGraph) -> Iterable[str]:
    """Those with a paper that ended because they were cleared, or of whom somebody says so beside an accusation."""
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


def _cleared_party(context: ReportContext, node_id: str, home: Cluster | None) -> ClearedParty:
    node = context.nodes[node_id]
    said = clearances(pursuits(context, node), accusations(context, node))
    return ClearedParty(node.id, caption(node), said, home.id if home else "", home.name if home else "")
