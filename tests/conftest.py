"""What holds for every test?"""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections.abc import Generator, Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import pytest
import typer.testing
from hypothesis import settings

from kg.cli import COLLECT_AFTER, terminal
from kg.files import lock_file
from kg.ontology import load_ontology
from kg.ontology.derive.cypher import schema
from kg.operations import Workspace, demo_load_requests, load
from tests import neo4j_copies
from tests.neo4j_server import GROUP, Neo4jServer, neo4j_for_tests, only_one_worker

# On a developer's machine each run tries new examples; in CI the same ones, so that a red run is about the change.
settings.register_profile("local", deadline=None, max_examples=50)
settings.register_profile("ci", deadline=None, max_examples=100, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "local")

# Spark and Sail are half a gigabyte: `make test-lake` installs them.
collect_ignore = [] if os.environ.get("KG_TEST_ENGINES") else ["engines"]

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)

os.environ["KG_USER"] = "a tester"  # what is expected must not depend on who runs the tests

IN_MEMORY, ROOM = Path("/dev/shm"), 8 * 1024**3
"""A file system in memory, and how much has to be free there: to write small stores to a disk takes longer than to
make them. TMPDIR=/tmp has them on the disk all the same."""

if "TMPDIR" not in os.environ and os.access(IN_MEMORY, os.W_OK) and shutil.disk_usage(IN_MEMORY).free > ROOM:
    os.environ["TMPDIR"] = str(IN_MEMORY)
    tempfile.tempdir = None

TESTS = Path(__file__).parent
LONG_FOLDERS = ("integration", "faults", "page", "api", "property")
"""Folders whose files take long or wait for others. They come first, so that at the end no worker is left with one."""

SKIPS_FAIL = os.environ.get("KG_FAIL_ON_SKIP") == "1"


def pytest_configure(config: pytest.Config) -> None:
    """Name the mark of xdist, for runs without that, and look for garbage as seldom as the command line does."""
    gc.set_threshold(COLLECT_AFTER)
    # Which otherwise makes the command line anew for each command that a test runs: a fifth of the time.
    typer.testing._get_command = cache(typer.testing._get_command)  # type: ignore[attr-defined]  # private to Typer
    config.addinivalue_line("markers", "xdist_group(name): tests that one worker runs")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests of the one Neo4j are such a group, and workers begin with folders whose files take long."""
    for item in items:
        if isinstance(item, pytest.Function) and "neo4j_server" in item.fixturenames:
            item.add_marker(pytest.mark.xdist_group(GROUP))
    if hasattr(config, "workerinput"):
        items.sort(key=_turn)  # which keeps the order inside a folder


def _turn(item: pytest.Item) -> int:
    folder = item.path.relative_to(TESTS).parts[0]
    return LONG_FOLDERS.index(folder) if folder in LONG_FOLDERS else len(LONG_FOLDERS)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give a worker whole files and groups, in the order of the tests."""
    from xdist.scheduler import LoadGroupScheduling

    class FileScheduling(LoadGroupScheduling):  # type: ignore[misc]  # xdist has no types
        """The tests of a file share what its fixtures start: on several workers, each would start it."""

        def _split_scope(self, nodeid: str) -> str:
            scope: str = super()._split_scope(nodeid)
            return scope.partition("::")[0]

    config.option.loadscopereorder = False
    return FileScheduling(config, log)


def pytest_collection_finish() -> None:
    """Never look for garbage among ten thousand tests and what they import."""
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def no_progress_lines() -> None:
    """A slow machine would print some where no test expects them."""
    terminal.PROGRESS_SECONDS = float("inf")


@pytest.fixture(scope="session")
def shared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that all workers of the run share."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if hasattr(request.config, "workerinput") else folder


@pytest.fixture(scope="session")
def demo_store(shared: Path) -> Path:
    """A store with the demo set, made once for all workers: copy the file to use it."""
    folder = shared / "demo"
    with lock_file(shared / "demo.lock"):
        if not folder.exists():
            making = shared / "demo.part"
            for request in demo_load_requests():
                load(Workspace(making / "demo.sqlite"), request)
            making.rename(folder)
    return folder / "demo.sqlite"


@pytest.fixture(scope="session")
def neo4j_server(shared: Path) -> Iterator[Neo4jServer]:
    """One Neo4j for the run."""
    with only_one_worker(shared), neo4j_for_tests(shared / "neo4j") as server:
        yield server


@pytest.fixture(scope="module")
def neo4j(neo4j_server: Neo4jServer) -> Neo4jServer:
    """That Neo4j, empty when a module begins, as `kg sync` leaves one that it has emptied: its own indexes stay."""
    neo4j_server.wipe(keep=schema(load_ontology()))
    return neo4j_server


@pytest.fixture(scope="module")
def neo4j_with_demo(neo4j_server: Neo4jServer, demo_store: Path, shared: Path) -> tuple[Neo4jServer, Path]:
    """That Neo4j with a copy of the demo set, and the store copied: to be read only, as the next module has it too."""
    path = shared / "demo-in-neo4j" / demo_store.name
    if neo4j_server.holds != [path]:
        neo4j_server.wipe(keep=schema(load_ontology()))
        path.parent.mkdir(exist_ok=True)
        shutil.copy(demo_store, path)
        neo4j_copies.sync_copy(neo4j_server, path)
        neo4j_server.holds.append(path)
    return neo4j_server, path


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
