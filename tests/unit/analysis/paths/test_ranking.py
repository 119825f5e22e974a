"""Does an answer about paths say what speaks for them and against them?"""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from kg.analysis.paths import Budget, PathQuestion, PathWeights, Ranking, ranked_paths
from kg.errors import InputError, NotFound
from kg.findings import ChanceBaseline, RankedPath, RankedPaths
from kg.records import Claim, Provenance
from kg.view import GraphView
from tests.builders import StatedRecords, graph

AGENT = [f"agent:Person DIRECTS shell{i}:Enterprise" for i in range(150)]
"""A director of 150 companies."""

ENDS_OF_A_SHORT_WAY = ["ann OWNS shell0", "shell1 OWNS flat"]


def paths(*lines: str, rank: str = "credible", most: int = 10, **limits: Any) -> list[tuple[str, ...]]:
    question = PathQuestion(limits.pop("start", "ann"), limits.pop("goal", "flat"), **limits)
    return [p.nodes for p in ranked_paths(graph(*lines), question, Ranking(rank, most, sample=0)).paths]


def best(*lines: str, view: GraphView | None = None, **limits: Any) -> RankedPath:
    return ranked_paths(view or graph(*lines), PathQuestion("ann", "flat", **limits), Ranking(sample=0)).paths[0]


def test_the_credible_way_is_found_where_the_shortest_runs_through_a_director_of_many() -> None:
    lines = [*AGENT, "ann OWNS a1", "a1 OWNS a2", "a2 OWNS a3", "a3 OWNS a4", "a4 OWNS flat", *ENDS_OF_A_SHORT_WAY]
    chain = ("ann", "a1", "a2", "a3", "a4", "flat")
    short = ("ann", "shell0", "agent", "shell1", "flat")
    assert paths(*lines, rank="shortest")[0] == short
    assert paths(*lines, rank="credible") == [chain, short]
    assert paths(*lines, rank="hub-free") == [chain]


def test_a_hub_is_named_with_what_it_costs() -> None:
    hub = ranked_paths(graph(*AGENT, *ENDS_OF_A_SHORT_WAY), PathQuestion("ann", "flat")).paths[0]
    assert [(t.about, t.why) for t in hub.terms if t.about == "agent"] == [("agent", "a hub with 150 links")]


def test_who_leads_nowhere_but_back_to_a_hub_is_not_looked_at() -> None:
    star = [f"hub:Enterprise OWNS c{i}:Enterprise" for i in range(500)]
    view = graph(*star, "ann OWNS hub", "hub OWNS flat", "ann OWNS acme:Enterprise", "acme OWNS hub")
    found = ranked_paths(view, PathQuestion("ann", "flat", max_depth=6), Ranking(sample=0))
    assert not found.cut and len(found.paths) == 2
    assert found.steps < 50


def test_terms_say_what_each_part_costs_and_add_up() -> None:
    first = "ann OWNS acme:Enterprise reliability=A credibility=2"
    path = best(first, "acme DIRECTS bolt:Enterprise end=2001", "bolt OWNS flat")
    assert [(t.about, t.why, round(t.cost, 4)) for t in path.terms] == [
        ("ann OWNS acme", "best source graded A", 0.0513),
        ("ann OWNS acme", "information graded 2", 0.1054),
        ("acme DIRECTS bolt", "no source is graded: reliability unknown", 0.5108),
        ("acme DIRECTS bolt", "no information is graded: credibility unknown", 0.2231),
        ("acme DIRECTS bolt", "control is weaker evidence than ownership", 0.1054),
        ("acme DIRECTS bolt", "not in force on the day", 0.3567),
        ("bolt OWNS flat", "no source is graded: reliability unknown", 0.5108),
        ("bolt OWNS flat", "no information is graded: credibility unknown", 0.2231),
    ]
    assert path.cost == pytest.approx(sum(t.cost for t in path.terms))
    assert path.weakest == 1


def test_information_is_weighed_apart_from_its_source_and_unknown_is_neither_sure_nor_low() -> None:
    ways = [f"ann OWNS a{i}:Enterprise reliability=A credibility={i}" for i in range(1, 6)]
    ways += ["ann OWNS a6:Enterprise reliability=A", *(f"a{i} OWNS flat" for i in range(1, 7))]
    assert [nodes[1] for nodes in paths(*ways, rank="credible")] == ["a1", "a2", "a6", "a3", "a4", "a5"]


