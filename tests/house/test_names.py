"""Does one name stand for one thing, and does the tree say what belongs together?"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from tests.house.tree import python_files, relative_path

FOLDERS = ("src", "api")

SHARED_CLASSES: Mapping[str, str] = {}
"""Class names that two modules may use, each with the reason."""

NOUNS: Mapping[str, str] = {
    "drawing": "a picture, and the making of it",
    "holding": "what somebody owns, in finance",
    "listing": "a page of a list, as in databases and web services",
    "mapping": "the correspondence of columns and properties, in data engineering",
    "handling": "the handling code of a claim, a standard term of intelligence and law enforcement",
    "matching": "the decision which records are of one person or company, in data integration",
    "reading": "how something written is understood, as in a variant reading",
    "screening": "the check of a list of people against a register, in compliance",
    "tracing": "following money through accounts, in the law of restitution",
    "ranking": "an order by weight, in graph search",
}
"""Words in -ing that are the names of things, each with what it names."""

LARGE_FOLDERS: Mapping[str, str] = {"src/kg/cli/commands": "one module a command, named by it"}
"""Folders with more modules than others may have, each with the reason."""

MOST_MODULES = 14
"""In one folder, without `__init__.py`."""


def _classes(modules: Mapping[str, str]) -> dict[str, list[str]]:
    """Class name to the modules that define it; private and nested classes too."""
    found: dict[str, list[str]] = {}
    for name, text in modules.items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ClassDef):
                found.setdefault(node.name, []).append(name)
    return found


def _shared(modules: Mapping[str, str]) -> dict[str, list[str]]:
    return {name: places for name, places in _classes(modules).items() if len(places) > 1}


def _gerunds(paths: Iterable[str]) -> list[str]:
    """Modules and folders whose last word ends in -ing and is not the name of a thing."""
    named = {path: Path(path).with_suffix("").parts for path in paths}
    last_words = {path: {part.rpartition("_")[2] for part in parts} for path, parts in named.items()}
    return [path for path, words in last_words.items() if any(w.endswith("ing") and w not in NOUNS for w in words)]


def _crowded(paths: Iterable[str]) -> list[str]:
    counts: dict[str, int] = {}
    for path in paths:
        if Path(path).name != "__init__.py":
            counts[Path(path).parent.as_posix()] = counts.get(Path(path).parent.as_posix(), 0) + 1
    return [f"{folder}: {count} modules" for folder, count in counts.items() if count > MOST_MODULES]


MODULES = {relative_path(path): path.read_text(encoding="utf-8") for path in python_files(*FOLDERS)}


def test_one_class_name_stands_for_one_thing_and_those_listed_as_shared_are_shared() -> None:
    shared = _shared(MODULES)
    assert {name: places for name, places in shared.items() if name not in SHARED_CLASSES} == {}
    assert sorted(set(SHARED_CLASSES) - set(shared)) == []


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("class Row: ...", "class Row: ...", ["Row"]),
        ("class _Row: ...", "def read():\n    class _Row: ...", ["_Row"]),
        ("class Row: ...", "class Table: ...", []),
        ("class Row: ...", "Row = int", []),
    ],
)
def test_a_shared_class_name_is_found(one: str, other: str, shared: list[str]) -> None:
    assert list(_shared({"one.py": one, "other.py": other})) == shared


def test_no_module_is_named_by_a_gerund() -> None:
    assert _gerunds(MODULES) == []


@pytest.mark.parametrize(
    ("path", "is_found"),
    [
        ("src/kg/asking.py", True),
        ("src/kg/viewing/files.py", True),
        ("src/kg/path_finding.py", True),
        ("src/kg/mapping.py", False),
        ("src/kg/mapping_lint.py", False),
        ("src/kg/circular_holding.py", False),
    ],
)
def test_a_gerund_is_told_from_a_noun(path: str, is_found: bool) -> None:
    assert bool(_gerunds([path])) == is_found


def test_every_word_in_the_table_of_nouns_is_the_name_of_a_module() -> None:
    words = {word for path in MODULES for part in Path(path).with_suffix("").parts for word in part.split("_")}
    assert sorted(set(NOUNS) - words) == []


def test_no_folder_has_more_modules_than_a_reader_can_take_in() -> None:
    assert [line for line in _crowded(MODULES) if line.partition(":")[0] not in LARGE_FOLDERS] == []


def test_a_crowded_folder_is_found() -> None:
    modules = [f"src/kg/a/m{number}.py" for number in range(MOST_MODULES)]
    assert _crowded([*modules, "src/kg/a/__init__.py", "src/kg/b/m.py"]) == []
    assert _crowded([*modules, "src/kg/a/more.py"]) == [f"src/kg/a: {MOST_MODULES + 1} modules"]
