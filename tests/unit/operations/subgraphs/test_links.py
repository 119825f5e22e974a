"""Is it told of a link who says what, with grades, dates and what cannot all be true?"""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.errors import NotFound, QuestionError
from kg.operations import describe_link
from kg.operations.subgraphs.summaries import summarize_links, summarize_nodes
from kg.records import Provenance, link_id, node_id
from tests.stores import link, load, node, store

OWNS, SECRET, SAME = (link_id("test", key, "") for key in ("ann OWNS acme", "ann OWNS yacht", "none"))


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("links") / "graph.sqlite"
    register = Provenance(reliability="A", credibility="2", stated="2004", url="https://register.example/1")
    ends = [
        node("ann", name="Ann Invented"),
        node("acme", "Enterprise", name="Acme Invented Ltd"),
        node("yacht", "Vessel"),
    ]
    hidden = link("ann OWNS yacht", provenance=Provenance(handling="protected"))
    load(
        path, "register", [*ends, link("ann OWNS acme", share="25", start_date="2003-01", provenance=register), hidden]
    )
    load(
        path,
        "press",
        [link("ann OWNS acme", share="60", end_date="2002", provenance=Provenance(handling="restricted"))],
    )
    return path


def test_each_claim_each_value_and_each_contradiction_is_told(path: Path) -> None:
    with store(path) as graph:
        answer = describe_link(graph, OWNS, "2003-06-01")
    assert [(c.source, c.reliability, c.url, c.properties["share"]) for c in answer.claims] == [
        ("press", "", "", ["60"]),
        ("register", "A", "https://register.example/1", ["25"]),
    ]
    values = {(v.property, v.value): v.sources for v in answer.values}
    assert values == {
        ("end_date", "2002"): ["press"],
        ("share", "25"): ["register"],
        ("share", "60"): ["press"],
        ("start_date", "2003-01"): ["register"],
    }
    assert len(answer.in_short.contradictions) == 2
    assert (answer.in_short.grade, answer.in_short.handling) == ("A2", "restricted")
    assert answer.link.holds == answer.in_short.holds == "maybe"
    assert answer.nodes.keys() == {node_id("test", "ann"), node_id("test", "acme")}


@pytest.mark.parametrize("name", [SECRET, SAME, "x", "名" * 20])
def test_a_link_that_is_not_there_or_not_to_be_seen_is_not_found(path: Path, name: str) -> None:
    with store(path) as graph, pytest.raises(NotFound) as error:
        describe_link(graph, name)
    assert error.value.field == "id"


def test_who_may_see_it_is_told_that_it_is_protected(path: Path) -> None:
    with store(path, protected=True) as graph:
        assert describe_link(graph, SECRET).in_short.handling == "protected"


@pytest.mark.parametrize("day", ["2014", "May", "2014-02-30"])
def test_what_is_no_day_is_refused(path: Path, day: str) -> None:
    with store(path) as graph, pytest.raises(QuestionError):
        describe_link(graph, OWNS, day)


def test_what_is_undated_counts_from_the_day_its_source_or_the_paper_has(tmp_path: Path) -> None:
    path, said = tmp_path / "graph.sqlite", Provenance(stated="2020-05-01")
    ends = [node("ann", name="Ann Invented"), node("fraud", "Offence"), node("w", "Warrant", issued_on="2019-03")]
    cleared = link("ann ACCUSED_OF fraud", stage="cleared", said_by="Court (invented)", provenance=said)
    load(path, "court", [*ends, cleared, link("ann SOUGHT_UNDER w")])
    told = {}
    with store(path) as graph:
        for day in ("2018-01-01", "2021-01-01"):
            people = summarize_nodes(graph, [node_id("test", "ann")], day).values()
            links = graph.links_by_id(
                link_id("test", key, "") for key in ("ann ACCUSED_OF fraud", "ann SOUGHT_UNDER w")
            )
            short = {one.type: one for one in summarize_links(graph, links.values(), day)}
            told[day] = [one.cleared for one in people], short["ACCUSED_OF"].stages != [], short["SOUGHT_UNDER"].holds
    assert told == {"2018-01-01": ([False], False, "no"), "2021-01-01": ([True], True, "yes")}
    assert [(p.from_, p.to) for p in short["SOUGHT_UNDER"].periods] == [("2019-03", "")]
