"""Start and stop the local server, and report its status."""

from __future__ import annotations

import os
import re
import signal
import socket
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kg.errors import ServerError
from kg.files import write_atomically
from kg.neo4j_server.guide_process import start_guide, stop_guide, wait_for_guide
from kg.neo4j_server.home import GUIDE, USER, ServerHome, ServerOptions
from kg.neo4j_server.jars import Progress, fetch_jars
from kg.neo4j_server.java import Java, find_java
from kg.neo4j_server.process import ServerProcess, launch
from kg.neo4j_server.readiness import is_ready
from kg.neo4j_server.releases import can_open_data_of, release

QUIET_SECONDS = 240.0
"""A start is given up when the server neither logs nor works for so long."""

WORKING_SECONDS = 2.0
"""Processor time that a server which only idles does not use in QUIET_SECONDS."""

STOP_SECONDS = 60.0
MAX_LOG_LINES = 60
ERROR_PATTERN = re.compile("error|caused by|exception", re.IGNORECASE)

# Neo4j's own list, as far as a server without plugins needs it.
JVM_FLAGS = (
    "-XX:-OmitStackTraceInFastThrow",
    "-XX:+DisableExplicitGC",
    "-XX:+ExitOnOutOfMemoryError",
    "-Dfile.encoding=UTF-8",
    "-Dio.netty.tryReflectionSetAccessible=true",
    "-Dlog4j2.disable.jmx=true",
    "--add-opens=java.base/java.nio=ALL-UNNAMED",
    "--add-opens=java.base/java.io=ALL-UNNAMED",
    "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
    "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
    "--enable-native-access=ALL-UNNAMED",
)
UNSAFE_FLAG_FROM = 24
"""From this Java on, one more flag is needed to avoid a warning at each start."""


@dataclass(frozen=True, slots=True)
class ServerStatus:
    """The status of the local server."""

    running: bool
    ready: bool
    """It answers queries now."""
    version: str
    """Empty when no server was ever started here."""
    pid: int | None
    bolt: str
    browser: str
    """With the parameters that fill in where to connect, and as whom."""
    guide: str
    """Where Browser fetches the guide; empty if it is not served."""
    user: str
    password_file: str
    folder: str
    logs: str


def status(home: ServerHome) -> ServerStatus:
    """The status of the server in this folder."""
    plan, process = home.options(), home.process()
    shown = plan or ServerOptions(version="")
    return ServerStatus(
        running=process is not None,
        ready=process is not None and plan is not None and is_ready(home, plan),
        version=shown.version,
        pid=process.pid if process else None,
        bolt=f"bolt://127.0.0.1:{shown.bolt_port}",
        browser=f"http://127.0.0.1:{shown.http_port}/browser/?dbms=bolt://{USER}@127.0.0.1:{shown.bolt_port}&db=neo4j",
        guide=f"http://127.0.0.1:{shown.guide_port}" if home.process(GUIDE) is not None else "",
        user=USER,
        password_file=str(home.password_file),
        folder=str(home.folder),
        logs=str(home.logs),
    )


def start(
    home: ServerHome, plan: ServerOptions, cache: Path, progress: Progress, wait: float | None = None
) -> ServerStatus:
    """Start the server, and return when it answers queries; one that runs with these options is left as it is.

    It is waited for as long as it makes progress, or at most `wait` seconds. The jars are fetched when they are not in
    the cache. Raises ServerError: no Java, no jars, a taken port, or a server that gave up, with its own words.
    """
    wanted = release(plan.version)
    with home.lock():
        if home.process() is None:
            check_data_version(home, plan)
            java = find_java(wanted)
            jars = fetch_jars(wanted, cache, progress)
            stop_guide(home)
            _check_ports(plan)
            home.prepare(plan)
            _wait_until_ready(home, plan, _launch(home, plan, java, jars), progress, wait)
        elif home.options() != plan:
            raise ServerError("the server runs with other options; stop it first: kg neo4j stop")
        else:
            start_guide(home, plan)
            wait_for_guide(home, plan)
    return status(home)


def stop(home: ServerHome, *, kill: bool = False) -> bool:
    """Stop the server and wait for its end; False if none ran. With `kill`, Neo4j recovers at the next start."""
    with home.lock():
        stop_guide(home)
        process = home.process()
        if process is not None:
            process.send(signal.SIGKILL if kill else signal.SIGTERM)
            if not process.wait(STOP_SECONDS):
                problem = f"the server, process {process.pid}, still runs after {STOP_SECONDS:.0f} s"
                raise ServerError(f"{problem}; its logs are in {home.logs}")
        home.forget_process()
        return process is not None


