"""What connects one cluster: its most important links, its key connectors and its minimum cut?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from kg.findings import CentralMember, Cluster, Tie, TieImportance

# NetworkX takes longer to import than to find the clusters of a small graph: a function imports it when it is needed.
if TYPE_CHECKING:
    import networkx as nx

MAX_RESISTANCE_MEMBERS = 400
"""Most members of a cluster whose ties all get a spanning edge centrality; in a larger one only bridges do."""

MAX_CUT_MEMBERS = 150
"""Most members of a cluster whose minimum cut is computed."""

MAX_EXACT_MEMBERS = 300
"""Most members from which shortest paths are counted for betweenness; in a larger cluster a sample of so many."""

MAX_BETWEENNESS_STEPS = 1_000_000
"""Most ties and members visited while shortest paths are counted: the sample is smaller where a cluster is large."""

MAX_SHOWN = 50
"""Most ties and key connectors that are listed."""

Pair = tuple[str, str]


def connectivity(cluster: Cluster) -> tuple[tuple[TieImportance, ...], tuple[CentralMember, ...], tuple[str, ...]]:
    """The ties by importance, the key connectors, and the minimum cut; MAX_SHOWN of each at most.

    Parallel ties are one edge with the total weight of the strongest of each type.
    """
    ties = _ties_by_pair(cluster.ties)
    graph = _member_graph(cluster, ties)
    return _ranked_ties(cluster, graph, ties), _key_connectors(graph), _minimum_cut(graph, ties)


def cut_off_members(cluster: Cluster) -> dict[str, tuple[str, ...]]:
    """The members that are cut off without each of the cluster's bridges, by the bridge's id.

    Of the two sides it is the one with fewer people sought, then fewer members, then without the smallest id.
    """
    return _cut_off_members(cluster, _member_graph(cluster, _ties_by_pair(cluster.ties)))


def parallel_weight(ties: Sequence[Tie]) -> float:
    """The weight of parallel ties together: the sum of the strongest of each type."""
    strongest: dict[str, float] = {}
    for tie in ties:
        strongest[tie.type] = max(tie.weight, strongest.get(tie.type, 0.0))
    return sum(strongest[kind] for kind in sorted(strongest))


def spanning_edge_centrality(graph: nx.Graph[str]) -> Mapping[Pair, float]:
    """For each edge of a connected graph, the part of the connection of its ends that goes through it: 0 to 1.

    It is weight times effective resistance: the probability that the edge is in a spanning tree drawn by weight. It is
    1 for a bridge, and the sum over all edges is one less than the number of nodes (Spielman and Srivastava, "Graph
    sparsification by effective resistances", SIAM J. Comput. 40 (2011) 1913). Empty for more than
    MAX_RESISTANCE_MEMBERS nodes.
    """
    nodes = sorted(graph)
    if not 1 < len(nodes) <= MAX_RESISTANCE_MEMBERS:
        return {}
    at = {node: i for i, node in enumerate(nodes)}
    inverse = _laplacian_pseudoinverse(graph, at)
    found = {}
    w: float
    for a, b, w in graph.edges(data="weight"):
        i, j = at[a], at[b]
        part = w * (inverse[i, i] + inverse[j, j] - 2 * inverse[i, j])
        found[min(a, b), max(a, b)] = min(1.0, max(0.0, round(float(part), 6)))
    return found


def _laplacian_pseudoinverse(graph: nx.Graph[str], at: Mapping[str, int]) -> Any:
    """The pseudoinverse of the Laplacian of a connected graph: a constant added to each entry makes it invertible."""
    laplacian = np.zeros((len(at), len(at)))
    w: float
    for a, b, w in sorted(graph.edges(data="weight")):
        i, j = at[a], at[b]
        laplacian[i, j] -= w
        laplacian[j, i] -= w
        laplacian[i, i] += w
        laplacian[j, j] += w
    shift = 1.0 / len(at)
    return np.linalg.inv(laplacian + shift) - shift


def _ranked_ties(
    cluster: Cluster, graph: nx.Graph[str], ties: Mapping[Pair, Sequence[Tie]]
) -> tuple[TieImportance, ...]:
    """The ties, by how many members are cut off without them, then by their spanning edge centrality."""
    cut_off = _cut_off_members(cluster, graph)
    parts = spanning_edge_centrality(graph)
    found = []
    for pair, parallel in ties.items():
        whole = parallel_weight(parallel)
        for tie in parallel:
            share = parts.get(pair, 1.0 if tie.id in cut_off else 0.0)
            found.append((tie, share * tie.weight / whole, cut_off.get(tie.id, ())))
    found.sort(key=lambda f: (-len(f[2]), -round(f[1], 6), -f[0].weight, f[0].id))
    return tuple(TieImportance(tie.id, tie.weight, round(part, 4), off) for tie, part, off in found[:MAX_SHOWN])


def _member_graph(cluster: Cluster, ties: Mapping[Pair, Sequence[Tie]]) -> nx.Graph[str]:
    """The members, with an edge for each tied pair, in sorted order."""
    import networkx as nx

    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(sorted(m.id for m in cluster.members))
    graph.add_weighted_edges_from((*pair, parallel_weight(some)) for pair, some in sorted(ties.items()))
    return graph


def _cut_off_members(cluster: Cluster, graph: nx.Graph[str]) -> dict[str, tuple[str, ...]]:
    import networkx as nx

    sought = {m.id for m in cluster.with_role("sought")}
    ends = {tie.id: (tie.source_id, tie.target_id) for tie in cluster.ties}
    rest = graph.copy()
    rest.remove_edges_from(ends[bridge] for bridge in cluster.bridges)
    parts = list(nx.connected_components(rest))
    part_of = {node: number for number, part in enumerate(parts) for node in part}
    tree: nx.Graph[int] = nx.Graph()
    tree.add_nodes_from(range(len(parts)))
    tree.add_edges_from((part_of[a], part_of[b]) for a, b in (ends[bridge] for bridge in cluster.bridges))
    first = min(graph)
    below = _subtree_members(tree, parts, part_of[first])
    found = {}
    for bridge in cluster.bridges:
        side = min((below[part_of[node]] for node in ends[bridge]), key=len)
        this = len(side & sought), len(side)
        other = len(sought) - this[0], len(graph) - this[1]
        is_this = this < other or (this == other and first in side)
        found[bridge] = tuple(sorted(side if is_this else set(graph) - side))
    return found


def _subtree_members(tree: nx.Graph[int], parts: Sequence[set[str]], root: int) -> Sequence[set[str]]:
    """The members of each part and of all parts below it in the tree, from a root on."""
    import networkx as nx

    below = [set(part) for part in parts]
    for parent, child in reversed(list(nx.bfs_edges(tree, root))):
        below[parent] |= below[child]
    return below


def _key_connectors(graph: nx.Graph[str]) -> tuple[CentralMember, ...]:
    """The members with the highest betweenness, highest first."""
    import networkx as nx

    cuts = set(nx.articulation_points(graph))
    most = max(1, min(MAX_EXACT_MEMBERS, MAX_BETWEENNESS_STEPS // (len(graph) + graph.number_of_edges())))
    sample = None if len(graph) <= most else most
    between = nx.betweenness_centrality(graph, k=sample, seed=1)
    found = sorted(graph, key=lambda node: (-round(between[node], 6), node))
    return tuple(CentralMember(n, round(between[n], 4), n in cuts) for n in found if between[n] > 0)[:MAX_SHOWN]


def _minimum_cut(graph: nx.Graph[str], ties: Mapping[Pair, Sequence[Tie]]) -> tuple[str, ...]:
    if not 1 < len(graph) <= MAX_CUT_MEMBERS:
        return ()
    import networkx as nx

    _, (one, _) = nx.stoer_wagner(graph)
    side = set(one)
    crossing = [tie.id for pair, some in ties.items() if (pair[0] in side) != (pair[1] in side) for tie in some]
    return tuple(sorted(crossing))


def _ties_by_pair(ties: Sequence[Tie]) -> Mapping[Pair, list[Tie]]:
    """The ties by pair of members, lower id first; without ties of a member with itself."""
    found: defaultdict[Pair, list[Tie]] = defaultdict(list)
    for tie in ties:
        if tie.source_id != tie.target_id:
            found[min(tie.source_id, tie.target_id), max(tie.source_id, tie.target_id)].append(tie)
    return dict(sorted(found.items()))
