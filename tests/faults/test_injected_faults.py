"""What is left after a write, fsync, rename or unlink of a command fails, or is its last?

Each command runs once to see which calls it makes, then once for each chosen call. KG_FAULT_CALLS=all chooses all of
them; without it, some of each kind and file are chosen.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from errno import EIO, ENOSPC
from pathlib import Path

import pytest

from tests.faults import snapshots
from tests.faults.harness import State, differing, environment, state
from tests.faults.injection import Action, Call, Fault, Injector, Outcome, compiler, injector

if compiler() is None:  # CI has one: a skipped test fails there
    pytest.skip("faults are injected by a library in C, and there is no C compiler", allow_module_level=True)

STORE = "graph.sqlite"
BY = ("--by", "A. Analyst", "--why", "invented")

COMMANDS: dict[str, tuple[str, ...]] = {
    "a first load": ("load", "../sets/other.ftm.json", "--source", "second"),
    "a reload": ("load", "../sets/other.ftm.json", "--source", "inv"),
    "a delta": ("load", "../sets/changes.ftm.json", "--source", "inv", "--delta"),
    "a withdrawal": ("withdraw", "inv", "--yes"),
    "an erasure": ("withdraw", "inv", "--erase", "--yes"),
    "a judgement": ("same", "inv:first", "inv:second", *BY),
    "an undoing": ("undo", "1", *BY),
    "an attachment": ("attach", "../sets/changes.ftm.json", "--to", "inv:first"),
    "a graph file": ("export", "out/graph.graphml"),
    "records": ("export", "records", "out/records"),
    "bulk files": ("export", "neo4j-admin", "out/bulk"),
    "a report": ("report", "--out", "out/reports", "--date", "2014-12-05", "--as-of", "2014-12-05"),
    "a sheet": ("template", "out/case.xlsx"),
    "a view": ("view", "--clusters"),
}
"""Each runs in a folder with a store that has the source `inv`, and one judgement."""

FAILURES = ((Action.FAIL_ALWAYS, ENOSPC), (Action.FAIL_ONCE, EIO), (Action.KILL, EIO))
"""A full disk, a bad sector, a killed process."""


@dataclass(frozen=True, slots=True)
class Content:
    """All that a command may change: the store, and the files that it writes for people."""

    store: State
    files: tuple[tuple[str, str], ...]
    """Names with digests, without hidden ones."""


@pytest.fixture(scope="module")
def faults(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Injector]:
    with injector(tmp_path_factory.mktemp("injector")) as opened:
        yield opened


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory, faults: Injector) -> Path:
    """A folder with snapshots in `sets`, and in `case` a store with one of them."""
    folder = tmp_path_factory.mktemp("base")
    sets, case = folder / "sets", folder / "case"
    sets.mkdir()
    (case / "out").mkdir(parents=True)
    rows = snapshots.write_snapshot(sets / "first.ftm.json", 12)
    people = [f'{{"id": "{key}", "schema": "Person", "properties": {{"name": ["{key} Example"]}}}}\n' for key in PEOPLE]
    rows = snapshots.write_rows(sets / "first.ftm.json", [*people, *rows])
    snapshots.write_rows(sets / "other.ftm.json", snapshots.change_rows(rows, 7))
    snapshots.write_rows(sets / "changes.ftm.json", snapshots.delta_rows(rows, 9))
    for words in (("load", sets / "first.ftm.json", "--source", "inv"), ("same", "inv:third", "inv:fourth", *BY)):
        done = _run(faults, case, *map(str, words))
        assert done.code == 0, done.err
    return folder


PEOPLE = ("first", "second", "third", "fourth")


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_a_failed_call_leaves_the_state_before_or_after(
    words: tuple[str, ...], base: Path, faults: Injector, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(_copy(base, tmp_path / "whole"))
    before = _content(Path.cwd())
    whole = _run(faults, Path.cwd(), *words)
    assert whole.code == 0, whole.err
    after = _content(Path.cwd())
    between = {State(), *_states_between(faults, base, tmp_path, words)}
    for number, fault in enumerate(_chosen_faults(whole)):
        folder = _copy(base, tmp_path / str(number))
        monkeypatch.chdir(folder)
        done = _run(faults, folder, *words, fault=fault)
        found = _content(folder)
        told = f"{fault}: {_file_of(whole, fault)}\nended with {done.code}: {done.err}"
        _assert_told(done, fault, found, before, after, told)
        assert found.store in {before.store, after.store, *between}, told
        assert _whole_files(found, before, after), told
        assert differing(folder / STORE) == (), told
        again = _run(faults, folder, *words)
        assert again.code == 0 or found.store == after.store or "nothing" in again.err, f"{told}\nagain: {again.err}"
        assert _content(folder).store.digest == after.store.digest, told
        assert differing(folder / STORE) == (), told
        shutil.rmtree(folder)


def test_what_is_told_as_loaded_is_on_the_disk(
    base: Path, faults: Injector, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the last write to the log of the store, the log is synced, also where another process keeps it open."""
    monkeypatch.chdir(folder := _copy(base, tmp_path / "case"))
    with closing(sqlite3.connect(folder / STORE)) as reader:
        reader.execute("SELECT count(*) FROM record").fetchone()
        done = _run(faults, folder, *COMMANDS["a delta"])
    assert done.code == 0, done.err
    log = [call for call, path in done.trace if path.endswith("-wal") and call in {Call.WRITE, Call.FSYNC}]
    assert Call.WRITE in log
    assert log[-1] is Call.FSYNC


