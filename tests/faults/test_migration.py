"""Does a store of an older format become one of this format, with the same facts, or stay what it is?"""

from __future__ import annotations

import gzip
import random
import shutil
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from kg import operations
from kg.database import OLDEST_SCHEMA_VERSION, SCHEMA_VERSION
from tests.faults.harness import assert_sound, error_output, json_output, limit_file_size, run_kg, start, wait_for
from tests.house.tree import ROOT

OLDER_STORE = ROOT / "tests" / "older_stores" / f"store-v{OLDEST_SCHEMA_VERSION}.sqlite.gz"
"""A store as the version before wrote it; it is never made anew."""

FACTS = (
    "SELECT num, source, key, part, type, from_ns, from_key, to_ns, to_key, body, since, until FROM record",
    "SELECT * FROM namespace",
    "SELECT num, name, namespace, title, invented FROM source",
    "SELECT num, source, kind, day, files, added, changed, unchanged, withdrawn, rejected, set_aside FROM load",
    "SELECT value FROM meta WHERE name = 'ledger'",
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "graph.sqlite"
    with gzip.open(OLDER_STORE) as packed, path.open("wb") as plain:
        shutil.copyfileobj(packed, plain)
    path.chmod(0o600)
    return path


def _facts(path: Path) -> list[list[Any]]:
    """The ledger, read with nothing of kg."""
    with closing(sqlite3.connect(path)) as connection:
        return [connection.execute(f"{query} ORDER BY 1").fetchall() for query in FACTS]


def _format(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def test_whoever_reads_an_old_store_finds_its_facts(path: Path) -> None:
    before = _facts(path)
    assert _format(path) == OLDEST_SCHEMA_VERSION
    assert json_output(run_kg(path, "sources", "--json"))["nodes"]
    assert (_format(path), _facts(path)) == (SCHEMA_VERSION, before)
    assert json_output(run_kg(path, "verify", "--json"))["clean"]
    assert_sound(path)


def test_several_who_open_an_old_store_at_once_migrate_it_once(path: Path) -> None:
    before = _facts(path)
    ended = [wait_for(process) for process in [start(path, "sources", "--json") for _ in range(3)]]
    assert [done.returncode for done in ended] == [0] * 3, ended
    assert (_format(path), _facts(path)) == (SCHEMA_VERSION, before)
    assert_sound(path)


def test_a_migration_that_finds_no_room_leaves_the_old_store(path: Path) -> None:
    before = _facts(path)
    done = run_kg(path, "sources", before=limit_file_size(36 * 1024))
    assert "nothing was changed" in error_output(done, 4)
    assert _facts(path) == before
    assert operations.verify(operations.Workspace(path)).is_clean
    assert (_format(path), _facts(path)) == (SCHEMA_VERSION, before)


def test_a_migration_that_is_killed_leaves_the_old_store_or_the_new_one(path: Path, tmp_path: Path) -> None:
    before = _facts(path)
    began = time.monotonic()
    whole = Path(shutil.copy(path, tmp_path / "whole.sqlite"))
    assert run_kg(whole, "sources").returncode == 0
    duration = time.monotonic() - began
    draw = random.Random("migration")
    for number in range(4):
        copy = Path(shutil.copy(path, tmp_path / f"{number}.sqlite"))
        process = start(copy, "sources")
        try:
            process.wait(timeout=duration * (number + draw.random()) / 4)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        wait_for(process)
        assert _format(copy) in (OLDEST_SCHEMA_VERSION, SCHEMA_VERSION)
        assert _facts(copy) == before
        assert operations.verify(operations.Workspace(copy)).is_clean
        assert (_format(copy), _facts(copy)) == (SCHEMA_VERSION, before)


def test_a_store_of_a_newer_format_is_refused_and_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    before = path.read_bytes()
    for words in (("sources",), ("load", "--reference"), ("verify",)):
        line = error_output(run_kg(path, *words), 4)
        assert f"was written by a newer kg (format {SCHEMA_VERSION + 1}; this one reads up to {SCHEMA_VERSION})" in line
    assert path.read_bytes() == before
