"""What holds for every test?"""

from __future__ import annotations

import os
from collections.abc import Generator
from typing import TypeVar

import pytest
from hypothesis import settings

# On a developer's machine each run tries new examples; in CI the same ones, so that a red run is about the change.
settings.register_profile("local", deadline=None, max_examples=50)
settings.register_profile("ci", deadline=None, max_examples=100, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)

SKIPS_FAIL = os.environ.get("KG_FAIL_ON_SKIP") == "1"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A skipped test fails where KG_FAIL_ON_SKIP=1."""
    report = yield
    return _refuse_skip(report)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a module that skips itself."""
    report = yield
    return _refuse_skip(report)


def _refuse_skip(report: Report) -> Report:
    if SKIPS_FAIL and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which KG_FAIL_ON_SKIP=1 forbids: {report.longrepr}"
    return report
