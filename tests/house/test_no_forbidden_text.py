"""What must never be written into a file of this project?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.house.tree import ROOT, project_files, python_files, relative_path

# Put together from pieces, so that this file does not hold what it looks for.
REGISTRIES = [
    ".".join(parts)
    for parts in [
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("crates", "io"),
        ("repo", "maven"),
        ("repo1", "maven"),
        ("proxy", "golang", "org"),
    ]
]
MACHINE_FOLDERS = ["".join(parts) for parts in [("ho", "me"), ("Us", "ers"), ("ro", "ot"), ("wo", "rk"), ("fa", "rm")]]

REGISTRY = re.compile("|".join(map(re.escape, REGISTRIES)), re.IGNORECASE)
MACHINE_PATH = re.compile(rf"(?<![\w.~/\-}}>])/(?:{'|'.join(MACHINE_FOLDERS)})/|\b[A-Z]:\\{MACHINE_FOLDERS[1]}\\")
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "manager", "managers", "common", "base"}
PIN = re.compile(r"[a-z0-9-]+==[0-9][\w.+!]*( ; python_version [<>]=? \"3\.\d+\"( and python_version < \"3\.\d+\")?)?")


def test_no_file_names_a_package_registry() -> None:
    assert _lines_with(REGISTRY) == []


def test_no_file_holds_a_path_of_somebodys_machine() -> None:
    assert _lines_with(MACHINE_PATH) == []


@pytest.mark.parametrize(
    ("line", "is_found"),
    [
        ("see /{}/ann/kg", True),
        ('path = "/{}/kg"', True),
        ("file:///{}/kg", False),
        ("https://example.org/{}/kg", False),
        ("a/{}/kg", False),
    ],
)
def test_a_machine_path_is_told_from_a_web_address(line: str, is_found: bool) -> None:
    found = [bool(MACHINE_PATH.search(line.format(folder))) for folder in MACHINE_FOLDERS]
    assert found == [is_found] * len(MACHINE_FOLDERS)


def test_constraints_are_names_and_versions_only() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not line.startswith("#") and not PIN.fullmatch(line)] == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    modules = python_files("src", "api", "tests", "bench")
    vague = [relative_path(path) for path in modules if VAGUE_NAMES & {part.lower() for part in _names(path)}]
    assert vague == []


def _names(path: Path) -> list[str]:
    return [*path.relative_to(ROOT).parent.parts, path.stem]


def _lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{relative_path(path)}:{number}: {line.strip()[:160]}"
        for path in project_files()
        for number, line in enumerate(_text(path).splitlines(), start=1)
        if pattern.search(line)
    ]


def _text(path: Path) -> str:
    """The file as text; bytes that are not UTF-8 stay visible around what is."""
    return path.read_bytes().decode("utf-8", errors="replace")
