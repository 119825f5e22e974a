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


@pytest.fixture
def printed(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the commands of a section print, which are run as they are written, in a folder of their own."""
    block = re.search(rf"## {request.param}\n.*?```\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert block
    setting, *commands = (line.partition(" #")[0].strip() for line in block[1].splitlines())
    name, _, value = setting.removeprefix("export ").partition("=")
    monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "graph" / "example", tmp_path / "graph" / "example")
    return [run(command) for command in commands]


def run(command: str) -> str:
    """What a command prints."""
    program, *words = (path for word in shlex.split(command) for path in expand(word))
    if program == "mkdir":
        Path(*words).mkdir()
    elif program == "cp":
        for file in words[:-1]:
            shutil.copy(file, words[-1])
    else:
        assert program == ".venv/bin/kg"
        result = CliRunner().invoke(app, words)
        assert result.exit_code == 0, result.output
        return result.stdout
    return ""


@pytest.mark.parametrize("printed", ["Your own files"], indirect=True)
def test_the_commands_for_your_own_files_run_as_they_are_written(printed: list[str], tmp_path: Path) -> None:
    assert "14 Lantern Row (RealEstate)" in printed[-3]
    assert "Orla Fenwick-Dray holds 60 % of Marrow & Tide Holdings Inc." in printed[-2]
    assert list((tmp_path / "reports").glob("*.html"))


@pytest.mark.parametrize("printed", ["Each Monday"], indirect=True)
def test_the_first_page_of_each_week_says_what_matters(printed: list[str], tmp_path: Path) -> None:
    assert not [said for said in printed if "rejected" in said]
    first, second, third = (
        (tmp_path / "weekly" / day / f"report-{day}.md").read_text(encoding="utf-8").partition("## Overdue and due")[0]
        for day in ("2026-11-09", "2026-11-16", "2026-11-23")
    )
    office = "Criminal Court of Saltmarch (invented) (Malta)"
    assert f"**Ansel Quarrington-Bey**, sought by {office} since 2019-02-11" in first
    assert "There is no earlier report to compare this one with." in first
    freeze, request, *_ = changes(second)
    assert "lifted 2026-11-11" in freeze
    assert "Account 55-1207X, GBP 2,000,000: restrained before, now no measure in force" in freeze
    assert "answer now refused; answered 2026-11-12; ground now no dual criminality" in request
    gazette, limitation, payment, *_ = changes(third)
    assert "source withdrawn gazette: everything that it reported, 3 records" in gazette
    assert "limitation date 2027-01-31 before, now 2026-12-15" in limitation
    assert "Odalys Brackwater paid Pelican Mole Holdings Limited, GBP 350,000" in payment


def changes(page: str) -> list[str]:
    """The changes on the first page of a report, a line each."""
    return [line for line in page.partition("## What changed")[2].splitlines() if line.startswith("- ")]


def expand(word: str) -> list[str]:
    """A word of a command line as a shell expands it."""
    return sorted(map(str, Path().glob(word))) if "*" in word else [word]


def test_the_picture_of_the_readme_exists() -> None:
    for picture in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README.read_text(encoding="utf-8")):
        assert (ROOT / picture).is_file(), picture
