"""Is a process told from another that has its number?"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.neo4j_server.process import ServerProcess, launch, start_time


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as child:
        yield child
        child.kill()


def of(pid: int) -> ServerProcess:
    return ServerProcess(pid, str(start_time(pid)))


def test_it_is_alive_until_it_ends(sleeper: subprocess.Popen[bytes]) -> None:
    process = of(sleeper.pid)
    assert process.is_alive()
    process.send(signal.SIGTERM)
    assert process.wait(30)
    # Its parent has not asked for its end: what is left of it does not count as alive.
    assert not process.is_alive()


def test_another_process_with_that_number_is_not_it_and_gets_no_signal(sleeper: subprocess.Popen[bytes]) -> None:
    before = ServerProcess(sleeper.pid, "an earlier time")
    assert not before.is_alive()
    before.send(signal.SIGKILL)
    assert before.wait(0)
    assert of(sleeper.pid).is_alive()
    assert sleeper.poll() is None


def test_a_signal_to_nobody_does_nothing(sleeper: subprocess.Popen[bytes]) -> None:
    process = of(sleeper.pid)
    sleeper.kill()
    sleeper.wait()
    process.send(signal.SIGTERM)
    assert start_time(sleeper.pid) is None


def test_what_is_launched_outlives_its_shell_and_writes_its_log(tmp_path: Path) -> None:
    log = tmp_path / "said.log"
    code = "import os, time; print(os.environ['WORD'], flush=True); time.sleep(600)"
    process = launch([sys.executable, "-u", "-c", code], log, os.environ | {"WORD": "heard"})
    assert process is not None
    while not log.read_text(encoding="utf-8"):
        assert process.is_alive()
    assert log.read_text(encoding="utf-8") == "heard\n"
    assert os.getsid(process.pid) != os.getsid(0)
    process.send(signal.SIGKILL)
    assert process.wait(30)
