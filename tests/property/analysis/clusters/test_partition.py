"""Do clusters hold up whatever the graph, and does NetworkX agree about their shape?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Any

import networkx as nx
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kg.analysis.clusters import ClusterParameters, asset_clusters
from kg.analysis.clusters.circular_holdings import circular_holdings
from kg.analysis.clusters.network.components import components
from kg.analysis.clusters.network.holding_network import holding_network, not_in_force
from kg.analysis.clusters.network.partition import (
    communities,
    follow_single_owners,
    modularity,
    partition,
    potts_quality,
)
from kg.findings import Cluster
from kg.view import LEGAL
from tests.builders import graph, to_networkx

CUTTING = ClusterParameters(resolution=0.05, hub_degree=4)
"""Cuts the graphs drawn here into several communities."""


def lines(nodes: int, most: int, prefix: str = "n") -> st.SearchStrategy[list[str]]:
    """Links among enterprises, and papers that some of them share."""
    end = st.integers(0, nodes - 1).map(lambda i: f"{prefix}{i:02}:Enterprise")
    paper = st.integers(0, nodes // 5).map(lambda i: f"{prefix}-p{i:02}:IdentityDocument")
    link = st.sampled_from(["OWNS", "OWNS", "OWNS", "DIRECTS", "PAID", "PAID", "POSSIBLY_SAME_AS"])
    says = st.sampled_from(["", " share=100", " share=10", " interest=legal", " end=2001"])
    tie = st.builds(lambda a, k, b, s: f"{a} {k} {b}{s if k == 'OWNS' else ''}", end, link, end, says)
    return st.lists(st.one_of(tie, tie, tie, st.builds("{} HAS_DOCUMENT {}".format, end, paper)), max_size=most)


def edges(most: int = 7) -> st.SearchStrategy[list[tuple[int, int]]]:
    return st.lists(st.tuples(st.integers(0, most - 1), st.integers(0, most - 1)), max_size=16, unique=True)


def contents(clusters: Sequence[Cluster]) -> set[tuple[object, ...]]:
    """Everything about each cluster but its number."""
    return {(c.id, c.members, c.ties, c.circular, c.bridges) for c in clusters}


@given(lines(30, 60), st.randoms(use_true_random=False))
def test_clusters_do_not_depend_on_input_order(drawn: list[str], random: Random) -> None:
    shuffled = list(drawn)
    random.shuffle(shuffled)
    assert asset_clusters(graph(*drawn), CUTTING) == asset_clusters(graph(*shuffled), CUTTING)


@given(lines(20, 40), lines(12, 24, "a"), lines(12, 24, "z"))
def test_clusters_do_not_depend_on_what_they_are_not_connected_to(
    drawn: list[str], before: list[str], after: list[str]
) -> None:
    alone = contents(asset_clusters(graph(*drawn), CUTTING).clusters)
    assert alone <= contents(asset_clusters(graph(*before, *drawn, *after), CUTTING).clusters)


@given(lines(30, 60))
def test_every_node_is_in_one_cluster_at_most_and_every_cluster_hangs_together(drawn: list[str]) -> None:
    found = asset_clusters(graph(*drawn), CUTTING).clusters
    members = [m.id for cluster in found for m in cluster.members]
    assert len(members) == len(set(members))
    for cluster in found:
        ties = nx.Graph([(tie.source_id, tie.target_id) for tie in cluster.ties if tie.type != "PAID"])
        assert set(ties) == {m.id for m in cluster.members}
        assert nx.is_connected(ties)


@given(lines(30, 60))
def test_leiden_gives_communities_that_hang_together_before_they_are_checked(drawn: list[str]) -> None:
    view = graph(*drawn)
    network = holding_network(view, CUTTING)
    group = communities(view, network, CUTTING)
    whole: nx.Graph[int] = nx.Graph(list(zip(network.low.tolist(), network.high.tolist(), strict=True)))
    for community in np.unique(group[network.degree > 0]):
        assert nx.is_connected(whole.subgraph(np.flatnonzero(group == community).tolist()))


@given(lines(30, 60))
def test_more_seeds_never_cut_worse(drawn: list[str]) -> None:
    view = graph(*drawn)
    network = holding_network(view, CUTTING)
    owner, left = follow_single_owners(view, network)
    ends = owner[network.low[left]], owner[network.high[left]], network.pair_weight[left]
    once, best = (communities(view, network, replace(CUTTING, trials=n)) for n in (1, 5))
    alone = np.flatnonzero(owner != np.arange(network.nodes))
    once[alone] = best[alone] = alone  # who follows an owner counts no more than once
    assert potts_quality(*ends, best, CUTTING) >= potts_quality(*ends, once, CUTTING) - 1e-9


@given(lines(8, 14))
def test_what_has_a_single_owner_follows_it_and_nothing_else_does(drawn: list[str]) -> None:
    view = graph(*drawn)
    network = holding_network(view, CUTTING)
    owner, left = follow_single_owners(view, network)
    owns = view.links_with("ownership") & (view.column("interest") != LEGAL) & ~not_in_force(view)
    held = to_networkx(view, links=owns)
    for node, above in enumerate(owner.tolist()):
        assert nx.has_path(held, view.id(above), view.id(node))
    firm = left & network.structural
    rest = nx.Graph(list(zip(network.low[firm].tolist(), network.high[firm].tolist(), strict=True)))
    assert all(owner[node] == node for node in rest)


@given(edges())
def test_circular_holdings_are_the_simple_cycles(drawn: list[tuple[int, int]]) -> None:
    expected = {cycle_key(cycle) for cycle in nx.simple_cycles(nx.DiGraph(drawn))}
    found, cut = circular_holdings(drawn, max_length=7, limit=100_000)
    assert (set(found), len(found), cut) == (expected, len(expected), False)


def cycle_key(cycle: list[int]) -> tuple[int, ...]:
    """The cycle from its smallest node on."""
    at = cycle.index(min(cycle))
    return tuple(cycle[at:] + cycle[:at])


@given(edges(), st.randoms(use_true_random=False), st.integers(1, 5), st.integers(2, 4))
def test_which_circular_holdings_are_left_out_does_not_depend_on_order(
    drawn: list[tuple[int, int]], random: Random, limit: int, longest: int
) -> None:
    shuffled = list(drawn)
    random.shuffle(shuffled)
    found, cut = circular_holdings(drawn, longest, limit)
    assert (found, cut) == circular_holdings(shuffled, longest, limit)
    assert cut or len(found) == len(list(nx.simple_cycles(nx.DiGraph(drawn))))


@given(lines(6, 12))
def test_bridges_are_the_links_that_networkx_calls_so(drawn: list[str]) -> None:
    for cluster in asset_clusters(graph(*drawn)).clusters:
        ties: nx.MultiGraph[Any] = nx.MultiGraph()
        for tie in cluster.ties:
            ties.add_edge(tie.source_id, tie.target_id, key=tie.id)
        expected = {key for a, b in nx.bridges(ties) for key in ties[a][b]}
        assert set(cluster.bridges) == expected


@given(edges(20))
def test_components_are_those_of_networkx(drawn: list[tuple[int, int]]) -> None:
    whole = nx.Graph(drawn)
    whole.add_nodes_from(range(20))
    expected = {node: min(part) for part in nx.connected_components(whole) for node in part}
    ends = np.array(drawn, np.int64).reshape(-1, 2)
    assert dict(enumerate(components(20, ends[:, 0], ends[:, 1]).tolist())) == expected


@given(lines(20, 40))
def test_modularity_is_that_of_networkx(drawn: list[str]) -> None:
    view = graph(*drawn)
    network = holding_network(view, CUTTING)
    group = partition(view, network, CUTTING)
    whole: nx.Graph[int] = nx.Graph()
    whole.add_nodes_from(range(network.nodes))
    pairs = zip(network.low.tolist(), network.high.tolist(), network.pair_weight.tolist(), strict=True)
    whole.add_weighted_edges_from(pairs)
    if whole.number_of_edges():
        parts = [set(np.flatnonzero(group == g).tolist()) for g in np.unique(group)]
        assert abs(modularity(network, group) - nx.community.modularity(whole, parts)) < 1e-9
