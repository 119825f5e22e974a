"""Is each result on one page, whatever is loaded between the pages?"""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import InputError
from kg.operations import SearchPage, nodes_of_kind, search_page
from kg.records import node_id
from tests.stores import load, node, store

KEYS = [f"k{i}" for i in range(9)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "graph.sqlite"
    load(path, "s", [node(key, name=f"Ann {key}") for key in KEYS])
    return path


def test_pages_put_together_are_the_whole_list(path: Path) -> None:
    found, after = [], (0, "")
    while True:
        page = _page(path, after, 2)
        found += [n.id for n in page.nodes]
        if not page.more:
            break
        after = page.seen, found[-1]
    assert found == sorted(node_id("test", key) for key in KEYS)


@pytest.mark.parametrize("added", [1, 2, 3, 40])
def test_what_stays_is_on_one_page_though_more_is_loaded_before_it(path: Path, added: int) -> None:
    first = _page(path, (0, ""), 4)
    last = first.nodes[-1].id
    before = [f"n{i}" for i in range(1000) if node_id("test", f"n{i}") < last][:added]
    load(path, "more", [node(key, name=f"Ann {key}") for key in before])
    second = _page(path, (first.seen, last), 4)
    third = _page(path, (second.seen, second.nodes[-1].id), 4)
    assert (second.more, third.more) == (True, False)
    ids = [n.id for page in (first, second, third) for n in page.nodes]
    assert ids == sorted(node_id("test", key) for key in KEYS)


def test_a_page_that_ended_with_what_is_gone_has_no_next_one(path: Path) -> None:
    first = _page(path, (0, ""), 4)
    last = first.nodes[-1].id
    load(path, "s", [node(key, name=f"Ann {key}") for key in KEYS if node_id("test", key) != last])
    with pytest.raises(InputError, match=f"'{last}' is no longer among the results"):
        _page(path, (first.seen, last), 4)


def test_no_more_results_are_told_of_than_can_be_paged_through(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.operations.browsing.DEEPEST_SEARCH", 5)
    first = _page(path, (0, ""), 4)
    second = _page(path, (first.seen, first.nodes[-1].id), 4)
    assert (len(second.nodes), second.more, second.seen) == (1, False, 5)


def test_nodes_of_a_kind_come_by_id_and_kinds_that_extend_it_too(tmp_path: Path) -> None:
    path = tmp_path / "graph.sqlite"
    load(path, "s", [node("a", "Vessel", name="A"), node("b", "Vehicle", name="B"), node("c", name="C")])
    ids = sorted(node_id("test", key) for key in "ab")
    with store(path) as opened:
        view = opened.view()
        assert [n.id for n in nodes_of_kind(opened, view, "Asset")] == ids
        assert [n.id for n in nodes_of_kind(opened, view, "Asset", limit=1)] == ids[:1]
        assert [n.id for n in nodes_of_kind(opened, view, "Asset", after=ids[0])] == ids[1:]


def _page(path: Path, after: tuple[int, str], limit: int) -> SearchPage:
    with store(path) as opened:
        return search_page(opened, "ann", (), after, limit)
