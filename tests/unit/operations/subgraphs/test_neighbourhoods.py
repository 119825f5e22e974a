"""Does one answer draw a neighbourhood: what matters first, all links counted, and what was left out?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.errors import NotFound, QuestionError
from kg.operations import NeighbourhoodQuery, find_neighbourhoods
from kg.operations.answers import NeighbourhoodsAnswer
from kg.ports import Store
from kg.records import Provenance, node_id
from tests.stores import link, load, node, store

PEOPLE = [f"p{number}" for number in range(30)]

RECORDS = [
    node("hub", "Enterprise", name="Hub Invented Ltd"),
    *(node(key, name=f"Person {key} Invented") for key in PEOPLE),
    *(link(f"{key} OWNS hub") for key in PEOPLE),
    *(node(f"d{number}", "Document", title=f"Letter {number}") for number in range(20)),
    *(link(f"d{number} DOCUMENTS hub") for number in range(20)),
    node("flat", "RealEstate", name="1 Invented Row"),
    link("hub OWNS flat", start_date="2001-05", end_date="2010", share="51"),
    node("wanted", name="Wanted Invented"),
    node("paper", "Warrant", issuer="The Court", issued_on="2005-01-01"),
    link("wanted SOUGHT_UNDER paper"),
    *(link(f"wanted ASSOCIATED_WITH {key}") for key in PEOPLE[:9]),
    link("wanted OWNS hub", provenance=Provenance(reliability="B", credibility="2", handling="restricted")),
    link("p0 FAMILY_OF p1", provenance=Provenance(reliability="C")),
    link("hub OWNS hub"),
    link("p2 CITIZEN_OF jurisdiction:CN"),
]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("neighbourhoods") / "graph.sqlite"
    load(path, "places", [node("china", "Jurisdiction", code="CN", name="China")], namespace="places")
    load(path, "s1", RECORDS)
    load(path, "s2", [link("hub OWNS flat", start_date="2003", share="60")])
    return path


@pytest.fixture
def graph(path: Path) -> Iterator[Store]:
    with store(path) as opened:
        yield opened


def around(graph: Store, *nodes: str, **more: Any) -> NeighbourhoodsAnswer:
    return find_neighbourhoods(graph, NeighbourhoodQuery(tuple(f"test:{name}" for name in nodes), **more))


def keys(answer: NeighbourhoodsAnswer) -> list[str]:
    """The nodes by their keys, in the order of the answer."""
    names = {node_id("test", key): key for key in (*PEOPLE, "hub", "flat", "wanted", "paper")}
    return [names.get(name, summary.type) for name, summary in answer.nodes.items()]


def counts(answer: NeighbourhoodsAnswer) -> dict[str, tuple[int, int, int]]:
    found = answer.neighbourhoods[0].counts
    return {f"{c.type} {c.direction} {c.other}": (c.links, c.drawn, c.left_out) for c in found}


def test_who_is_sought_comes_first_then_assets_then_people_with_few_links(graph: Store) -> None:
    answer = around(graph, "hub", each=3, limit=7)
    assert keys(answer)[:3] == ["hub", "wanted", "flat"]
    people = keys(answer)[3:6]
    assert len(people) == 2 or set(people) <= {*PEOPLE[9:], "Document"}
    assert answer.nodes[node_id("test", "wanted")].sought


def test_every_link_is_counted_by_type_way_and_other_type_and_a_link_to_itself_once(graph: Store) -> None:
    answer = around(graph, "hub", each=3, limit=7)
    assert counts(answer) == {
        "DOCUMENTS in Document": (20, 3, 17),
        "OWNS in Person": (31, 3, 28),
        "OWNS out Enterprise": (1, 1, 0),
        "OWNS out RealEstate": (1, 1, 0),
    }
    assert answer.neighbourhoods[0].total == 53


def test_counts_are_of_everything_whatever_is_drawn(graph: Store) -> None:
    everything = around(graph, "hub", limit=0)
    assert list(everything.nodes) == [node_id("test", "hub")] and len(everything.links) == 1
    filtered = around(graph, "hub", types=("DOCUMENTS",), direction="in", others=("Document",))
    assert {c: n[0] for c, n in counts(filtered).items()} == {c: n[0] for c, n in counts(everything).items()}
    assert set(keys(filtered)) == {"hub", "Document"}
    assert around(graph, "hub", others=("Asset",)).nodes.keys() == {node_id("test", key) for key in ("hub", "flat")}
    assert list(keys(around(graph, "hub", direction="out"))) == ["hub", "flat"]


def test_what_is_drawn_is_not_found_again_and_links_to_it_are_told(graph: Store) -> None:
    first = around(graph, "hub", types=("OWNS",), each=20)
    second = around(graph, "hub", types=("OWNS",), each=20, drawn=tuple(first.nodes))
    assert not (first.nodes.keys() & second.nodes.keys()) - {node_id("test", "hub")}
    assert len(first.nodes | second.nodes) == 33  # the hub, its 31 owners and the flat
    assert counts(second)["OWNS in Person"] == (31, 31, 0)
    brother = around(graph, "p0", drawn=(node_id("test", "p1"),), limit=0)
    assert [one.type for one in brother.links] == ["FAMILY_OF"]
    assert list(brother.nodes) == [node_id("test", "p0")]


def test_links_between_neighbours_are_told(graph: Store) -> None:
    answer = around(graph, "hub", each=200, limit=500)
    ids = {node_id("test", "p0"), node_id("test", "p1")}
    assert any({one.from_, one.to} == ids and one.grade == "C" for one in answer.links)


def test_links_beyond_the_most_of_an_answer_are_counted_and_those_asked_about_come_first(graph: Store) -> None:
    drawn = tuple(node_id("test", key) for key in (*PEOPLE, "wanted"))
    answer = around(graph, "hub", drawn=drawn, limit=0)
    assert len(answer.links) == 20 and answer.links_left_out == 12
    hub = node_id("test", "hub")
    assert all(hub in (one.from_, one.to) for one in answer.links)


def test_a_link_is_told_with_its_periods_grade_sources_contradictions_and_handling(graph: Store) -> None:
    by_types = {(one.type, one.to): one for one in around(graph, "hub", each=200, limit=500).links}
    flat = by_types["OWNS", node_id("test", "flat")]
    assert [(p.from_, p.to, p.source) for p in flat.periods] == [("2001-05", "2010", "s1"), ("2003", "", "s2")]
    assert flat.label == "owns, 51 % or 60 %" and flat.sources == ["s1", "s2"] and len(flat.contradictions) == 2
    assert (flat.grade, flat.handling, flat.event, flat.holds) == ("", "open", False, "")
    graded = next(one for one in around(graph, "wanted").links if one.to == node_id("test", "hub"))
    assert (graded.grade, graded.handling) == ("B2", "restricted")


@pytest.mark.parametrize(
    ("how", "is_suspected"),
    [
        (["suspected"], True),
        (["suspected", "suspected"], True),
        (["suspected", "sighted"], False),
        (["sighted"], False),
        ([""], False),
    ],
)
def test_where_each_source_only_suspects_somebody_is_told(
    tmp_path: Path, how: list[str], *, is_suspected: bool
) -> None:
    path = tmp_path / "graph.sqlite"
    load(path, "places", [node("a", name="Ann Invented"), node("x", "Jurisdiction", name="Invented Land")])
    for number, one in enumerate(how):
        load(path, f"s{number}", [link("a PRESENT_IN x", how=one)])
    with store(path) as graph:
        (found,) = around(graph, "a").links
    assert found.suspected == is_suspected


@pytest.mark.parametrize(
    ("said", "stages"),
    [
        ([{"stage": "cleared", "said_by": "Invented Court"}], [("cleared", ["Invented Court"])]),
        ([{"stage": "convicted"}], [("convicted", ["s0"])]),
        ([{}, {"stage": "charged"}], [("", ["s0"]), ("charged", ["s1"])]),
        (
            [{"stage": "cleared", "said_by": "Court A"}, {"stage": "cleared", "said_by": "Court B"}],
            [("cleared", ["Court A", "Court B"])],
        ),
        ([{"stage": "investigated"}, {"stage": "cleared"}], [("investigated", ["s0"]), ("cleared", ["s1"])]),
    ],
)
def test_an_accusation_is_told_with_its_stages_and_who_says_so(
    tmp_path: Path, said: list[dict[str, Any]], stages: list[tuple[str, list[str]]]
) -> None:
    path = tmp_path / "graph.sqlite"
    load(
        path,
        "people",
        [node("a", name="Ann Invented"), node("o", "Offence", conduct="fraud"), node("f", "Enterprise", name="Firm")],
    )
    load(path, "bank", [link("a OWNS f")])
    for number, properties in enumerate(said):
        load(path, f"s{number}", [link("a ACCUSED_OF o", **properties)])
    with store(path) as graph:
        found = {one.type: [(stage.stage, stage.by) for stage in one.stages] for one in around(graph, "a").links}
    assert found == {"ACCUSED_OF": stages, "OWNS": []}


@pytest.mark.parametrize(("day", "holds"), [("2002-01-01", "maybe"), ("2005-01-01", "yes"), ("1990-01-01", "")])
def test_with_a_day_only_links_that_may_hold_are_told_and_counted(graph: Store, day: str, holds: str) -> None:
    answer = around(graph, "hub", direction="out", as_of=day)
    found = [one.holds for one in answer.links if one.type == "OWNS" and one.to == node_id("test", "flat")]
    assert found == [holds] * bool(holds)
    assert counts(answer).get("OWNS out RealEstate", (0,))[0] == len(found)


@pytest.mark.parametrize(("day", "sought"), [("2004-12-31", False), ("2005-01-01", True)])
def test_who_is_sought_is_said_as_of_the_day(graph: Store, day: str, sought: bool) -> None:
    answer = around(graph, "wanted", as_of=day)
    assert answer.nodes[node_id("test", "wanted")].sought is sought


def test_whom_a_source_clears_is_told_and_whom_it_charges_is_not(tmp_path: Path) -> None:
    accused = [
        node("theft", "Offence", name="Theft Invented"),
        *(node(key, name=f"{key} Invented") for key in ("cleared", "charged", "both")),
        link("cleared ACCUSED_OF theft", stage="cleared", said_by="The Court"),
        link("charged ACCUSED_OF theft", stage="charged"),
        link("both ACCUSED_OF theft", stage="charged"),
    ]
    load(tmp_path / "graph.sqlite", "s1", accused)
    load(tmp_path / "graph.sqlite", "s2", [link("both ACCUSED_OF theft", stage="cleared")])
    with store(tmp_path / "graph.sqlite") as graph:
        found = around(graph, "theft").nodes
    nodes = {key: found[node_id("test", key)] for key in ("cleared", "charged", "both", "theft")}
    assert {key: (one.cleared, one.accused) for key, one in nodes.items()} == {
        "cleared": (True, ""),
        "charged": (False, "charged"),
        "both": (True, "charged"),
        "theft": (False, ""),
    }


@pytest.mark.parametrize(("day", "cleared"), [("2014-12-04", False), ("2014-12-05", True), ("", True)])
def test_a_clearance_is_not_known_before_its_day(tmp_path: Path, day: str, cleared: bool) -> None:
    said = [
        node("theft", "Offence", name="Theft Invented"),
        node("ann", name="Ann Invented"),
        link("ann ACCUSED_OF theft", stage="cleared", date="2014-12-05"),
    ]
    load(tmp_path / "graph.sqlite", "s1", said)
    with store(tmp_path / "graph.sqlite") as graph:
        assert around(graph, "ann", as_of=day).nodes[node_id("test", "ann")].cleared is cleared


def test_a_node_is_told_with_its_degree_assets_and_jurisdictions(graph: Store) -> None:
    answer = around(graph, "hub", "p2", limit=500)
    hub, citizen = answer.nodes[node_id("test", "hub")], answer.nodes[node_id("test", "p2")]
    assert (hub.degree, hub.assets, hub.is_asset, hub.jurisdictions) == (54, 1, False, [])
    assert citizen.jurisdictions == ["CN"]
    assert answer.nodes[node_id("jurisdiction", "CN")].jurisdictions == ["CN"]
    assert answer.nodes[node_id("test", "flat")].is_asset
    assert [one.asked for one in answer.neighbourhoods] == ["test:hub", "test:p2"]


def test_names_that_are_not_ids_and_nodes_that_are_gone_are_told(graph: Store) -> None:
    answer = around(graph, "hub", limit=0, drawn=("a" * 26, "nobody", "长" * 26, node_id("test", "p0")))
    assert answer.moved == {"test:hub": node_id("test", "hub")}
    assert (answer.gone.count, answer.gone.nodes) == (3, ["a" * 26, "nobody", "长" * 26])
    assert len(answer.links) == 2  # to itself, and from who is drawn


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"types": ("OWNED",)}, "types"),
        ({"others": ("Boat",)}, "others"),
        ({"as_of": "2014"}, "as_of"),
        ({"as_of": "2014-13-01"}, "as_of"),
    ],
)
def test_what_does_not_exist_is_named(graph: Store, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(QuestionError) as error:
        around(graph, "hub", **wrong)
    assert error.value.field == field


def test_a_node_that_is_not_there_is_named(graph: Store) -> None:
    with pytest.raises(NotFound) as error:
        around(graph, "hub", "nobody-such")
    assert (error.value.field, error.value.value) == ("nodes.1", "test:nobody-such")


def test_a_hub_with_long_names_has_an_answer_of_less_than_64_kb(tmp_path: Path) -> None:
    path = tmp_path / "graph.sqlite"
    many = [node(f"q{number}", name=f"{'长' * 90} {number}") for number in range(600)]
    owned = [link(f"{one.key} OWNS hub", role="x" * 400, share="5") for one in many]
    load(path, "s1", [node("hub", "Enterprise", name="Hub"), *many, *owned])
    with store(path) as graph:
        answer = around(graph, "hub", each=200)
    assert len(answer.nodes) == 61
    assert len(answer.model_dump_json(by_alias=True).encode()) < 64_000
