"""Run kg so that the k-th write, fsync, rename or unlink of it fails, or ends the process."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from enum import IntEnum
from errno import EIO
from pathlib import Path

from tests.faults.fork_server import ForkServer, fork_server

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


def compiler() -> str | None:
    """A C compiler, if there is one."""
    return next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)


class Injector:
    """Runs commands of kg with faults below one folder."""

    def __init__(self, server: ForkServer) -> None:
        self._server = server

    def run(self, below: Path, *words: object, fault: Fault | None = None, **environment: str) -> Outcome:
        """Run `kg WORDS` to its end, with `fault` for calls on paths below a folder."""
        arguments = asdict(fault or Fault())
        chosen = {**arguments, "folder": str(below.resolve())}
        done = self._server.run(words, {**os.environ, "COLUMNS": "200", **environment}, chosen)
        lines = (line.split(" ", 2) for line in done.trace.splitlines())
        return Outcome(done.code, done.out, done.err, tuple((Call[kind.upper()], path) for kind, _, path in lines))


@contextmanager
def injector(folder: Path) -> Iterator[Injector]:
    """An injector for the block, which compiles what it needs into `folder`."""
    library = folder / "inject.so"
    cc = compiler()
    assert cc, "no C compiler"
    subprocess.run([cc, "-O1", "-shared", "-fPIC", "-o", library, LIBRARY_SOURCE, "-ldl"], check=True)
    with fork_server(folder, library) as server:
        yield Injector(server)
