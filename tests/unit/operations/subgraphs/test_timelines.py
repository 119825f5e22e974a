"""Is everything dated told in its order, source by source, and counted where it is left out?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.errors import NotFound, QuestionError
from kg.operations import list_timeline
from kg.ports import Store
from kg.records import Provenance, node_id
from tests.stores import link, load, node, store

HIDDEN = Provenance(handling="protected")


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("timelines") / "graph.sqlite"
    graded = Provenance(reliability="B", credibility="2", handling="restricted")
    records = [
        node("ann", name="Ann Invented", birth_date="1961-03"),
        node("bo", name="Bo Invented"),
        node("acme", "Enterprise", name="Acme Invented Ltd"),
        node("flat", "RealEstate", name="1 Invented Row", valuation="market 2011 1200000 USD"),
        link("ann OWNS acme", start_date="2003-05", end_date="2010", share="51", provenance=graded),
        link("ann FAMILY_OF bo"),
        link("ann PAID bo", date="2004-02-01", amount="EUR 500"),
        link("ann OWNS flat", end_date="2012"),
        link("bo OWNS acme", start_date="2000", provenance=HIDDEN),
        node("ann", birth_date="1962", provenance=HIDDEN),
    ]
    load(path, "register", records[:9])
    load(path, "press", [link("ann OWNS acme", start_date="2001"), node("ann", birth_date="1961-03-02")])
    with store(path) as opened:
        yield opened


def told(graph: Store, *keys: str, as_of: str = "", limit: int = 500) -> list[tuple[str, str, str, str]]:
    answer = list_timeline(graph, [f"test:{key}" for key in keys], as_of, limit)
    return [(one.from_, one.to, one.what, one.source) for one in answer.entries]


def test_dates_of_nodes_and_links_are_told_source_by_source_the_oldest_first(graph: Store) -> None:
    assert told(graph, "ann") == [
        ("1961-03", "1961-03", "birth date", "register"),
        ("1961-03-02", "1961-03-02", "birth date", "press"),
        ("2001", "", "owns, 51 %", "press"),
        ("2003-05", "2010", "owns, 51 %", "register"),
        ("2004-02-01", "2004-02-01", "paid, EUR 500", "register"),
        ("", "2012", "owns", "register"),
    ]
    worth = told(graph, "flat")
    assert worth[0][0] == "2011" and worth[0][2].startswith("worth USD 1,200,000")


def test_what_is_not_dated_and_what_is_left_out_is_counted(graph: Store) -> None:
    answer = list_timeline(graph, ["test:ann"], limit=2)
    assert (len(answer.entries), answer.undated, answer.left_out) == (2, 1, 4)
    assert list_timeline(graph, ["test:ann"]).left_out == 0


@pytest.mark.parametrize(
    ("day", "entries"), [("1950-01-01", 1), ("1999-01-01", 3), ("2003-12-31", 5), ("2014-12-05", 6)]
)
def test_with_a_day_only_what_had_begun_by_then_is_told(graph: Store, day: str, entries: int) -> None:
    assert len(told(graph, "ann", as_of=day)) == entries


def test_dates_of_papers_are_told_of_whom_they_are_about(tmp_path: Path) -> None:
    path = tmp_path / "graph.sqlite"
    records = [
        node("cy", name="Cy Invented"),
        node("warrant", "Warrant", issued_on="2015-03-02", name="Invented Warrant"),
        node("theft", "Offence", conduct="invented theft", committed_from="2009", committed_to="2011-06"),
        node("hidden", "Notice", issued_on="2016", provenance=HIDDEN),
        link("cy SOUGHT_UNDER warrant"),
        link("cy SOUGHT_UNDER hidden", provenance=HIDDEN),
        link("cy ACCUSED_OF theft", stage="charged", date="2015"),
    ]
    load(path, "court", records)
    with store(path) as graph:
        answer = list_timeline(graph, ["test:cy"])
        both = list_timeline(graph, ["test:cy", "test:theft"])
        short = list_timeline(graph, ["test:cy"], limit=1)
    assert [(one.from_, one.what, one.type) for one in answer.entries] == [
        ("2009", "committed from", "Offence"),
        ("2011-06", "committed to", "Offence"),
        ("2015", "is accused of, stage: charged", "ACCUSED_OF"),
        ("2015-03-02", "issued", "Warrant"),
    ]
    issued = answer.entries[-1]
    assert [one.property for one in answer.entries] == ["committed_from", "committed_to", "", "issued_on"]
    assert (issued.node, issued.other, issued.about) == (node_id("test", "cy"), *[node_id("test", "warrant")] * 2)
    assert answer.nodes[issued.other].caption == "Invented Warrant"
    assert [one.node for one in both.entries if one.type == "Offence"] == [node_id("test", "theft")] * 2
    assert len(short.entries) == 1 and short.left_out >= 2


def test_a_link_between_two_of_them_is_told_once_and_with_both_ends(graph: Store) -> None:
    answer = list_timeline(graph, ["test:ann", "test:acme", "test:bo"])
    assert len([one for one in answer.entries if one.what == "paid, EUR 500"]) == 1
    assert answer.nodes.keys() == {node_id("test", key) for key in ("ann", "acme", "bo", "flat")}
    owns = next(one for one in answer.entries if one.source == "register" and one.what == "owns, 51 %")
    assert (owns.grade, owns.handling, owns.event) == ("B2", "restricted", False)


def test_what_a_scope_may_not_see_is_not_told(graph: Store) -> None:
    assert told(graph, "bo") == [("2004-02-01", "2004-02-01", "paid, EUR 500", "register")]


@pytest.mark.parametrize(("names", "day", "error"), [(["nobody"], "", NotFound), (["test:ann"], "2014", QuestionError)])
def test_what_is_not_there_is_refused(graph: Store, names: list[str], day: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        list_timeline(graph, names, day)
