"""Does a process that is killed leave the state before or after, and never one between?"""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.faults import snapshots
from tests.faults.ground import NOTHING, assert_sound, differing, finished, kg, rejects, start, state

NODES = 800


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a first snapshot, one that differs a lot, and one that differs a little."""
    folder = tmp_path_factory.mktemp("sets")
    rows = snapshots.write(folder / "first.ftm.json", NODES)
    snapshots.written(folder / "other.ftm.json", snapshots.changed(rows, 3))
    snapshots.written(folder / "near.ftm.json", snapshots.changed(rows, 300))
    return folder


@pytest.fixture(scope="module")
def loaded(sets: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the first snapshot."""
    path = tmp_path_factory.mktemp("loaded") / "graph.sqlite"
    assert kg(path, "load", sets / "first.ftm.json", "--source", "inv").returncode == 0
    return path


def test_a_first_load(sets: Path, tmp_path: Path) -> None:
    order = ("load", sets / "first.ftm.json", "--source", "inv")
    _kill_often(tmp_path, None, order, moments=9)


def test_a_reload_that_changes_a_lot(sets: Path, loaded: Path, tmp_path: Path) -> None:
    _kill_often(tmp_path, loaded, ("load", sets / "other.ftm.json", "--source", "inv"), moments=9)


def test_a_reload_that_changes_a_little(sets: Path, loaded: Path, tmp_path: Path) -> None:
    _kill_often(tmp_path, loaded, ("load", sets / "near.ftm.json", "--source", "inv"), moments=8)


def test_a_withdrawal(loaded: Path, tmp_path: Path) -> None:
    _kill_often(tmp_path, loaded, ("withdraw", "inv", "--yes"), moments=4)


def _kill_often(folder: Path, base: Path | None, words: Sequence[object], moments: int) -> None:
    """Kill `kg WORDS` at random moments, each time on a copy of `base`; now and then run it again.

    The moments are drawn from the time that the command takes when it is left alone.
    """
    began = time.monotonic()
    whole = _copy(base, folder / "whole")
    assert kg(whole, *words).returncode == 0
    duration = time.monotonic() - began
    before, after = state(base) if base else NOTHING, state(whole)
    assert before != after
    draw = random.Random(str(words[0]))
    for number in range(moments):
        path = _copy(base, folder / str(number))
        # One moment in each part of the time, so that no part of the work is passed over.
        _killed(start(path, *words), duration * (number + draw.random()) / moments)
        assert state(path) in (before, after)
        assert differing(path) == ()
        if number % 3 == 2:
            again = kg(path, *words)
            assert again.returncode == 0, again
            assert state(path).digest == after.digest
            assert_sound(path)
            assert _kept(path) == _kept(whole)


def _killed(process: subprocess.Popen[str], seconds: float) -> None:
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
    assert finished(process).returncode in (0, -signal.SIGKILL)


def _copy(base: Path | None, folder: Path) -> Path:
    """A copy of the store at `base`, with its rejects, in a new folder."""
    folder.mkdir()
    if base:
        shutil.copytree(base.parent, folder, dirs_exist_ok=True)
    return folder / "graph.sqlite"


def _kept(path: Path) -> dict[str, str]:
    """What is kept of the rows that could not be read."""
    return {p.name: p.read_text(encoding="utf-8").replace(str(path.parent), "") for p in rejects(path).glob("*")}
