"""Do exports say the keys of sources again, whatever signs they have?"""

from __future__ import annotations

import json
from pathlib import Path

import networkx as nx
import pytest

from kg.operations import FileLoadRequest, load
from kg.records import node_id
from tests.odd_keys import ODD_KEYS
from tests.store_exports import canonical_records, export_store, load_folder, workspace_of


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    entities = [{"id": "flat", "schema": "RealEstate", "properties": {"name": ["Invented Flat"]}}]
    for number, key in enumerate(ODD_KEYS):
        entities.append({"id": key, "schema": "Person", "properties": {"name": [f"Invented {number}"]}})
        ends = {"owner": [key], "asset": ["flat"]}
        entities.append({"id": f"{key}/owns", "schema": "Ownership", "properties": ends})
    file = folder / "keys.ftm.json"
    file.write_text("\n".join(json.dumps(entity) for entity in entities), encoding="utf-8")
    load(workspace_of(folder / "keys.sqlite"), FileLoadRequest((file,), source="s", namespace="t"))
    return folder / "keys.sqlite"


def test_a_load_keeps_every_such_key(store: Path) -> None:
    keys = {record.key for record in canonical_records(store)}
    assert set(ODD_KEYS) <= keys


@pytest.mark.parametrize("format", ["records", "ftm"])
def test_an_export_is_loaded_again_under_the_same_keys(store: Path, tmp_path: Path, format: str) -> None:
    export_store(store, tmp_path / "out", format)
    again = load_folder(tmp_path / "out", tmp_path / "again.sqlite", store)
    assert canonical_records(again) == canonical_records(store)


def test_a_graph_for_other_programs_has_every_node(store: Path, tmp_path: Path) -> None:
    export_store(store, tmp_path / "graph.graphml", "graphml")
    assert {node_id("t", key) for key in ODD_KEYS} <= set(
        nx.read_graphml(tmp_path / "graph.graphml", force_multigraph=True)
    )
