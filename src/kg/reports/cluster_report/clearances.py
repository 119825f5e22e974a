"""Who is cleared by anybody, in a cluster or in none?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from kg.findings import Cluster
from kg.records import Link
from kg.reports.cluster_report.model import ClearedParty
from kg.reports.cluster_report.sections.pursuits import accusations, clearances, pursuits
from kg.reports.context import Graph, Surroundings, surroundings
from kg.reports.names import caption

CLEARED = "cleared"


def everybody_cleared(graph: Graph, homes: Mapping[str, Cluster]) -> tuple[ClearedParty, ...]:
    """Every party of whom the issuer of a paper, or whoever speaks of an offence, says so; by name.

    `homes`: the cluster of each member.
    """
    ids = sorted(set(_candidates(graph)))
    around = surroundings(graph, ids) if ids else None
    found = [_party(around, i, homes.get(i)) for i in ids if around and i in around.nodes]
    return tuple(sorted((p for p in found if p.cleared), key=lambda p: (p.name, p.id)))


def _candidates(graph: Graph) -> Iterable[str]:
    """Those with a paper that ended because they were cleared, or of whom somebody says so beside an accusation."""
    links = _links(graph, "pursuit", "accusation")
    papers = graph.store.nodes(sorted({link.target_id for link in links if "stage" not in link.properties}))
    for link in links:
        paper = papers.get(link.target_id)
        reasons = paper.properties.get("end_reason", ()) if paper else ()
        if CLEARED in (*link.properties.get("stage", ()), *reasons):
            yield link.source_id


def _links(graph: Graph, *traits: str) -> list[Link]:
    chosen = np.flatnonzero(graph.view.links_with(*traits))
    return list(graph.store.links_by_id([graph.view.link_id(int(link)) for link in chosen]).values())


def _party(around: Surroundings, node_id: str, home: Cluster | None) -> ClearedParty:
    node = around.nodes[node_id]
    said = clearances(pursuits(around, node), accusations(around, node))
    return ClearedParty(node.id, caption(node), said, home.id if home else "", home.name if home else "")