def test_presence_and_address_fade_and_kinship_does_not() -> None:
    old = graph("ann HAS_ADDRESS road date=2004-01-01", "bob HAS_ADDRESS road", "ann FAMILY_OF bob start=1960")
    walked = PathQuestion("ann", "bob", exclude_traits=("citizenship",))
    kin, address = ranked_paths(old, walked, Ranking(sample=0)).paths
    assert [t.why for t in kin.terms] == [
        "no source is graded: reliability unknown",
        "no information is graded: credibility unknown",
        "kinship is weaker evidence than ownership",
    ]
    assert "last stated 20.0 years before" in [t.why for t in address.terms]


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (["ann OWNS acme:Enterprise", "acme OWNS flat"], "holding"),
        (["ann DIRECTS acme:Enterprise", "acme OWNS flat"], "holding"),
        (["ann FAMILY_OF bob", "bob OWNS flat"], "association"),
        (["ann OWNS acme:Enterprise", "bob OWNS acme", "bob OWNS flat"], "association"),
        (["ann OWNS a:BankAccount", "a PAID b:BankAccount", "acme:Enterprise OWNS b", "acme OWNS flat"], "money trace"),
        (
            [
                "ann OWNS a:BankAccount",
                "a PAID b:BankAccount",
                "c:BankAccount PAID b",
                "acme:Enterprise OWNS c",
                "acme OWNS flat",
            ],
            "association",
        ),
    ],
)
def test_a_path_says_what_it_is(lines: list[str], kind: str) -> None:
    path = best(*lines)
    assert (path.kind, path.supports_holding) == (kind, kind != "association")


def test_money_that_only_flows_towards_each_other_traces_nothing() -> None:
    lines = ["ann PAID cat", "bob PAID cat", "bob OWNS flat"]
    assert best(*lines).kind == "association"


@pytest.mark.parametrize(
    ("amounts", "kind"),
    [("-5 EUR", "association"), ("-5 EUR|5 EUR", "money trace"), ("plenty", "money trace"), ("", "money trace")],
)
def test_a_refund_traces_no_money(amounts: str, kind: str) -> None:
    stated = {"amount": amounts.split("|")} if amounts else {}
    paid = Claim("bank", "test", "k", "", "PAID", "2024-01-01", stated, {}, Provenance())
    view = graph("ann PAID acme:Enterprise", "acme OWNS flat")
    assert best(view=view.with_records(StatedRecords({"ann PAID acme": [paid]}))).kind == kind


@pytest.mark.parametrize(
    ("lines", "coherent"),
    [
        (["ann OWNS acme:Enterprise start=2001 end=2003", "acme OWNS flat start=2002 end=2009"], "yes"),
        (["ann OWNS acme:Enterprise start=2001 end=2003", "acme OWNS flat start=2004 end=2009"], "no"),
        (["ann OWNS acme:Enterprise start=2001 end=2003", "acme OWNS flat"], "maybe"),
        (["ann OWNS acme:Enterprise end=2001", "ann OWNS acme start=2005", "acme OWNS flat start=2006"], "yes"),
        (["ann PAID acme:Enterprise date=2001", "acme PAID flat:BankAccount date=2002"], "yes"),
        (["ann PAID acme:Enterprise date=2003", "acme PAID flat:BankAccount date=2002"], "no"),
        (["ann PAID acme:Enterprise date=2002-05", "acme PAID flat:BankAccount date=2002"], "yes"),
        (["acme:Enterprise PAID ann date=2003", "flat:BankAccount PAID acme date=2002"], "yes"),
        (["acme:Enterprise PAID ann date=2001", "flat:BankAccount PAID acme date=2002"], "no"),
        (["ann PAID acme:Enterprise date=2001", "flat:BankAccount PAID acme date=2002"], "no"),
        (["ann SETTLED trust date=2001", "trust OWNS flat start=2010"], "yes"),
    ],
)
def test_hops_hold_at_once_or_money_flows_on_in_time(lines: list[str], coherent: str) -> None:
    assert best(*lines).coherent == coherent
    found = ranked_paths(graph(*lines), PathQuestion("ann", "flat"), Ranking("coherent", sample=0))
    assert found.found is (coherent != "no")


