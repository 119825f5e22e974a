"""Is each result on one page, whatever is loaded between the pages?"""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import InputError
from kg.ontology import load_ontology
from kg.operations import (
    SearchQuery,
    SearchResultPage,
    list_links,
    list_nodes,
    list_search_results,
    resolve_jurisdiction,
)
from kg.ports import LinkQuery
from kg.records import link_id, node_id
from tests.stores import link, load, node, store, store_fixture

KEYS = [f"k{i}" for i in range(9)]


@store_fixture
def path(path: Path) -> None:
    load(path, "s", [node(key, name=f"Ann {key}") for key in KEYS])


def test_pages_put_together_are_the_whole_list(path: Path) -> None:
    found, after = [], (0, "")
    while True:
        page = _page(path, after, 2)
        found += [n.id for n in page.nodes]
        if not page.has_more:
            break
        after = page.end, found[-1]
    assert found == sorted(node_id("test", key) for key in KEYS)


@pytest.mark.parametrize("added", [1, 2, 3, 40])
def test_what_stays_is_on_one_page_though_more_is_loaded_before_it(path: Path, added: int) -> None:
    first = _page(path, (0, ""), 4)
    last = first.nodes[-1].id
    before = [f"n{i}" for i in range(1000) if node_id("test", f"n{i}") < last][:added]
    load(path, "more", [node(key, name=f"Ann {key}") for key in before])
    second = _page(path, (first.end, last), 4)
    third = _page(path, (second.end, second.nodes[-1].id), 4)
    assert (second.has_more, third.has_more) == (True, False)
    ids = [n.id for page in (first, second, third) for n in page.nodes]
    assert ids == sorted(node_id("test", key) for key in KEYS)


def test_a_page_that_ended_with_what_is_gone_has_no_next_one(path: Path) -> None:
    first = _page(path, (0, ""), 4)
    last = first.nodes[-1].id
    load(path, "s", [node(key, name=f"Ann {key}") for key in KEYS if node_id("test", key) != last])
    with pytest.raises(InputError, match=f"cursor '4-{last}': the graph has changed"):
        _page(path, (first.end, last), 4)


def test_no_more_results_are_told_of_than_can_be_paged_through(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.operations.questions.listing.MAX_SEARCH_RESULTS", 5)
    first = _page(path, (0, ""), 4)
    second = _page(path, (first.end, first.nodes[-1].id), 4)
    assert (len(second.nodes), second.has_more, second.end) == (1, False, 5)


def test_nodes_of_a_kind_come_by_id_and_kinds_that_extend_it_too(tmp_path: Path) -> None:
    path = tmp_path / "graph.sqlite"
    load(path, "s", [node("a", "Vessel", name="A"), node("b", "Vehicle", name="B"), node("c", name="C")])
    ids = sorted(node_id("test", key) for key in "ab")
    with store(path) as opened:
        assert [n.id for n in list_nodes(opened, ["Asset"])] == ids
        assert [n.id for n in list_nodes(opened, ["Vessel", "Vehicle"])] == ids
        assert [n.id for n in list_nodes(opened, ["Asset"], limit=1)] == ids[:1]
        assert [n.id for n in list_nodes(opened, ["Asset"], after=ids[0])] == ids[1:]
        assert len(list_nodes(opened, [])) == 3
        with pytest.raises(InputError, match="type 'Ship': expected one of"):
            list_nodes(opened, ["Ship"])


def test_what_is_in_a_jurisdiction_is_listed_unless_only_a_protected_claim_says_so(tmp_path: Path) -> None:
    path = tmp_path / "graph.sqlite"
    places = [node("us", "Jurisdiction", code="US", name="United States"), node("fr", "Jurisdiction", code="FR")]
    people = [node("a", name="Ann"), node("b", name="Ann"), link("a CITIZEN_OF jurisdiction:US")]
    load(path, "s", [*places, *people, link("b HAS_STATUS_IN jurisdiction:US", kind="asylum")])
    ann, bo = (node_id("test", key) for key in "ab")
    for protected, wanted in ((False, [ann]), (True, sorted((ann, bo)))):
        with store(path, protected=protected) as opened:
            for code in ("us", "US", node_id("jurisdiction", "US")):
                us = resolve_jurisdiction(opened, code)
                assert [n.id for n in list_nodes(opened, ["Person"], us)] == wanted
                assert [n.id for n in list_search_results(opened, SearchQuery("ann", (), us)).nodes] == wanted
            assert list_nodes(opened, [], resolve_jurisdiction(opened, "FR")) == []
            for code in ("XX", "test:a"):
                with pytest.raises(InputError, match=f"jurisdiction '{code}': expected the code of one that is"):
                    resolve_jurisdiction(opened, code)


def test_a_link_says_whether_it_held_on_the_day_asked_for(tmp_path: Path) -> None:
    path, ontology = tmp_path / "graph.sqlite", load_ontology()
    ends = [node("a", name="A"), node("b", "Enterprise", name="B")]
    links = [
        link("a OWNS b", key="sure", start_date="2010", end_date="2012"),
        link("a OWNS b", key="year", start_date="2011"),
        link("a OWNS b", key="over", start_date="2001", end_date="2010-12"),
        link("a OWNS b", key="none"),
    ]
    load(path, "s", [*ends, *links])
    with store(path) as opened:
        page = list_links(opened, ontology, LinkQuery(node_id("test", "a"), as_of="2011-06-30"))
        assert page.holds == {
            link_id("test", "sure", ""): "yes",
            link_id("test", "year", ""): "maybe",
            link_id("test", "none", ""): "undated",
        }
        assert list_links(opened, ontology, LinkQuery(node_id("test", "a"))).holds == {}
        with pytest.raises(InputError, match="as_of '2011': expected a day"):
            list_links(opened, ontology, LinkQuery(node_id("test", "a"), as_of="2011"))


def _page(path: Path, after: tuple[int, str], limit: int) -> SearchResultPage:
    with store(path) as opened:
        return list_search_results(opened, SearchQuery("ann"), after, limit)
