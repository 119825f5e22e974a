"""Are the clusters of a lake those of the SQLite file?"""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.analysis.clusters import COLUMNS, cluster_members
from kg.errors import InputError
from kg.lake import arrays
from kg.operations.lake.clusters import cluster_lake
from kg.operations.lake.project import EngineOptions, project_lake
from kg.operations.workspace import Workspace
from tests.lakes import export
from tests.stores import store


def test_the_members_are_those_of_the_store(demo_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = tmp_path / "lake"
    export(demo_store, lake)
    graph = project_lake(lake, EngineOptions())
    for protected in (False, True):
        with store(demo_store, protected=protected) as opened:
            expected = {frozenset(members) for members in cluster_members(opened.view(COLUMNS))}
        found = cluster_lake(Workspace(demo_store, protected=protected), lake)
        assert {frozenset(members) for members in found.clusters} == expected
        assert len(expected) > 10
    monkeypatch.setattr(arrays, "MAX_LINKS", graph.open.links - 1)
    with pytest.raises(InputError, match="one worker partitions at most"):
        cluster_lake(Workspace(demo_store), lake)
