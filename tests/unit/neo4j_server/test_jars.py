"""Are jars fetched whole, checked and kept?"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from kg.errors import ServerError
from kg.neo4j_server.jars import fetch_jars
from kg.neo4j_server.releases import Release

PATHS = ("org/example/one/1/one-1.jar", "org/example/two/2/two-2.jar")


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Maven repository in a folder, with two jars."""
    folder = tmp_path / "repository"
    for path in PATHS:
        (folder / path).parent.mkdir(parents=True)
        (folder / path).write_bytes(path.encode())
    monkeypatch.setenv("MAVEN_REPO_URL", folder.as_uri() + "/")
    return folder


@pytest.fixture
def small(repository: Path, tmp_path: Path) -> Release:
    """A release of these two."""
    lines = [f"{hashlib.sha256(p.encode()).hexdigest()}  {len(p)}  {p}" for p in PATHS]
    (tmp_path / "1.0.txt").write_text("# Two jars.\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return Release("1.0", java_versions=(17,), minimum_java=None, entry_point="Main", locks=tmp_path)


def get(release: Release, cache: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in fetch_jars(release, cache, lambda *_: None)}


WHOLE = {path.rpartition("/")[2]: path.encode() for path in PATHS}


def test_all_jars_come_in_the_order_of_the_list(small: Release, tmp_path: Path) -> None:
    found = get(small, tmp_path / "cache")
    assert list(found.items()) == list(WHOLE.items())


def test_progress_counts_bytes_up_to_all_of_them(small: Release, tmp_path: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    fetch_jars(small, tmp_path / "cache", lambda _, done, total: seen.append((done, total)))
    total = sum(map(len, PATHS))
    assert (seen[0], seen[-1]) == ((0, total), (total, total))


def test_what_is_there_needs_no_repository(small: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    get(small, tmp_path / "cache")
    monkeypatch.setenv("MAVEN_REPO_URL", (tmp_path / "gone").as_uri())
    assert get(small, tmp_path / "cache") == WHOLE


@pytest.mark.parametrize("damage", [b"", b"x" * len(PATHS[0])], ids=["cut short", "of the same length"])
def test_a_damaged_jar_is_fetched_again(small: Release, tmp_path: Path, damage: bytes) -> None:
    get(small, tmp_path / "cache")
    (tmp_path / "cache" / "neo4j-1.0" / "one-1.jar").write_bytes(damage)
    assert get(small, tmp_path / "cache") == WHOLE


def test_a_jar_whose_checksum_is_another_is_refused_and_not_kept(
    small: Release, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.neo4j_server.jars.FIRST_PAUSE", 0.0)
    (repository / PATHS[0]).write_bytes(b"something else")
    expected = hashlib.sha256(PATHS[0].encode()).hexdigest()
    with pytest.raises(
        ServerError, match=f"{re.escape(PATHS[0])} cannot be fetched .*checksum is .*expected {expected}"
    ):
        get(small, tmp_path / "cache")
    assert "one-1.jar" not in {path.name for path in (tmp_path / "cache" / "neo4j-1.0").iterdir()}
    assert not list(tmp_path.rglob("*.part"))


def test_without_the_extra_and_an_address_the_message_names_both(
    small: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAVEN_REPO_URL", "")
    monkeypatch.setitem(__import__("sys").modules, "jgo.constants", None)
    with pytest.raises(ServerError, match=r"no Maven repository is known: pip install .*or set MAVEN_REPO_URL"):
        get(small, tmp_path / "cache")


def test_a_repository_that_cannot_be_reached_is_one_line(
    small: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.neo4j_server.jars.FIRST_PAUSE", 0.0)
    monkeypatch.setenv("MAVEN_REPO_URL", "http://127.0.0.1:9")
    with pytest.raises(ServerError, match=r"cannot be fetched from http://127.0.0.1:9: .*refused"):
        get(small, tmp_path / "cache")
