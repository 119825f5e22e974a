"""Are several nodes connected by the most credible paths, and is it told who stands between, and who is left apart?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from kg.analysis.paths import Budget
from kg.errors import InputError, NotFound, QuestionError
from kg.findings import ConnectingNetwork
from kg.operations import connections_answer, find_connections, path_limits
from kg.ports import Store
from kg.records import Provenance, node_id
from tests.stores import link, load, node, store

GOOD, POOR = Provenance(reliability="A", credibility="1"), Provenance(reliability="E", credibility="5")
KEYS = ("a", "b", "c", "d", "x", "y", "alone", "secret")


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("connections") / "graph.sqlite"
    people = [node(key, name=f"{key.title()} Invented") for key in KEYS[:-1]]
    links = [
        *(link(f"{key} ASSOCIATED_WITH x", provenance=GOOD) for key in "abc"),
        link("a ASSOCIATED_WITH b", provenance=POOR),
        link("c ASSOCIATED_WITH d", provenance=GOOD, start_date="2001", end_date="2003"),
        link("b ASSOCIATED_WITH y", provenance=POOR),
        link("y ASSOCIATED_WITH d", provenance=POOR),
    ]
    hidden = Provenance(handling="protected")
    secret = [node("secret", provenance=hidden), link("a OWNS secret", provenance=hidden)]
    load(path, "s", [*people, *links, *secret, link("alone ASSOCIATED_WITH secret", provenance=hidden)])
    with store(path) as opened:
        yield opened


def connect(graph: Store, *keys: str, limit: int = 10, depth: int = 4, **limits: Any) -> ConnectingNetwork:
    asked = path_limits(depth=depth, **limits)
    return find_connections(graph, [f"test:{key}" for key in keys], asked, limit).finding


def told(network: ConnectingNetwork) -> list[str]:
    keys = {node_id("test", key): key for key in KEYS}
    return ["".join(keys[node] for node in one.path.nodes) + "+" * one.joins for one in network.paths]


def test_the_most_credible_paths_come_first_and_those_that_join_are_told(graph: Store) -> None:
    network = connect(graph, "a", "b", "c")
    costs = [one.path.cost for one in network.paths]
    assert costs == sorted(costs)
    assert {"axb+", "axc+", "bxc"} <= set(told(network)) or sum(one.joins for one in network.paths) == 2
    (shared,) = network.shared
    assert shared.node == node_id("test", "x") and shared.asked == network.asked
    assert (network.pairs, network.unconnected, network.cut) == (3, (), "")


def test_what_joins_is_kept_before_what_is_merely_credible(graph: Store) -> None:
    network = connect(graph, "a", "b", "c", "d", limit=3)
    assert [one.joins for one in network.paths] == [True, True, True]
    assert network.more


def test_a_path_passes_none_of_the_others_asked_about(graph: Store) -> None:
    for one in connect(graph, "a", "b", "c", "d", "x").paths:
        assert not {*one.path.nodes[1:-1]} & {node_id("test", key) for key in "abcdx"}


@pytest.mark.parametrize(("day", "joined"), [("2002-06-01", True), ("2010-01-01", False)])
def test_with_a_day_only_links_that_may_hold_connect(graph: Store, day: str, joined: bool) -> None:
    network = connect(graph, "c", "d", depth=1, as_of=day)
    assert bool(network.paths) is joined
    assert network.unconnected == (() if joined else (network.asked,))


def test_who_is_not_connected_is_told_also_where_only_what_is_hidden_would_connect(graph: Store) -> None:
    network = connect(graph, "a", "alone", "b")
    alone = node_id("test", "alone")
    assert [set(pair) for pair in network.unconnected] == [{node_id("test", "a"), alone}, {alone, node_id("test", "b")}]


def test_the_answer_has_every_node_and_link_in_short_once(graph: Store) -> None:
    found = find_connections(graph, ["test:a", "test:b", "test:c", "test:a"], path_limits())
    answer = connections_answer(graph, found)
    assert found.finding.asked == tuple(node_id("test", key) for key in "abc")
    mentioned = {node for one in found.finding.paths for node in one.path.nodes}
    assert answer.nodes.keys() == mentioned | {*found.finding.asked}
    assert {one.id for one in answer.links} == {
        link.id for one in found.finding.paths for hop in one.path.hops for link in hop.links
    }
    assert answer.model_dump(mode="json")["asked"] == list(found.finding.asked)


def test_without_time_the_answer_says_so(graph: Store) -> None:
    found = find_connections(graph, ["test:a", "test:b"], path_limits(), budget=Budget(timed_out=lambda: True)).finding
    assert (found.cut, found.pairs, found.paths, found.more) == ("time", 0, (), True)


def test_only_who_was_looked_for_to_the_end_and_not_found_is_not_connected(graph: Store) -> None:
    assert connect(graph, "a", "b", "c", limit=1).unconnected == ()  # more paths are found than are listed
    late = Budget(timed_out=iter([False, *[True] * 99]).__next__)  # in the middle of the first pair
    for budget in (late, Budget(timed_out=lambda: True), Budget(nodes=1)):
        found = find_connections(graph, ["test:a", "test:alone", "test:b"], path_limits(), budget=budget).finding
        assert found.cut and (found.paths, found.unconnected) == ((), ())


def test_of_several_limits_the_time_is_told_because_the_answer_may_be_another_next_time(graph: Store) -> None:
    late = iter([*[False] * 3, *[True] * 99])
    budget = Budget(nodes=1, timed_out=late.__next__)
    found = find_connections(graph, ["test:a", "test:b", "test:c", "test:d"], path_limits(), budget=budget).finding
    assert found.pairs and found.cut == "time"


def test_paths_keep_to_the_limits_that_paths_between_two_have(graph: Store) -> None:
    assert told(connect(graph, "a", "b", "d", min_reliability="C")) != told(connect(graph, "a", "b", "d"))
    avoiding = connect(graph, "a", "c", avoid=["test:x"])
    assert node_id("test", "x") not in {node for one in avoiding.paths for node in one.path.nodes}
    assert connect(graph, "a", "b", only_types=["OWNS"]).paths == ()


@pytest.mark.parametrize(
    ("names", "more", "error"),
    [
        (["test:a"], {}, QuestionError),
        (["test:a", "test:a"], {}, QuestionError),
        ([f"test:{key}" for key in "abcdxy"] * 2, {"limit": 0}, QuestionError),
        (["test:a", "test:b"], {"limit": 101}, QuestionError),
        (["test:a", "test:b"], {"depth": 13}, QuestionError),
        (["test:a", "test:b"], {"as_of": "2014"}, QuestionError),
        (["test:a", "test:b"], {"only_types": ["NO_SUCH"]}, InputError),
        (["test:a", "test:b"], {"walk": ["ownership"]}, QuestionError),
        (["test:a", "test:b"], {"avoid": ["test:secret"]}, NotFound),
        (["test:a", "test:secret"], {}, NotFound),
        (["test:a", ""], {}, NotFound),
    ],
)
def test_what_makes_no_sense_is_refused(
    graph: Store, names: list[str], more: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        limits = {name: value for name, value in more.items() if name != "limit"}
        find_connections(graph, names, path_limits(**limits), more.get("limit", 10))
