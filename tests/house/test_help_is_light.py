"""Does a command import only what it needs?"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.stores import link, load, node

NOT_FOR_A_QUESTION = {
    "fastapi",
    "graspologic_native",
    "jinja2",
    "neo4j",
    "networkx",
    "numpy.ma",
    "openpyxl",
    "rich",
    "uvicorn",
    "yaml",
}
NOT_WITHOUT_ARRAYS = NOT_FOR_A_QUESTION | {"numpy"}
NOT_FOR_HELP = NOT_WITHOUT_ARRAYS | {"orjson", "pydantic", "sqlite3"}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("light") / "graph.sqlite"
    load(path, "s", [node("ann", name="Ann Example"), node("flat", "RealEstate"), link("ann OWNS flat")])
    return path


@pytest.mark.parametrize(
    ("words", "heavy"),
    [
        (("--help",), NOT_FOR_HELP),
        (("--version",), NOT_FOR_HELP),
        (("sources",), NOT_WITHOUT_ARRAYS),
        (("search", "Ann"), NOT_WITHOUT_ARRAYS),
        (("show", "test:ann"), NOT_WITHOUT_ARRAYS),
        (("path", "test:ann", "test:flat"), NOT_FOR_A_QUESTION | {"kg.ledger.ledger", "pydantic", "tomllib"}),
    ],
    ids=lambda given: given[0] if isinstance(given, tuple) else "",
)
def test_it_imports_nothing_heavy(path: Path, words: tuple[str, ...], heavy: set[str]) -> None:
    environment = {**os.environ, "KG_STORE": f"embedded:{path}", "KG_VIEW_CACHE": str(path.parent / "views")}
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "kg", *words],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert _imported(done.stderr) & heavy == set()
    assert "kg" in _imported(done.stderr)


def _imported(importtime: str) -> set[str]:
    """Packages, and modules in them, in the output of `-X importtime`: `import time: self | cumulative | name`."""
    names = {line.rpartition("|")[2].strip() for line in importtime.splitlines() if line.startswith("import time:")}
    return names | {name.partition(".")[0] for name in names}
