"""Is a run of clusters the same when it is read again, and is its file what earlier versions wrote and read?"""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import orjson

from kg.analysis.clusters.asset_clusters import asset_clusters
from kg.operations import ClusterRun, read_cluster_run
from tests.builders import graph

LINES = ["ann OWNS a1", "ann OWNS a2", "ann OWNS a3", "a OWNS b", "b OWNS a", "ann OWNS a"]


def test_a_run_is_the_same_when_it_is_read_again(tmp_path: Path) -> None:
    run = ClusterRun(asset_clusters(graph(*LINES, sought=("ann",))), 7)
    path = tmp_path / "run.json"
    path.write_bytes(run.to_bytes())
    assert read_cluster_run(path) == run


def test_the_file_of_a_run_has_the_fields_of_the_finding(tmp_path: Path) -> None:
    run = ClusterRun(asset_clusters(graph(*LINES, sought=("ann",))), 7)
    plain = {"kind": "kg-clusters", "load": 7, **asdict(run.clusters), "version": str(run.clusters.version)}
    assert orjson.loads(run.to_bytes()) == orjson.loads(orjson.dumps(plain))
