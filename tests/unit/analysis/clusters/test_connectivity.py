"""Is it right what holds a cluster together?"""

from __future__ import annotations

from kg.analysis.clusters import asset_clusters
from kg.analysis.clusters.connectivity import connectivity
from kg.findings import Cluster, TieImportance
from tests.builders import graph


def cluster(*lines: str, sought: tuple[str, ...] = ()) -> Cluster:
    (one,) = asset_clusters(graph(*lines, sought=sought)).clusters
    return one


def test_the_tie_without_which_most_falls_off_comes_first() -> None:
    holds, *_ = connectivity(
        cluster("ann OWNS acme share=100", "acme OWNS flat", "acme OWNS van", "ann OWNS boat", "ann DIRECTS acme")
    )
    assert [(h.tie, h.falls_off) for h in holds[:3]] == [
        ("acme OWNS flat", ("flat",)),
        ("acme OWNS van", ("van",)),
        ("ann OWNS boat", ("boat",)),
    ]
    assert holds[-1] == TieImportance("ann DIRECTS acme", 0.45, 0.375, ())


def test_the_side_with_somebody_sought_stays() -> None:
    holds, *_ = connectivity(cluster("zoe FAMILY_OF ann", "ann OWNS a1", "ann OWNS a2", sought=("zoe",)))
    assert holds[0].falls_off == ("a1", "a2", "ann")


def test_who_others_go_through_is_in_the_middle() -> None:
    _, middle, _ = connectivity(cluster("ann OWNS acme", "acme OWNS flat", "acme OWNS van"))
    assert [(m.member, m.between, m.cuts) for m in middle] == [("acme", 1.0, True)]


def test_the_weakest_cut_is_the_lightest_way_to_two_parts() -> None:
    lines = ["ann OWNS a", "bob OWNS a", "ann OWNS b", "bob OWNS b", "ann FAMILY_OF bob reliability=E"]
    assert connectivity(cluster(*lines, "cat OWNS a share=50 reliability=E"))[2] == ("cat OWNS a",)


def test_a_triangles_edges_are_each_needed_for_two_thirds() -> None:
    holds, *_ = connectivity(cluster("a OWNS b share=50", "b OWNS c share=50", "c OWNS a share=50"))
    assert [hold.needed for hold in holds] == [0.6667, 0.6667, 0.6667]
