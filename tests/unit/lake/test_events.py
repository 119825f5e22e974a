"""Is a lake's ledger whole whatever happens to its writers, and is what is erased gone?"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kg.errors import InputError, NotFound, StoreBusy, StoreError
from kg.lake.erasure import prove_erased
from kg.lake.events import LEDGER_FOLDER, Commit, Lake, create_lake
from kg.lake.graph import projection_lock
from kg.lake.tables import EVENT_FIELDS
from kg.operations.lake import export as export_module
from kg.operations.lake.export import STAGING, export_lake
from kg.operations.lake.project import EngineOptions, project_lake, verify_lake
from kg.operations.lake.withdraw import erase_from_lake, withdraw_from_lake
from kg.operations.workspace import Workspace
from kg.records import Provenance
from tests.lakes import assert_equal, export
from tests.stores import judge, link, load, node

DAY = "2014-12-05"


def row(key: str) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist([{"source": "s", "key": key, "came": True, "load": 1}], schema=EVENT_FIELDS)


def keys(lake: Lake) -> list[str]:
    return sorted(key for path in lake.files("record") for key in pq.read_table(path)["key"].to_pylist())


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Two sources of one namespace, a third one, links between them and judgements about them."""
    path = tmp_path / "graph.sqlite"
    load(path, "register", [node("ann", name="Ann"), node("acme", "Enterprise", name="Acme"), link("ann OWNS acme")])
    load(path, "press", [node("bo", name="Bo"), link("bo OWNS acme")])
    hidden = node("cy", name="Cy", provenance=Provenance(handling="protected"))
    load(path, "desk", [node("dee", name="Dee", referents=("ann",)), hidden], namespace="desk")
    judge(path, "same", "test:ann", "desk:dee")
    return path


def test_a_file_without_a_commit_is_invisible(tmp_path: Path) -> None:
    lake = create_lake(tmp_path / "lake")
    Commit(lake, ["s"]).write("record", [row("a")], "s")
    assert keys(Lake(lake.folder)) == []
    commit = Commit(lake, ["s"])
    commit.write("record", [row("b")], "s")
    assert keys(commit.finish()) == ["b"]


def test_of_two_writers_of_one_source_the_second_is_refused_and_another_source_is_not(tmp_path: Path) -> None:
    lake = create_lake(tmp_path / "lake")
    first, second, other = (Commit(Lake(lake.folder), [source]) for source in ("s", "s", "t"))
    for commit, key in ((first, "a"), (second, "b"), (other, "c")):
        commit.write("record", [row(key)], key)
    first.finish()
    with pytest.raises(StoreBusy, match=r"somebody else has written events of 's' since"):
        second.finish()
    assert keys(other.finish()) == ["a", "c"]


def test_a_table_opened_before_a_commit_does_not_see_it(tmp_path: Path) -> None:
    lake = create_lake(tmp_path / "lake")
    commit = Commit(Lake(lake.folder), ["s"])
    commit.write("record", [row("a")], "s")
    commit.finish()
    assert (keys(lake), keys(Lake(lake.folder))) == ([], ["a"])


def test_a_writer_that_began_before_a_compaction_is_told_to_begin_again_and_a_reader_goes_on(tmp_path: Path) -> None:
    lake = create_lake(tmp_path / "lake")
    late, read = Commit(lake, ["t"]), Lake(lake.folder)
    for key in "ab":
        commit = Commit(Lake(lake.folder), ["s"])
        commit.write("record", [row(key)], "s")
        read = commit.finish()
    done = Lake(lake.folder).compact()
    assert (done.joined, done.made, done.removed) == (2, 1, 0)
    assert (keys(read), keys(Lake(lake.folder))) == (["a", "b"], ["a", "b"])
    assert len(list((lake.folder / LEDGER_FOLDER / "_delta_log").glob("*.json"))) == 1
    with pytest.raises(StoreBusy, match="begin again"):
        late.finish()
    assert Lake(lake.folder).compact(0).removed == 2
    assert keys(Lake(lake.folder)) == ["a", "b"]


