"""Does the README show what the demo prints?"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kg.cli import app
from tests.house.tree import ROOT

README = ROOT / "README.md"
SHOWN = re.compile(r"(?<=\n```\n)Loading the reference facts.*?(?=```\n)", re.DOTALL)
LEDGER = re.compile(r"graph [0-9a-f-]{36}@")
"""Every new store has a ledger of its own; the rest of the output is the same each time."""


def test_the_readme_shows_what_the_demo_prints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["demo"])
    assert result.exit_code == 0, result.output
    printed = "\n".join(line.rstrip() for line in result.stdout.splitlines()) + "\n"
    readme = README.read_text(encoding="utf-8")
    if os.environ.get("KG_UPDATE_GOLDEN") == "1":
        README.write_text(SHOWN.sub(lambda _: printed, readme), encoding="utf-8")
        return
    shown = SHOWN.search(readme)
    assert shown is not None
    assert LEDGER.sub("graph @", printed) == LEDGER.sub("graph @", shown.group())


def test_the_picture_of_the_readme_exists() -> None:
    for picture in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README.read_text(encoding="utf-8")):
        assert (ROOT / picture).is_file(), picture
