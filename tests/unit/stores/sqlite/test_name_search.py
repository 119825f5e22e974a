"""Does the SQLite file find the same, and in the same order, whenever the names came?"""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.records import Deletion, Provenance, node_id
from tests.stores import load, node, store

NEVER = float("inf")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "graph.sqlite"


def found(path: Path, text: str, limit: int = 20) -> list[str]:
    with store(path) as opened:
        return [n.id for n in opened.search(text, limit=limit)]


def test_the_first_by_id_are_found_however_many_came_after_the_graph_was_last_built(path: Path) -> None:
    keys = [f"k{i}" for i in range(40)]
    load(path, "register", [node(key, name=f"Amber {key}") for key in keys[:20]])
    load(path, "register", [node(k, name=f"Amber {k}") for k in keys[20:]], delta=True, rebuild_share=NEVER)
    assert found(path, "amber", 10) == sorted(node_id("test", key) for key in keys)[:10]


def test_a_node_that_comes_after_the_last_one_went_is_found_in_its_place(path: Path) -> None:
    keys = sorted((f"k{i}" for i in range(9)), key=lambda key: node_id("test", key))
    first, *rest = keys
    load(path, "register", [node(key, name=f"Amber {key}") for key in rest])
    for change in (Deletion(rest[-1]), node(first, name="Amber")):
        load(path, "register", [change], delta=True, rebuild_share=NEVER)
    assert found(path, "ambe", 3) == [node_id("test", key) for key in keys[:3]]


def test_a_search_in_the_protected_scope_finds_what_it_would_if_all_were_open(tmp_path: Path) -> None:
    """With the same order and the same limit, whether the names were there when the graph was built or came later."""
    keys = [f"k{i}" for i in range(30)]
    names = {key: f"Amber {'Quentin' if i % 3 else 'Oak'} {key}" for i, key in enumerate(keys)}
    for folder, handling in (("mixed", "protected"), ("open", "open")):
        said = {key: Provenance(handling=handling if int(key[1:]) % 2 else "open") for key in keys}
        records = [node(key, name=names[key], provenance=said[key]) for key in keys]
        load(tmp_path / folder / "graph.sqlite", "register", records[:20])
        load(tmp_path / folder / "graph.sqlite", "register", records[20:], delta=True, rebuild_share=NEVER)
    questions = (("amber", 7), ("quentin", 20), ("amb", 5), ("oak k27", 1), ("quent amb", 9), ("oak", 3))
    with (
        store(tmp_path / "mixed" / "graph.sqlite", protected=True) as mixed,
        store(tmp_path / "open" / "graph.sqlite") as all_open,
    ):
        for text, limit in questions:
            found, expected = ([(n.id, n.caption) for n in s.search(text, limit=limit)] for s in (mixed, all_open))
            assert found == expected and found


def test_what_protected_records_no_longer_say_is_not_found(path: Path) -> None:
    hidden = Provenance(handling="protected")
    load(path, "register", [node("a", name="An Na")])
    load(path, "counsel", [node("a", alias="Quentin", passport_number="G 7654321", provenance=hidden), node("b")])
    load(path, "counsel", [Deletion("a")], delta=True, rebuild_share=NEVER)
    with store(path, protected=True) as opened:
        assert (opened.search("quentin"), opened.search("G7654321"), len(opened.search("na"))) == ([], [], 1)
        opened.connection.execute("CREATE VIRTUAL TABLE temp.words USING fts5vocab(main, protected_name, instance)")
        for table in ("words", "protected_identifier"):
            assert opened.connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


def test_beginnings_of_several_words_are_looked_for_where_nothing_has_them_whole(path: Path) -> None:
    load(path, "register", [node("a", name="An Na"), node("b", name="Anton Nasser")])
    assert found(path, "an na") == [node_id("test", "a")]
    assert found(path, "ant nas") == [node_id("test", "b")]


def test_whole_words_come_before_words_that_begin_like_them(path: Path) -> None:
    keys = [f"k{i}" for i in range(9)]
    load(path, "register", [node("a", name="An Na"), *(node(key, name=f"Anton {key}") for key in keys)])
    assert found(path, "an") == [node_id("test", "a"), *sorted(node_id("test", key) for key in keys)]
