"""Does NetworkX find the same paths on random graphs?"""

from __future__ import annotations

from random import Random
from typing import Any

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from kg.analysis.paths.ranking import PathQuestion, shortest_path
from tests.builders import graph
from tests.property.analysis.clusters.test_partition import lines

NODES = 24
QUESTION = PathQuestion("n00", "n01", max_depth=6)


def whole(drawn: list[str]) -> nx.Graph[str]:
    """What may be walked, as NetworkX sees it."""
    view = graph("n00:Enterprise", "n01:Enterprise", *drawn)
    return nx.Graph(view.to_networkx(links=~view.links_with(*QUESTION.exclude_traits)))


@given(lines(NODES, 50), st.integers(1, 8))
def test_a_path_is_as_long_as_networkx_says_and_the_first_of_its_length(drawn: list[str], depth: int) -> None:
    view = graph("n00:Enterprise", "n01:Enterprise", *drawn)
    answer = shortest_path(view, PathQuestion("n00", "n01", max_depth=depth))
    try:
        expected = min(nx.all_shortest_paths(whole(drawn), "n00", "n01"))
    except nx.NetworkXNoPath:
        expected = []
    assert list(answer.nodes) == (expected if len(expected) <= depth + 1 else [])
    assert answer.found == bool(answer.nodes)
    assert [(hop.from_id, hop.to_id) for hop in answer.hops] == list(zip(answer.nodes, answer.nodes[1:], strict=False))


@given(lines(NODES, 50), st.randoms(use_true_random=False))
def test_a_path_does_not_depend_on_input_order(drawn: list[str], random: Random) -> None:
    shuffled = ["n00:Enterprise", "n01:Enterprise", *drawn]
    first = shortest_path(graph(*shuffled), QUESTION)
    random.shuffle(shuffled)
    assert shortest_path(graph(*shuffled), QUESTION) == first


@given(lines(8, 30))
def test_a_hop_has_every_link_between_its_two_nodes_that_may_be_walked(drawn: list[str]) -> None:
    view = graph("n00:Enterprise", "n01:Enterprise", *drawn)
    graph_of_links = view.to_networkx(links=~view.links_with(*QUESTION.exclude_traits))
    for hop in shortest_path(view, QUESTION).hops:
        there: dict[Any, Any] = graph_of_links.get_edge_data(hop.from_id, hop.to_id, default={})
        back: dict[Any, Any] = graph_of_links.get_edge_data(hop.to_id, hop.from_id, default={})
        assert {link.id: link.forward for link in hop.links} == dict.fromkeys(there, True) | dict.fromkeys(back, False)
        assert [link.id for link in hop.links] == sorted(link.id for link in hop.links)