def _launch(home: ServerHome, plan: ServerOptions, java: Java, jars: list[Path]) -> ServerProcess:
    arguments = home.folder / "run" / "java.args"
    main = release(plan.version).entry_point
    folders = [f"--home-dir={home.folder}", f"--config-dir={home.conf}"]
    lines = java_arguments(plan, java, [*jars, home.folder / "plugins" / "*"], main, folders)
    write_atomically(arguments, ("\n".join(lines) + "\n").encode())
    environment = os.environ | {"NEO4J_HOME": str(home.folder), "NEO4J_CONF": str(home.conf)}
    process = launch([java.path, f"@{arguments}"], home.output, environment)
    if process is None:
        raise ServerError(_failure_reason(home))
    home.save_process(process)
    return process


def java_arguments(plan: ServerOptions, java: Java, jars: list[Path], main: str, arguments: list[str]) -> list[str]:
    """The arguments of `java`, for a file: the class path is long, and `ps` shows command lines to everybody."""
    unsafe = ["--sun-misc-unsafe-memory-access=allow"] if java.version >= UNSAFE_FLAG_FROM else []
    heap = [f"-Xms{plan.heap}", f"-Xmx{plan.heap}"]
    path = os.pathsep.join(map(str, jars))
    return [*map(_quote, [*heap, *JVM_FLAGS, *unsafe, *plan.jvm, "-cp", path, main, *arguments])]


def _quote(argument: str) -> str:
    escaped = argument.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _wait_until_ready(
    home: ServerHome, plan: ServerOptions, process: ServerProcess, progress: Progress, wait: float | None
) -> None:
    """Wait until the server answers; an interruption ends the server too."""
    begin, work = time.monotonic(), ServerWork(home, process)
    try:
        start_guide(home, plan)
        while not is_ready(home, plan):
            if not process.is_alive():
                raise ServerError(_failure_reason(home))
            waited = time.monotonic() - begin
            if wait is not None and waited > wait:
                raise ServerError(f"the server does not answer after {wait:g} s; its logs are in {home.logs}")
            if work.quiet_seconds() > QUIET_SECONDS:
                raise ServerError(
                    f"the server has neither logged nor worked for {QUIET_SECONDS:.0f} s; its logs are in {home.logs}"
                )
            progress(f"Starting Neo4j {plan.version}, seconds", int(waited), None)
            time.sleep(0.1)
        wait_for_guide(home, plan)
    except BaseException:
        stop_guide(home)
        process.send(signal.SIGKILL)
        process.wait(STOP_SECONDS)
        home.forget_process()
        raise


class ServerWork:
    """For how long a server has made no progress: logged nothing and used hardly any processor time."""

    def __init__(self, home: ServerHome, process: ServerProcess) -> None:
        self._home, self._process = home, process
        self._logged, self._worked, self._since = -1, 0.0, time.monotonic()

    def quiet_seconds(self) -> float:
        """Seconds since the last progress."""
        logged = 0
        for path in self._home.logs.glob("*.log"):
            with suppress(FileNotFoundError):  # the server renames full logs
                logged += path.stat().st_size
        worked = self._process.cpu_seconds()
        if logged != self._logged or worked - self._worked > WORKING_SECONDS:
            self._logged, self._worked, self._since = logged, worked, time.monotonic()
        return time.monotonic() - self._since


def check_data_version(home: ServerHome, plan: ServerOptions) -> None:
    """Raise ServerError if this release cannot open the data in the folder."""
    before = home.options()
    if before is not None and home.has_data and not can_open_data_of(plan.version, before.version):
        problem = f"{home.folder} holds the data of Neo4j {before.version}, which {plan.version} is not made to open"
        raise ServerError(f"{problem}: start that version, or name another folder in KG_NEO4J_HOME")


def _check_ports(plan: ServerOptions) -> None:
    wanted = {"--bolt-port": plan.bolt_port, "--http-port": plan.http_port, "--guide-port": plan.guide_port}
    for option, port in wanted.items():
        with socket.socket() as probe:
            # As Java does: the ends of old connections do not make a port taken.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                advice = f"stop what uses it, or choose another port with {option}"
                raise ServerError(f"port {port} cannot be had ({error.strerror}): {advice}") from None


def _failure_reason(home: ServerHome) -> str:
    """Why the server ended, from its logs."""
    lines = [line.strip() for path in (home.output, home.logs / "neo4j.log") for line in _last_lines(path)]
    errors = [line for line in lines if ERROR_PATTERN.search(line)] or [line for line in lines if line]
    reason = errors[-1] if errors else "it printed nothing"
    return f"the server did not start: {reason} (more in {home.logs})"


def _last_lines(path: Path) -> list[str]:
    """The lines of a log since the last start."""
    text = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
    return text.rpartition("Starting...")[2].splitlines()[-MAX_LOG_LINES:]
