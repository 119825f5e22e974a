"""Run kg and its service in processes forked from one that has imported all of it: each saves the cold start."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TIMEOUT = 300
"""Seconds after which a process that should have ended is taken to hang."""

_SERVER = """
import ctypes, json, os, signal, sys, tempfile, threading, time
import gc, importlib, pkgutil
import kg, rich.console, rich.progress
from typer.main import get_command
for module in pkgutil.walk_packages(kg.__path__, "kg."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
from kg.cli import app, main, terminal
from kg.records import node_id
from kg.reports.render.environment import environment
def read_options(command):
    for option in command.params:
        option.get_runtime_param()
    for below in getattr(command, "commands", {}).values():
        read_options(below)
read_options(get_command(app))
for template in environment().list_templates():
    environment().get_template(template)
terminal.PROGRESS_SECONDS = float("inf")  # a slow machine would print lines that no test expects
def warm_up():
    # Whatever a run reads once is there when it is forked.
    kept, sys.argv[0] = dict(os.environ), "kg"
    out = os.dup(1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(KG_STORE=f"embedded:{folder}/warm.sqlite", KG_VIEW_CACHE=f"{folder}/views")
        rows = [{"id": key, "schema": "Person", "properties": {"name": [f"{key} Example"]}} for key in "ab"]
        rows.append({"id": "c", "schema": "Company", "properties": {"name": ["C"], "jurisdiction": ["gb"]}})
        rows.append({"id": "d", "schema": "Ownership", "properties": {"owner": ["a"], "asset": ["c"]}})
        rows.append({"id": "e", "schema": "Nothing"})
        with open(f"{folder}/warm.ftm.json", "w") as file:
            file.writelines(json.dumps(row) + "\\n" for row in rows)
        for words in (
            ["load", f"{folder}/warm.ftm.json", "--source", "warm"],
            ["export", f"{folder}/warm.graphml"],
            ["report", "--out", f"{folder}/reports", "--date", "2014-12-05"],
            ["same", "warm:a", "warm:b", "--by", "A. Analyst", "--why", "invented"],
            ["template", f"{folder}/warm.xlsx"],
            ["withdraw", "warm", "--yes"],
        ):
            sys.argv[1:] = words
            try:
                main()
            except SystemExit as left:
                assert not left.code, words
    os.environ.clear()
    os.environ.update(kept)
    sys.stdout.flush()
    os.dup2(out, 1)
    os.close(out)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # main hears it; each run says anew what it does
warm_up()
assert threading.active_count() == 1, "only one thread goes on in a fork"
node_id("test", "a")
gc.freeze()
library = os.environ.pop("LD_PRELOAD", "")
faults = ctypes.CDLL(library) if library else None
for line in sys.stdin:
    job = json.loads(line)
    if "pid" in job:
        end = time.monotonic() + job["seconds"]
        while not (ended := os.waitpid(job["pid"], os.WNOHANG))[0] and time.monotonic() < end:
            time.sleep(0.002)
        print(json.dumps(os.waitstatus_to_exitcode(ended[1]) if ended[0] else None), flush=True)
        continue
    if job["program"] == "kg-api":
        from kg_api import __main__ as service
    child = os.fork()
    if not child:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for number, name in ((1, "out"), (2, "err")):
            os.dup2(os.open(job[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
        trace = os.open(job["trace"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600)
        os.environ.clear()
        os.environ.update(job["environment"])
        os.umask(job["umask"])
        os.chdir(job["cwd"])
        signal.signal(signal.SIGINT, signal.default_int_handler)
        sys.argv[:] = [job["program"], *job["words"]]
        if fault := job["fault"]:
            arguments = (fault["call"], fault["number"], fault["action"], fault["error"], trace)
            faults.fault_arm(os.fsencode(fault["folder"]), *map(ctypes.c_int, arguments))
        else:
            os.close(trace)
        try:
            exec(job["before"], {})
            sys.exit(main() if job["program"] == "kg" else service.main())
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
    print(child, flush=True)
"""


@dataclass(frozen=True, slots=True)
class ForkedRun:
    """How a run ended; a negative code is a signal."""

    code: int
    out: str
    err: str
    trace: str
    """What the library of faults noted."""


class ForkedProcess:
    """One command that runs; it has of a Popen what tests use."""

    def __init__(self, server: ForkServer, words: Sequence[str], pid: int, files: Sequence[Path]) -> None:
        self._server, self._files = server, files
        self.words, self.pid = words, pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """How it ended, or None."""
        with suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout: float = TIMEOUT) -> int:
        """How it ended. Raises TimeoutExpired if it has not by then."""
        if self.returncode is None:
            self.returncode = self._server.ask({"pid": self.pid, "seconds": timeout})
        if self.returncode is None:
            raise subprocess.TimeoutExpired(self.words, timeout)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """A signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def result(self) -> ForkedRun:
        """How it ended and what it said. Raises TimeoutExpired for one that hangs, which is ended then."""
        try:
            code = self.wait()
        except subprocess.TimeoutExpired:
            self.send_signal(signal.SIGKILL)
            raise
        # One that was killed at once has opened none.
        told = [path.read_text(encoding="utf-8") if path.exists() else "" for path in self._files]
        for path in self._files:
            path.unlink(missing_ok=True)
        return ForkedRun(code, *told)


class ForkServer:
    """Starts commands and waits for them."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self._process, self._folder, self._started = process, folder, 0

    def start(  # everything that a process can differ in
        self,
        words: Sequence[object],
        environment: Mapping[str, str],
        fault: Mapping[str, object] | None = None,
        before: str = "",
        program: str = "kg",
        err: Path | None = None,
    ) -> ForkedProcess:
        """Start `kg WORDS` here, with `fault` if the library of faults is there; the process first runs code.

        `program` may be `kg-api` as well; `err` is a file or a pipe for what it writes to stderr.
        """
        self._started += 1
        files = {name: self._folder / f"{self._started}.{name}" for name in ("out", "err", "trace")}
        umask = os.umask(0o077)
        os.umask(umask)
        texts = [str(word) for word in words]
        job = {
            **{name: str(path) for name, path in files.items()},
            **({"err": str(err)} if err else {}),
            "program": program,
            "words": texts,
            "cwd": str(Path.cwd()),
            "umask": umask,
            "environment": {**environment},
            "fault": fault,
            "before": before,
        }
        return ForkedProcess(self, texts, self.ask(job), list(files.values()))

    def run(
        self, words: Sequence[object], environment: Mapping[str, str], fault: Mapping[str, object] | None = None
    ) -> ForkedRun:
        """Run `kg WORDS` here to its end."""
        return self.start(words, environment, fault).result()

    def ask(self, job: Mapping[str, object]) -> Any:
        """What the server answers."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the process that runs kg has ended"
        return json.loads(answer)


@contextmanager
def fork_server(folder: Path, library: Path | None = None) -> Iterator[ForkServer]:
    """A server for the block, with a library that is loaded before all others."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KG_")}
    more = {"COLUMNS": "200"} | ({"LD_PRELOAD": str(library)} if library else {})
    process = subprocess.Popen(
        [sys.executable, "-c", _SERVER],
        env=environment | more,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield ForkServer(process, folder)
    finally:
        assert process.stdin
        process.stdin.close()
        process.wait(timeout=60)
        if process.stdout:
            process.stdout.close()
