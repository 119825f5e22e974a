"""Is it told what became of each cluster, and does each keep its id?"""

from __future__ import annotations

import pytest

from kg.analysis.clusters import asset_clusters, compare_runs, keep_ids
from kg.findings import ClusterChanges, Clusters
from tests.builders import graph

ANN = ["ann OWNS a1", "ann OWNS a2", "ann OWNS a3"]
BOB = ["bob OWNS b1", "bob OWNS b2", "bob OWNS b3"]


def run(*lines: str, sought: tuple[str, ...] = ()) -> Clusters:
    return asset_clusters(graph(*lines, sought=sought))


def told(before: Clusters, now: Clusters) -> ClusterChanges:
    return compare_runs(before, keep_ids(before, now))


def test_nothing_changes_when_nothing_changes() -> None:
    before = run(*ANN, *BOB)
    found = told(before, run(*ANN, *BOB))
    assert [c.kind for c in found.changes] == ["unchanged", "unchanged"]
    assert (found.counts["unchanged"], found.method) == (2, ())


def test_a_cluster_keeps_its_id_when_the_member_it_is_named_after_leaves() -> None:
    before = run(*ANN)
    now = keep_ids(before, run("ann OWNS a2", "ann OWNS a3", "ann OWNS a4"))
    assert now.clusters[0].id == before.clusters[0].id != run("ann OWNS a2").clusters[0].id
    (change,) = compare_runs(before, now).changes
    assert (change.kind, change.came, change.left) == ("grown", ("a4",), ("a1",))
    assert (change.ties_came, change.ties_left) == (("ann OWNS a4",), ("ann OWNS a1",))


def test_a_new_cluster_never_gets_an_id_that_another_had() -> None:
    before = run("ann OWNS a1", "ann OWNS a2", "ann OWNS a3", "ann OWNS a4")
    now = keep_ids(before, run("ann OWNS a2", "ann OWNS a3", "ann OWNS a4", "bob OWNS a1"))
    ids = {m.id: c.id for c in now.clusters for m in c.members}
    assert ids["ann"] == before.clusters[0].id
    assert ids["bob"] not in (ids["ann"], before.clusters[0].id)


def test_clusters_are_born_and_gone() -> None:
    found = told(run(*ANN), run(*BOB))
    assert found.summary == "1 cluster before, 1 now: 1 born; 1 gone"
    assert [(c.kind, c.before, c.after) for c in found.changes] == [
        ("born", (), (run(*BOB).clusters[0].id,)),
        ("gone", (run(*ANN).clusters[0].id,), ()),
    ]


def test_clusters_grow_and_shrink() -> None:
    assert [c.kind for c in told(run(*ANN), run(*ANN, "ann OWNS a4")).changes] == ["grown"]
    assert [c.kind for c in told(run(*ANN), run(*ANN[:2])).changes] == ["shrunk"]


def test_two_clusters_merge_and_the_id_of_the_nearer_goes_on() -> None:
    before = run(*ANN, *BOB, "bob OWNS b4")
    (change,) = told(before, run(*ANN, *BOB, "bob OWNS b4", "ann FAMILY_OF bob")).changes
    bob = next(c.id for c in before.clusters if any(m.id == "bob" for m in c.members))
    assert (change.kind, change.id) == ("merged", bob)
    assert sorted(change.before) == sorted(c.id for c in before.clusters)
    assert change.ties_came == ("ann FAMILY_OF bob",)


def test_a_cluster_splits_and_its_larger_part_keeps_the_id() -> None:
    before = run(*ANN, *BOB, "bob OWNS b4", "ann FAMILY_OF bob")
    found = told(before, run(*ANN, *BOB, "bob OWNS b4"))
    assert [c.kind for c in found.changes] == ["split", "split"]
    kept = next(c for c in found.changes if c.id == before.clusters[0].id)
    assert kept.left == ("a1", "a2", "a3", "ann")
    assert all(c.before == (before.clusters[0].id,) for c in found.changes)


def test_a_member_who_is_sought_now_is_told() -> None:
    (change,) = told(run(*ANN), run(*ANN, sought=("ann",))).changes
    assert (change.kind, change.roles) == ("unchanged", (("ann", "counterparty", "sought"),))
    assert change.score[1] > change.score[0]


MERGED = [*ANN, *BOB, "bob OWNS b4", "ann FAMILY_OF bob"]

RUNS = {
    "born and gone": (ANN, BOB),
    "merged": ([*ANN, *BOB], MERGED),
    "split": (MERGED, [*ANN, *BOB, "bob OWNS b4"]),
    "members changed hands": ([*ANN, *BOB], [*ANN[:2], "cid OWNS a3", *BOB, "bob OWNS new"]),
}


@pytest.mark.parametrize("name", RUNS)
def test_members_before_and_those_that_came_less_those_that_left_are_the_members_now(name: str) -> None:
    lines, more = RUNS[name]
    before, now = run(*lines), run(*more)
    found = told(before, now)
    assert found.clusters == (len(before.clusters), len(now.clusters))
    assert sum(found.counts.values()) - found.counts["gone"] == len(now.clusters)
    for c in found.changes:
        here, had = sum(w.here for w in c.was), sum(w.members for w in c.was)
        assert (c.members, here + len(c.came), had - len(c.left)) == (c.members, c.members, here)
        assert [w.id for w in c.was] == list(c.before)
        assert sorted(m for flow in c.came_from for m in flow.members) == list(c.came)
        assert sorted(m for flow in c.went_to for m in flow.members) == list(c.left)


def test_it_is_told_where_members_went_and_where_they_came_from() -> None:
    found = told(run(*MERGED), run(*ANN, *BOB, "bob OWNS b4"))
    bob, ann = sorted(found.changes, key=lambda c: -c.members)
    assert [(f.id, f.name, f.members) for f in ann.went_to] == [(bob.id, bob.name, ("b1", "b2", "b3", "b4", "bob"))]
    assert [(w.name, w.members, w.here) for w in ann.was] == [("Cluster 1", 9, 4)]
    found = told(run(*ANN), run(*ANN, "ann OWNS a4"))
    assert [(f.id, f.name, f.members) for f in found.changes[0].came_from] == [("", "", ("a4",))]
    assert found.summary == "1 cluster before, 1 now: 1 grown"
