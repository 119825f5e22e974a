"""Does the guide for Neo4j Browser run beside the server?"""

from __future__ import annotations

import os
import signal
import socket
import sys
import time

from kg.errors import ServerError
from kg.neo4j_server.home import Home, ServerPlan
from kg.neo4j_server.process import Process, launch

START_SECONDS = 60.0
STOP_SECONDS = 10.0


def start_guide(home: Home, plan: ServerPlan) -> None:
    """Have the guide handed out, unless that is done already or not wanted. `await_guide` waits for it."""
    if not plan.guide_port or home.guide_process() is not None:
        return
    command = [sys.executable, "-P", "-m", "kg.neo4j_server.guide_server", str(plan.guide_port), str(plan.http_port)]
    process = launch(command, home.guide_output, dict(os.environ))
    if process is None:
        raise ServerError(_last_words(home))
    home.remember_guide(process)


def await_guide(home: Home, plan: ServerPlan) -> None:
    """Until it answers. Raises ServerError with its own words when it gave up."""
    process, deadline = home.guide_process(), time.monotonic() + START_SECONDS
    while plan.guide_port and not _answers(plan.guide_port):
        if process is None or not process.is_alive() or time.monotonic() > deadline:
            raise ServerError(_last_words(home))
        time.sleep(0.05)


def stop_guide(home: Home) -> None:
    """End it, where one runs."""
    process: Process | None = home.guide_process()
    if process is not None:
        process.send(signal.SIGTERM)
        if not process.wait(STOP_SECONDS):
            process.send(signal.SIGKILL)
            process.wait(STOP_SECONDS)
    home.forget_guide()


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1.0).close()
    except OSError:
        return False
    return True


def _last_words(home: Home) -> str:
    lines = home.guide_output.read_text(encoding="utf-8", errors="replace").splitlines()
    said = lines[-1].strip() if lines else "it said nothing"
    return f"the guide for Neo4j Browser did not start: {said} (more in {home.guide_output})"