def _assert_told(done: Outcome, fault: Fault, found: Content, before: Content, after: Content, told: str) -> None:
    """What a command says and ends with is true of what it left."""
    if fault.action is Action.KILL:
        assert done.code in (-9, 0), told
        return
    assert done.code in (0, 2, 4), told
    if done.code:
        assert done.err.splitlines()[-1].startswith("kg: "), told
        assert "Traceback" not in done.err, told
        if "nothing was changed" in done.err:
            assert found.store == before.store, told
    else:
        assert found.store == after.store, told
        assert [name for name, _ in found.files] == [name for name, _ in after.files], told


def _whole_files(found: Content, before: Content, after: Content) -> bool:
    """Whether each file that people see is one from before, or one that the command writes to its end."""
    complete = {_without_numbers(name) for name, _ in after.files}
    return all(entry in before.files or _without_numbers(entry[0]) in complete for entry in found.files)


def _states_between(faults: Injector, base: Path, folder: Path, words: tuple[str, ...]) -> Iterator[State]:
    """The states that a command of several steps may stop in: an erasure withdraws first."""
    if "--erase" in words:
        withdrawn = _copy(base, folder / "withdrawn")
        assert _run(faults, withdrawn, "withdraw", "inv", "--yes").code == 0
        yield state(withdrawn / STORE)


def _chosen_faults(whole: Outcome) -> Iterator[Fault]:
    """For each kind of call and kind of file, one in the middle or the last, in turns with each failure."""
    numbered: dict[tuple[Call, str], list[int]] = {}
    seen: dict[Call, int] = {}
    for call, path in whole.trace:
        seen[call] = seen.get(call, 0) + 1
        numbered.setdefault((call, Path(_without_numbers(path)).suffix), []).append(seen[call])
    for turn, ((call, _), numbers) in enumerate(numbered.items()):
        if os.environ.get("KG_FAULT_CALLS") == "all":
            yield from (Fault(call, n, action, error) for n in numbers for action, error in FAILURES)
        else:
            action, error = FAILURES[turn % len(FAILURES)]
            yield Fault(call, numbers[(len(numbers) - 1) * (1 + turn % 2) // 2], action, error)


def _file_of(whole: Outcome, fault: Fault) -> str:
    """The path of the call that a fault hits."""
    calls = [path for call, path in whole.trace if call is fault.call]
    return calls[fault.number - 1]


def _without_numbers(name: str) -> str:
    """A name without what is drawn at random for it."""
    return re.sub(r"[.-][0-9a-z_]{8,}(?=[.-]|$)", "", name)


def _run(faults: Injector, folder: Path, *words: str, fault: Fault | None = None) -> Outcome:
    cache = {"KG_VIEW_CACHE": str(folder / "views"), "TMPDIR": str(folder)}
    mine = {name: value for name, value in environment(folder / STORE).items() if name.startswith("KG_")}
    return faults.run(folder, *words, fault=fault, **mine, **cache)


def _copy(base: Path, folder: Path) -> Path:
    """A copy of the case."""
    shutil.copytree(base / "case", folder)
    if not (folder.parent / "sets").exists():
        shutil.copytree(base / "sets", folder.parent / "sets")
    return folder


def _content(folder: Path) -> Content:
    files = sorted(
        (str(path.relative_to(folder)), hashlib.sha256(path.read_bytes()).hexdigest())
        for path in (folder / "out").rglob("*")
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
    return Content(state(folder / STORE), tuple(files))
