"""What is said of a store that cannot be used, and is it left alone?"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.harness import error_output, run_kg, state
from tests.faults.malformed_input import BEFORE, LoadHarness, refused, rows
from tests.faults.test_unreadable_files import _unprivileged

FILES = ("load", "a.records.jsonl")
COMMANDS = (FILES, ("withdraw", "inv", "--yes"), ("search", "ann"), ("show", "inv:before"), ("verify",), ("sources",))


def _text(path: Path) -> None:
    path.write_text("These are the notes of somebody.\n" * 100, encoding="utf-8")


def _folder(path: Path) -> None:
    path.mkdir()


def _another_program(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE notes (text)")


def _newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE meta (name)")
        connection.execute(f"PRAGMA application_id = {0x6B670001}")
        connection.execute("PRAGMA user_version = 999")


def _circle(path: Path) -> None:
    path.symlink_to(path)


def _below_a_file(path: Path) -> None:
    path.parent.rmdir()
    path.parent.write_text("a file where a folder should be")


STORES: dict[str, tuple[Callable[[Path], None], str]] = {
    "no database": (_text, "not a usable SQLite file"),
    "a folder": (_folder, ""),
    "of another program": (_another_program, "of another program"),
    "of a newer kg": (_newer, "was written by a newer kg (format 999"),
    "a link to itself": (_circle, ""),
    "below a file": (_below_a_file, ""),
}


@pytest.mark.parametrize("words", COMMANDS, ids=[words[0] for words in COMMANDS])
@pytest.mark.parametrize(("make", "says"), STORES.values(), ids=STORES)
def test_a_store_that_is_none_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], None], says: str, words: tuple[str, ...]
) -> None:
    ground = LoadHarness(tmp_path, monkeypatch)
    path = tmp_path / "other" / "graph.sqlite"
    path.parent.mkdir()
    make(path)
    before = path.read_bytes() if path.is_file() else b""
    monkeypatch.setenv("KG_STORE", f"embedded:{path}")
    monkeypatch.chdir(tmp_path)
    ground.file("a.records.jsonl", rows(*BEFORE))
    assert says in refused(ground.run(*words), 4)
    assert (path.read_bytes() if path.is_file() else b"") == before


@pytest.mark.parametrize("share", [0.02, 0.4, 0.9])
def test_a_store_that_is_cut_short_is_said_to_be_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, share: float
) -> None:
    ground = LoadHarness(tmp_path, monkeypatch)
    ground.file("a.records.jsonl", rows(*BEFORE))
    content = ground.path.read_bytes()
    ground.path.write_bytes(content[: int(len(content) * share)])
    monkeypatch.chdir(tmp_path)
    for words in COMMANDS:
        result = ground.run(*words)
        assert result.exit_code in (0, 1, 4), result.exception
        assert result.exit_code != 4 or "not a usable SQLite file" in refused(result, 4)
    assert ground.run("verify").exit_code != 0


def test_a_store_that_may_not_be_written_is_not_loaded_into(ground_of_files: LoadHarness) -> None:
    path = ground_of_files.path
    path.chmod(0o444)
    path.parent.chmod(0o555)
    try:
        assert "nothing was changed" in _unprivileged(path, "load", "--reference")
    finally:
        path.parent.chmod(0o755)
    assert state(path) == ground_of_files.before


def test_a_folder_that_may_not_be_written_gets_no_store(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o555)
    for path in (folder / "graph.sqlite", folder / "deeper" / "graph.sqlite"):
        _unprivileged(path, "load", "--reference")
    folder.chmod(0o755)
    assert list(folder.iterdir()) == []


def test_an_empty_file_is_a_store_to_be(tmp_path: Path) -> None:
    path = tmp_path / "graph.sqlite"
    path.touch()
    assert "holds no graph; load something first" in error_output(run_kg(path, "sources"), 4)
    assert run_kg(path, "load", "--reference").returncode == 0
    assert run_kg(path, "verify").returncode == 0


@pytest.fixture
def ground_of_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LoadHarness:
    return LoadHarness(tmp_path, monkeypatch)
