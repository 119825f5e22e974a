"""What happens when a disk or a folder has no room left?"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from kg.database import connect
from kg.errors import StoreError
from kg.ledger.ledger import Ledger
from kg.ledger.loads import LoadRequest
from kg.ontology import load_ontology
from tests.faults import snapshots
from tests.faults.harness import assert_sound, error_output, limit_file_size, run_kg, state
from tests.stores import DAY, link, load, node


@pytest.fixture(scope="module")
def sets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sets")
    rows = snapshots.write_snapshot(folder / "first.ftm.json", 800)
    snapshots.write_rows(folder / "other.ftm.json", snapshots.change_rows(rows, 3))
    return folder


def _limited(path: Path, size: int, *words: object) -> str:
    return error_output(run_kg(path, *words, before=limit_file_size(size)), 4)


@pytest.mark.parametrize("kib", [40, 200, 800])
def test_a_first_load_that_finds_no_room_leaves_nothing(sets: Path, tmp_path: Path, kib: int) -> None:
    path = tmp_path / "graph.sqlite"
    _limited(path, kib * 1024, "load", sets / "first.ftm.json", "--source", "inv")
    assert_sound(path)
    assert state(path).loads == ()
    assert run_kg(path, "load", sets / "first.ftm.json", "--source", "inv").returncode == 0
    assert_sound(path)


@pytest.mark.parametrize("kib", [200, 800])
def test_a_reload_that_finds_no_room_leaves_the_state_before(sets: Path, tmp_path: Path, kib: int) -> None:
    path = tmp_path / "graph.sqlite"
    assert run_kg(path, "load", sets / "first.ftm.json", "--source", "inv").returncode == 0
    before = state(path)
    assert "nothing was changed" in _limited(path, kib * 1024, "load", sets / "other.ftm.json", "--source", "inv")
    assert state(path) == before
    assert_sound(path)
    assert run_kg(path, "load", sets / "other.ftm.json", "--source", "inv").returncode == 0
    assert state(path) != before
    assert_sound(path)


def test_a_store_that_may_not_grow_says_that_the_disk_is_full(tmp_path: Path) -> None:
    path = tmp_path / "graph.sqlite"
    load(path, "register", [node("ann", name="Ann")])
    before = state(path)
    with closing(connect(path)) as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")
        many = [node(f"p{n}", name=f"Person {n}") for n in range(500)]
        with pytest.raises(StoreError, match="full"):
            Ledger(connection, load_ontology()).load(LoadRequest("press", "test", "press", False, ("test",), DAY), many)
    assert state(path) == before
    load(path, "press", [node("ann"), node("bo"), link("ann FAMILY_OF bo")])
    assert_sound(path)
