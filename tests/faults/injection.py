"""Run kg so that the k-th write, fsync, rename or unlink of it fails, or ends the process."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from enum import IntEnum
from errno import EIO
from pathlib import Path

LIBRARY_SOURCE = Path(__file__).with_name("inject.c")


class Call(IntEnum):
    """The kinds of system calls that are counted, each by itself."""

    WRITE = 0
    FSYNC = 1
    RENAME = 2
    UNLINK = 3


class Action(IntEnum):
    """What becomes of the chosen call."""

    COUNT = 0
    """It goes through; calls are only counted."""
    FAIL_ONCE = 1
    FAIL_ALWAYS = 2
    """It fails, and so does every later one of its kind."""
    KILL = 3
    """The process is killed before it."""
    TEAR = 4
    """Half of what was to be written is, then the process is killed."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong, at which call of which kind, counted from 1."""

    call: Call = Call.WRITE
    number: int = 0
    action: Action = Action.COUNT
    error: int = EIO

    def __str__(self) -> str:
        return f"{self.action.name.lower()} at {self.call.name.lower()} {self.number} ({os.strerror(self.error)})"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended; a negative code is a signal."""

    code: int
    out: str
    err: str
    trace: tuple[tuple[Call, str], ...]
    """Each counted call in order: its kind and the path."""

    def counts(self) -> Mapping[Call, int]:
        """How many calls of each kind there were."""
        return Counter(call for call, _ in self.trace)


_SERVER = """
import ctypes, json, os, sys
from kg.cli import main
import kg.operations, kg.ledger.ledger, kg.ledger.verification, kg.sources.connector, kg.sources.ftm.read
faults = ctypes.CDLL(os.environ.pop("LD_PRELOAD"))
for line in sys.stdin:
    job = json.loads(line)
    child = os.fork()
    if not child:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for number, name in ((1, "out"), (2, "err")):
            os.dup2(os.open(job[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
        trace = os.open(job["trace"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
        os.environ.update(job["environment"])
        os.chdir(job["cwd"])
        sys.argv[:] = ["kg", *job["words"]]
        fault = job["fault"]
        arguments = (fault["call"], fault["number"], fault["action"], fault["error"], trace)
        faults.fault_arm(os.fsencode(job["folder"]), *map(ctypes.c_int, arguments))
        try:
            main()
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else int(left.code is not None)
        except BaseException:
            import traceback
            traceback.print_exc()
            code = 70
        else:
            code = 0
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(code, flush=True)
"""
"""Imports kg once, and forks for each job: a run costs milliseconds instead of a second."""


def compiler() -> str | None:
    """A C compiler, if there is one."""
    return next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)


class Injector:
    """Runs commands of kg with faults below one folder."""

    def __init__(self, server: subprocess.Popen[str], folder: Path) -> None:
        self._server, self._folder = server, folder

    def run(self, below: Path, *words: object, fault: Fault | None = None, **environment: str) -> Outcome:
        """Run `kg WORDS` to its end, with `fault` for calls on paths below a folder."""
        files = {name: str(self._folder / name) for name in ("out", "err", "trace")}
        job = {
            **files,
            "words": [str(word) for word in words],
            "folder": str(below.resolve()),
            "cwd": str(Path.cwd()),
            "environment": environment,
            "fault": asdict(fault or Fault()),
        }
        assert self._server.stdin and self._server.stdout
        self._server.stdin.write(json.dumps(job) + "\n")
        self._server.stdin.flush()
        answer = self._server.stdout.readline()
        assert answer, "the process that runs kg has ended"
        out, err, trace = (Path(file).read_text(encoding="utf-8") for file in files.values())
        lines = (line.split(" ", 2) for line in trace.splitlines())
        return Outcome(int(answer), out, err, tuple((Call[kind.upper()], path) for kind, _, path in lines))


@contextmanager
def injector(folder: Path) -> Iterator[Injector]:
    """An injector for the block, which compiles what it needs into `folder`."""
    library = folder / "inject.so"
    cc = compiler()
    assert cc, "no C compiler"
    subprocess.run([cc, "-O1", "-shared", "-fPIC", "-o", library, LIBRARY_SOURCE, "-ldl"], check=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KG_")}
    server = subprocess.Popen(
        [sys.executable, "-c", _SERVER],
        env=environment | {"LD_PRELOAD": str(library), "COLUMNS": "200"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield Injector(server, folder)
    finally:
        assert server.stdin
        server.stdin.close()
        server.wait(timeout=60)
        if server.stdout:
            server.stdout.close()
