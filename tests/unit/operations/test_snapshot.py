"""Does a moment stay what it was, and is it seen when the file goes on?"""

from __future__ import annotations

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from kg import operations
from kg.database import SCHEMA_VERSION
from kg.errors import StoreDamaged, StoreError, StoreTooNew
from kg.operations import Snapshot, StoreWatcher, Workspace, checkpoint
from kg.operations.ledger.erase import remember_report
from kg.operations.workspace import open_database
from tests.stores import load, node
from tests.unit.test_migration import unpack


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    path = tmp_path / "graph.sqlite"
    load(path, "s", [node("ann")])
    return operations.Workspace(path)


def _log(place: Workspace) -> int:
    return place.path.with_name(f"{place.path.name}-wal").stat().st_size


def test_a_moment_answers_many_threads_from_the_version_it_began_with(place: Workspace) -> None:
    moment = Snapshot(place, readers=3)

    def names(_: int) -> tuple[int, list[str]]:
        with moment.store() as store:
            return store.version().number, [n.id for n in store.search("ann") + store.search("bob")]

    with ThreadPoolExecutor(6) as pool:
        before = set(map(repr, pool.map(names, range(12))))
        load(place.path, "t", [node("bob")])
        assert set(map(repr, pool.map(names, range(12)))) == before
    assert len(before) == 1
    moment.close()
    with operations.open_uncached_store(place) as store:
        assert store.version() != moment.version


def test_a_moment_of_no_store_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no store at"):
        Snapshot(operations.Workspace(tmp_path / "none.sqlite"))


def test_a_watch_sees_commits_graphs_and_another_file(place: Workspace, tmp_path: Path) -> None:
    watch = StoreWatcher(place)
    first = watch.read_state()
    assert watch.read_state() == first
    remember_report(place, (tmp_path / "r.html",), "2014-12-05", ("s",))
    noted = watch.read_state()
    assert (noted.state, noted.commits != first.commits) == (first.state, True)
    load(place.path, "t", [node("bob")])
    assert watch.read_state().state != first.state
    shutil.copyfile(place.path, tmp_path / "other.sqlite")
    other = operations.Workspace(tmp_path / "other.sqlite")
    load(other.path, "t", [node("eve")])
    checkpoint(other)
    other.path.replace(place.path)
    assert watch.read_state().version == StoreWatcher(place).read_state().version != noted.version
    watch.close()


def test_a_store_of_another_ontology_is_not_followed(place: Workspace) -> None:
    with open_database(place) as connection:
        connection.execute("UPDATE meta SET value = 'another' WHERE name = 'ontology'")
    with pytest.raises(StoreError, match="another version's ontology"):
        StoreWatcher(place).read_state()
    with pytest.raises(StoreError, match="another version's ontology"):
        Snapshot(place)


def test_a_store_of_an_older_format_in_its_place_is_brought_up_to_date_and_followed(
    place: Workspace, tmp_path: Path
) -> None:
    watch = StoreWatcher(place)
    before = watch.read_state()
    (tmp_path / "older").mkdir()
    unpack(SCHEMA_VERSION - 1, tmp_path / "older").replace(place.path)
    assert watch.read_state().state not in ("", before.state)
    Snapshot(place).close()
    watch.close()


def test_beneath_a_moment_that_began_on_the_settled_file_the_log_begins_anew(place: Workspace) -> None:
    load(place.path, "big", [node(f"n{i}") for i in range(2_000)])
    assert checkpoint(place).is_complete
    moment = Snapshot(place)
    load(place.path, "big", [node(f"m{i}") for i in range(2_000)])
    assert not checkpoint(place).is_complete  # the moment is older than the log
    newer = Snapshot(place)
    moment.close()
    assert checkpoint(place).is_complete
    renewed = Snapshot(place)  # rests on the file alone, as the log is in it
    newer.close()
    full = _log(place)
    load(place.path, "t", [node("bob")])
    assert 0 < _log(place) <= full
    renewed.close()


def test_a_store_that_a_newer_kg_migrates_meanwhile_is_not_followed(place: Workspace) -> None:
    watch = StoreWatcher(place)
    watch.read_state()
    with open_database(place) as connection:
        connection.execute("PRAGMA user_version = 999")
    with pytest.raises(StoreTooNew, match=r"a newer kg .format 999"):
        watch.read_state()
    watch.close()


def test_a_watch_tells_a_store_that_is_cut_short_and_holds_nothing_of_it(place: Workspace, tmp_path: Path) -> None:
    load(place.path, "many", [node(f"n{i}") for i in range(300)])
    checkpoint(place)
    shutil.copyfile(place.path, tmp_path / "whole.sqlite")
    watch = StoreWatcher(place)
    before = watch.read_state()
    os.truncate(place.path, place.path.stat().st_size // 2)
    with pytest.raises(StoreDamaged, match=r"kg restore"):
        watch.read_state()
    (tmp_path / "whole.sqlite").replace(place.path)
    assert watch.read_state().state == before.state
    watch.close()
