"""Do modules and paths that the documentation names exist?"""

from __future__ import annotations

import re

import pytest

from tests.house.tree import ROOT

PAGES = sorted(
    page.relative_to(ROOT).as_posix()
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
)
PATH = re.compile(r"(?<![\w/.])((?:src/kg|api/kg_api|graph|cypher|tests|bench)/[\w./{},<>-]*\w)")
MODULE = re.compile(r"`((?:kg|kg_api)(?:\.[a-z_][a-z0-9_]*)+)")
ROOTS = {"kg": ROOT / "src", "kg_api": ROOT / "api"}


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_names_of_the_code_exists(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    paths = {found for found in PATH.findall(text) if not re.search(r"[<{]", found)}
    modules = set(MODULE.findall(text))
    missing = {path for path in paths if not (ROOT / path).exists()} | {m for m in modules if not _is_module(m)}
    assert missing == set()


def test_a_module_that_is_not_there_is_found_out() -> None:
    assert _is_module("kg.analysis.paths.costs")
    assert _is_module("kg.operations.load")
    assert not _is_module("kg.analysis.terrain.costs")
    assert PATH.findall("see src/kg/no_such/module.py") == ["src/kg/no_such/module.py"]


def _is_module(name: str) -> bool:
    """Whether the name is a module, or a name that stands in one."""
    first, *rest = name.split(".")
    place = ROOTS[first] / first
    for number, part in enumerate(rest):
        if (place / part).is_dir():
            place /= part
            continue
        module = place / f"{part}.py"
        if module.is_file():
            return number >= len(rest) - 2
        return number == len(rest) - 1 and re.search(rf"\b{part}\b", (place / "__init__.py").read_text()) is not None
    return True
