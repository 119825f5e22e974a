"""What holds for every test?"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator
from typing import TypeVar

import pytest
from hypothesis import settings

from tests.neo4j_server import GROUP, Neo4jServer, neo4j_for_tests, only_one_worker

# On a developer's machine each run tries new examples; in CI the same ones, so that a red run is about the change.
settings.register_profile("local", deadline=None, max_examples=50)
settings.register_profile("ci", deadline=None, max_examples=100, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)

os.environ["KG_USER"] = "a tester"  # what is expected must not depend on who runs the tests

SKIPS_FAIL = os.environ.get("KG_FAIL_ON_SKIP") == "1"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of the one Neo4j are such a group."""
    for item in items:
        if isinstance(item, pytest.Function) and "neo4j_server" in item.fixturenames:
            item.add_marker(pytest.mark.xdist_group(GROUP))


@pytest.fixture(scope="session")
def neo4j_server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neo4jServer]:
    """One Neo4j for the run."""
    folder = tmp_path_factory.getbasetemp()
    shared = folder.parent if hasattr(request.config, "workerinput") else folder
    with only_one_worker(shared), neo4j_for_tests(shared / "neo4j") as server:
        yield server


@pytest.fixture(scope="module")
def neo4j(neo4j_server: Neo4jServer) -> Neo4jServer:
    """That Neo4j, empty when a module begins."""
    neo4j_server.wipe()
    return neo4j_server


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
