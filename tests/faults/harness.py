"""What do the tests of faults stand on: real processes, real files, and the state of a store?"""

from __future__ import annotations

import atexit
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kg.database import connect
from kg.errors import StoreError
from kg.ledger.judgement_status import list_judgements
from kg.ledger.loads import list_loads
from kg.ledger.verification import graph_digest, verify
from kg.ontology import load_ontology
from tests.faults.fork_server import ForkedProcess, ForkServer, fork_server

_INTERRUPTIBLE = """
import runpy, signal
signal.signal(signal.SIGINT, signal.default_int_handler)
runpy.run_module("kg", run_name="__main__", alter_sys=True)
"""
"""`python -m kg` that can be interrupted: a shell has what it runs in the background ignore SIGINT."""


@dataclass(frozen=True)
class State:
    """All that a person can tell about a store: its graph, its loads and its judgements."""

    digest: str = ""
    loads: tuple[str, ...] = ()
    judgements: tuple[str, ...] = ()


EMPTY_STATE = State()
"""No store, or an empty one."""


def state(path: Path) -> State:
    """The state of the store at `path`."""
    with _opened(path) as connection:
        if connection is None:
            return EMPTY_STATE
        loads = tuple(str((e.number, e.source, e.kind, e.files, e.added, e.withdrawn)) for e in list_loads(connection))
        found = tuple(str((j.number, j.kind, j.one, j.other)) for j in list_judgements(connection, active_only=False))
        return State(graph_digest(connection), loads, found)


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection | None]:
    """A connection to the store at `path`; None where there is no store, or one that holds nothing."""
    try:
        opened = connect(path)
    except StoreError as error:
        assert "load something first" in str(error)
        yield None
        return
    with closing(opened) as connection:
        yield connection if list_loads(connection) else None


def assert_sound(path: Path) -> None:
    """The store is what its ledger says, and nothing half written lies about."""
    assert differing(path) == ()
    assert leftovers(path) == []


def differing(path: Path) -> tuple[str, ...]:
    """What in the store is not what its ledger says."""
    with _opened(path) as connection:
        if connection is None:
            return ()
    return verify(path, load_ontology()).differing


def leftovers(path: Path) -> list[str]:
    """Hidden files in the store's folder of rejects."""
    return sorted(p.name for p in rejects(path).glob(".*"))


def rejects(path: Path) -> Path:
    """The store's folder of rejects."""
    return path.parent / f"{path.name}.rejects"


def environment(path: Path, **more: str) -> dict[str, str]:
    """The environment of a process that uses the store at `path`."""
    return {**os.environ, "KG_STORE": f"embedded:{path}", "KG_WAIT": "60", "COLUMNS": "200", **more}


def command(*words: object) -> list[str]:
    """The command line of `kg WORDS`, which hears SIGINT also when the tests do not."""
    return [sys.executable, "-c", _INTERRUPTIBLE, *map(str, words)]


def start(path: Path, *words: object, before: str = "", **more: str) -> ForkedProcess:
    """`kg WORDS` on the store at `path` as a process of its own, which first runs the code `before`."""
    return fork_server_of_worker().start(words, environment(path, **more), before=before)


def run_kg(path: Path, *words: object, before: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    """Run `kg WORDS` on the store at `path` to its end, in a process of its own."""
    return wait_for(start(path, *words, before=before, **more))


def limit_file_size(most: int) -> str:
    """Code for a process that can write no file beyond a size: a write past it fails, as on a full disk."""
    return f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({most}, {most}))"


@cache
def fork_server_of_worker() -> ForkServer:
    """The one server of this process of tests."""
    stack = ExitStack()
    atexit.register(stack.close)
    folder = Path(stack.enter_context(TemporaryDirectory(prefix="kg-runs-")))
    return stack.enter_context(fork_server(folder))


def wait_for(process: ForkedProcess) -> subprocess.CompletedProcess[str]:
    """What a process said and ended with. One that hangs is ended, and fails the test."""
    done = process.result()
    return subprocess.CompletedProcess(process.words, done.code, done.out, done.err)


def json_output(done: subprocess.CompletedProcess[str]) -> Any:
    """The JSON that a command printed."""
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def error_output(done: subprocess.CompletedProcess[str], code: int) -> str:
    """The one line with which a command failed."""
    assert (done.returncode, done.stdout) == (code, ""), (done.returncode, done.stdout, done.stderr)
    assert done.stderr.startswith("kg: ") and done.stderr.count("\n") == 1, done.stderr
    return done.stderr
