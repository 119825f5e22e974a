"""Does a link weigh what it says?"""

from __future__ import annotations

import pytest

from kg.analysis.clusters import ClusterParameters
from kg.analysis.clusters.network.holding_network import holding_network
from tests.builders import graph

PLAIN = ClusterParameters(reliability_factors=(1.0,) * 6, half_life=1e9)


def weight(line: str, parameters: ClusterParameters = PLAIN) -> float:
    """Of the only link."""
    return float(holding_network(graph(line), parameters).weight[0])


@pytest.mark.parametrize(
    ("says", "expected"),
    [
        ("share=100", 1.0),
        ("share=50", 0.55),
        ("share=25..75", 0.55),
        ("", 0.55),
        ("share=0..100", 0.55),
        ("share=0", 0.1),
        ("share=100 interest=legal", 0.5),
        ("share=100 interest=beneficial", 1.0),
        ("share=100 end=2023", 0.3),
        ("share=100 end=2024", 1.0),
        ("share=100 start=2001-05 end=2030", 1.0),
    ],
)
def test_a_holding_weighs_what_it_says(says: str, expected: float) -> None:
    assert weight(f"ann OWNS flat {says}") == pytest.approx(expected)


def test_a_holding_that_begins_after_the_day_is_none_yet() -> None:
    assert len(holding_network(graph("ann OWNS flat share=100 start=2025"), PLAIN).weight) == 0


@pytest.mark.parametrize(
    ("line", "expected"),
    [("ann DIRECTS acme", 0.6), ("ann FAMILY_OF bob", 0.6)],
)
def test_each_trait_has_its_weight(line: str, expected: float) -> None:
    assert weight(line) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("ann DIRECTS acme end=2024-01-01", 1.0),
        ("ann DIRECTS acme end=2009-01-01", 0.3 / 2),
        ("ann DIRECTS acme end=1994-01-02", 0.3 / 4),
        ("ann DIRECTS acme start=1950", 1.0),
        ("ann DIRECTS acme", 1.0),
    ],
)
def test_a_link_that_is_over_fades(line: str, left: float) -> None:
    fading = ClusterParameters(reliability_factors=(1.0,) * 6, half_life=15)
    assert weight(line, fading) == pytest.approx(0.6 * left, rel=1e-3)


def test_payments_weigh_more_when_they_repeat_and_less_when_they_are_old() -> None:
    def pull(*lines: str) -> float:
        return float(holding_network(graph(*lines), ClusterParameters()).pair_weight[0])

    once, twice = pull("ann PAID bob date=2024-01-01"), pull("ann PAID bob date=2024-01-01", "bob PAID ann")
    assert once == pytest.approx(0.2 * 0.75 / 2)
    assert twice == pytest.approx(0.2 * 0.75 * 2 / 3)
    assert pull("ann PAID bob date=2009-01-01") == pytest.approx(once / 2, rel=1e-3)


def test_whom_somebody_pays_is_no_measure_of_what_they_own() -> None:
    view = graph("ann OWNS acme share=100", *[f"ann PAID shop{i}" for i in range(100)])
    network = holding_network(view, PLAIN)
    assert network.weight.max() == pytest.approx(1.0)
    assert network.weight.min() == pytest.approx(0.2 / 2 * 20 / 100)


def test_an_unknown_reliability_is_not_a_low_one() -> None:
    grades = {grade: weight(f"ann DIRECTS acme reliability={grade}", ClusterParameters()) for grade in "ABCDEF"}
    assert grades["A"] > grades["B"] > grades["C"] == grades["F"] > grades["D"] > grades["E"] > 0


def test_a_hub_spreads_one_amount_over_all_its_links() -> None:
    def pull(companies: int) -> float:
        lines = [f"hub DIRECTS co{i}" for i in range(companies)]
        return float(holding_network(graph(*lines), PLAIN).weight.sum())

    assert pull(20) == pytest.approx(20 * 0.6)
    assert pull(40) == pull(300) == pytest.approx(20 * 0.6)


def test_links_of_one_type_between_two_nodes_count_once_and_types_add_up() -> None:
    view = graph("ann OWNS acme share=100", "ann OWNS acme share=50", "acme OWNS ann:Enterprise", "ann DIRECTS acme")
    network = holding_network(view, PLAIN)
    assert (len(network.links), network.pair_weight.tolist()) == (4, pytest.approx([1.6]))
    assert network.degree.tolist() == [1, 1]


def test_a_link_from_a_node_to_itself_joins_no_pair() -> None:
    network = holding_network(graph("acme OWNS acme", "ann OWNS acme"), PLAIN)
    assert (network.pair.tolist(), network.degree.tolist()) == ([-1, 0], [1, 1])


def test_papers_places_and_possible_identity_do_not_count() -> None:
    view = graph("ann HAS_DOCUMENT paper", "ann POSSIBLY_SAME_AS anna", "ann HAS_ADDRESS road")
    assert len(holding_network(view, PLAIN).links) == 0


def test_unnamed_counterparties_hold_nobody_together() -> None:
    view = graph("acc:BankAccount PAID fee:Counterparty", "acc PAID ann:Person")
    network = holding_network(view, ClusterParameters())
    assert [view.link_id(link) for link in network.links] == ["acc PAID ann"]
