"""Do ids and stories hold up whatever changes?"""

from __future__ import annotations

from dataclasses import replace
from random import Random

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.analysis.clusters import asset_clusters, compare_runs, keep_ids
from kg.analysis.clusters.connectivity import spanning_edge_centrality
from kg.findings import Clusters
from tests.builders import graph
from tests.property.analysis.clusters.test_partition import CUTTING, lines


def run(drawn: list[str]) -> Clusters:
    return asset_clusters(graph(*drawn), CUTTING)


@given(lines(20, 40), lines(20, 40), st.randoms(use_true_random=False))
def test_ids_are_unique_and_do_not_depend_on_order(before: list[str], after: list[str], random: Random) -> None:
    old, new = run(before), run(after)
    kept = keep_ids(old, new)
    ids = [c.id for c in kept.clusters]
    assert len(set(ids)) == len(ids)
    mixed = replace(old, clusters=tuple(random.sample(old.clusters, len(old.clusters))))
    assert keep_ids(mixed, new) == kept
    assert compare_runs(mixed, kept).changes == compare_runs(old, kept).changes


@given(lines(20, 40))
def test_a_run_that_changes_nothing_keeps_every_id(drawn: list[str]) -> None:
    found = run(drawn)
    assert keep_ids(found, found) == found
    assert {c.kind for c in compare_runs(found, found).changes} <= {"unchanged"}
    assert compare_runs(found, found) == compare_runs(found, replace(found))


@given(lines(20, 40), lines(20, 40))
def test_every_cluster_then_and_now_is_in_the_story(before: list[str], after: list[str]) -> None:
    old, new = run(before), run(after)
    kept = keep_ids(old, new)
    changes = compare_runs(old, kept).changes
    assert sorted(c.after[0] for c in changes if c.after) == sorted(c.id for c in kept.clusters)
    assert {i for c in changes for i in c.before} == {c.id for c in old.clusters}


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7), st.floats(0.1, 2)), min_size=1, max_size=16))
def test_what_edges_are_needed_for_adds_up_to_a_spanning_tree(drawn: list[tuple[int, int, float]]) -> None:
    whole: nx.Graph[str] = nx.Graph()
    whole.add_weighted_edges_from((f"n{a}", f"n{b}", w) for a, b, w in drawn if a != b)
    for nodes in nx.connected_components(whole):
        part = whole.subgraph(nodes)
        assert sum(spanning_edge_centrality(part).values()) == pytest.approx(len(part) - 1, abs=1e-4)
        bridges = {(min(e), max(e)) for e in nx.bridges(part)}
        assert {pair for pair, much in spanning_edge_centrality(part).items() if much > 0.999999} >= bridges
