"""What do processes see of each other that use one store at once?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from kg import operations
from tests.faults import snapshots
from tests.faults.harness import assert_sound, error_output, json_output, run_kg, start, state, wait_for
from tests.faults.malformed_input import DECLARED, rows

ANN = {"key": "ann", "type": "Person", "properties": {"name": "Ann Example"}}
FLAT = {"key": "flat", "type": "RealEstate", "properties": {"name": "Flat 3"}}
OWNS = {"key": "owns", "type": "OWNS", "from": "ann", "to": "flat"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "graph.sqlite"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "a.records.jsonl"
    file.write_bytes(rows({"source": DECLARED}, ANN, FLAT, OWNS))
    return file


@contextmanager
def _writer(path: Path) -> Iterator[sqlite3.Connection]:
    """Somebody who holds the writer lock."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield connection
        connection.rollback()


@pytest.mark.parametrize("words", [("load", "a.records.jsonl"), ("withdraw", "inv", "--yes")], ids=["load", "withdraw"])
def test_a_writer_gives_up_when_the_other_one_goes_on(
    path: Path, file: Path, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(file.parent)
    assert run_kg(path, "load", file).returncode == 0
    before = state(path)
    with _writer(path):
        line = error_output(run_kg(path, *words, KG_WAIT="0.2"), 4)
    assert "another process is writing; try again when it is done" in line
    assert state(path) == before


def test_a_writer_waits_and_then_does_its_work(path: Path, file: Path) -> None:
    assert run_kg(path, "load", "--reference").returncode == 0
    with _writer(path):
        waiting = start(path, "load", file)
        with pytest.raises(Exception, match="timed out"):
            waiting.wait(timeout=1.5)  # whatever it has done by now, it cannot have loaded anything
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("SELECT count(*) FROM load").fetchone() == (1,)
    assert wait_for(waiting).returncode == 0
    assert [load.split(",")[1] for load in state(path).loads] == [" 'reference'", " 'inv'"]
    assert_sound(path)


def test_two_loads_at_once_come_one_after_the_other(path: Path, tmp_path: Path) -> None:
    rows_of_one = snapshots.write_snapshot(tmp_path / "one.ftm.json", 300)
    snapshots.write_rows(tmp_path / "two.ftm.json", rows_of_one[:500])
    running = [start(path, "load", tmp_path / f"{name}.ftm.json", "--source", name) for name in ("one", "two")]
    assert [wait_for(process).returncode for process in running] == [0, 0]
    assert len(state(path).loads) == 2
    assert_sound(path)


def test_processes_that_create_one_store_at_once_share_it(path: Path, tmp_path: Path) -> None:
    names = [f"s{number}" for number in range(4)]
    for name in names:
        header = {"source": {**DECLARED, "name": name, "namespace": name}}
        (tmp_path / f"{name}.records.jsonl").write_bytes(rows(header, ANN, FLAT, OWNS))
    running = [start(path, "load", tmp_path / f"{name}.records.jsonl") for name in names]
    ended = [wait_for(process) for process in running]
    assert [done.returncode for done in ended] == [0] * 4, ended
    assert len(state(path).loads) == 4
    assert_sound(path)


def test_a_reader_answers_while_somebody_writes(path: Path, file: Path) -> None:
    assert run_kg(path, "load", file).returncode == 0
    before = {words: json_output(run_kg(path, *words)) for words in _QUESTIONS}
    with _writer(path) as connection:
        for table in ("stored_node", "stored_link", "stored_record", "atom"):
            connection.execute(f"DELETE FROM {table}")
        connection.execute("INSERT INTO name (name) VALUES ('delete-all')")
        assert {words: json_output(run_kg(path, *words, KG_WAIT="0")) for words in _QUESTIONS} == before


_QUESTIONS = (
    ("search", "ann", "--json"),
    ("show", "inv:ann", "--json"),
    ("path", "inv:ann", "inv:flat", "--json"),
    ("clusters", "--json"),
    ("sources", "--json"),
    ("verify", "--json"),
)


def test_all_answers_of_one_reader_are_of_one_moment(path: Path, file: Path) -> None:
    assert run_kg(path, "load", file).returncode == 0
    place = operations.Workspace(path)
    with operations.open_sqlite_store(place) as store:
        ann = store.resolve("inv:ann")
        version = store.version()
        assert run_kg(path, "withdraw", "inv", "--yes").returncode == 0
        assert [node.caption for node in store.nodes([ann]).values()] == ["Ann Example"]
        assert [claim.key for claim in store.claims([ann])[ann]] == ["ann"]
        assert (len(store.view().ids), store.version(), store.contents().version) == (2, version, version)
    with operations.open_sqlite_store(place) as store:
        assert store.nodes([ann]) == {}


def test_readers_see_whole_loads_while_loads_come_and_go(path: Path, tmp_path: Path) -> None:
    all_rows = snapshots.write_snapshot(tmp_path / "one.ftm.json", 300)
    snapshots.write_rows(tmp_path / "two.ftm.json", snapshots.change_rows(all_rows, 3))
    place, seen = operations.Workspace(path), set()
    for name in ("one", "two", "one"):
        writer = start(path, "load", tmp_path / f"{name}.ftm.json", "--source", "inv")
        while writer.poll() is None:
            if state(path).loads:
                found = operations.verify(place)
                assert found.is_clean, found.differing
                seen.add(found.digest)
        assert wait_for(writer).returncode == 0
    assert seen <= {_digest(tmp_path, name) for name in ("one", "two")}


def _digest(folder: Path, name: str) -> str:
    path = folder / f"{name}.sqlite"
    assert run_kg(path, "load", folder / f"{name}.ftm.json", "--source", "inv").returncode == 0
    return state(path).digest
