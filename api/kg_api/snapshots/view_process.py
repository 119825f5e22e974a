"""Who builds a view and its clusters for the service: the service itself, or a process of its own."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import suppress
from typing import Self

from kg.errors import StoreError
from kg.operations import ViewBuilder, Workspace, is_read_at_once, workspace_environment

MAX_STEP_SECONDS = 3_600.0
"""Seconds after which a process that has not finished a step is terminated."""

END_SECONDS = 10.0
"""Seconds that a process gets to end."""

NICENESS = 5
"""Added to the nice value of such a process, so that requests come first."""

_POLL_SECONDS = 0.2


class ViewProcess:
    """`kg view` in a process of its own, which reads one state of the graph step by step as it is told.

    It can fail, be terminated, and takes its memory with it. Each step waits until it is done or the service stops.
    Raises StoreError with the message of the command if it fails.
    """

    def __init__(self, workspace: Workspace, stop: threading.Event) -> None:
        self._stop = stop
        environment = {name: value for name, value in os.environ.items() if not name.startswith("KG_")}
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  # closed with the process
        self._process = subprocess.Popen(
            [sys.executable, "-m", "kg", "view", "--as-told"],
            env=environment | workspace_environment(workspace),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            bufsize=0,
        )
        _lower_priority(self._process.pid)
        try:
            self._read_answer()
        except BaseException:
            self.close()
            raise

    def begin(self) -> str:
        """Begin to read what is newest now, until the next `begin` or the end; returns its state."""
        return self._tell("begin")

    def copy(self) -> str:
        """Copy what is newest now and read the copy, like `begin`; returns the name of the copy."""
        return self._tell("copy")

    def build_view(self) -> None:
        """Cache the view of what is read."""
        self._tell("view")

    def build_clusters(self) -> None:
        """Cache the clusters of what is read; its view has to be cached."""
        self._tell("clusters")

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin and self._process.stdout
        with suppress(OSError):
            self._process.stdin.close()
        self._wait()
        self._process.stdout.close()
        self._errors.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _tell(self, command: str) -> str:
        assert self._process.stdin
        with suppress(BrokenPipeError):  # why it has ended is read with the answer
            self._process.stdin.write(f"{command}\n".encode())
        return self._read_answer()

    def _read_answer(self) -> str:
        assert self._process.stdout
        deadline, answer = time.monotonic() + MAX_STEP_SECONDS, b""
        while not answer.endswith(b"\n"):
            if self._stop.is_set() or time.monotonic() > deadline:
                self._process.terminate()
            if select.select([self._process.stdout], [], [], _POLL_SECONDS)[0]:
                part = self._process.stdout.read(4096)
                if not part:
                    raise StoreError(self._problem())
                answer += part
        return answer.decode().strip()

    def _wait(self) -> int:
        try:
            return self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()

    def _problem(self) -> str:
        """Why the process has ended."""
        code = self._wait()
        self._errors.seek(0)
        said = self._errors.read().decode(errors="replace").strip().rpartition("\n")[2]
        message = said.rpartition("\r")[2].removeprefix("kg: ")
        return message or f"the process that reads the graph ended with {code}"


Builder = ViewBuilder | ViewProcess


def start_builder(workspace: Workspace, stop: threading.Event) -> Builder:
    """Who builds the view and the clusters of what is newest: a process of its own, unless the graph is small.

    A small one is built in less time than a process takes to start.
    """
    return ViewBuilder(workspace) if is_read_at_once(workspace) else ViewProcess(workspace, stop)


def _lower_priority(pid: int) -> None:
    try:
        os.setpriority(os.PRIO_PROCESS, pid, min(19, os.getpriority(os.PRIO_PROCESS, 0) + NICENESS))
    except ProcessLookupError:
        return  # it has ended already