def test_an_export_that_is_killed_is_invisible_and_goes_on_where_it_stopped(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = tmp_path / "lake"
    program = f"""
import os, signal
from pathlib import Path
from kg.lake import events
from kg.operations.lake.export import export_lake
from kg.operations.workspace import Workspace
events.Commit.finish = lambda self, removed=(): os.kill(os.getpid(), signal.SIGKILL)
export_lake(Workspace(Path({str(store)!r}), protected=True), {str(lake)!r}, protected=True)
"""
    killed = subprocess.run([sys.executable, "-c", program], check=False, env={**os.environ})
    assert killed.returncode == -signal.SIGKILL
    assert (lake / STAGING).exists()
    assert Lake(lake).files("record") == []
    result = export_lake(Workspace(store, protected=True), str(lake), protected=True)
    assert result.resumed == 3
    assert not (lake / STAGING).exists()
    assert_equal(store, lake)


def test_what_an_interrupted_export_of_another_moment_wrote_is_not_used(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = tmp_path / "lake"
    with monkeypatch.context() as patched:
        patched.setattr(Commit, "finish", lambda self, removed=(): (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            export(store, lake)
    load(store, "press", [node("bo", name="Bo Example")])
    assert export_lake(Workspace(store, protected=True), str(lake), protected=True).resumed == 0
    assert_equal(store, lake)


def test_a_source_of_many_records_is_written_in_several_files(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_module, "ROWS_A_FILE", 2)
    monkeypatch.setattr(export_module, "_BATCH", 1)
    export(store, lake := tmp_path / "lake")
    assert len(Lake(lake).files("record")) == 4
    assert_equal(store, lake)


def test_a_lake_of_open_facts_has_none_that_are_protected(store: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="KG_SCOPE=protected"):
        export_lake(Workspace(store), str(tmp_path / "lake"), protected=True)
    export_lake(Workspace(store), str(tmp_path / "open"))
    export(store, tmp_path / "whole")
    opened, whole = (project_lake(tmp_path / name, EngineOptions()) for name in ("open", "whole"))
    assert opened.open == opened.protected == whole.open != whole.protected
    for path in (tmp_path / "open").rglob("*.parquet"):
        assert "Cy" not in str(pq.read_table(path, partitioning=None).to_pylist())
    with pytest.raises(StoreError, match="has the open facts"):
        export(store, tmp_path / "open")


def test_a_lake_of_another_ledger_is_not_added_to(store: Path, tmp_path: Path) -> None:
    export(store, tmp_path / "lake")
    load(tmp_path / "other.sqlite", "s", [node("ann")])
    with pytest.raises(StoreError, match="another ledger"):
        export(tmp_path / "other.sqlite", tmp_path / "lake")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    with pytest.raises(StoreError, match="is not empty and is no lake"):
        export(store, tmp_path / "full")
    with pytest.raises(NotFound, match="is no lake"):
        project_lake(tmp_path / "none", EngineOptions())


def test_a_lake_withdrawn_from_takes_no_more_exports(store: Path, tmp_path: Path) -> None:
    export(store, lake := tmp_path / "lake")
    assert withdraw_from_lake(lake, "press", DAY).withdrawn == 2
    with pytest.raises(StoreError, match="loads of its own"):
        export(store, lake)
    with pytest.raises(NotFound, match="there is no source 'none'"):
        withdraw_from_lake(lake, "none", DAY)


@pytest.mark.parametrize("compacted", [False, True])
def test_what_is_erased_is_in_no_file_and_the_rest_is_as_before(store: Path, tmp_path: Path, compacted: bool) -> None:
    export(store, lake := tmp_path / "lake")
    project_lake(lake, EngineOptions())
    if compacted:
        load(store, "press", [node("bo", name="Bo"), link("bo OWNS acme")], day="2015-01-01")
        export(store, lake)
        Lake(lake).compact()
    with pytest.raises(StoreError, match="still has something of desk"):
        prove_erased(lake, "desk")
    stray = lake / LEDGER_FOLDER / "kind=record" / "stray.parquet"  # of a writer that was killed
    pq.write_table(pa.Table.from_pylist([{"source": "desk", "key": "x"}], schema=EVENT_FIELDS), stray)
    rejected = lake / "rejects" / "desk.rejects.jsonl"
    rejected.parent.mkdir()
    rejected.touch()
    done = erase_from_lake(lake, "desk")
    assert (done.erased_files, done.judgements, stray.exists(), rejected.exists()) == (2 - compacted, 1, False, False)
    for path in lake.rglob("*"):
        content = str(pq.read_table(path, partitioning=None).to_pylist()) if path.suffix == ".parquet" else ""
        assert not {"desk", "Dee", "Cy", "dee"} & set(content.replace("'", " ").replace('"', " ").split()), path
    fresh = tmp_path / "fresh.sqlite"
    load(fresh, "register", [node("ann", name="Ann"), node("acme", "Enterprise", name="Acme"), link("ann OWNS acme")])
    load(fresh, "press", [node("bo", name="Bo"), link("bo OWNS acme")])
    assert_equal(fresh, lake)
    assert verify_lake(lake, EngineOptions()).is_clean


def test_a_lake_of_which_a_file_was_changed_is_not_clean(store: Path, tmp_path: Path) -> None:
    export(store, lake := tmp_path / "lake")
    path = Path(next(p for p in Lake(lake).files("record") if "bo" in pq.read_table(p)["key"].to_pylist()))
    rows = pq.read_table(path, schema=EVENT_FIELDS, partitioning=None).to_pylist()
    rows[0]["body"] = '{"properties":{"name":["Bob"]}}'
    pq.write_table(pa.Table.from_pylist(rows, schema=EVENT_FIELDS), path)
    assert verify_lake(lake, EngineOptions()).differing == ("records of press",)


def test_a_graph_that_was_changed_is_not_clean(store: Path, tmp_path: Path) -> None:
    export(store, lake := tmp_path / "lake")
    graph = project_lake(lake, EngineOptions())
    (path,) = (lake / graph.folder / "node").glob("*.parquet")
    table = pq.read_table(path, partitioning=None)
    pq.write_table(table.set_column(2, "caption", pa.array(["X"] * table.num_rows)), path)
    assert "graph" in verify_lake(lake, EngineOptions()).differing


def test_of_two_projections_at_one_time_the_second_is_refused(store: Path, tmp_path: Path) -> None:
    export(store, lake := tmp_path / "lake")
    with projection_lock(lake), pytest.raises(StoreBusy, match="another process makes its graph"):
        project_lake(lake, EngineOptions())


def test_the_graph_before_stays_for_those_who_read_it(store: Path, tmp_path: Path) -> None:
    export(store, lake := tmp_path / "lake")
    first, second, third = (project_lake(lake, EngineOptions(), whole=True) for _ in range(3))
    assert [(lake / graph.folder).is_dir() for graph in (first, second, third)] == [False, True, True]


def test_what_an_engine_cannot_do_is_one_error_with_a_way_out(store: Path, tmp_path: Path) -> None:
    export(store, lake := tmp_path / "lake")
    with pytest.raises(StoreError, match=r"DuckDB could not go on: .*; give it more --memory"):
        project_lake(lake, EngineOptions(memory="1KB"))
    assert not list((lake / "scratch").iterdir())
    with pytest.raises(InputError, match="expected one of duckdb, spark, sail"):
        project_lake(lake, EngineOptions("flink"))
