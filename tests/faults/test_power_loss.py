"""Is what was said to be loaded on the disk, and is the log copied only while nobody writes?"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from kg import operations
from kg.database import LOG_BYTES, checkpoint, connect, has_wal_reset_bug, log_path, write_transaction
from kg.errors import StoreBusy
from tests.stores import load, node, store_fixture


@store_fixture
def path(path: Path) -> None:
    load(path, "s", [node("ann")])


def test_a_commit_is_on_the_disk_before_it_is_said_to_be(path: Path) -> None:
    with closing(connect(path)) as connection:
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)  # FULL
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.parametrize("shared", [False, True])
def test_no_connection_copies_the_log_by_itself_or_maps_the_file(path: Path, shared: bool) -> None:
    with closing(connect(path, shared=shared)) as connection:
        assert connection.execute("PRAGMA wal_autocheckpoint").fetchone() == (0,)
        assert connection.execute("PRAGMA mmap_size").fetchone() == (0,)


def test_the_log_is_not_copied_while_somebody_writes(path: Path) -> None:
    with closing(connect(path)) as writer, closing(connect(path)) as _other:
        before = path.read_bytes()
        with write_transaction(writer):
            writer.execute("INSERT INTO report (files, day, version, sources) VALUES ('[]', '', 0, '[]')")
            assert checkpoint(path) == (False, True)
        assert path.read_bytes() == before
        assert checkpoint(path) == (True, False)
        assert path.read_bytes() != before


def test_nobody_writes_while_the_log_is_copied(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A trace of SQLite's statements: whenever one copies, a transaction that began to write holds the lock."""
    refused: list[bool] = []

    class Watched(sqlite3.Connection):
        def execute(self, sql: str, *rest: object) -> sqlite3.Cursor:
            if "wal_checkpoint" in sql:
                with closing(real(path, timeout=0, isolation_level=None)) as third:
                    try:
                        third.execute("BEGIN IMMEDIATE")
                        refused.append(False)
                    except sqlite3.OperationalError:
                        refused.append(True)
            return super().execute(sql, *rest)  # type: ignore[arg-type]  # passed on as it came

    real = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *a, **k: real(*a, **{"factory": Watched, **k}))
    with closing(connect(path)) as connection, closing(connect(path)), write_transaction(connection):
        rows = [(f"[{number + 1000}]".ljust(2_000),) for number in range(4_000)]
        connection.executemany("INSERT INTO report (files, day, version, sources) VALUES (?, '', 0, '[]')", rows)
    load(path, "t", [node("bob")])
    operations.erase(operations.Workspace(path), "t")
    assert len(refused) > 2
    assert all(refused)


def test_a_long_log_is_copied_after_a_commit_and_does_not_grow_for_ever(path: Path) -> None:
    with closing(connect(path)) as connection, closing(connect(path)):
        for number in range(6):
            with write_transaction(connection):
                rows = [(f"{number}" * 500,) for _ in range(4_000)]
                insert = "INSERT INTO report (files, day, version, sources) VALUES (?, '', 0, '[]')"
                connection.executemany(insert, rows)
        with write_transaction(connection):
            connection.execute("DELETE FROM report")
        assert log_path(path).stat().st_size < 6 * LOG_BYTES


def test_writers_and_copies_beside_each_other_lose_nothing(path: Path) -> None:
    done = threading.Event()

    def copy() -> None:
        while not done.is_set():
            checkpoint(path)

    with closing(connect(path)) as connection:
        copier = threading.Thread(target=copy)
        copier.start()
        try:
            for number in range(150):
                with write_transaction(connection):
                    row = (f"[{number}]" * 300,)
                    connection.execute("INSERT INTO report (files, day, version, sources) VALUES (?, '', 0, '[]')", row)
        finally:
            done.set()
            copier.join()
        assert connection.execute("SELECT count(*) FROM report").fetchone() == (150,)
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_writer_that_waits_for_a_copy_is_not_told_of_an_error(path: Path) -> None:
    with closing(connect(path, timeout=0.1)) as one, closing(connect(path)) as two:
        two.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreBusy, match="another process is writing"), write_transaction(one):
            pass
        two.rollback()


@pytest.mark.parametrize(
    ("version", "has_it"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 44, 6), False),
        ((3, 45, 0), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 53, 4), False),
    ],
)
def test_which_sqlite_has_the_wal_reset_bug(version: tuple[int, int, int], has_it: bool) -> None:
    assert has_wal_reset_bug(version) is has_it
