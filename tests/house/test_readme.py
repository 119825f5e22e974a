"""Does the README show what the demo prints, and do its commands run?"""

from __future__ import annotations

import os
import re
import shlex
import shutil
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


def test_the_commands_for_your_own_files_run_as_they_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    block = re.search(r"## Your own files\n.*?```\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert block
    setting, *commands = (line.partition(" #")[0].strip() for line in block[1].splitlines())
    name, _, value = setting.removeprefix("export ").partition("=")
    monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "graph" / "example", tmp_path / "graph" / "example")
    printed = []
    for command in commands:
        program, *words = shlex.split(command)
        assert program == ".venv/bin/kg"
        arguments = [path for word in words for path in expand(word)]
        result = CliRunner().invoke(app, arguments)
        assert result.exit_code == 0, result.output
        printed.append(result.stdout)
    assert "14 Lantern Row (RealEstate)" in printed[-3]
    assert "Orla Fenwick-Dray holds 60 % of Marrow & Tide Holdings Inc." in printed[-2]
    assert list((tmp_path / "reports").glob("*.html"))


def expand(word: str) -> list[str]:
    """A word of a command line as a shell expands it."""
    return sorted(map(str, Path().glob(word))) if "*" in word else [word]


def test_the_picture_of_the_readme_exists() -> None:
    for picture in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README.read_text(encoding="utf-8")):
        assert (ROOT / picture).is_file(), picture
