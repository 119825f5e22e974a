"""Does NetworkX find the same paths on random graphs?"""

from __future__ import annotations

from random import Random
from typing import Any

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from kg.analysis.paths import PathQuestion, Ranking, ranked_paths
from kg.analysis.paths.bidirectional import shortest_distance
from kg.analysis.paths.question import traversal_of
from tests.builders import graph, to_networkx
from tests.property.analysis.clusters.test_partition import lines

NODES = 24
QUESTION = PathQuestion("n00", "n01", max_depth=6)
SHORTEST = Ranking("shortest", 1000, only_shortest=True, sample=0)


def whole(drawn: list[str]) -> nx.Graph[str]:
    """What may be walked, as NetworkX sees it."""
    view = graph("n00:Enterprise", "n01:Enterprise", *drawn)
    return nx.Graph(to_networkx(view, links=~view.links_with(*QUESTION.exclude_traits)))


@given(lines(NODES, 50), st.integers(1, 8))
def test_the_shortest_paths_are_those_of_networkx_the_cheapest_and_first_of_them_first(
    drawn: list[str], depth: int
) -> None:
    view = graph("n00:Enterprise", "n01:Enterprise", *drawn)
    question = PathQuestion("n00", "n01", max_depth=depth)
    answer = ranked_paths(view, question, SHORTEST)
    try:
        expected = sorted(map(tuple, nx.all_shortest_paths(whole(drawn), "n00", "n01")))
    except nx.NetworkXNoPath:
        expected = []
    if expected and len(expected[0]) > depth + 1:
        expected = []
    found = [path.nodes for path in answer.paths]
    assert sorted(found) == expected
    assert found == [nodes for _, nodes in sorted((path.cost, path.nodes) for path in answer.paths)]
    assert answer.found == bool(expected)
    assert shortest_distance(traversal_of(view, question), depth)[0] == (len(expected[0]) - 1 if expected else -1)
    for path in answer.paths:
        assert [(hop.from_id, hop.to_id) for hop in path.hops] == list(zip(path.nodes, path.nodes[1:], strict=False))


@given(lines(NODES, 50), st.randoms(use_true_random=False))
def test_a_path_does_not_depend_on_input_order(drawn: list[str], random: Random) -> None:
    shuffled = ["n00:Enterprise", "n01:Enterprise", *drawn]
    first = ranked_paths(graph(*shuffled), QUESTION, SHORTEST)
    random.shuffle(shuffled)
    assert ranked_paths(graph(*shuffled), QUESTION, SHORTEST) == first


@given(lines(8, 30))
def test_a_hop_has_every_link_between_its_two_nodes_that_may_be_walked(drawn: list[str]) -> None:
    view = graph("n00:Enterprise", "n01:Enterprise", *drawn)
    graph_of_links = to_networkx(view, links=~view.links_with(*QUESTION.exclude_traits))
    for hop in (hop for path in ranked_paths(view, QUESTION, SHORTEST).paths for hop in path.hops):
        there: dict[Any, Any] = graph_of_links.get_edge_data(hop.from_id, hop.to_id, default={})
        back: dict[Any, Any] = graph_of_links.get_edge_data(hop.to_id, hop.from_id, default={})
        assert {link.id: link.forward for link in hop.links} == dict.fromkeys(there, True) | dict.fromkeys(back, False)
        assert [link.id for link in hop.links] == sorted(link.id for link in hop.links)
