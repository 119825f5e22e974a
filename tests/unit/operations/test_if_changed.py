"""Is nothing loaded from files that a source's newest load brought, and everything from others?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.faults.malformed_input import LoadHarness

PERSON = b'{"id": "%s", "schema": "Person", "properties": {"name": ["Ann Invented"]}}\n'


@pytest.fixture
def ground(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LoadHarness:
    return LoadHarness(tmp_path, monkeypatch)


def same_as(ground: LoadHarness, *words: object) -> int:
    """The load that brought the same files; 0 if they were loaded."""
    result = ground.run("load", *words, "--if-changed", "--json")
    assert result.exit_code == 0, result.stderr
    return int(json.loads(result.stdout)["same_as"])


def loads(ground: LoadHarness) -> int:
    return len(json.loads(ground.run("loads", "--json").stdout))


def test_the_same_files_are_loaded_once_whatever_their_names(ground: LoadHarness) -> None:
    words = (ground.file("a.ftm.json", PERSON % b"a"), "--source", "list")
    assert same_as(ground, *words) == 0
    before = loads(ground)
    assert same_as(ground, *words) == before
    assert same_as(ground, ground.file("b.ftm.json", PERSON % b"a"), "--source", "list") == before
    said = ground.run("load", *words, "--if-changed").stdout
    assert said == f"list: the files are those of load {before}; nothing was loaded\n"
    assert loads(ground) == before


def test_an_ordinary_load_counts_too_and_is_always_done(ground: LoadHarness) -> None:
    words = ("load", ground.file("a.ftm.json", PERSON % b"a"), "--source", "list")
    assert ground.run(*words).exit_code == ground.run(*words).exit_code == 0
    assert same_as(ground, *words[1:]) == loads(ground)


@pytest.mark.parametrize("change", ["content", "another file", "withdrawal", "reader", "source", "delta"])
def test_what_differs_in_anything_is_loaded(ground: LoadHarness, change: str) -> None:
    path = ground.file("a.ftm.json", PERSON % b"a")
    words: tuple[object, ...] = (path, "--source", "list")
    assert same_as(ground, *words) == 0
    match change:
        case "content":
            ground.file("a.ftm.json", PERSON % b"b")
        case "another file":
            words = (path, ground.file("b.ftm.json", PERSON % b"b"), "--source", "list")
        case "withdrawal":
            assert ground.run("withdraw", "list", "--yes").exit_code == 0
        case "reader":
            ground.file("a.ftm.json", b"key,title\nk,Ann Invented\n")
            declared = 'title = "x"\ndescription = "x"\n[[table]]\nfiles = "*"\nkey = "key"\n[[table.node]]\n'
            declared += 'type = "Person"\nproperties = {name = "%s"}\n'
            words = (path, "--source", "list", "--as", ground.file("a.toml", declared.replace("%s", "title").encode()))
            assert same_as(ground, *words) == 0
            ground.file("a.toml", declared.replace("%s", "key").encode())
        case "source":
            words = (path, "--source", "another")
        case "delta":
            words = (*words, "--delta")
    assert same_as(ground, *words) == 0


def test_the_reference_facts_are_loaded_once(ground: LoadHarness) -> None:
    assert same_as(ground, "--reference") == 0
    assert same_as(ground, "--reference") == loads(ground)
