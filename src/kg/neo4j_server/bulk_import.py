"""Import a bulk export into the local server."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import InputError, InputLocation, ServerError
from kg.files import log_file, rename, write_atomically
from kg.neo4j_server.home import ServerHome, ServerOptions
from kg.neo4j_server.jars import Progress, fetch_jars
from kg.neo4j_server.java import find_java
from kg.neo4j_server.readiness import run_statement
from kg.neo4j_server.releases import release
from kg.neo4j_server.server import ServerStatus, check_data_version, java_arguments, start

MANIFEST = "export.json"
FORMAT = "neo4j-admin"
ADMIN = "org.neo4j.cli.AdminTool"
"""The class behind the command neo4j-admin that starts no other JVM."""

DATABASE = "neo4j"
STAGING_PREFIX = "importing."
"""The prefix of the folder, in the server's, in which an import is made."""

DATABASE_FOLDERS = ("transactions", "databases")
"""The folders of a database in the folder `data`."""

SCHEMA_TIMEOUT = 6 * 3600.0
"""Seconds that one statement of the schema may take."""


@dataclass(frozen=True, slots=True)
class ImportResult:
    """The result of an import, and the server that has it."""

    nodes: int
    links: int
    seconds: float
    """Of the import alone, without the start of the server and the creation of indexes."""
    server: ServerStatus


def import_files(
    home: ServerHome, plan: ServerOptions, folder: Path, cache: Path, progress: Progress, *, overwrite: bool = False
) -> ImportResult:
    """Import what `kg export neo4j-admin` wrote into the server of this home, start it, and make its indexes.

    The database appears whole or not at all; with `overwrite`, it then replaces the one that was there before. Raises
    InputError for a folder that is no whole export, ServerError for a server that runs, a database that is there
    without `overwrite`, and an import that fails.
    """
    manifest = _read_manifest(folder)
    with home.lock():
        if home.process() is not None:
            raise ServerError("the server runs, and an import needs it stopped; stop it first: kg neo4j stop")
        if (home.folder / "data" / "databases" / DATABASE).exists() and not overwrite:
            advice = "kg neo4j import --overwrite puts this in its place"
            raise ServerError(f"{home.folder} has a database already; {advice}")
        check_data_version(home, plan)
        server_release = release(plan.version)
        java, jars = find_java(server_release), fetch_jars(server_release, cache, progress)
        home.prepare(plan)
        started = time.monotonic()
        with _staging_folder(home) as staging:
            command = ["database", "import", "full", DATABASE, f"--report-file={home.logs / 'import.report'}"]
            lines = java_arguments(plan, java, jars, ADMIN, [*command, "@import.args"])
            write_atomically(staging / "java.args", ("\n".join(lines) + "\n").encode())
            _run_admin_tool(java.path, home.logs / "import.log", folder, staging, progress)
            _swap_databases(home, staging)
        seconds = time.monotonic() - started
    server = start(home, plan, cache, progress)
    _create_schema(home, plan, folder, progress)
    return ImportResult(manifest["nodes"], manifest["links"], seconds, server)


def _read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of an export for neo4j-admin, if all its files are there."""
    place = InputLocation(str(folder))
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        expected = {file["name"]: file["bytes"] for file in manifest["files"]} if manifest["format"] == FORMAT else {}
    except (OSError, ValueError, KeyError, TypeError):
        expected = {}
    if not expected:
        raise InputError("is no folder of files that kg export neo4j-admin wrote", place)
    for name, size in expected.items():
        file = folder / name
        if not file.is_file() or file.stat().st_size != size:
            raise InputError(f"{name} is absent or not of {size:,} bytes; export it again", place)
    return manifest


@contextmanager
def _staging_folder(home: ServerHome) -> Iterator[Path]:
    """A folder in the server's, with its settings, in which a database is made; it is removed afterwards."""
    for abandoned in home.folder.glob(f"{STAGING_PREFIX}*"):
        shutil.rmtree(abandoned, ignore_errors=True)  # of an import that was killed
    # Under a new name each time: the neo4j-admin of a kg that was killed may still be writing.
    staging = Path(tempfile.mkdtemp(prefix=STAGING_PREFIX, dir=home.folder))
    try:
        shutil.copytree(home.conf, staging / "conf")
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _swap_databases(home: ServerHome, staging: Path) -> None:
    """Replace the database by the new one."""
    for part in DATABASE_FOLDERS:
        goal = home.folder / "data" / part / DATABASE
        goal.parent.mkdir(parents=True, exist_ok=True)
        if goal.exists():
            rename(goal, staging / f"former-{part}")
        rename(staging / "data" / part / DATABASE, goal)


def _run_admin_tool(java: Path, log: Path, folder: Path, staging: Path, progress: Progress) -> None:
    """Run neo4j-admin until it ends; an interruption ends it too."""
    environment = os.environ | {"NEO4J_HOME": str(staging), "NEO4J_CONF": str(staging / "conf")}
    started = time.monotonic()
    with (
        log_file(log) as output,
        subprocess.Popen(
            [java, f"@{staging / 'java.args'}"],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        try:
            while process.poll() is None:
                progress("Importing into Neo4j, seconds", int(time.monotonic() - started), None)
                time.sleep(0.1)
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        text = log.read_text(encoding="utf-8", errors="replace")
        raise ServerError(f"neo4j-admin did not import {folder}: {_failure_reason(text)} (more in {log})")


def _failure_reason(output: str) -> str:
    """The line that says what went wrong."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    error_lines = [line for line in lines if re.search("error|caused by|exception|failed", line, re.IGNORECASE)]
    return (error_lines or lines or ["it printed nothing"])[-1]


def _create_schema(home: ServerHome, plan: ServerOptions, folder: Path, progress: Progress) -> None:
    """Run the statements of the folder's schema, and wait until all indexes are online."""
    lines = (folder / "schema.cypher").read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.startswith("//"))
    statements = [statement for part in text.split(";\n") if (statement := part.strip().rstrip(";"))]
    try:
        for done, statement in enumerate([*statements, f"CALL db.awaitIndexes({int(SCHEMA_TIMEOUT)})"]):
            progress("Making constraints and indexes", done, len(statements))
            run_statement(home, plan, statement, SCHEMA_TIMEOUT)
    except OSError as error:
        raise ServerError(f"the graph is there, but not all of its indexes ({error}); kg sync makes them") from None
