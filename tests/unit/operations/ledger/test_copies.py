"""Does a file that is given twice under two names count once?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.faults.malformed_input import LoadHarness

PAYMENTS = b"from,to,amount,currency\na,b,10,EUR\na,b,10,EUR\n"
PEOPLE = b"key,name\na,Ann Invented\nb,Bo Invented\n"


@pytest.fixture
def ground(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LoadHarness:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
    return LoadHarness(tmp_path, monkeypatch)


def loaded(ground: LoadHarness, *words: object) -> dict[str, Any]:
    result = ground.run("load", *words, "--source", "desk", "--json")
    assert result.exit_code == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_equal_files_of_two_folders_are_one_and_told(ground: LoadHarness) -> None:
    people = ground.file("persons.csv", PEOPLE)
    one, two = ground.file("one/payments.csv", PAYMENTS), ground.file("two/payments.csv", PAYMENTS)
    result = loaded(ground, people, one.parent, two.parent, "--as", "sheets")
    assert (result["links"], result["equal_events"]) == (2, 1)  # the two payments of one file, and no more
    assert result["copies"] == {"two/payments.csv": "one/payments.csv"}


def test_equal_files_of_two_tables_are_two(ground: LoadHarness) -> None:
    words = (ground.file("persons.csv", PEOPLE), ground.file("enterprises.csv", PEOPLE.replace(b"a", b"a")))
    assert loaded(ground, *words)["copies"] == {}


def test_files_of_a_delta_are_applied_in_their_order(ground: LoadHarness) -> None:
    add = b'{"op": "ADD", "entity": {"id": "a", "schema": "Person", "properties": {"name": ["Ann Invented"]}}}\n'
    drop = b'{"op": "DEL", "entity": {"id": "a"}}\n'
    names = ("1.delta.json", "2.delta.json", "3.delta.json")
    files = [ground.file(name, data) for name, data in zip(names, (add, drop, add), strict=True)]
    result = loaded(ground, *files, "--delta", "--as", "ftm")
    assert (result["nodes"], result["copies"]) == (1, {})
