"""Is what the people of a cluster own of its assets what `kg holdings` says of each of them?"""

from __future__ import annotations

from kg.analysis.clusters import COLUMNS, asset_clusters, cut_off_members
from kg.analysis.ownership import OwnershipQuestion, holdings_of
from kg.analysis.ownership.inside_cluster import HOLDER_ROLES, holdings_inside
from kg.findings import Cluster, Holding, Member, Share, Tie
from kg.view import GraphView
from tests.builders import graph

LINES = (
    "ann OWNS one:Enterprise share=50",
    "two:Enterprise OWNS one share=50",
    "bob OWNS two share=25..50",
    "one OWNS two share=50",
    "one OWNS yacht:Vessel",
    "ann FAMILY_OF bob",
    "kim OWNS flat:RealEstate interest=legal",
    "ann OWNS flat interest=beneficial",
    "eve OWNS yacht share=10",
)


def cluster(view: GraphView, **roles: str) -> Cluster:
    """Everybody in one cluster; who has no role is what its kind says."""
    kinds = {"one": "enterprise", "two": "enterprise", "yacht": "asset", "flat": "asset"}
    ids = [view.id(n) for n in range(len(view.ids))]
    members = tuple(Member(i, view.type(view.index(i)), {**kinds, **roles}.get(i, "counterparty"), ()) for i in ids)
    return Cluster("c1", "Cluster 1", members, (), (), ())


def shares(found: tuple[Holding, ...]) -> dict[tuple[str, str], tuple[Share, Share]]:
    return {(h.holder, h.held): (h.beneficial, h.legal) for h in found}


def test_the_shares_are_those_of_the_question_about_one_holder() -> None:
    view = graph(*LINES, sought=["ann"])
    found = holdings_inside(view, [cluster(view, ann="sought", bob="relative", kim="nominee")])["c1"]
    expected = {}
    for holder in ("ann", "bob", "kim"):
        for h in holdings_of(view, OwnershipQuestion(holder)).holdings:
            if h.held in ("yacht", "flat"):
                expected[holder, h.held] = (h.beneficial, h.legal)
    assert shares(found) == expected
    assert shares(found)["kim", "flat"] == (Share(0, 0), Share(0, 100))
    assert ("ann", "yacht") in expected and ("bob", "yacht") in expected
    assert [[s.held for s in h.chains[0].steps] for h in found if h.holder == "bob"] == [["two", "one", "yacht"]]


def test_only_people_sought_their_kin_and_nominees_are_told_and_only_where_somebody_is_sought() -> None:
    view = graph(*LINES, sought=["ann"])
    assert {h.holder for h in holdings_inside(view, [cluster(view, ann="sought")])["c1"]} == {"ann"}
    assert holdings_inside(view, [cluster(view, bob="relative")]) == {}


def test_an_enterprise_is_told_as_an_asset_where_it_holds_nothing_further() -> None:
    view = graph("ann OWNS one:Enterprise share=40", "one OWNS two:Enterprise share=50", sought=["ann"])
    assert shares(holdings_inside(view, [cluster(view, ann="sought")])["c1"]) == {("ann", "two"): (Share(20, 20),) * 2}


def test_a_party_of_unsaid_kind_that_somebody_owns_is_asked_about_as_if_nobody_did() -> None:
    view = graph("eve OWNS ann:Enterprise share=50", "ann OWNS flat:RealEstate share=40")
    found = holdings_inside(view, [cluster(view, ann="sought")])["c1"]
    assert shares(found) == {("ann", "flat"): (Share(40, 40), Share(40, 40))}


def test_found_clusters_have_it_too() -> None:
    view = graph(*LINES, sought=["ann"])
    found = asset_clusters(view).clusters
    told = holdings_inside(view, found)
    assert {h.holder for some in told.values() for h in some} >= {"ann"}
    roles = {m.id: m.role for c in found for m in c.members}
    assert all(roles[h.holder] in HOLDER_ROLES for some in told.values() for h in some)
    assert set(COLUMNS) >= {"share", "dates", "interest"}


def test_without_the_only_tie_the_side_without_people_sought_falls_off() -> None:
    members = tuple(Member(i, "Person", "sought" if i == "ann" else "counterparty", ()) for i in ("ann", "bob", "eve"))
    ties = (
        Tie("k1", "FAMILY_OF", "ann", "bob", 0.6),
        Tie("k2", "OWNS", "bob", "eve", 1.0),
        Tie("k3", "DIRECTS", "bob", "eve", 0.5),
    )
    assert cut_off_members(Cluster("c", "Cluster 1", members, ties, (), ("k1",))) == {"k1": ("bob", "eve")}
