"""What does the service have done in processes of its own, and what happens when that fails?"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from kg.errors import KgError, StoreError
from kg.operations import Workspace, workspace_environment

FIRST_DELAY, MAX_DELAY = 1.0, 60.0
"""Seconds between attempts that fail; each pause is twice the one before."""

MAX_RUN_SECONDS = 3_600.0
"""Seconds after which a process that is not done is ended."""

NICENESS = 5
"""By how much such a process stands back behind those who ask (added to the nice value)."""


@dataclass(frozen=True, slots=True)
class RefreshError:
    """Why something could not be done, since when that is so, and when it is tried again, both in UTC."""

    reason: str
    since: datetime
    next_try: datetime


class Backoff:
    """Counts how long to wait after each failure; used by one thread, its `trouble` read by all."""

    def __init__(self) -> None:
        self.error: RefreshError | None = None
        self._pause, self._due = FIRST_DELAY, 0.0

    def is_due(self) -> bool:
        """Whether it is time for a try."""
        return time.monotonic() >= self._due

    def record_failure(self, error: KgError | OSError) -> None:
        """Note a failure."""
        now = datetime.now(UTC)
        since = self.error.since if self.error else now
        reason = " ".join(str(error).split())[:300]
        self.error = RefreshError(reason, since, now + timedelta(seconds=self._pause))
        self._due = time.monotonic() + self._pause
        self._pause = min(2 * self._pause, MAX_DELAY)

    def reset(self) -> None:
        """Nothing is wrong any longer."""
        self.error = None
        self._pause, self._due = FIRST_DELAY, 0.0


def run_kg(workspace: Workspace, arguments: list[str], stop: threading.Event) -> None:
    """Run a command of kg on the workplace in a process of its own, until it is done or the service stops.

    Raises StoreError with what the command says is wrong.
    """
    others = {name: value for name, value in os.environ.items() if not name.startswith("KG_")}
    command = [sys.executable, "-m", "kg", *arguments]
    with subprocess.Popen(
        command,
        env=others | workspace_environment(workspace),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        _lower_priority(process.pid)
        until, said = time.monotonic() + MAX_RUN_SECONDS, ""
        while True:
            try:
                said = process.communicate(timeout=0.2)[1]
                break
            except subprocess.TimeoutExpired:
                if stop.is_set() or time.monotonic() > until:
                    process.terminate()
    if process.returncode:
        last = said.strip().rpartition("\n")[2].removeprefix("kg: ")
        raise StoreError(last or f"the process that reads the graph ended with {process.returncode}")


def _lower_priority(pid: int) -> None:
    try:
        os.setpriority(os.PRIO_PROCESS, pid, min(19, os.getpriority(os.PRIO_PROCESS, 0) + NICENESS))
    except ProcessLookupError:
        return  # it has ended already
