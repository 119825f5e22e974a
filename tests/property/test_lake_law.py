"""Is the graph of a lake the one that the SQLite file has, whatever was loaded, withdrawn and judged?"""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.lake import incremental
from kg.lake.engines import duckdb
from kg.lake.events import Lake
from kg.operations.lake.project import EngineOptions, project_lake, verify_lake
from kg.operations.lake.withdraw import withdraw_from_lake
from tests.lakes import assert_equal, export, lake_tables, written_events
from tests.property.test_ledger_law import STEPS, Run, Step, Withdrawal

HISTORIES = STEPS.map(lambda steps: [s for s in steps if not (isinstance(s, Withdrawal) and s.erased)])
"""What an erasure removes from one ledger has to be removed from its lake as well, and is tested by itself."""


@given(HISTORIES, st.sampled_from([(1, duckdb.SMALL_BYTES), (3, duckdb.SMALL_BYTES), (8, 0)]))
@settings(max_examples=15)
def test_a_lake_has_the_graph_of_its_ledger_in_any_number_of_parts(
    steps: list[Step], taken_as: tuple[int, int]
) -> None:
    parts, small = taken_as
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        patched.setattr(duckdb, "SMALL_BYTES", small)
        store, lake = Path(folder) / "graph.sqlite", Path(folder) / "lake"
        taken, half = Run(store), len(steps) // 2
        for step in steps[:half]:
            taken.take(step)
        export(store, lake)
        project_lake(lake, EngineOptions(parts=parts))
        for step in steps[half:]:
            taken.take(step)
        export(store, lake)  # what has come since
        events = written_events(lake)
        Lake(lake).compact(0)
        assert written_events(lake) == events
        patched.setattr(incremental, "MAX_SHARE", float("inf"))  # however much has changed
        followed = assert_equal(store, lake, EngineOptions(parts=parts))
        made = assert_equal(store, lake, EngineOptions(parts=parts), whole=True)
        assert (made.open, made.protected) == (followed.open, followed.protected)
        assert verify_lake(lake, EngineOptions()).differing == ()


@given(HISTORIES, st.sampled_from(["s1", "s2", "s3"]))
@settings(max_examples=6)
def test_withdrawing_in_the_lake_is_withdrawing_in_the_store(steps: list[Step], source: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store, lake = Path(folder) / "graph.sqlite", Path(folder) / "lake"
        taken = Run(store)
        for step in steps:
            taken.take(step)
        export(store, lake)
        before = Lake(lake).last_load()
        earlier = lake_tables(lake, project_lake(lake, EngineOptions()))
        if source in taken.says:
            withdraw_from_lake(lake, source, "2014-12-05")
            taken.take(Withdrawal(source))
        Lake(lake).compact()
        assert_equal(store, lake)
        with closing(sqlite3.connect(store)) as connection:
            days = connection.execute("SELECT count(*) FROM meta WHERE name LIKE '%status day'").fetchone()[0]
        if not days:  # an earlier load knows of no later day
            assert lake_tables(lake, project_lake(lake, EngineOptions(), load=before)) == earlier
