"""Are ranked paths all there are, in the right order, by NetworkX and by definition?"""

from __future__ import annotations

from itertools import pairwise
from random import Random
from typing import Any

import networkx as nx
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kg.analysis.coherence import Coherence
from kg.analysis.path_costs import Costs
from kg.analysis.path_question import terrain_of
from kg.analysis.paths import WEIGHTS, PathQuestion, PathWeights, Ranking, ranked_paths
from kg.view import GraphView
from tests.builders import graph

ENDS = ("n00:Enterprise", "n01:Enterprise")
ALL = Ranking(most=1000, sample=0)

DEPTHS = st.integers(1, 5)


def lines(nodes: int, most: int) -> st.SearchStrategy[list[str]]:
    """Links among enterprises, graded and dated."""
    end = st.integers(0, nodes - 1).map(lambda i: f"n{i:02}:Enterprise")
    says = st.sampled_from(["", " reliability=A", " reliability=E", " end=2001", " start=2003", " start=1999 end=2004"])
    kind = st.sampled_from(["OWNS", "OWNS", "DIRECTS", "PAID"])
    return st.lists(st.builds(lambda a, k, b, s: f"{a} {k} {b}{s}", end, kind, end, says), max_size=most)


def question(depth: int, **limits: Any) -> PathQuestion:
    return PathQuestion("n00", "n01", max_depth=depth, **limits)


def simple_paths(view: GraphView, depth: int) -> list[tuple[str, ...]]:
    """Every simple path that may be walked, as NetworkX finds them."""
    whole = nx.Graph(view.to_networkx())
    return [tuple(path) for path in nx.all_simple_paths(whole, "n00", "n01", cutoff=depth)]


def price(view: GraphView, path: tuple[str, ...], weights: PathWeights = WEIGHTS) -> int:
    """The cost of a path by its definition: the cheapest link of every hop, and every node on the way."""
    costs, nodes = Costs.on(view, weights, ""), [view.index(node) for node in path]
    between = np.array(nodes[1:-1], int)
    hops = (
        np.flatnonzero(((view.tail == one) & (view.head == other)) | ((view.tail == other) & (view.head == one)))
        for one, other in pairwise(nodes)
    )
    return int(sum(costs.of_links(links).min() for links in hops) + costs.of_nodes(between).sum())


@given(lines(7, 18), DEPTHS)
def test_credible_paths_are_all_simple_paths_cheapest_first(drawn: list[str], depth: int) -> None:
    view = graph(*ENDS, *drawn)
    weights = PathWeights(hub_degree=2)
    answer = ranked_paths(view, question(depth), ALL, weights)
    expected = sorted(simple_paths(view, depth), key=lambda path: (price(view, path, weights), path))
    assert [path.nodes for path in answer.paths] == expected
    assert [round(path.cost * 1_000_000) for path in answer.paths] == [price(view, p, weights) for p in expected]
    assert (answer.cut, answer.more) == ("", False)


@given(lines(7, 18), DEPTHS)
def test_shortest_paths_are_those_of_networkx_and_then_the_longer_ones(drawn: list[str], depth: int) -> None:
    view = graph(*ENDS, *drawn)
    found = [path.nodes for path in ranked_paths(view, question(depth), Ranking("shortest", 1000, sample=0)).paths]
    assert [len(p) for p in found] == sorted(len(p) for p in simple_paths(view, depth))
    only = ranked_paths(view, question(depth), Ranking("shortest", 1000, only_shortest=True, sample=0)).paths
    shortest = min((len(p) for p in found), default=0)
    assert {p.nodes for p in only} == {p for p in simple_paths(view, depth) if len(p) == shortest}


@given(lines(7, 18), DEPTHS)
def test_coherent_paths_are_the_credible_ones_that_can_have_been_so(drawn: list[str], depth: int) -> None:
    view = graph(*ENDS, *drawn)
    coherence = Coherence(terrain_of(view, question(depth)))
    credible = ranked_paths(view, question(depth), ALL).paths
    expected = [p.nodes for p in credible if coherence.of([view.index(node) for node in p.nodes]) != "no"]
    assert [p.nodes for p in ranked_paths(view, question(depth), Ranking("coherent", 1000, sample=0)).paths] == expected


@given(lines(7, 18), DEPTHS, st.sets(st.sampled_from(["n02", "n03", "n04"]), max_size=3))
def test_paths_led_through_nodes_are_those_that_pass_them_in_the_same_order(
    drawn: list[str], depth: int, stops: set[str]
) -> None:
    view = graph(*ENDS, "n02:Enterprise", "n03:Enterprise", "n04:Enterprise", *drawn)
    through = ranked_paths(view, question(depth, through=tuple(sorted(stops))), ALL).paths
    every = ranked_paths(view, question(depth), ALL).paths
    assert [p.nodes for p in through] == [p.nodes for p in every if stops <= set(p.nodes)]


@given(lines(7, 18), DEPTHS)
def test_one_way_links_give_the_directed_paths(drawn: list[str], depth: int) -> None:
    view = graph(*ENDS, *drawn)
    one_way = question(depth, keep_direction=("ownership", "control", "payment"))
    found = ranked_paths(view, one_way, ALL).paths
    directed = nx.DiGraph(view.to_networkx())
    assert {p.nodes for p in found} == {tuple(p) for p in nx.all_simple_paths(directed, "n00", "n01", cutoff=depth)}


@given(lines(10, 30), st.randoms(use_true_random=False))
def test_ranked_paths_do_not_depend_on_input_order(drawn: list[str], random: Random) -> None:
    shuffled = [*ENDS, *drawn]
    first = ranked_paths(graph(*shuffled), question(4))
    random.shuffle(shuffled)
    assert ranked_paths(graph(*shuffled), question(4)) == first


@given(lines(7, 18), DEPTHS, st.integers(1, 5))
def test_a_shorter_list_is_the_beginning_of_the_longer_one(drawn: list[str], depth: int, most: int) -> None:
    view = graph(*ENDS, *drawn)
    every = [p.nodes for p in ranked_paths(view, question(depth), ALL).paths]
    some = ranked_paths(view, question(depth), Ranking(most=most, sample=0))
    assert [p.nodes for p in some.paths] == every[:most]
    assert some.more is (len(every) > most)
