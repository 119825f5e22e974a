"""Do Apache Spark, with two executors, and Sail make the graph that the SQLite file has?"""

from __future__ import annotations

import os
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from kg.database import connect
from kg.lake.engines.spark import SparkEngine, spark_session
from kg.lake.tables import EDGE
from kg.operations import Workspace
from kg.operations.lake.bulk import export_lake_bulk
from kg.operations.lake.project import EngineOptions, project_lake
from kg.operations.lake.screen import screen_lake
from kg.operations.matching.screening import ScreeningRequest
from tests.lakes import assert_equal, bulk_rows, export
from tests.property.test_lake_law import HISTORIES
from tests.property.test_ledger_law import Run, Step
from tests.stores import link, node
from tests.stores import load as load_records

# Of py4j, which leaves sockets to the garbage collector when an executor is killed.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

HUB_LINKS = 3_000

SETTINGS = {
    "spark.sql.shuffle.partitions": "3",
    # A small table is broadcast, and then nothing is shuffled that could be lost.
    "spark.sql.autoBroadcastJoinThreshold": "-1",
    "spark.sql.adaptive.autoBroadcastJoinThreshold": "-1",
    "spark.driver.extraJavaOptions": "-XX:+UseSerialGC -XX:TieredStopAtLevel=1",
    "spark.executor.extraJavaOptions": "-XX:+UseSerialGC -XX:TieredStopAtLevel=1",
}


@pytest.fixture(scope="module")
def demo(demo_store: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A store of the demo set and of a company that everybody owns a part of, and its lake."""
    folder = tmp_path_factory.mktemp("demo")
    store, lake = folder / "graph.sqlite", folder / "lake"
    shutil.copyfile(demo_store, store)
    owners = [node(f"owner-{number}", name=f"Owner {number}") for number in range(HUB_LINKS)]
    links = [link(f"owner-{number} OWNS hub", share="0..1") for number in range(HUB_LINKS)]
    load_records(store, "crowd", [node("hub", "Enterprise", name="Hub"), *owners, *links])
    export(store, lake)
    project_lake(lake, EngineOptions())
    return store, lake


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """A session with two executors, each a process of its own."""
    session = spark_session("local-cluster[2,1,1024]", SETTINGS)
    yield session
    session.stop()


def test_spark_makes_the_same_graph_though_an_executor_is_killed(demo: tuple[Path, Path], spark: Any) -> None:
    store, lake = demo
    ended = threading.Event()
    killed: list[int] = []
    killer = threading.Thread(target=_kill_an_executor, args=(ended, killed, lake / "scratch"))
    killer.start()
    try:
        assert_equal(store, lake, EngineOptions("spark", parts=3), whole=True)
    finally:
        ended.set()
        killer.join()
    assert len(killed) == 1


@pytest.mark.parametrize("engine", ["spark", "sail"])
def test_engines_screen_a_list_and_write_files_for_neo4j_as_duckdb_does(
    demo: tuple[Path, Path], tmp_path: Path, spark: Any, engine: str
) -> None:
    lake, workspace = demo[1], Workspace(demo[0])
    listed = tmp_path / "list.csv"
    listed.write_text("name,birth date\nOwner 7,1970\nLimmerworth Quillwater,\n", encoding="utf-8")
    request = ScreeningRequest((listed,), least=0.001)
    screened, written = [], []
    for name in (engine, "duckdb"):
        options = EngineOptions(name, parts=2)
        screened.append(screen_lake(workspace, lake, request, options))
        export_lake_bulk(workspace, lake, str(tmp_path / name), options)
        written.append(sorted(bulk_rows(tmp_path / name)))
    assert screened[0] == screened[1]
    assert screened[0].matches > 0
    assert written[0] == written[1]


def _kill_an_executor(ended: threading.Event, killed: list[int], scratch: Path) -> None:
    """Kill an executor of this process's Spark once names are known and nodes are being made."""
    while not ended.is_set() and not list(scratch.glob("*/edge.*/*.parquet")):
        time.sleep(0.05)
    executors = [pid for pid, parent, text in _processes() if "CoarseGrainedExecutorBackend" in text]
    ours = [pid for pid in executors if os.getpid() in _ancestors(pid)]
    if ours and not ended.is_set():
        os.kill(ours[0], signal.SIGKILL)
        killed.append(ours[0])


def _processes() -> Iterator[tuple[int, int, str]]:
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            text = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        yield int(folder.name), parent, text


def _ancestors(pid: int) -> set[int]:
    parents = {one: parent for one, parent, _ in _processes()}
    found = set[int]()
    while pid in parents:
        found.add(pid := parents[pid])
    return found


@pytest.mark.parametrize("parts", [8])
def test_sail_makes_the_same_graph(demo: tuple[Path, Path], parts: int) -> None:
    assert_equal(*demo, EngineOptions("sail", parts=parts), whole=True)


def test_sail_writes_a_folder_for_a_table_without_rows(tmp_path: Path) -> None:
    with SparkEngine(tmp_path, 1, is_sail=True) as engine:
        engine.read("none", [], EDGE)
        assert engine.write("SELECT * FROM none", tmp_path / "out", EDGE) == 0
        assert (tmp_path / "out").is_dir()


@given(HISTORIES)
@settings(max_examples=1)
def test_sail_makes_the_graph_of_any_history(steps: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store, lake = Path(folder) / "graph.sqlite", Path(folder) / "lake"
        taken = Run(store)
        for step in steps:
            taken.take(step)
        with closing(connect(store)):
            export(store, lake)
        assert_equal(store, lake, EngineOptions("sail", parts=3))
