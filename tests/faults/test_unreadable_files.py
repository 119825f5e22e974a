"""What happens when a path leads to no file that can be read, or the call makes no sense?"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.faults.harness import environment, error_output, run_kg, state
from tests.faults.malformed_input import ExpectedRefusal, LoadHarness, refused, rows

ANN = rows({"id": "ann", "schema": "Person", "properties": {"name": ["Ann Example"]}})

UNPRIVILEGED = """
import ctypes, os, sys
if os.geteuid() == 0:  # root passes over the permission bits of files, unless it gives that up before a program starts
    for capability in (1, 2):
        assert ctypes.CDLL(None, use_errno=True).prctl(24, capability, 0, 0, 0) == 0
os.execv(sys.executable, [sys.executable, "-m", "kg", *sys.argv[1:]])
"""
"""`kg` for which permission bits hold: without CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH."""


@pytest.fixture
def ground(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LoadHarness:
    return LoadHarness(tmp_path, monkeypatch)


def _unprivileged(path: Path, *words: object) -> str:
    run = [sys.executable, "-c", UNPRIVILEGED, *map(str, words)]
    done = subprocess.run(run, env=environment(path, KG_WAIT="1"), capture_output=True, text=True, check=False)
    return error_output(done, 2 if words[0] == "load" and words[1] != "--reference" else 4)


def _folder(path: Path) -> None:
    path.mkdir()


def _circle(path: Path) -> None:
    path.symlink_to(path)


def _socket(path: Path) -> None:
    with closing(socket.socket(socket.AF_UNIX)) as server:
        here = Path.cwd()
        os.chdir(path.parent)  # the address of a socket is short
        try:
            server.bind(path.name)
        finally:
            os.chdir(here)


def _nothing(path: Path) -> None:
    """There is nothing."""


def _behind_a_file(path: Path) -> None:
    path.symlink_to(path.parent / "graph.sqlite" / "x")


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


PATHS: dict[str, tuple[Callable[[Path], None], str]] = {
    "missing": (_nothing, "there is no such file"),
    "a folder": (_folder, "holds no file that a connector reads"),
    "a link to itself": (_circle, "cannot be read: "),
    "a pipe that nobody writes to": (os.mkfifo, "is a pipe, a socket or a device"),
    "a socket": (_socket, "is a pipe, a socket or a device"),
    "a device without end": (_device, "is a pipe, a socket or a device"),
    "below a file": (_behind_a_file, "cannot be read: Not a directory"),
}


@pytest.mark.parametrize(("make", "words"), PATHS.values(), ids=PATHS)
@pytest.mark.parametrize("name", ["x.ftm.json", "x.records.jsonl", "jurisdictions.csv"])
def test_what_is_no_file_is_named_and_nobody_waits_for_it(
    ground: LoadHarness, make: Callable[[Path], None], words: str, name: str
) -> None:
    path = ground.folder / name
    make(path)
    ground.load(path, ExpectedRefusal(f"{name} … {words}"), "--source", "inv")


def test_a_file_that_may_not_be_read_is_named(ground: LoadHarness) -> None:
    path = ground.file("x.ftm.json", ANN)
    path.chmod(0)
    line = _unprivileged(ground.path, "load", path, "--source", "inv")
    assert line == f"kg: {path}: cannot be read: Permission denied\n"
    assert state(ground.path) == ground.before


def test_a_name_too_long_for_a_file(ground: LoadHarness) -> None:
    ground.load(ground.folder / f"{'x' * 300}.ftm.json", ExpectedRefusal("File name too long"), "--source", "inv")


def test_a_name_that_is_not_utf_8(ground: LoadHarness) -> None:
    path = os.fsencode(ground.folder) + b"/caf\xe9.ftm.json"
    Path(os.fsdecode(path)).write_bytes(ANN)
    line = error_output(run_kg(ground.path, "load", os.fsdecode(path), "--source", "inv"), 2)
    assert line.endswith("caf\\udce9.ftm.json: expected UTF-8; if it is the name of a file, rename it\n")
    assert state(ground.path) == ground.before


def test_one_bad_file_of_two_stops_both(ground: LoadHarness) -> None:
    good = ground.file("good.ftm.json", ANN)
    line = refused(ground.run("load", good, ground.folder / "absent.ftm.json", "--source", "inv"))
    assert "absent.ftm.json: there is no such file" in line
    assert state(ground.path) == ground.before


def test_the_same_file_twice(ground: LoadHarness) -> None:
    path = ground.file("x.ftm.json", ANN)
    assert "is given twice" in refused(ground.run("load", path, path, "--source", "inv"))


CALLS: dict[str, tuple[tuple[str, ...], int, str]] = {
    "no file": (("load",), 2, "give either files to load, or --reference"),
    "files and the reference": (("load", "x.ftm.json", "--reference"), 2, "give either"),
    "a name that says nothing": (("load", "kept.dat"), 2, "no connector reads a file of this name"),
    "no such file": (("load", "x.dat"), 2, "x.dat: there is no such file"),
    "an unknown connector": (("load", "x.ftm.json", "--as", "excel"), 3, "there is no connector 'excel'"),
    "nobody says whose it is": (("load", "x.ftm.json"), 2, "name it with --source"),
    "a source of two lines": (("load", "x.ftm.json", "--source", "a\nb"), 2, "key source"),
    "a source of spaces": (("load", "x.ftm.json", "--source", "  "), 2, "key source"),
    "a source without end": (("load", "x.ftm.json", "--source", "x" * 3_000), 2, "key source"),
    "a namespace with a NUL": (("load", "x.ftm.json", "--source", "a", "--namespace", "a\0"), 2, "key namespace"),
    "the curated namespace": (
        ("load", "x.ftm.json", "--source", "a", "--namespace", "jurisdiction"),
        2,
        "is for curated keys",
    ),
    "another namespace": (("load", "x.ftm.json", "--source", "inv", "--namespace", "b"), 2, "was loaded with"),
    "an unknown source": (("withdraw", "nobody", "--yes"), 3, "there is no source 'nobody'"),
    "a day that never was": (("report", "--out", "r", "--date", "2014-02-30"), 2, "2014-02-30"),
    "a day that is a month": (("report", "--out", "r", "--date", "soon"), 2, "soon"),
    "a folder that is a file": (("report", "--out", "x.ftm.json", "--date", "2014-12-05"), 2, "x.ftm.json"),
    "an unknown type": (("search", "ann", "--type", "Ghost"), 2, "type 'Ghost': expected one of Address"),
    "an unknown trait": (("path", "inv:before", "inv:before", "--walk", "ghost"), 2, "'ghost'"),
}


@pytest.mark.parametrize(("words", "code", "says"), CALLS.values(), ids=CALLS)
def test_a_call_that_makes_no_sense_is_one_line(
    ground: LoadHarness, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], code: int, says: str
) -> None:
    monkeypatch.chdir(ground.folder)
    ground.file("x.ftm.json", ANN)
    ground.file("kept.dat", b"words\n")
    assert says in refused(ground.run(*words), code)
    assert state(ground.path) == ground.before


def test_a_pipe_is_not_loaded(ground: LoadHarness) -> None:
    os.mkfifo(ground.folder / "pipe.jsonl")
    assert "is a pipe, a socket or a device; expected a file" in refused(
        ground.run("load", ground.folder / "pipe.jsonl")
    )


SETTINGS: dict[str, tuple[str, str]] = {
    "waits for words": ("KG_WAIT", "soon"),
    "waits less than nothing": ("KG_WAIT", "-1"),
    "waits for ever": ("KG_WAIT", "inf"),
    "waits for no number": ("KG_WAIT", "nan"),
    "waits for years": ("KG_WAIT", "1e12"),
    "readers by the hundred": ("KG_READERS", "100"),
    "half a reader": ("KG_READERS", "0.5"),
    "a port that is none": ("KG_SMTP_PORT", "0"),
    "an unknown way to encrypt": ("KG_SMTP_SECURITY", "tls"),
    "a mask that takes from the owner": ("KG_UMASK", "700"),
    "an unknown scope": ("KG_SCOPE", "secret"),
    "an empty store": ("KG_STORE", ""),
    "a store of another kind": ("KG_STORE", "papyrus:x"),
    "a store without a path": ("KG_STORE", "embedded:"),
    "a store of nobody": ("KG_STORE", "embedded:~nobody-of-that-name/x"),
}


@pytest.mark.parametrize(("name", "value"), SETTINGS.values(), ids=SETTINGS)
def test_a_setting_that_cannot_be_meant_names_itself(
    ground: LoadHarness, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    assert name in refused(ground.run("sources"))
