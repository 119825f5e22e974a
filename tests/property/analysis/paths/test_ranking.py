"""Are ranked paths all there are, in the right order, by NetworkX and by definition?"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, product
from random import Random
from typing import Any

import networkx as nx
import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kg.analysis.paths import DEFAULT_WEIGHTS, PathQuestion, PathWeights, Ranking, ranked_paths
from kg.analysis.paths.bidirectional import count_reaching, shortest_distance
from kg.analysis.paths.coherence import Coherence
from kg.analysis.paths.costs import StepCosts
from kg.analysis.paths.question import traversal_of
from kg.view import GraphView
from tests.builders import graph, to_networkx

ENDS = ("n00:Enterprise", "n01:Enterprise")
ALL = Ranking(most=1000, sample=0)

DEPTHS = st.integers(1, 5)


def lines(nodes: int, most: int) -> st.SearchStrategy[list[str]]:
    """Links among enterprises, graded and dated."""
    end = st.integers(0, nodes - 1).map(lambda i: f"n{i:02}:Enterprise")
    says = st.sampled_from(
        ["", " reliability=A", " reliability=E credibility=5", " end=2001", " start=2003", " start=1999 end=2004"]
    )
    kind = st.sampled_from(["OWNS", "OWNS", "DIRECTS", "PAID"])
    return st.lists(st.builds(lambda a, k, b, s: f"{a} {k} {b}{s}", end, kind, end, says), max_size=most)


def question(depth: int, **limits: Any) -> PathQuestion:
    return PathQuestion("n00", "n01", max_depth=depth, **limits)


def simple_paths(view: GraphView, depth: int) -> list[tuple[str, ...]]:
    """Every simple path that may be walked, as NetworkX finds them."""
    whole = nx.Graph(to_networkx(view))
    return [tuple(path) for path in nx.all_simple_paths(whole, "n00", "n01", cutoff=depth)]


def price(view: GraphView, path: tuple[str, ...], weights: PathWeights = DEFAULT_WEIGHTS) -> int:
    """The cost of a path by its definition: the cheapest link of every hop, and every node on the way."""
    costs, nodes = StepCosts.as_of(view, weights, ""), [view.index(node) for node in path]
    between = np.array(nodes[1:-1], int)
    hops = (
        np.flatnonzero(((view.tail == one) & (view.head == other)) | ((view.tail == other) & (view.head == one)))
        for one, other in pairwise(nodes)
    )
    return int(sum(costs.link_costs(links).min() for links in hops) + costs.node_costs(between).sum())


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


@given(lines(40, 60), st.integers(1, 6))
def test_as_many_reach_the_goal_together_as_one_by_one(drawn: list[str], hops: int) -> None:
    view = graph(*ENDS, *drawn, *(f"n{i:02} DIRECTS p{i:02}:Enterprise" for i in range(40)))
    terrain = traversal_of(view, question(hops, avoid=("p07",), max_degree=4, keep_direction=("payment",)))
    goal, some = terrain.ends[1], np.array([n for n in range(len(view.ids)) if n not in terrain.ends])
    alone = [shortest_distance(replace(terrain, ends=(int(node), goal)), hops)[0] >= 0 for node in some]
    assert count_reaching(terrain, some, hops, lambda: False) == (sum(alone), len(some))
    assert count_reaching(terrain, some, hops, lambda: True) == (0, 0)


Drawn = list[tuple[str, int, int]]
"""The links of a hop: `lasts`, or the way a payment goes, and first and last year, 0 where unknown."""

YEARS = st.tuples(st.integers(0, 4), st.integers(0, 4)).filter(lambda y: not (y[0] and y[1]) or y[0] <= y[1])
HOP = st.lists(
    st.builds(lambda kind, years: (kind, *years), st.sampled_from(["lasts", "on", "back"]), YEARS),
    min_size=1,
    max_size=3,
)


def told(hops: list[Drawn]) -> str:
    """Whether a path may have been so, by its definition: some choice of one link a hop fits; tried one by one."""
    answers = {_fits(choice) for choice in product(*hops)}
    return next((word for word in ("yes", "maybe") if word in answers), "no")


def _fits(choice: tuple[tuple[str, int, int], ...]) -> str:
    spans = [(kind, first, last or 9) for kind, first, last in choice]
    held = [(first, last) for kind, first, last in spans if kind == "lasts"]
    if held and max(first for first, _ in held) > min(last for _, last in held):
        return "no"
    ways = {kind for kind, _, _ in spans if kind != "lasts"}
    paid = [(first, last) for kind, first, last in spans if kind != "lasts"][:: -1 if ways == {"back"} else 1]
    day = 0
    for first, last in paid:
        day = max(day, first)
        if day > last or len(ways) > 1:
            return "no"
    return "yes" if all(first or last for _, first, last in choice) else "maybe"


@given(st.lists(HOP, min_size=1, max_size=4))
def test_coherence_is_what_some_choice_of_links_allows_whichever_end_it_is_told_from(hops: list[Drawn]) -> None:
    drawn, names = [], [f"m{i}:Enterprise" for i in range(len(hops) + 1)]
    for i, hop in enumerate(hops):
        for kind, first, last in hop:
            ends = names[i : i + 2] if kind != "back" else names[i : i + 2][::-1]
            dates = f"{f' start=200{first}' if first else ''}{f' end=200{last}' if last else ''}"
            drawn.append(f"{ends[0]} {'OWNS' if kind == 'lasts' else 'PAID'} {ends[1]}{dates}")
    view = graph(*drawn)
    nodes = [view.index(name.partition(":")[0]) for name in names]
    coherence = Coherence(traversal_of(view, PathQuestion("m0", f"m{len(hops)}")))
    assert coherence.of_path(nodes) == told(hops)
    assert coherence.of_path(nodes[::-1]) == told(hops)


@given(lines(7, 18), DEPTHS)
def test_coherent_paths_are_the_credible_ones_that_can_have_been_so(drawn: list[str], depth: int) -> None:
    view = graph(*ENDS, *drawn)
    coherence = Coherence(traversal_of(view, question(depth)))
    credible = ranked_paths(view, question(depth), ALL).paths
    expected = [p.nodes for p in credible if coherence.of_path([view.index(node) for node in p.nodes]) != "no"]
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
    directed = nx.DiGraph(to_networkx(view))
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
