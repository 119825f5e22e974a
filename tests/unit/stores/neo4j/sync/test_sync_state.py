"""Is it remembered what a Neo4j was given?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from kg.stores.neo4j.sync.sync_state import (
    SyncState,
    SyncStateBuilder,
    load_sync_state,
    positions,
    save_sync_state,
    surplus_links,
)


def content(*links: tuple[str, str]) -> SyncState:
    gathering = SyncStateBuilder()
    for name, kind in links:
        gathering.add("links", [name], [7], [kind])
    return gathering.build()


def test_what_was_kept_is_recalled_by_its_token_alone(tmp_path: Path) -> None:
    path = tmp_path / "kept" / "x.npz"
    save_sync_state(path, "token", content(("b", "OWNS"), ("a", "PAID")))
    found = load_sync_state(path, "token")
    assert found is not None
    assert (found.types, found.links["id"].tolist(), found.links["digest"].tolist()) == (
        ("OWNS", "PAID"),
        [b"a", b"b"],
        [7, 7],
    )
    assert (
        load_sync_state(path, "another"),
        load_sync_state(path, ""),
        load_sync_state(tmp_path / "none", "token"),
    ) == (None, None, None)
    assert [file.name for file in path.parent.iterdir()] == ["x.npz"]


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04", b"no archive"])
def test_a_damaged_file_is_as_none(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "x.npz"
    path.write_bytes(damage)
    assert load_sync_state(path, "token") is None


def test_places_of_ids_that_are_there_and_of_others() -> None:
    entries = content(("b", "OWNS"), ("d", "OWNS")).links
    assert positions(entries, np.array(["a", "b", "c", "d", "e"], "S26")).tolist() == [-1, 0, -1, 1, -1]
    assert positions(entries[:0], np.array(["a"], "S26")).tolist() == [-1]


def test_links_that_are_gone_or_there_twice_are_too_many() -> None:
    before = content(("a", "OWNS"), ("a", "PAID"), ("b", "OWNS"), ("c", "OWNS"))
    present = content(("a", "OWNS"), ("b", "PAID"))
    assert [(e["id"], before.types[e["type"]]) for e in surplus_links(before, present)] == [
        (b"a", "PAID"),
        (b"c", "OWNS"),
    ]
    assert surplus_links(content(), present).tolist() == []
    assert len(surplus_links(before, content())) == 4
