"""Is one node connected to another by what may be walked?"""

from __future__ import annotations

from typing import Any

import pytest

from kg.analysis.paths import DEFAULT_EXCLUDED_TRAITS, PathQuestion, Ranking, ranked_paths
from kg.analysis.paths.bidirectional import shortest_distance
from kg.analysis.paths.question import traversal_of
from kg.errors import InputError, NotFound
from kg.findings import Hop, RankedPaths
from kg.records import GraphVersion
from tests.builders import graph

FIRST = Ranking("shortest", 1, only_shortest=True, sample=0)


def shortest(*lines: str, start: str = "ann", goal: str = "bob", **limits: Any) -> RankedPaths:
    """The first of the shortest paths."""
    return ranked_paths(graph(*lines), PathQuestion(start, goal, **limits), FIRST)


def nodes(*lines: str, **asked: Any) -> tuple[str, ...]:
    """The nodes of the path; empty if there is none."""
    return next((path.nodes for path in shortest(*lines, **asked).paths), ())


def links(hop: Hop) -> list[tuple[str, str, bool]]:
    return [(link.id, link.type, link.forward) for link in hop.links]


def test_an_answer_says_the_way_and_what_was_done() -> None:
    answer = shortest("ann OWNS acme share=51", "bob DIRECTS acme", "ann SIGNS_FOR acme", "zoe OWNS flat", max_depth=4)
    assert (answer.version, answer.as_of) == (GraphVersion("test", 1), "2024-01-01")
    assert (answer.start, answer.goal, answer.ranking) == ("ann", "bob", "shortest")
    assert answer.limits == {
        "max_depth": 4,
        "exclude_traits": (
            "agreement",
            "citizenship",
            "documentation",
            "identity",
            "location",
            "presence",
            "registration",
            "status",
        ),
        "not_through": ("Agency", "Agreement", "Jurisdiction"),
    }
    assert (answer.found, answer.explored) == (True, 3)
    (path,) = answer.paths
    assert path.nodes == ("ann", "acme", "bob")
    assert [(hop.from_id, hop.to_id, links(hop)) for hop in path.hops] == [
        ("ann", "acme", [("ann OWNS acme", "OWNS", True), ("ann SIGNS_FOR acme", "SIGNS_FOR", True)]),
        ("acme", "bob", [("bob DIRECTS acme", "DIRECTS", False)]),
    ]


def test_no_path_is_an_answer() -> None:
    answer = shortest("ann OWNS flat", "bob OWNS boat")
    assert (answer.found, answer.paths, answer.explored) == (False, (), 3)


def test_a_node_is_connected_to_itself_by_no_hop() -> None:
    answer = shortest("ann OWNS flat", goal="ann")
    assert (answer.found, answer.explored) == (True, 1)
    assert [(path.nodes, path.hops) for path in answer.paths] == [(("ann",), ())]


def test_the_shortest_way_is_taken() -> None:
    lines = ["ann OWNS a1", "a1 OWNS a2", "bob OWNS a2", "ann OWNS z1", "bob OWNS z1"]
    assert nodes(*lines) == ("ann", "z1", "bob")


def test_of_ways_that_are_as_short_the_first_by_id_is_taken() -> None:
    lines = ["ann OWNS m1", "m1 OWNS m2", "bob OWNS m2", "ann OWNS k1", "k1 OWNS z2", "bob OWNS z2", "k1 OWNS p2"]
    assert nodes(*lines) == ("ann", "k1", "z2", "bob")
    assert nodes(*lines, "bob OWNS p2") == ("ann", "k1", "p2", "bob")


def test_the_first_way_by_id_is_taken_whichever_end_is_the_busier() -> None:
    lines = ["ann OWNS k1", "k1 OWNS p2", "k1 OWNS z2", "bob OWNS p2", "bob OWNS z2"]
    assert nodes(*lines, *(f"ann OWNS x{i}" for i in range(9))) == ("ann", "k1", "p2", "bob")
    assert nodes(*lines, *(f"bob OWNS x{i}" for i in range(9))) == ("ann", "k1", "p2", "bob")


