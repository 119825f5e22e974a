"""What does a command leave that somebody interrupts, or whose output nobody reads?"""

from __future__ import annotations

import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.faults import snapshots
from tests.faults.harness import (
    EMPTY_STATE,
    assert_sound,
    command,
    environment,
    leftovers,
    rejects,
    run_kg,
    start,
    state,
    wait_for,
)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sets") / "a.ftm.json"
    snapshots.write_snapshot(path, 600)
    return path


@pytest.fixture(scope="module")
def long_file(file: Path) -> Path:
    """A file that takes so long that whoever sees its load begin can stop it, also on a busy machine."""
    path = file.with_name("long.ftm.json")
    rows = file.read_text(encoding="utf-8").splitlines(keepends=True)[1:]
    snapshots.write_rows(path, rows * 60)
    return path


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)], ids=["SIGINT", "SIGTERM"])
def test_a_load_that_is_stopped_loads_nothing(
    tmp_path: Path, file: Path, long_file: Path, sent: signal.Signals, code: int
) -> None:
    path = tmp_path / "graph.sqlite"
    process = start(path, "load", long_file, "--source", "inv")
    while not leftovers(path) and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(sent)
    done = wait_for(process)
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.splitlines()[-1] == "kg: interrupted; what was not finished was undone"  # after its progress
    assert state(path) == EMPTY_STATE
    assert list(rejects(path).glob("*")) == []
    assert run_kg(path, "load", file, "--source", "inv").returncode == 0
    assert_sound(path)


@pytest.mark.parametrize(
    "words", [("ref",), ("ref", "--json"), ("search", "example"), ("sources", "--json")], ids=" ".join
)
def test_output_that_nobody_reads_is_no_fault(tmp_path: Path, words: tuple[str, ...]) -> None:
    path = tmp_path / "graph.sqlite"
    assert run_kg(path, "load", "--reference").returncode == 0
    process = subprocess.Popen(
        command(*words), env=environment(path), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout and process.stderr
    process.stdout.close()
    assert (process.stderr.read(), process.wait()) == ("", 0)
    process.stderr.close()


@pytest.mark.parametrize("words", [(), ("--help",), ("path", "--help"), ("--version",)], ids=" ".join)
def test_help_that_nobody_reads_is_no_fault(tmp_path: Path, words: tuple[str, ...]) -> None:
    process = subprocess.Popen(
        command(*words), env=environment(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout and process.stderr
    process.stdout.close()
    assert (process.stderr.read(), process.wait()) == ("", 0)
    process.stderr.close()


@pytest.mark.parametrize(("words", "code"), [(("nonsense",), 2), (("show", "nobody"), 4)], ids=str)
def test_an_error_that_nobody_reads_is_known_by_the_exit_code(
    tmp_path: Path, words: tuple[str, ...], code: int
) -> None:
    process = subprocess.Popen(
        command(*words), env=environment(tmp_path / "none.sqlite"), stderr=subprocess.PIPE, text=True
    )
    assert process.stderr
    process.stderr.close()
    assert process.wait() == code


@pytest.mark.parametrize("words", [("ref", "--json"), ("--help",), ("--version",)], ids=" ".join)
def test_output_that_has_no_room_is_one_line(tmp_path: Path, words: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            command(*words),
            env=environment(tmp_path / "graph.sqlite"),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stderr) == (2, "kg: the output: No space left on device\n")


def test_a_day_of_work_leaves_no_hidden_files(tmp_path: Path, file: Path) -> None:
    path = tmp_path / "graph.sqlite"
    rejects(path).mkdir()
    for name in (".tmpleft", ".inv.7", ".other.1"):
        (rejects(path) / name).write_text("left by a load that was killed")
    assert run_kg(path, "load", file, "--source", "inv").returncode == 0
    assert leftovers(path) == []
    assert [p.name for p in rejects(path).iterdir()] == ["inv.rejects.jsonl"]
