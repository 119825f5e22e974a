"""Is a backup whole, and does a restore put it in place at once, or not at all?"""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from kg import operations
from kg.database import connect, log_path
from kg.errors import StoreBusy
from kg.ledger.judgement_status import list_judgements
from tests.faults.harness import assert_sound, error_output, limit_file_size, run_kg, start, state, wait_for
from tests.faults.test_damaged_store import damage_index, write_digest
from tests.stores import load, node, store_fixture

PEOPLE = [node("ann", name="Ann Example"), node("bob", name="Bob Example")]
SECRET = "Z9Y8X7W6"


@store_fixture
def path(path: Path) -> None:
    load(path, "s", PEOPLE)
    load(path, "t", [node("wallet", "IdentityDocument", number=SECRET)])
    load(path, "s", PEOPLE[:1])
    attribution = operations.Attribution("A. Analyst", "seen both")
    operations.judge(operations.Workspace(path, protected=True), "distinct", ("test:ann", "test:wallet"), attribution)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "backups" / "monday.sqlite"


@pytest.fixture
def backup(path: Path, file: Path) -> Path:
    file.parent.mkdir()
    assert run_kg(path, "backup", file).returncode == 0
    return file


def _names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def test_a_backup_holds_everything_and_only_its_owner_may_read_it(path: Path, backup: Path, tmp_path: Path) -> None:
    assert _names(backup.parent) == ["monday.sqlite", "monday.sqlite.sha256"]
    for made in backup.parent.iterdir():
        assert stat.S_IMODE(made.stat().st_mode) == 0o600
    digest = hashlib.sha256(backup.read_bytes()).hexdigest()
    assert (backup.parent / "monday.sqlite.sha256").read_text() == f"{digest}  monday.sqlite\n"
    other = tmp_path / "elsewhere" / "graph.sqlite"
    assert run_kg(other, "restore", backup).returncode == 0
    assert state(other) == state(path)
    assert_sound(other)
    assert SECRET.encode() in other.read_bytes()
    with closing(connect(path)) as one, closing(connect(other)) as two:
        assert list_judgements(one, active_only=False) == list_judgements(two, active_only=False)
        for table in ("meta", "record", "load", "judgement", "report"):
            rows = f"SELECT * FROM {table} ORDER BY 1"
            assert one.execute(rows).fetchall() == two.execute(rows).fetchall()


def test_a_backup_has_what_is_in_the_log_and_is_of_one_moment_while_somebody_loads(path: Path, file: Path) -> None:
    file.parent.mkdir()
    with closing(connect(path)) as reader, closing(connect(path)) as writer:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM record").fetchone()  # keeps the log from being copied
        load(path, "u", [node("eve", name="Eve Example")])
        assert log_path(path).stat().st_size
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM stored_record")
        assert run_kg(path, "backup", file, KG_WAIT="0").returncode == 0
        writer.rollback()
        reader.rollback()
    checked = json.loads(run_kg(path, "backup", file, "--check", "--json").stdout)
    assert checked["digest"] == state(path).digest
    assert checked["version"].endswith(f"@{_version(path)}")


def test_a_backup_replaces_nothing_unless_told_to(path: Path, backup: Path) -> None:
    before = backup.read_bytes()
    assert "give --overwrite" in error_output(run_kg(path, "backup", backup), 2)
    assert "the store itself" in error_output(run_kg(path, "backup", path, "--overwrite"), 2)
    assert "expected a file" in error_output(run_kg(path, "backup", backup.parent), 2)
    load(path, "u", [node("eve")])
    assert run_kg(path, "backup", backup, "--overwrite").returncode == 0
    assert backup.read_bytes() != before
    assert run_kg(path, "backup", backup, "--check").returncode == 0


def test_a_backup_that_finds_no_room_leaves_nothing(path: Path, file: Path) -> None:
    file.parent.mkdir()
    done = run_kg(path, "backup", file, before=limit_file_size(40_000))
    assert done.returncode == 4, done
    assert _names(file.parent) == []
    assert_sound(path)


def _flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 4
    file.write_bytes(content)


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-5000])


def _without_digest(file: Path) -> None:
    file.with_name(f"{file.name}.sha256").unlink()


