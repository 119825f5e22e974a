"""Is a report there after a run that was killed while it made it anew?"""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

from tests.faults.harness import run_kg
from tests.faults.malformed_input import DECLARED, rows

FIRST, SECOND = "2024-06-03", "2024-06-10"

CASE = (
    {"key": "ann", "type": "Person", "properties": {"name": "Ann Example"}},
    {"key": "flat", "type": "RealEstate", "properties": {"name": "Flat 3"}},
    {"key": "owns", "type": "OWNS", "from": "ann", "to": "flat"},
)

KILLED = """
import os, signal, sys
def killed(name, given):
    if name == event:
        *_, last = (os.fspath(g) for g in given if isinstance(g, (str, os.PathLike)))
        if last.endswith(ending):
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(killed)
"""
"""A process that dies just before it removes a folder whose name ends so, or moves one to such a name."""

MOMENTS = {
    "before the report there is moved aside": ("os.rename", f".{FIRST}.before", [FIRST, f".{FIRST}.part"]),
    "between the two moves": ("os.rename", f"/{FIRST}", [f".{FIRST}.before", f".{FIRST}.part"]),
    "before the one moved aside is removed": ("shutil.rmtree", f".{FIRST}.before", [FIRST, f".{FIRST}.before"]),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "a.records.jsonl"
    file.write_bytes(rows({"source": DECLARED}, *CASE))
    assert run_kg(tmp_path / "graph.sqlite", "load", file).returncode == 0
    return tmp_path / "graph.sqlite"


def words(path: Path, day: str, *more: str) -> list[str]:
    return ["report", "--periodic", "--as-of", "stated", "--out", str(path.parent / "reports"), "--date", day, *more]


@pytest.mark.parametrize(("event", "ending", "left"), MOMENTS.values(), ids=MOMENTS)
def test_a_run_that_is_killed_leaves_a_report_for_the_next(
    path: Path, event: str, ending: str, left: list[str]
) -> None:
    reports = path.parent / "reports"
    assert run_kg(path, *words(path, FIRST)).returncode == 0
    whole = {file.name: file.read_bytes() for file in (reports / FIRST).iterdir()}
    killed = run_kg(path, *words(path, FIRST, "--again"), before=f"event, ending = {event!r}, {ending!r}\n{KILLED}")
    assert killed.returncode == -signal.SIGKILL
    assert sorted(folder.name for folder in reports.iterdir() if folder.is_dir()) == sorted(left)
    assert run_kg(path, *words(path, SECOND)).returncode == 0
    assert sorted(folder.name for folder in reports.iterdir() if folder.is_dir()) == [FIRST, SECOND]
    assert {file.name: file.read_bytes() for file in (reports / FIRST).iterdir()} == whole
    told = json.loads((reports / SECOND / f"report-{SECOND}.json").read_bytes())
    assert told["front"]["changes"]["since"] == FIRST