def test_the_search_goes_on_from_the_end_with_fewer_links_ahead() -> None:
    lines = ["ann OWNS k1", "k1 OWNS p2", "bob OWNS p2", *(f"ann OWNS x{i}" for i in range(99))]
    there, back = (
        shortest_distance(traversal_of(graph(*lines), PathQuestion(*ends)), 6)
        for ends in (("ann", "bob"), ("bob", "ann"))
    )
    assert there == back == (3, 4)
    assert nodes(*lines, start="bob", goal="ann") == nodes(*lines)[::-1]


def test_a_path_longer_than_asked_for_is_not_found() -> None:
    chain = [f"c{i} OWNS c{i + 1}" for i in range(8)]
    assert nodes(*chain, start="c0", goal="c7") == ()
    assert len(nodes(*chain, start="c0", goal="c7", max_depth=7)) == 8


@pytest.mark.parametrize(
    ("link", "trait"),
    [
        ("HAS_ADDRESS road", "location"),
        ("POSSIBLY_SAME_AS bob", "identity"),
        ("HAS_DOCUMENT paper", "identity"),
    ],
)
def test_places_and_possible_identity_are_walked_only_when_asked(link: str, trait: str) -> None:
    lines = [f"ann {link}", f"bob:Person {link.replace('bob', 'bo')}", "bo POSSIBLY_SAME_AS bob"]
    without = tuple(t for t in DEFAULT_EXCLUDED_TRAITS if t != trait)
    assert nodes(*lines) == ()
    assert nodes(*lines, exclude_traits=without)


def test_a_state_can_be_an_end_and_not_a_step() -> None:
    lines = [
        "ann SOUGHT_UNDER v:Warrant",
        "bob SOUGHT_UNDER w:Warrant",
        "v ISSUED_BY xx",
        "w ISSUED_BY xx:Jurisdiction",
    ]
    assert nodes(*lines) == ()
    assert nodes(*lines, goal="xx") == ("ann", "v", "xx")
    assert nodes(*lines, start="xx") == ("xx", "w", "bob")
    assert nodes(*lines, not_through=()) == ("ann", "v", "xx", "w", "bob")


def test_a_state_is_a_step_when_what_leads_there_is_asked_for() -> None:
    lines = ["ann CITIZEN_OF xx", "bob CITIZEN_OF xx"]
    asked = tuple(t for t in DEFAULT_EXCLUDED_TRAITS if t != "citizenship")
    answer = shortest(*lines, exclude_traits=asked)
    assert answer.paths[0].nodes == ("ann", "xx", "bob")
    assert answer.limits["not_through"] == ("Agency", "Agreement")


def test_a_type_that_extends_a_closed_one_is_closed_too() -> None:
    lines = ["ann OWNS acme:Enterprise", "bob OWNS acme"]
    assert nodes(*lines, not_through=()) == ("ann", "acme", "bob")
    assert nodes(*lines, not_through=("Asset",)) == ()


def test_a_link_of_a_node_to_itself_is_no_way() -> None:
    assert nodes("acme OWNS acme", "ann OWNS acme", "bob OWNS acme") == ("ann", "acme", "bob")


def test_links_that_may_not_be_walked_are_not_on_a_hop() -> None:
    lines = ["ann FAMILY_OF bob", "ann POSSIBLY_SAME_AS bob", "bob FAMILY_OF ann"]
    (hop,) = shortest(*lines, start="bob", goal="ann").paths[0].hops
    assert links(hop) == [("ann FAMILY_OF bob", "FAMILY_OF", False), ("bob FAMILY_OF ann", "FAMILY_OF", True)]


@pytest.mark.parametrize(("start", "goal"), [("nobody", "ann"), ("ann", "nobody")])
def test_an_end_that_is_not_in_the_graph_is_not_found(start: str, goal: str) -> None:
    with pytest.raises(NotFound, match="nobody"):
        shortest("ann OWNS flat", start=start, goal=goal)


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({"max_depth": 0}, "max_depth 0: expected 1 to 12"),
        ({"max_depth": 13}, "max_depth 13: expected 1 to 12"),
        ({"exclude_traits": ("place",)}, "exclude_traits 'place': expected one of .*location"),
        ({"not_through": ("Country",)}, "not_through 'Country': expected one of .*Jurisdiction"),
    ],
)
def test_a_limit_that_is_none_is_refused(limits: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        shortest("ann OWNS flat", goal="flat", **limits)
