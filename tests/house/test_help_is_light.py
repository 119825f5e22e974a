"""Does `kg --help` answer without the heavy packages?"""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {
    "fastapi",
    "graspologic_native",
    "jinja2",
    "neo4j",
    "networkx",
    "numpy",
    "openpyxl",
    "orjson",
    "pydantic",
    "pydantic_settings",
    "rich",
    "sqlite3",
    "yaml",
}


@pytest.mark.parametrize("arguments", [["--help"], ["--version"]], ids=" ".join)
def test_it_imports_nothing_heavy(arguments: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "kg", *arguments], capture_output=True, text=True, check=True
    )
    assert _imported(done.stderr) & HEAVY == set()
    assert "kg" in _imported(done.stderr)


def _imported(importtime: str) -> set[str]:
    """Top level packages in the output of `-X importtime`: `import time: self | cumulative | name`."""
    names = (line.rpartition("|")[2].strip() for line in importtime.splitlines() if line.startswith("import time:"))
    return {name.partition(".")[0] for name in names}
