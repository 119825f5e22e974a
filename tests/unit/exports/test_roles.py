"""Does an export to FollowTheMoney keep who settled, holds, protects and benefits from an arrangement?

All persons and documents are invented.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kg.operations import FileLoadRequest, load
from tests import stores
from tests.store_exports import canonical_records, export_store, exported_files, load_folder, workspace_of
from tests.stores import link, node, store_fixture

ROLES = {
    "SETTLED": "settlor",
    "TRUSTEE_OF": "trustee",
    "PROTECTS": "protector",
    "BENEFITS_FROM": "beneficiary",
    "SIGNS_FOR": "signatory",
}


@store_fixture
def store(path: Path) -> None:
    records = [
        node("ann", name="Ann Example"),
        node("firm", "Enterprise", name="Invented Trustees Ltd"),
        node("trust", "Arrangement", name="The Example Settlement", governing_law="VG"),
        node("house", "RealEstate", name="A house"),
        node("deed", "Document", name="Deed", sha256="ab" * 32, media_type="application/pdf", size="7"),
        link("ann SETTLED trust", role="founder"),
        link("firm TRUSTEE_OF trust", role="trustee|corporate trustee"),
        link("ann TRUSTEE_OF trust", role="nominee shareholder"),
        link("firm PROTECTS trust", start_date="2001"),
        link("ann BENEFITS_FROM trust", share="25..50", entitlement="fixed"),
        link("ann BENEFITS_FROM house"),
        link("ann SIGNS_FOR trust"),
        link("trust OWNS house"),
        link("deed DOCUMENTS trust", page="3"),
    ]
    stores.load(path, "desk", records)


def edges(path: Path) -> list[dict[str, Any]]:
    entities = map(json.loads, path.read_text().splitlines())
    return [entity for entity in entities if entity["schema"] in ("UnknownLink", "Documentation")]


def test_each_role_is_an_edge_that_says_it(store: Path, tmp_path: Path) -> None:
    done = export_store(store, tmp_path / "out", "ftm")
    (file,) = (tmp_path / "out").glob("*.ftm.json*")
    said = {e["kg"]["type"]: e["properties"]["role"] for e in edges(file)}
    assert said["DOCUMENTS"] == ["exhibit"]
    assert all(role in said[kind] for kind, role in ROLES.items() if kind != "TRUSTEE_OF")
    held = {
        e["properties"]["subject"][0]: e["properties"]["role"] for e in edges(file) if e["kg"]["type"] == "TRUSTEE_OF"
    }
    assert held == {"ann": ["nominee shareholder"], "firm": ["corporate trustee", "trustee"]}
    (settled,) = (e["properties"] for e in edges(file) if e["kg"]["type"] == "SETTLED")
    assert (settled["subject"], settled["object"], settled["role"]) == (["ann"], ["trust"], ["founder", "settlor"])
    assert not {what for what, _ in done.tally.lost} & {*ROLES, "DOCUMENTS", "Document"}


def test_what_is_exported_so_is_loaded_again_as_it_was(store: Path, tmp_path: Path) -> None:
    export_store(store, tmp_path / "out", "ftm")
    again = load_folder(tmp_path / "out", tmp_path / "again.sqlite", store)
    assert canonical_records(again) == canonical_records(store)
    export_store(again, tmp_path / "second", "ftm")
    assert exported_files(tmp_path / "second") == exported_files(tmp_path / "out")


def test_without_the_key_of_kg_the_chain_and_the_role_stay(store: Path, tmp_path: Path) -> None:
    export_store(store, tmp_path / "all.ftm.json")
    entities = [json.loads(line) for line in (tmp_path / "all.ftm.json").read_text().splitlines()]
    plain = tmp_path / "plain.ftm.json"
    plain.write_text("\n".join(json.dumps({k: v for k, v in e.items() if k != "kg"}) for e in entities))
    result = load(workspace_of(tmp_path / "other.sqlite"), FileLoadRequest((plain,), source="aleph"))
    assert result.rejected == 0
    roles = [r.properties for r in canonical_records(tmp_path / "other.sqlite") if r.type == "ASSOCIATED_WITH"]
    assert all(any(role in text for text in roles) for role in ROLES.values())
