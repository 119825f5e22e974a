"""When has a server that starts made no progress?"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kg.neo4j_server import server
from kg.neo4j_server.home import ServerHome
from kg.neo4j_server.process import ServerProcess, start_time


def this_process() -> ServerProcess:
    started = start_time(os.getpid())
    assert started
    return ServerProcess(os.getpid(), started)


def test_a_process_tells_the_processor_time_that_it_used() -> None:
    before = this_process().cpu_seconds()
    while sum(os.times()[:2]) - before < 0.1:
        sum(range(10_000))
    assert before < this_process().cpu_seconds() <= sum(os.times()[:2]) + 0.1
    assert ServerProcess(2**22 + 1, "gone").cpu_seconds() == 0


def test_a_server_that_logs_or_works_makes_progress(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    now, worked = 100.0, 0.0
    monkeypatch.setattr("kg.neo4j_server.server.time.monotonic", lambda: now)
    monkeypatch.setattr(ServerProcess, "cpu_seconds", lambda _: worked)
    home = ServerHome(tmp_path)
    home.logs.mkdir()
    work = server.ServerWork(home, this_process())
    assert work.quiet_seconds() == 0
    now += 200
    assert work.quiet_seconds() == 200
    (home.logs / "neo4j.log").write_text("recovering 10 %\n", encoding="utf-8")
    assert work.quiet_seconds() == 0
    now, worked = now + 100, worked + 1
    assert work.quiet_seconds() == 100
    worked += 2
    assert work.quiet_seconds() == 0
