"""Is every command and every setting written down for those who use them?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from typer.main import get_command

from kg.analysis.clusters import load_indicators
from kg.cli import app
from kg.settings import setting_names
from tests.house.tree import ROOT


def _commands(command: Any, name: str) -> Iterator[str]:
    """The full names of all commands below this one: `kg load`, `kg ref`, …"""
    below = getattr(command, "commands", {})
    if not below:
        yield name
    for part, sub in sorted(below.items()):
        if not sub.hidden:
            yield from _commands(sub, f"{name} {part}")


COMMANDS = list(_commands(get_command(app), "kg"))
SETTINGS = sorted(setting_names().values())


def _docs() -> str:
    pages = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
    return "\n".join(page.read_text(encoding="utf-8") for page in pages)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented(command: str) -> None:
    assert re.search(rf"\b{re.escape(command)}\b", _docs())


@pytest.mark.parametrize("indicator", load_indicators())
def test_every_warning_sign_is_documented(indicator: str) -> None:
    assert f"| `{indicator}` |" in (ROOT / "docs" / "clusters.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("setting", SETTINGS)
def test_every_setting_is_documented(setting: str) -> None:
    assert re.search(rf"\b{setting}\b", _docs())


@pytest.mark.parametrize("setting", SETTINGS)
def test_every_setting_stands_in_the_example_file(setting: str) -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert re.search(rf"^(# *)?{setting}=", example, re.MULTILINE)


def test_the_example_file_has_only_settings_that_exist() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    assert sorted(set(re.findall(r"^(?:# *)?(KG_\w+)=", example, re.MULTILINE)) - set(SETTINGS)) == []


def test_settings_start_with_kg() -> None:
    assert [setting for setting in SETTINGS if not setting.startswith("KG_")] == []
