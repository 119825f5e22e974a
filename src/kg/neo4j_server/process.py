"""Processes that outlive kg, identified by number and start time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

# Through a shell, so that the server is nobody's child: it outlives kg, and its end leaves no zombie in a long run.
LAUNCH_SCRIPT = 'log=$1; shift; "$@" </dev/null >"$log" 2>&1 & echo $!'


@dataclass(frozen=True, slots=True)
class ServerProcess:
    """A process by number and start time: numbers are used again, the pair is not."""

    pid: int
    started: str

    def is_alive(self) -> bool:
        """Whether this very process still runs."""
        return start_time(self.pid) == self.started

    def cpu_seconds(self) -> float:
        """The processor time that it has used; 0 once it is gone."""
        return _cpu_seconds_from_proc(self.pid) if sys.platform == "linux" else _cpu_seconds_from_ps(self.pid)

    def send(self, number: signal.Signals) -> None:
        """Signal this process and no other; nothing happens when it is gone."""
        try:
            if sys.platform == "linux":
                self._send_by_handle(number)
            elif self.is_alive():
                os.kill(self.pid, number)
        except ProcessLookupError:
            return

    def _send_by_handle(self, number: signal.Signals) -> None:
        """Signal through a handle, which stays with its process even if the number is used again."""
        handle = os.pidfd_open(self.pid)
        try:
            if self.is_alive():
                signal.pidfd_send_signal(handle, number)
        finally:
            os.close(handle)

    def wait(self, seconds: float) -> bool:
        """Wait for its end; False when it still runs after that time."""
        deadline = time.monotonic() + seconds
        while self.is_alive():
            if time.monotonic() > deadline:
                return False
            time.sleep(0.05)
        return True


def launch(command: Sequence[str | Path], log: Path, environment: dict[str, str]) -> ServerProcess | None:
    """Start a program detached from this one and its terminal, with its output in a log; None if it ended at once."""
    shell = ["sh", "-c", LAUNCH_SCRIPT, "sh", log, *command]
    output = subprocess.run(
        shell, env=environment, stdout=subprocess.PIPE, text=True, check=True, start_new_session=True
    )
    pid = int(output.stdout)
    started_at = start_time(pid)
    return None if started_at is None else ServerProcess(pid, started_at)


def start_time(pid: int) -> str | None:
    """When a process started, as the system reports it; None if there is none, or a zombie."""
    return _start_time_from_proc(pid) if sys.platform == "linux" else _start_time_from_ps(pid)


def _start_time_from_proc(pid: int) -> str | None:
    """Ticks since this boot, and which boot that was."""
    try:
        state, *fields = _stat(pid)
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if state in "ZX" else f"{boot} {fields[18]}"


def _start_time_from_ps(pid: int) -> str | None:
    output = _ask_ps(pid, "stat=,lstart=")
    return None if not output or output[0].startswith("Z") else " ".join(output[1:])


def _cpu_seconds_from_proc(pid: int) -> float:
    try:
        fields = _stat(pid)
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _cpu_seconds_from_ps(pid: int) -> float:
    """From `[[days-]hours:]minutes:seconds`."""
    output = _ask_ps(pid, "time=")
    days, _, time_of_day = output[0].rpartition("-") if output else ("", "", "0")
    seconds = 0.0
    for part in time_of_day.split(":"):
        seconds = 60 * seconds + float(part)
    return 86_400 * int(days or 0) + seconds


def _stat(pid: int) -> list[str]:
    """The fields of `/proc/PID/stat` from the third on; the second is a name in brackets, which may hold any text."""
    return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()


def _ask_ps(pid: int, columns: str) -> list[str]:
    environment = os.environ | {"LC_ALL": "C", "TZ": "UTC"}
    command = ["ps", "-o", columns, "-p", str(pid)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False).stdout.split()
