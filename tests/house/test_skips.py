"""Is a skipped test a failure where nothing may be skipped?"""

from __future__ import annotations

import os
import re
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


@pytest.mark.parametrize(("fail_on_skip", "fails"), [("1", True), ("0", False)])
def test_a_skip_fails_the_run_only_when_asked(fail_on_skip: str, fails: bool, tmp_path: Path) -> None:
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path)
    names = {"test_it.py": SKIPPED_TEST, "test_module.py": SKIPPED_MODULE}
    for name, source in names.items():
        (tmp_path / name).write_text(source, encoding="utf-8")
    options = ["-q", "-p", "no:cacheprovider", "--continue-on-collection-errors", "--rootdir", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(tmp_path)],
        cwd=tmp_path,
        env=os.environ
        | {"KG_FAIL_ON_SKIP": fail_on_skip, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    refused = [name for name in names if re.search(rf"^(FAILED|ERROR) {re.escape(name)}", done.stdout, re.MULTILINE)]
    assert refused == (list(names) if fails else []), done.stdout
    assert done.stdout.count("which KG_FAIL_ON_SKIP=1 forbids") >= len(refused), done.stdout
    assert (done.returncode in {pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.INTERRUPTED}) == fails, done.stdout
