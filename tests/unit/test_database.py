"""Is what SQLite reports told as what it is?"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from kg.database import (
    SMALL_BYTES,
    bulk_filled_search_indexes,
    checkpoint,
    connect,
    log_path,
    to_store_error,
    unlogged,
    write_transaction,
)
from kg.errors import StoreBusy, StoreDamaged, StoreError
from tests.stores import load, node

PATH = Path("graph.sqlite")


def _error(code: int, text: str = "words") -> sqlite3.Error:
    error = sqlite3.OperationalError(text)
    error.sqlite_errorcode, error.sqlite_errorname = code, "SQLITE_NAME"
    return error


@pytest.mark.parametrize(
    ("code", "kind", "says"),
    [
        (sqlite3.SQLITE_BUSY, StoreBusy, "another process is writing"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, StoreBusy, "another process is writing"),
        (sqlite3.SQLITE_LOCKED, StoreBusy, "another process is writing"),
        (sqlite3.SQLITE_IOERR_WRITE, StoreError, "the disk failed"),
        (sqlite3.SQLITE_IOERR_FSYNC, StoreError, "the disk failed"),
        (sqlite3.SQLITE_IOERR_LOCK, StoreError, "the disk failed"),
        (sqlite3.SQLITE_IOERR_SHORT_READ, StoreDamaged, "cut short"),
        (sqlite3.SQLITE_CORRUPT, StoreDamaged, "damaged"),
        (sqlite3.SQLITE_CORRUPT_INDEX, StoreDamaged, "damaged"),
        (sqlite3.SQLITE_NOTADB, StoreDamaged, "not a usable SQLite file"),
        (sqlite3.SQLITE_FULL, StoreError, "no space left"),
        (sqlite3.SQLITE_READONLY, StoreError, "may not be written"),
        (sqlite3.SQLITE_CANTOPEN, StoreError, "cannot be opened"),
        (sqlite3.SQLITE_NOMEM, StoreError, "no memory left"),
        (sqlite3.SQLITE_ERROR, StoreError, "words"),
    ],
)
def test_each_error_is_told_by_its_code(code: int, kind: type[StoreError], says: str) -> None:
    told = to_store_error(_error(code), PATH)
    assert type(told) is kind
    assert says in str(told) and str(told).startswith("graph.sqlite: ")


@pytest.mark.parametrize("text", ["table locked_doors has no column busy", "malformed name: not a database"])
def test_words_in_a_message_do_not_make_another_error_of_it(text: str) -> None:
    assert type(to_store_error(_error(sqlite3.SQLITE_ERROR, text))) is StoreError


def test_a_text_that_cannot_be_decoded_is_damage_and_is_not_shown() -> None:
    told = to_store_error(sqlite3.OperationalError("Could not decode to UTF-8 column 'body' with text 'secret'"))
    assert isinstance(told, StoreDamaged) and "secret" not in str(told)


def _reader(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN")
    connection.execute("SELECT count(*) FROM record").fetchone()
    return connection


def test_the_log_begins_anew_after_a_pause_of_loads_and_grows_without_one(tmp_path: Path) -> None:
    """A service opens a snapshot before it closes the one before, so that somebody always reads."""
    path, sizes, readers = tmp_path / "graph.sqlite", list[int](), list[sqlite3.Connection]()

    def load_once(turn: int) -> None:
        load(path, "s", [node("ann", name=f"Ann {turn}")])
        checkpoint(path)
        sizes.append(log_path(path).stat().st_size)

    def next_snapshot() -> None:
        readers.append(_reader(path))
        for older in readers[:-1]:
            older.close()

    load(path, "s", [node("ann", name="Ann")])
    next_snapshot()
    for turn in range(1, 5):
        load_once(turn)
        next_snapshot()
    assert sizes == sorted(set(sizes))
    assert checkpoint(path).is_complete
    next_snapshot()
    load_once(5)
    assert sizes[-1] == sizes[-2]
    next_snapshot()
    readers[-1].close()


def test_a_log_that_may_not_be_written_here_is_left_to_others() -> None:
    """A service that may only read the store goes on."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "graph.sqlite"
        load(path, "s", [node("ann")])
        with closing(_reader(path)):
            load(path, "s", [node("bob")])
            for one in (*path.parent.iterdir(), path.parent):
                one.chmod(0o555 if one.is_dir() else 0o444)
            with _unprivileged():
                assert checkpoint(path) == (False, False)
        path.parent.chmod(0o755)
        assert checkpoint(path).is_complete


@contextmanager
def _unprivileged() -> Iterator[None]:
    """Not as root, who may write everything."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


def _journal_within(path: Path, connection: sqlite3.Connection) -> str:
    """The journal of a transaction that fills the file, which another connection sees it end in."""
    with unlogged(connection):
        mode = str(connection.execute("PRAGMA journal_mode").fetchone()[0])
        with write_transaction(connection):
            connection.execute("INSERT OR REPLACE INTO meta VALUES ('said', 'x')")
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT value FROM meta WHERE name = 'said'").fetchone() == ("x",)
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    return mode


def test_only_a_small_file_that_nobody_else_has_open_is_filled_without_the_log(tmp_path: Path) -> None:
    path = tmp_path / "graph.sqlite"
    with closing(connect(path, create=True)) as connection:
        assert _journal_within(path, connection) == "delete"
        with closing(connect(path)) as reader:
            assert reader.execute("SELECT count(*) FROM meta").fetchone()[0] > 0
            assert _journal_within(path, connection) == "wal"
        with write_transaction(connection):
            connection.execute("INSERT INTO meta VALUES ('long', ?)", ("x" * SMALL_BYTES,))
        checkpoint(path)
        assert _journal_within(path, connection) == "wal"


def test_search_words_are_in_one_part_after_a_block_that_fills_them(tmp_path: Path) -> None:
    with connect(tmp_path / "graph.sqlite", create=True) as connection:
        with bulk_filled_search_indexes(connection):
            for number in range(20):  # each commit writes a part
                connection.execute("INSERT INTO name (rowid, tokens) VALUES (?, ?)", (number, f"ann {number}"))
        parts = connection.execute("SELECT count(DISTINCT segid) FROM name_idx").fetchone()
        found = connection.execute("SELECT count(*) FROM name WHERE name MATCH 'ann'").fetchone()
    assert (parts, found) == ((1,), (20,))