def test_an_answer_as_of_a_day_walks_what_may_have_held_and_says_what_did() -> None:
    lines = ["ann OWNS acme:Enterprise start=2001 end=2003", "acme OWNS flat start=2003", "ann OWNS flat start=2010"]
    view = _with_claims(
        graph(*lines),
        {
            "ann OWNS acme": [_claim("a", start_date="2001", end_date="2003")],
            "acme OWNS flat": [_claim("a", start_date="2003")],
        },
    )
    path = best(view=view, as_of="2003-05-01")
    assert path.nodes == ("ann", "acme", "flat")
    assert [hop.links[0].holds for hop in path.hops] == ["maybe", "maybe"]
    assert not ranked_paths(view, PathQuestion("ann", "flat", as_of="2002-05-01")).found


def test_an_answer_counts_independent_origins_and_copies_once() -> None:
    wire = Provenance(origin="wire")
    claims = {
        "ann OWNS acme": [_claim("a", said=wire), _claim("b", said=wire), _claim("c")],
        "acme OWNS flat": [_claim("b", said=wire)],
    }
    path = best(view=_with_claims(graph("ann OWNS acme:Enterprise", "acme OWNS flat"), claims))
    assert ([hop.origins for hop in path.hops], path.origins) == ([2, 1], 2)


def test_contradicting_claims_are_told() -> None:
    claims = {"ann OWNS flat": [_claim("a", share="10"), _claim("b", share="90"), _claim("c", share="5..15")]}
    (doubt,) = best(view=_with_claims(graph("ann OWNS flat"), claims)).contradictions
    assert (doubt.about, doubt.property, doubt.values) == ("ann OWNS flat", "share", ("10", "5..15", "90"))


def test_parallel_links_are_all_on_the_hop() -> None:
    (hop,) = best("ann OWNS flat", "ann SIGNS_FOR flat").hops
    assert [link.id for link in hop.links] == ["ann OWNS flat", "ann SIGNS_FOR flat"]


def test_near_equal_rivals_are_named() -> None:
    answer = ranked_paths(
        graph(
            "ann OWNS a:Enterprise",
            "a OWNS flat",
            "ann OWNS b:Enterprise",
            "b OWNS flat",
            "ann FAMILY_OF bob",
            "bob FAMILY_OF eve",
            "eve OWNS flat",
        ),
        PathQuestion("ann", "flat"),
    )
    assert [p.rivals for p in answer.paths] == [(2,), (1,), ()]


def test_the_chance_of_being_as_near_is_told() -> None:
    lines = ["ann OWNS flat", "bob OWNS flat", "cat OWNS boat", "dan OWNS boat"]
    answer = ranked_paths(graph(*lines), PathQuestion("ann", "flat"))
    assert answer.chance == ChanceBaseline(people=3, reach=1, hops=1)


FILTERED = [
    "ann OWNS acme:Enterprise reliability=B",
    "acme OWNS flat",
    "ann FAMILY_OF bob",
    "bob OWNS flat",
    "ann SIGNS_FOR flat",
]


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ({}, {("ann", "flat"), ("ann", "acme", "flat"), ("ann", "bob", "flat")}),
        ({"exclude_types": ("SIGNS_FOR",)}, {("ann", "acme", "flat"), ("ann", "bob", "flat")}),
        ({"only_types": ("OWNS",)}, {("ann", "acme", "flat")}),
        ({"only_traits": ("kinship", "ownership")}, {("ann", "acme", "flat"), ("ann", "bob", "flat")}),
        ({"only_through": ("Person",)}, {("ann", "flat"), ("ann", "bob", "flat")}),
        ({"not_through": ("Person",)}, {("ann", "flat"), ("ann", "acme", "flat")}),
        ({"avoid": ("bob",)}, {("ann", "flat"), ("ann", "acme", "flat")}),
        ({"through": ("bob",)}, {("ann", "bob", "flat")}),
        ({"through": ("bob", "acme")}, set()),
        ({"min_reliability": "C"}, set()),
        ({"max_degree": 1}, {("ann", "flat")}),
        ({"max_depth": 1}, {("ann", "flat")}),
        ({"keep_direction": ("ownership",), "start": "flat", "goal": "ann"}, {("flat", "ann")}),
    ],
)
def test_filters_keep_links_and_nodes_in_or_out(limits: dict[str, Any], expected: set[tuple[str, ...]]) -> None:
    assert set(paths(*FILTERED, **limits)) == expected


