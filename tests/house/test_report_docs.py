"""Do the lines for cron and systemd on the page about reports work?"""

from __future__ import annotations

import configparser
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.main import get_command

from kg.cli import app
from tests.house.tree import ROOT

PAGE = (ROOT / "docs" / "report.md").read_text(encoding="utf-8")
UNITS = dict(re.findall(r"^```ini\n# (kg-report\.\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
[CRON] = re.findall(r"^```cron\n(.*)\n```$", PAGE, re.MULTILINE)
FIELDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
"""Least and most of each field of a crontab."""


def parsed(command: str) -> dict[str, object]:
    """What kg would understand; raises for an option that it does not have."""
    words = shlex.split(command)
    assert words.pop(0).endswith("/kg")
    group = get_command(app)
    name, found, rest = group.resolve_command(group.make_context("kg", ["--help"], resilient_parsing=True), words)  # type: ignore[attr-defined]  # a group of commands
    assert name == "report"
    return dict(found.make_context(name, rest, resilient_parsing=False).params)


def test_the_line_for_cron_has_five_fields_within_their_bounds_and_a_command_that_kg_knows() -> None:
    *fields, command = CRON.split(" ", 5)
    assert len(fields) == len(FIELDS)
    for field, (least, most) in zip(fields, FIELDS, strict=True):
        assert field == "*" or all(least <= int(number) <= most for number in field.split(","))
    setting, _, command = command.partition(" ")
    assert setting.startswith("KG_STORE=embedded:")
    assert parsed(command)["periodic"] is True


def test_the_units_are_whole_and_start_a_command_that_kg_knows() -> None:
    service, timer = (configparser.ConfigParser(interpolation=None) for _ in range(2))
    service.read_string(UNITS["kg-report.service"])
    timer.read_string(UNITS["kg-report.timer"])
    assert parsed(service["Service"]["ExecStart"])["periodic"] is True
    assert service["Service"]["Type"] == "oneshot"
    assert timer["Timer"]["Persistent"] == "true"
    assert timer["Install"]["WantedBy"] == "timers.target"


def test_systemd_finds_nothing_wrong_with_them_where_it_is_there(tmp_path: Path) -> None:
    verify = shutil.which("systemd-analyze")
    program = tmp_path / "kg"
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    for name, text in UNITS.items():
        (tmp_path / name).write_text(text.replace("/srv/kg/.venv/bin/kg", str(program)), encoding="utf-8")
    if verify:
        files = [str(tmp_path / name) for name in sorted(UNITS)]
        done = subprocess.run([verify, "verify", *files], check=False, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", ["kg-report.service", "kg-report.timer"])
def test_both_units_are_on_the_page(name: str) -> None:
    assert name in UNITS
