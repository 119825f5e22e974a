"""Does every test that docs/security.md names exist?"""

from __future__ import annotations

import re

from tests.house.tree import ROOT, python_files

DEFINED = {
    name
    for path in python_files("tests")
    for name in re.findall(r"^\s*def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
}
ROWS = [line for line in (ROOT / "docs" / "security.md").read_text(encoding="utf-8").splitlines() if "`test_" in line]


def test_each_promise_names_tests_that_exist() -> None:
    assert len(ROWS) > 30
    missing = {name for row in ROWS for name in re.findall(r"`(test_\w+)`", row)} - DEFINED
    assert not missing


def test_each_promise_has_a_test() -> None:
    text = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    promises = text.partition("## Promises")[2].partition("## What is not promised")[0]
    rows = [line for line in promises.splitlines() if line.startswith("| ") and line not in {"| promise | test |"}]
    assert [row for row in rows if "`test_" not in row] == []
