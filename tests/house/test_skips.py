"""Is a skipped test a failure where nothing may be skipped?"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tree import ROOT

SKIPPED_TEST = """
import pytest

def test_something() -> None:
    pytest.skip("no such thing here")
"""
SKIPPED_MODULE = """
import pytest

pytest.skip("no such thing here", allow_module_level=True)
"""


@pytest.mark.parametrize("source", [SKIPPED_TEST, SKIPPED_MODULE], ids=["test", "module"])
@pytest.mark.parametrize(("fail_on_skip", "fails"), [("1", True), ("0", False)])
def test_a_skip_fails_the_run_only_when_asked(source: str, fail_on_skip: str, fails: bool, tmp_path: Path) -> None:
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path)
    (tmp_path / "test_it.py").write_text(source, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), str(tmp_path)],
        cwd=tmp_path,
        env=os.environ | {"KG_FAIL_ON_SKIP": fail_on_skip, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ("which KG_FAIL_ON_SKIP=1 forbids" in done.stdout) == fails, done.stdout
    assert (done.returncode in {pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.INTERRUPTED}) == fails, done.stdout
