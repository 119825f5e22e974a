"""Does a process that is killed leave the state before or after, and never one between?"""

from __future__ import annotations

import json
import random
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults import snapshots
from tests.faults.fork_server import ForkedProcess
from tests.faults.harness import EMPTY_STATE, State, assert_sound, differing, rejects, run_kg, start, state, wait_for

NODES = 600
JUDGED = ("same", "inv:first", "inv:second", "--by", "A. Analyst", "--why", "invented")

LOADS: dict[str, tuple[bool, tuple[str, ...], int]] = {
    "a first load": (False, ("load", "first.ftm.json", "--source", "inv"), 7),
    "a reload that changes a lot": (True, ("load", "other.ftm.json", "--source", "inv"), 7),
    "a reload that changes a little": (True, ("load", "near.ftm.json", "--source", "inv"), 5),
    "a delta": (True, ("load", "changes.ftm.json", "--source", "inv", "--delta"), 4),
}
"""Whether something is loaded already, the command, and at how many moments it is killed."""

OTHERS: dict[str, tuple[tuple[str, ...], int]] = {
    "a withdrawal": (("withdraw", "inv", "--yes"), 4),
    "a judgement": (JUDGED, 4),
}


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a first snapshot, one that differs a lot, one that differs a little, and a delta."""
    folder = tmp_path_factory.mktemp("sets")
    people = (
        {"id": key, "schema": "Person", "properties": {"name": [f"{key} Example"]}} for key in ("first", "second")
    )
    rows = [*(json.dumps(row) + "\n" for row in people), *snapshots.write_snapshot(folder / "first.ftm.json", NODES)]
    snapshots.write_rows(folder / "first.ftm.json", rows)
    snapshots.write_rows(folder / "other.ftm.json", snapshots.change_rows(rows, 3))
    snapshots.write_rows(folder / "near.ftm.json", snapshots.change_rows(rows, 300))
    snapshots.write_rows(folder / "changes.ftm.json", snapshots.delta_rows(rows, 20))
    return folder


@pytest.fixture(scope="module")
def loaded(sets: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the first snapshot."""
    path = tmp_path_factory.mktemp("loaded") / "graph.sqlite"
    assert run_kg(path, "load", sets / "first.ftm.json", "--source", "inv").returncode == 0
    return path


@pytest.fixture(autouse=True)
def here(sets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The snapshots are named as files of the present folder."""
    monkeypatch.chdir(sets)


@pytest.mark.parametrize(("reload", "words", "moments"), LOADS.values(), ids=LOADS)
def test_a_load_that_is_killed_happened_or_did_not(
    loaded: Path, tmp_path: Path, reload: bool, words: tuple[str, ...], moments: int
) -> None:
    base = loaded if reload else None
    before, whole = state(base) if base else EMPTY_STATE, _copy(base, tmp_path / "whole")
    after, duration = _left_alone(whole, words)
    assert before != after
    for number, path in _killed_often(base, tmp_path, words, duration, moments):
        reached = state(path)
        assert reached in (before, after)
        assert differing(path) == ()
        if number % 3 == 2:  # what the killed one left is in nobody's way
            assert run_kg(path, *words).returncode == 0
            assert state(path).digest == after.digest
            assert_sound(path)
            expected = _copy(whole, tmp_path / f"again-{number}")
            if reached == after:  # it had happened, so this was the second time; a delta's rejects are added again
                assert run_kg(expected, *words).returncode == 0
            assert _kept(path) == _kept(expected)


@pytest.mark.parametrize(("words", "moments"), OTHERS.values(), ids=OTHERS)
def test_what_is_killed_happened_or_did_not(loaded: Path, tmp_path: Path, words: tuple[str, ...], moments: int) -> None:
    before = state(loaded)
    after, duration = _left_alone(_copy(loaded, tmp_path / "whole"), words)
    assert before != after
    for _, path in _killed_often(loaded, tmp_path, words, duration, moments):
        reached = state(path)
        assert reached in (before, after)
        assert_sound(path)
        if reached == before:
            assert run_kg(path, *words).returncode == 0
            assert state(path) == after


def test_an_erasure_that_is_killed_can_be_finished(loaded: Path, tmp_path: Path) -> None:
    before, withdrawn = state(loaded), _copy(loaded, tmp_path / "withdrawn")
    assert run_kg(withdrawn, "withdraw", "inv", "--yes").returncode == 0
    words = ("withdraw", "inv", "--erase", "--yes")
    after, duration = _left_alone(_copy(loaded, tmp_path / "whole"), words)
    between = state(withdrawn)
    for _, path in _killed_often(loaded, tmp_path, words, duration, 4):
        assert state(path) in (before, between, after)
        assert differing(path) == ()
        assert run_kg(path, *words).returncode in (0, 3)  # 3: nothing of it was left
        assert state(path) == after
        assert b"Example" not in path.read_bytes()
        assert not rejects(path).exists() or list(rejects(path).iterdir()) == []


def test_suggestions_that_are_killed_are_all_kept_or_none(loaded: Path, tmp_path: Path) -> None:
    words = ("candidates", "--from", "0.01", "--write")
    after, duration = _left_alone(whole := _copy(loaded, tmp_path / "whole"), words)
    expected = _suggestions(whole)
    assert expected
    assert after == state(loaded)  # nothing else follows from them
    for _, path in _killed_often(loaded, tmp_path, words, duration, 4):
        assert _suggestions(path) in ([], expected)
        assert_sound(path)
        assert run_kg(path, *words).returncode == 0
        assert _suggestions(path) == expected


def _suggestions(path: Path) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT * FROM suggestion ORDER BY one_key, other_key").fetchall()


def _left_alone(path: Path, words: Sequence[str]) -> tuple[State, float]:
    """The state after a command that nobody kills, and how many seconds it takes."""
    began = time.monotonic()
    done = run_kg(path, *words)
    assert done.returncode == 0, done.stderr
    return state(path), time.monotonic() - began


def _killed_often(
    base: Path | None, folder: Path, words: Sequence[str], duration: float, moments: int
) -> Iterator[tuple[int, Path]]:
    """Kill `kg WORDS` at random moments of its duration, each time on a copy of `base`; gives the copies."""
    draw = random.Random(" ".join(words))
    for number in range(moments):
        path = _copy(base, folder / str(number))
        # One moment in each part of the time, so that no part of the work is passed over.
        _killed(start(path, *words), duration * (number + draw.random()) / moments)
        yield number, path


def _killed(process: ForkedProcess, seconds: float) -> None:
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    assert wait_for(process).returncode in (0, -signal.SIGKILL)


def _copy(base: Path | None, folder: Path) -> Path:
    """A copy of the store at `base`, with its rejects, in a new folder."""
    folder.mkdir()
    if base:
        shutil.copytree(base.parent, folder, dirs_exist_ok=True)
    return folder / "graph.sqlite"


def _kept(path: Path) -> dict[str, str]:
    """What is kept of the rows that could not be read."""
    return {p.name: p.read_text(encoding="utf-8").replace(str(path.parent), "") for p in rejects(path).glob("*")}