def _another_program(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE notes (text)")
    write_digest(file)


def _newer(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA user_version = 999")
    write_digest(file)


def _damaged_before(file: Path) -> None:
    damage_index(file, "identifier_value", SECRET)
    write_digest(file)


@pytest.mark.parametrize(
    ("change", "says", "code"),
    [
        (_flip, "is not what was backed up", 4),
        (_cut, "is not what was backed up", 4),
        (_without_digest, "a backup is checked against it", 3),
        (_another_program, "is no store of kg", 4),
        (_newer, "was written by a newer kg (format 999", 4),
        (_damaged_before, "index identifier_value", 4),
    ],
)
def test_what_is_no_whole_backup_is_not_restored(
    path: Path, backup: Path, change: Callable[[Path], None], says: str, code: int
) -> None:
    change(backup)
    before = state(path)
    for words in (("backup", backup, "--check"), ("restore", backup, "--yes")):
        assert says in error_output(run_kg(path, *words), code)
    assert state(path) == before
    assert [n for n in _names(path.parent) if "part" in n or "before-restore" in n] == []


def test_a_restore_brings_back_the_graph_keeps_what_was_there_and_counts_on(path: Path, backup: Path) -> None:
    of_backup, version = state(path), _version(path)
    load(path, "u", [node("eve")])
    load(path, "v", [node("mallory")])
    replaced, newest = state(path), _version(path)
    assert newest > version
    assert run_kg(path, "restore", backup, "--yes").returncode == 0
    assert state(path) == of_backup
    assert _version(path) == newest + 1  # no other graph had this number
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert_sound(path)
    assert state(path.with_name("graph.sqlite.before-restore")) == replaced
    assert run_kg(path, "restore", backup, "--yes", "--discard").returncode == 0
    assert "answer on a terminal, or give --yes" in error_output(run_kg(path, "restore", backup), 2)


def test_a_second_restore_keeps_what_the_first_one_kept(path: Path, backup: Path) -> None:
    place, kept = operations.Workspace(path, protected=True), list[Path]()
    load(path, "u", [node("eve")])
    replaced = state(path)
    for _ in range(3):
        kept += filter(None, [operations.restore(place, backup).kept])
    assert [one.name for one in kept] == [f"graph.sqlite.before-restore{end}" for end in ("", "-2", "-3")]
    assert state(kept[0]) == replaced
    kept.pop(1).unlink()
    kept += filter(None, [operations.restore(place, backup).kept])
    assert kept[-1].name == "graph.sqlite.before-restore-4"
    assert operations.erase(place, "s").copies == tuple(map(str, kept))


@pytest.mark.parametrize("writes", [False, True])
def test_a_store_in_use_is_not_restored(path: Path, backup: Path, writes: bool) -> None:
    load(path, "u", [node("eve")])
    before = state(path)
    with closing(connect(path)) as other:  # as a service holds it between two questions
        if writes:
            other.execute("BEGIN IMMEDIATE")
        line = error_output(run_kg(path, "restore", backup, "--yes"), 4)
        assert "is in use" in line and "nothing was changed" in line
    assert state(path) == before
    assert run_kg(path, "restore", backup, "--yes").returncode == 0


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_a_store_that_was_cut_short_is_restored_unless_it_is_open(path: Path, backup: Path, share: float) -> None:
    with closing(connect(path)) as other:
        other.execute("SELECT count(*) FROM node").fetchone()
        os.truncate(path, int(path.stat().st_size * share))
        assert "is in use" in error_output(run_kg(path, "restore", backup, "--yes"), 4)
    assert run_kg(path, "restore", backup, "--yes").returncode == 0
    assert_sound(path)
    assert _version(path) >= 1_000  # how far the lost one had come is not known


def test_a_log_of_another_store_is_not_taken_for_that_of_the_restored_one(path: Path, backup: Path) -> None:
    of_backup = state(path)
    with closing(connect(path)):
        load(path, "u", [node("eve")])
        log = log_path(path).read_bytes()
    path.unlink()
    log_path(path).write_bytes(log)
    assert run_kg(path, "restore", backup, "--yes").returncode == 0
    assert state(path) == of_backup
    assert_sound(path)


KILLED_WHILE_FILLING = """
import os, signal, sys
from pathlib import Path
from kg.database import connect, unlogged, write_transaction
connection = connect(Path(sys.argv[1]))
with unlogged(connection), write_transaction(connection):
    connection.execute("PRAGMA cache_size = 1")
    rows = (("filler %d" % number, "x" * 4000) for number in range(2000))
    connection.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", rows)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_journal_of_a_killed_first_load_does_not_reach_into_the_restored_store(path: Path, backup: Path) -> None:
    of_backup = state(path)
    run = subprocess.run([sys.executable, "-c", KILLED_WHILE_FILLING, str(path)], check=False)
    journal = path.with_name(f"{path.name}-journal")
    assert (run.returncode, journal.stat().st_size > 1_000) == (-signal.SIGKILL, True)
    path.rename(path.with_name("moved.sqlite"))
    assert run_kg(path, "restore", backup, "--yes").returncode == 0
    assert (journal.exists(), state(path)) == (False, of_backup)
    assert_sound(path)


def test_a_file_that_was_copied_under_a_log_that_is_not_its_own_is_told_as_damaged(path: Path, backup: Path) -> None:
    load(path, "many", [node(f"n{i}", name=f"Ann Example {i}") for i in range(500)])
    with closing(connect(path)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM node").fetchone()
        load(path, "many", [node(f"m{i}", name=f"Bob Example {i}") for i in range(500)])
        files = {f: f.read_bytes() for f in (path, log_path(path))}
        reader.rollback()
    for name, content in files.items():
        name.write_bytes(content)
    path.write_bytes(backup.read_bytes())
    verified = run_kg(path, "verify")
    assert verified.returncode in (1, 4)
    assert "damaged" in verified.stdout + verified.stderr or "cut short" in verified.stderr
    assert run_kg(path, "restore", backup, "--yes").returncode == 0
    assert_sound(path)


def test_a_process_that_waited_for_a_restore_opens_the_new_file(path: Path, backup: Path) -> None:
    load(path, "u", [node("eve")])
    for _ in range(2):
        restoring = start(path, "restore", backup, "--yes", "--discard")
        opened = start(path, "load", "--reference")
        results = wait_for(restoring), wait_for(opened)
        assert results[1].returncode == 0, results[1]
        assert results[0].returncode in (0, 4), results[0]
        assert_sound(path)


def test_a_service_between_two_questions_counts_as_use(path: Path, backup: Path) -> None:
    workspace = operations.Workspace(path)
    watcher = operations.StoreWatcher(workspace)
    watcher.read_state()
    try:
        assert "is in use" in error_output(run_kg(path, "restore", backup, "--yes"), 4)
    finally:
        watcher.close()


def test_the_error_of_a_store_in_use_is_store_busy(path: Path, backup: Path) -> None:
    with closing(connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusy, match="is in use"):
            operations.restore(operations.Workspace(path), backup)


def _version(path: Path) -> int:
    with closing(connect(path)) as connection:
        return int(connection.execute("SELECT value FROM meta WHERE name = 'version'").fetchone()[0])
