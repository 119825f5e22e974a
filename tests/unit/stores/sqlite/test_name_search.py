"""Does the SQLite file find the same, and in the same order, whenever the names came?"""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.records import Deletion, node_id
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


def test_beginnings_of_several_words_are_looked_for_where_nothing_has_them_whole(path: Path) -> None:
    load(path, "register", [node("a", name="An Na"), node("b", name="Anton Nasser")])
    assert found(path, "an na") == [node_id("test", "a")]
    assert found(path, "ant nas") == [node_id("test", "b")]


def test_whole_words_come_before_words_that_begin_like_them(path: Path) -> None:
    keys = [f"k{i}" for i in range(9)]
    load(path, "register", [node("a", name="An Na"), *(node(key, name=f"Anton {key}") for key in keys)])
    assert found(path, "an") == [node_id("test", "a"), *sorted(node_id("test", key) for key in keys)]
