"""Does an explanation say where a cluster reaches, and what it is worth?"""

from __future__ import annotations

from kg.analysis.clusters import ClusterParameters, asset_clusters, cluster_context, explain
from kg.findings import BoundaryMember, ClusterExplanation, JurisdictionCount, ValuationTotal
from kg.records import Node, UnreadValue
from kg.view import GraphView
from tests.builders import StatedRecords, graph


def explained(view: GraphView, parameters: ClusterParameters, number: int = 0) -> ClusterExplanation:
    found = asset_clusters(view, parameters)
    (one,) = explain(view, found, [found.clusters[number]], cluster_context(view, found, parameters))
    return one


def test_members_stand_in_their_groups_with_places_agencies_and_measures() -> None:
    view = graph(
        "ann OWNS acme",
        "acme OWNS flat:RealEstate",
        "ann SETTLED trust",
        "ann CITIZEN_OF cn",
        "acme REGISTERED_IN vg",
        "flat LOCATED_IN ca",
        "ann HAS_ADDRESS road",
        "road LOCATED_IN ca",
        "ann SOUGHT_UNDER w:Warrant",
        "w ISSUED_BY court:Agency",
        "freeze:Measure TARGETS flat",
        "freeze ORDERED_BY other:Agency",
        "ann PARTY_TO case",
        sought=["ann"],
    )
    found = explained(view, ClusterParameters())
    assert (found.people, found.enterprises, found.arrangements, found.assets) == (
        ("ann",),
        ("acme",),
        ("trust",),
        ("flat",),
    )
    assert found.jurisdictions == (
        JurisdictionCount("ca", 1, 0, 0, 1),
        JurisdictionCount("cn", 1, 0, 0, 0),
        JurisdictionCount("vg", 0, 1, 0, 0),
    )
    assert (found.agencies, found.measures) == (("court", "other"), ("case", "freeze"))


def test_members_that_are_tied_to_other_clusters_are_passages() -> None:
    lines = [f"{x}-boss OWNS {x}-co{i} share=100" for x in "ab" for i in range(3)]
    lines += [f"{x}-co{i} DIRECTS {x}-co{i + 1}" for x in "ab" for i in range(2)]
    view, apart = graph(*lines, "a-boss FAMILY_OF b-boss"), ClusterParameters(resolution=0.2)
    found = asset_clusters(view, apart)
    (one,) = explain(view, found, [found.clusters[0]], cluster_context(view, found, apart))
    assert one.passages == (BoundaryMember("a-boss", (found.clusters[1].id,), ("a-boss FAMILY_OF b-boss",), 0.45),)


def test_values_that_were_not_understood_are_told_beside_the_total() -> None:
    unread = (UnreadValue("valuation", "valuation", "a fortune", "register"), UnreadValue("x", "", "y", "register"))
    flat = Node("flat", "RealEstate", "Flat", {}, {}, (), not_understood=unread)
    view = graph("ann OWNS flat:RealEstate").with_records(StatedRecords(nodes_by_id={"flat": flat}))
    found = explained(view, ClusterParameters())
    assert found.not_counted == ("register says valuation “a fortune” of Flat, which was not understood",)


def test_the_newest_valuations_are_added_up_within_one_kind_and_currency() -> None:
    assets = ("flat:RealEstate", "van:Vehicle", "safe:Cash")
    values: dict[str, dict[str, list[str]]] = {
        "flat": {"valuation": ["market 2010 100 USD", "market 2014 120..150 USD", "purchase 2001 80 USD"]},
        "van": {"valuation": ["market 2014 10 USD"]},
        "acme": {"valuation": ["market 2014 7 EUR"]},
        "safe": {"amount": ["250000 USD"], "found_on": ["2013-02-05"]},
    }

    view = graph("ann OWNS acme", *(f"acme OWNS {asset}" for asset in assets))
    nodes = {
        name: Node(name, view.type(view.index(name)), name, {k: tuple(v) for k, v in stated.items()}, {}, ())
        for name, stated in values.items()
    }
    view = view.with_records(StatedRecords(nodes_by_id=nodes))
    assert explained(view, ClusterParameters()).worth == (
        ValuationTotal("EUR", "market", "", "enterprises", "7", "7", 1),
        ValuationTotal("USD", "amount", "", "assets", "250000", "250000", 1),
        ValuationTotal("USD", "market", "", "assets", "130", "160", 2),
        ValuationTotal("USD", "purchase", "", "assets", "80", "80", 1),
    )
