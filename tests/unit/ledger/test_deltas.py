"""What does a delta do to what a source said?"""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import InputError
from kg.ledger.verification import verify
from kg.ontology import load_ontology
from kg.records import Deletion, ReadResult, Record, Ref
from tests.stores import load, node, store, store_fixture, withdraw


@store_fixture
def path(path: Path) -> None:
    load(path, "list", [node("a", name="Ann"), node("b", name="Bo"), part("a", "x"), part("a", "y")])


def part(key: str, name: str) -> Record:
    return Record(key, "CITIZEN_OF", {}, part=name, ends=(Ref("test", key), Ref("jurisdiction", name)))


def names(path: Path) -> list[str]:
    with store(path) as opened:
        return sorted(n.caption for word in ("ann", "anna", "bo", "cy") for n in opened.search(word))


def digest(path: Path) -> str:
    with store(path) as opened:
        return opened.contents().sources[0].digest


def test_rows_that_a_delta_does_not_name_stay(path: Path) -> None:
    result = load(path, "list", [node("c", name="Cy"), Deletion("b")], delta=True)
    assert (result.added, result.changed, result.withdrawn, result.nodes) == (1, 0, 1, 2)
    assert "Bo" not in names(path) and "Ann" in names(path) and "Cy" in names(path)


def test_a_row_is_replaced_whole_with_all_its_parts(path: Path) -> None:
    result = load(path, "list", [Deletion("a"), node("a", name="Anna"), part("a", "y")], delta=True)
    assert (result.added, result.changed, result.unchanged, result.withdrawn) == (0, 1, 1, 1)


@pytest.mark.parametrize(
    "lines",
    [
        [node("c", name="Cy"), Deletion("c"), node("c", name="Bo")],
        [node("c", name="Cy"), node("c", name="Bo")],
        [Deletion("c"), node("c", name="Bo")],
    ],
)
def test_the_last_word_on_a_row_counts(path: Path, lines: list[ReadResult]) -> None:
    result = load(path, "list", lines, delta=True)
    assert (result.added, result.rejected, names(path).count("Cy"), names(path).count("Bo")) == (1, 0, 0, 2)


def test_a_row_that_came_and_went_in_one_delta_was_never_there(path: Path) -> None:
    before = digest(path)
    result = load(path, "list", [node("c", name="Cy"), part("c", "x"), Deletion("c")], delta=True)
    assert (result.total_changed, digest(path)) == (0, before)


def test_deltas_leave_what_a_snapshot_of_the_same_rows_leaves(path: Path, tmp_path: Path) -> None:
    load(path, "list", [Deletion("b"), Deletion("a"), node("a", name="Anna")], delta=True)
    load(path, "list", [node("c", name="Cy")], delta=True)
    other = tmp_path / "other.sqlite"
    load(other, "first", [node("x", name="Xi")], namespace="elsewhere")
    withdraw(other, "first")
    load(other, "list", [node("a", name="Anna"), node("c", name="Cy")])
    found = verify(path, load_ontology())
    assert (found.is_clean, found.digest) == (True, verify(other, load_ontology()).digest)
    with store(other) as opened:
        assert digest(path) == opened.contents().sources[1].digest


def test_a_snapshot_that_takes_rows_back_is_refused_and_loads_nothing(path: Path) -> None:
    with pytest.raises(InputError, match=r"key b: .*--delta"):
        load(path, "list", [node("c", name="Cy"), Deletion("b")])
    assert names(path).count("Bo") == 1


def test_digests_tell_contents_apart_and_do_not_depend_on_the_order_of_loads(tmp_path: Path) -> None:
    one, other = tmp_path / "one.sqlite", tmp_path / "other.sqlite"
    far = Record("o", "OWNS", {}, ends=(Ref("far", "a"), Ref("near", "b")))
    load(one, "list", [far, node("a")])
    load(other, "early", [node("b")], namespace="near")
    load(other, "list", [node("z")])
    assert load(other, "list", [node("a"), far]).digest == digest(one)
    assert load(one, "list", [far, node("a", name="Ann")]).digest != digest(other)
    assert withdraw(one, "list").digest == "0" * 64


def test_verify_names_a_source_whose_records_are_not_those_of_its_last_load(path: Path) -> None:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE stored_record SET until = 1 WHERE part = 'x'")
        connection.commit()
    assert "records of list" in verify(path, load_ontology()).differing
