"""Start and stop the process that serves the guide for Neo4j Browser."""

from __future__ import annotations

import os
import signal
import socket
import sys
import time

from kg.errors import ServerError
from kg.neo4j_server.home import GUIDE, ServerHome, ServerOptions
from kg.neo4j_server.process import launch

START_SECONDS = 60.0
STOP_SECONDS = 10.0


def start_guide(home: ServerHome, plan: ServerOptions) -> None:
    """Start the guide's process, unless it runs already or is not wanted. `wait_for_guide` waits for it."""
    if not plan.guide_port or home.process(GUIDE) is not None:
        return
    command = [sys.executable, "-P", "-m", "kg.neo4j_server.guide_server", str(plan.guide_port), str(plan.http_port)]
    process = launch(command, home.guide_output, dict(os.environ))
    if process is None:
        raise ServerError(_failure_reason(home))
    home.save_process(process, GUIDE)


def wait_for_guide(home: ServerHome, plan: ServerOptions) -> None:
    """Wait until the guide answers. Raises ServerError with its last output if it ended."""
    process, deadline = home.process(GUIDE), time.monotonic() + START_SECONDS
    while plan.guide_port and not _accepts_connections(plan.guide_port):
        if process is None or not process.is_alive() or time.monotonic() > deadline:
            raise ServerError(_failure_reason(home))
        time.sleep(0.05)


def stop_guide(home: ServerHome) -> None:
    """Stop the guide's process, if it runs."""
    process = home.process(GUIDE)
    if process is not None:
        process.send(signal.SIGTERM)
        if not process.wait(STOP_SECONDS):
            process.send(signal.SIGKILL)
            process.wait(STOP_SECONDS)
    home.forget_process(GUIDE)


def _accepts_connections(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1.0).close()
    except OSError:
        return False
    return True


def _failure_reason(home: ServerHome) -> str:
    lines = home.guide_output.read_text(encoding="utf-8", errors="replace").splitlines()
    last_line = lines[-1].strip() if lines else "it printed nothing"
    return f"the guide for Neo4j Browser did not start: {last_line} (more in {home.guide_output})"
