"""Is it told whether records, time or the method made a cluster another one?"""

from __future__ import annotations

import pytest

from kg.analysis.clusters import ClusterParameters, asset_clusters, cluster_members, compare_runs, keep_ids, with_causes
from kg.errors import InputError
from tests.builders import graph

NEAR = [
    *("ann OWNS a1", "ann OWNS a2", "ann OWNS a3", "bob OWNS b1", "bob OWNS b2", "bob OWNS b3"),
    "ann OWNS b1 share=30 end=1995",
]
MORE = [*NEAR, "bob OWNS b4"]
EARLY, LATE = "1990-01-01", "2090-01-01"

DEFAULTS = ClusterParameters()


def causes(*runs: tuple[list[str], str, ClusterParameters]) -> list[tuple[str, ...]]:
    """What became of each cluster from one run to the next, and what did it."""
    (lines, day, looked), (more, later, looks) = runs
    before = asset_clusters(graph(*lines, as_of=day), looked)
    now = keep_ids(before, asset_clusters(graph(*more, as_of=later), looks))
    same = (day, looked) == (later, looks)
    steady = None if same else cluster_members(graph(*more, as_of=day), ClusterParameters.from_json(before.parameters))
    changes = with_causes(compare_runs(before, now), before, now, steady).changes
    return sorted((c.kind, *c.causes) for c in changes)


def test_the_members_that_are_told_alone_are_those_of_the_clusters() -> None:
    for day in (EARLY, LATE):
        view = graph(*MORE, as_of=day)
        found = {frozenset(m.id for m in c.members) for c in asset_clusters(view).clusters}
        assert set(cluster_members(view)) == found


def test_where_only_records_are_others_they_did_it() -> None:
    assert causes((NEAR, EARLY, DEFAULTS), (MORE, EARLY, DEFAULTS)) == [("grown", "records")]


def test_where_only_the_day_is_another_time_did_it() -> None:
    assert causes((NEAR, EARLY, DEFAULTS), (NEAR, LATE, DEFAULTS)) == [("split", "time"), ("split", "time")]


def test_records_on_another_day_did_it_if_they_had_done_it_on_the_same_day() -> None:
    lines = ["ann OWNS a1", "ann OWNS a2"]
    assert causes((lines, EARLY, DEFAULTS), ([*lines, "ann OWNS a3"], LATE, DEFAULTS)) == [("grown", "records")]


def test_records_and_time_are_both_told_where_both_did_it() -> None:
    assert causes((NEAR, EARLY, DEFAULTS), (MORE, LATE, DEFAULTS)) == [("split", "records", "time"), ("split", "time")]


def test_other_parameters_are_the_method() -> None:
    finer = ClusterParameters(resolution=0.2)
    assert causes((NEAR, EARLY, DEFAULTS), (NEAR, EARLY, finer)) == [("split", "method"), ("split", "method")]


def test_members_that_are_the_same_have_no_cause() -> None:
    assert causes((NEAR, EARLY, DEFAULTS), (NEAR, EARLY, DEFAULTS)) == [("unchanged",)]


def test_parameters_are_read_back_as_they_were_written() -> None:
    looked = ClusterParameters(hub_degree=7, trait_weights=(("ownership", 0.5),), only_sought=True)
    assert ClusterParameters.from_json(looked.to_json()) == looked
    with pytest.raises(InputError, match="expected those of this version"):
        ClusterParameters.from_json({"hub_degree": 7})
