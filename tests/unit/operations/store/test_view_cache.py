"""Is a graph that is kept as files the one that the store has?"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from kg import operations
from kg.analysis.clusters import ClusterParameters
from kg.cli import app
from kg.errors import NotFound
from kg.operations import Workspace
from kg.operations.store import view_cache
from kg.operations.workspace import open_live_store
from kg.records import Provenance, node_id
from kg.stores.cache.view_files import COLUMNS
from kg.stores.sqlite.store import SqliteStore
from kg.view import GraphView
from tests.stores import judge, link, load, node

PEOPLE = [
    node("ann", name="Ann Example"),
    node("acme", "Enterprise", name="Acme Holding"),
    node("yacht", "Vessel", name="MY Example"),
    node("us", "Jurisdiction", code="US", name="United States"),
]
LINKS = [
    link("ann OWNS acme", share="51", start_date="2001", provenance=Provenance(reliability="A")),
    link("acme OWNS yacht", interest="beneficial"),
    link("ann HAS_STATUS_IN jurisdiction:US", kind="asylum"),
]


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    path = tmp_path / "graph.sqlite"
    load(path, "register", [*PEOPLE, *LINKS])
    return replace(operations.Workspace(path), view_cache=tmp_path / "views")


def _state(place: Workspace) -> str:
    with operations.open_uncached_store(place) as store:
        return store.state()


@pytest.mark.parametrize("protected", [False, True])
def test_files_have_the_arrays_of_the_store(place: Workspace, protected: bool) -> None:
    place = replace(place, protected=protected)
    operations.build_cached_view(place)
    kept = operations.load_cached_view(place, _state(place))
    with operations.open_uncached_store(place) as store:
        view = store.view(COLUMNS)
    assert kept
    assert len(view.link_ids) == 2 + protected
    assert (kept.view.version, kept.view.as_of) == (view.version, view.as_of)
    assert (kept.view.node_types, kept.view.link_types) == (view.node_types, view.link_types)
    for name in ("ids", "node_type", "link_ids", "link_type", "tail", "head", "degree"):
        np.testing.assert_array_equal(getattr(kept.view, name), getattr(view, name), strict=True)
    for side in ("outgoing", "incoming"):
        for part in ("start", "links", "far", "kind"):
            one, other = (getattr(getattr(v, side), part) for v in (kept.view, view))
            np.testing.assert_array_equal(one, other, strict=True)
    for name in COLUMNS:
        np.testing.assert_array_equal(kept.view.column(name), view.column(name), strict=True)
    assert not kept.view.tail.flags.writeable


def test_an_empty_graph_is_kept_too(tmp_path: Path) -> None:
    path = tmp_path / "graph.sqlite"
    load(path, "register", [])
    place = replace(operations.Workspace(path), view_cache=tmp_path / "views")
    made = operations.build_cached_view(place)
    assert (made.nodes, made.links) == (0, 0)
    assert not operations.build_cached_clusters(place, made.state).clusters.clusters
    assert operations.load_cached_view(place, made.state)


def test_clusters_come_back_from_their_file_as_they_were_found(place: Workspace) -> None:
    made = operations.build_cached_view(place)
    kept = operations.build_cached_clusters(place, made.state).clusters
    with operations.open_uncached_store(place) as store:
        found = operations.find_clusters(store, ClusterParameters())
    assert list(kept.clusters) == list(found.clusters) and found.clusters
    assert replace(kept, clusters=()) == replace(found, clusters=())
    assert operations.get_cluster(kept, found.clusters[0].id) == found.clusters[0]


def test_a_member_leads_to_its_cluster_in_the_file_as_in_memory(place: Workspace) -> None:
    load(place.path, "more", [node("bob"), node("firm", "Enterprise"), link("bob OWNS firm"), node("apart")])
    made = operations.build_cached_view(place)
    kept = operations.build_cached_clusters(place, made.state).clusters
    with operations.open_uncached_store(place) as store:
        found = operations.find_clusters(store, ClusterParameters())
    assert len(found.clusters) == 2
    members = [[m.id for m in cluster.members] for cluster in found.clusters]
    for asked in ((), members[1][:1], [members[1][0], members[0][-1]], [node_id("test", "apart"), "nobody"]):
        expected = [c for c in found.clusters if {m.id for m in c.members} & set(asked)]
        assert list(kept.containing_any(asked)) == list(found.containing_any(asked)) == expected


def test_a_graph_of_which_nothing_is_kept_has_no_clusters(place: Workspace) -> None:
    with pytest.raises(NotFound, match="no view of the graph"):
        operations.build_cached_clusters(place, "nothing")


def test_damaged_files_are_made_anew(place: Workspace) -> None:
    made = operations.build_cached_view(place)
    file = made.folder / "tail.npy"
    file.write_bytes(file.read_bytes()[:-1])
    assert operations.load_cached_view(place, made.state) is None
    assert operations.build_cached_view(place) == made
    assert operations.load_cached_view(place, made.state)


def test_copies_of_one_file_that_went_different_ways_are_two_graphs(place: Workspace, tmp_path: Path) -> None:
    other = replace(place, path=tmp_path / "copy.sqlite")
    shutil.copyfile(place.path, other.path)
    assert _state(place) == _state(other)
    judge(place.path, "distinct", "test:ann", "test:acme")
    judge(other.path, "distinct", "test:ann", "test:yacht")
    with operations.open_uncached_store(place) as one, operations.open_uncached_store(other) as two:
        assert one.version() == two.version()
        assert one.state() != two.state()


def test_an_open_store_sees_that_its_state_is_another_one(place: Workspace) -> None:
    with open_live_store(place) as store:
        before = store.state()
        load(place.path, "register", [*PEOPLE, *LINKS], day="2015-01-01")
        assert store.state() != before


def test_a_load_that_brings_nothing_new_on_a_later_day_is_another_state(place: Workspace) -> None:
    before = _state(place)
    load(place.path, "register", [*PEOPLE, *LINKS], day="2015-01-01")
    assert _state(place) != before


def test_files_of_the_version_before_go_when_the_next_is_made(place: Workspace) -> None:
    before = operations.build_cached_view(place)
    load(place.path, "more", [node("bob")])
    after = operations.build_cached_view(place)
    assert not before.folder.exists()
    assert after.folder.exists()


def test_erasing_a_source_removes_all_files(place: Workspace) -> None:
    load(place.path, "more", [node("bob")])
    made = operations.build_cached_view(place)
    operations.build_cached_clusters(place, made.state)
    operations.erase(place, "more")
    assert place.view_cache and not [f for f in place.view_cache.rglob("*") if f.is_file()]


def test_commands_read_the_files_of_a_large_graph_and_say_the_same(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked() -> object:
        result = CliRunner().invoke(app, ["path", "test:ann", "test:yacht", "--json"])
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    monkeypatch.setenv("KG_STORE", f"embedded:{place.path}")
    monkeypatch.setenv("KG_VIEW_CACHE", str(place.view_cache))
    first = asked()
    assert place.view_cache and not place.view_cache.exists()
    monkeypatch.setattr(view_cache, "MIN_CACHED_LINKS", 1)
    assert asked() == first
    assert operations.load_cached_view(place, _state(place))
    assert asked() == first


def test_a_folder_that_cannot_be_written_stops_no_question(place: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    assert place.view_cache
    place.view_cache.write_text("a file, and no folder")
    monkeypatch.setattr(view_cache, "MIN_CACHED_LINKS", 1)
    with operations.open_store(replace(place, progress=lambda phase, *_: said.append(phase))) as store:
        assert len(store.view(("dates",)).ids) == 4
    assert len(said) == 1 and "the view is not cached" in said[0]


def test_the_command_says_what_it_keeps(place: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_STORE", f"embedded:{place.path}")
    monkeypatch.setenv("KG_VIEW_CACHE", str(place.view_cache))
    said = CliRunner().invoke(app, ["view"])
    assert said.exit_code == 0 and "4 nodes and 2 links, in " in said.stdout
    state = json.loads(CliRunner().invoke(app, ["view", "--json"]).stdout)["state"]
    load(place.path, "more", [node("bob")])
    found = json.loads(CliRunner().invoke(app, ["view", "--clusters", "--state", state, "--json"]).stdout)
    assert (found["state"], found["clusters"]) == (state, 1)


def test_without_a_cache_a_view_of_one_graph_is_read_once(place: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    read, read_view = [], SqliteStore._read_view

    def count(store: SqliteStore, columns: Sequence[str]) -> GraphView:
        read.append(tuple(columns))
        return read_view(store, columns)

    monkeypatch.setattr(SqliteStore, "_read_view", count)
    with operations.open_store(replace(place, view_cache=None)) as store:
        one = store.view(("sought", "dates"))
        assert store.view(("dates",)).ids is store.view().ids is one.ids
        wider = store.view(("share",))
        assert store.view(("share",)).column("share") is wider.column("share")
        assert read == [("sought", "dates"), ("share",)]
        load(place.path, "desk", [node("bo", name="Bo Example")])
        assert store.view(("share",)).version == store.version() == one.version
    with operations.open_store(replace(place, view_cache=None)) as store:
        assert len(store.view().ids) == len(one.ids) + 1