def test_places_are_walked_only_when_asked() -> None:
    lines = ["ann HAS_ADDRESS road", "flat HAS_ADDRESS road"]
    assert paths(*lines) == []
    assert paths(*lines, exclude_traits=()) == [("ann", "road", "flat")]


def test_no_path_is_an_answer_that_says_what_was_searched() -> None:
    answer = ranked_paths(graph("ann OWNS boat", "bob OWNS flat"), PathQuestion("ann", "flat"))
    assert (answer.found, answer.paths, answer.cut, answer.more, answer.explored) == (False, (), "", False, 4)


def test_a_node_is_connected_to_itself_by_no_hop() -> None:
    answer = ranked_paths(graph("ann OWNS flat"), PathQuestion("ann", "ann"))
    assert [(p.nodes, p.cost, p.weakest) for p in answer.paths] == [(("ann",), 0, -1)]


@pytest.mark.parametrize(
    ("budget", "cut"),
    [(Budget(nodes=2), "nodes"), (Budget(steps=1), "steps"), (Budget(timed_out=lambda: True), "time")],
)
def test_a_spent_budget_is_said(budget: Budget, cut: str) -> None:
    lines = [f"ann OWNS m{i}:Enterprise" for i in range(300)] + [f"m{i}:Enterprise OWNS flat" for i in range(300)]
    answer = ranked_paths(graph(*lines), PathQuestion("ann", "flat"), Ranking(most=1000, sample=0), budget=budget)
    assert (answer.cut, answer.more) == (cut, True)


def test_the_chance_baseline_ends_with_the_time_and_the_paths_stay() -> None:
    view = graph("ann OWNS flat", *(f"p{i} FAMILY_OF ann" for i in range(200)))

    def asked(ticks: int) -> tuple[RankedPaths, int]:
        """The answer where time is up at the tick with that number, and how often it was looked."""
        clock = count()
        budget = Budget(timed_out=lambda: next(clock) >= ticks)
        answer = ranked_paths(view, PathQuestion("ann", "flat"), Ranking(sample=200), budget=budget)
        return answer, next(clock)

    whole, looks = asked(1_000)
    answer, _ = asked(looks - 1)
    assert whole.chance is not None and answer.chance is not None
    assert (whole.cut, whole.chance.people) == ("", 200)
    assert (answer.cut, answer.more, [p.nodes for p in answer.paths]) == ("time", False, [("ann", "flat")])
    assert 0 < answer.chance.people < 200


def test_a_list_that_is_full_says_that_there_is_more() -> None:
    answer: RankedPaths = ranked_paths(
        graph("ann FAMILY_OF bob", "bob OWNS flat", "ann OWNS flat"), PathQuestion("ann", "flat"), Ranking(most=1)
    )
    assert (len(answer.paths), answer.more, answer.cut) == (1, True, "")


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ({"as_of": "2014"}, "as_of '2014': expected a day"),
        ({"min_reliability": "G"}, "min_reliability 'G': expected one of A"),
        ({"only_types": ("HOLDS",)}, "only_types 'HOLDS': expected one of .*OWNS"),
        ({"max_degree": -1}, "max_degree -1: expected 0 or more"),
        ({"through": ("a", "b", "c", "d")}, "through 4: expected at most 3 nodes"),
        ({"avoid": ("ann",)}, "avoid 'ann': the path must pass it"),
    ],
)
def test_a_limit_that_makes_no_sense_is_refused(limits: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        paths("ann OWNS flat", **limits)


def test_a_ranking_or_weight_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(InputError, match="ranking 'best': expected one of credible"):
        Ranking("best")
    with pytest.raises(InputError, match="ranking 'credible': expected one of shortest"):
        Ranking(only_shortest=True)
    with pytest.raises(InputError, match="reliability"):
        PathWeights(reliability=(1.0,) * 6)


def test_a_node_to_pass_that_is_not_in_the_graph_is_not_found() -> None:
    with pytest.raises(NotFound, match="nobody"):
        paths("ann OWNS flat", through=("nobody",))


def _claim(source: str, said: Provenance | None = None, **properties: str) -> Claim:
    values = {name: [value] for name, value in properties.items()}
    return Claim(source, "test", "k", "", "OWNS", "2024-01-01", values, {}, said or Provenance())


def _with_claims(view: GraphView, claims: dict[str, list[Claim]]) -> GraphView:
    return view.with_records(StatedRecords(claims))
