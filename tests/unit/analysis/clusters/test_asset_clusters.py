"""Are the assets put together that are held together?"""

from __future__ import annotations

from dataclasses import replace

import pytest

from kg.analysis.clusters import COLUMNS, ClusterParameters, asset_clusters
from kg.errors import InputError
from kg.findings import Cluster, Clusters, Member, Score, ScoreTerm, Tie
from kg.records import GraphVersion, derived_id
from tests.builders import graph


def members(found: Clusters) -> list[list[str]]:
    """The member ids of each cluster, sorted."""
    return [sorted(m.id for m in cluster.members) for cluster in found.clusters]


def network(*letters: str, companies: int = 3) -> list[str]:
    """Lines of networks that have nothing to do with each other: a boss, a spouse, companies and a flat for each."""
    lines = []
    for x in letters:
        lines += [f"{x}-boss FAMILY_OF {x}-wife", f"{x}-wife DIRECTS {x}-co0"]
        lines += [f"{x}-boss OWNS {x}-co{i} share=100" for i in range(companies)]
        lines += [f"{x}-co{i} OWNS {x}-flat{i}" for i in range(companies)]
    return lines


def test_a_cluster_is_written_down_whole() -> None:
    view = graph(
        "ann SOUGHT_UNDER w:Warrant",
        "ann FAMILY_OF bob",
        "ann OWNS acme share=50",
        "acme OWNS yacht:Vessel share=100 reliability=A",
        sought=["ann"],
    )
    found = asset_clusters(view)
    assert replace(found, indicators=()) == Clusters(
        version=GraphVersion("test", 1),
        as_of="2024-01-01",
        parameters=ClusterParameters().to_json(),
        nodes_considered=4,
        links_considered=3,
        modularity=0.0,
        clusters=(
            Cluster(
                id=derived_id("cluster", "ann"),
                name="Cluster 1",
                members=(
                    Member("ann", "Person", "sought", ("ann SOUGHT_UNDER w",)),
                    Member("bob", "Person", "relative", ("ann FAMILY_OF bob",)),
                    Member("acme", "Enterprise", "enterprise", ("acme OWNS yacht", "ann OWNS acme")),
                    Member("yacht", "Vessel", "asset", ("acme OWNS yacht",)),
                ),
                ties=(
                    Tie("acme OWNS yacht", "OWNS", "acme", "yacht", 1.0),
                    Tie("ann FAMILY_OF bob", "FAMILY_OF", "ann", "bob", 0.45),
                    Tie("ann OWNS acme", "OWNS", "ann", "acme", 0.4125),
                ),
                circular=(),
                bridges=("acme OWNS yacht", "ann FAMILY_OF bob", "ann OWNS acme"),
                score=Score(
                    44.04,
                    (
                        ScoreTerm("sought", 0.5, 20.0),
                        ScoreTerm("assets", 0.2857, 5.71),
                        ScoreTerm("signs", 0.0, 0.0),
                        ScoreTerm("evidence", 0.8333, 8.33),
                        ScoreTerm("cohesion", 1.0, 10.0),
                    ),
                ),
            ),
        ),
    )


@pytest.mark.parametrize("link", ["OWNS", "BENEFITS_FROM", "SIGNS_FOR", "MANAGES"])
def test_holding_and_control_hold_an_asset(link: str) -> None:
    assert members(asset_clusters(graph(f"ann {link} account:BankAccount"))) == [["account", "ann"]]


def test_a_trust_holds_its_people_and_its_assets_together() -> None:
    view = graph("ann SETTLED trust", "bob TRUSTEE_OF trust", "trust OWNS flat", "kid BENEFITS_FROM trust")
    assert members(asset_clusters(view)) == [["ann", "bob", "flat", "kid", "trust"]]


@pytest.mark.parametrize(
    "shared",
    ["HAS_ADDRESS road:Address", "LOCATED_IN x:Jurisdiction", "CITIZEN_OF x", "PARTY_TO case"],
)
def test_places_and_proceedings_hold_nothing_together(shared: str) -> None:
    view = graph("ann OWNS flat", "bob OWNS boat", f"ann {shared}", f"bob {shared}")
    assert members(asset_clusters(view)) == [["ann", "flat"], ["boat", "bob"]]


def test_payments_alone_draw_nobody_in() -> None:
    view = graph("ann OWNS flat", "bob OWNS boat", *["ann PAID bob"] * 9)
    assert members(asset_clusters(view)) == [["ann", "flat"], ["boat", "bob"]]


def test_payments_bring_closer_what_is_tied_anyhow() -> None:
    lines = [*network("a", "b", companies=4), "a-co0 DIRECTS b-co0"]
    apart = ClusterParameters(resolution=0.06)
    assert len(members(asset_clusters(graph(*lines), apart))) == 2
    paid = [f"{x}-boss PAID {y}-co{i}" for x, y in ("ab", "ba") for i in range(4)] * 3
    assert len(members(asset_clusters(graph(*lines, *paid), apart))) == 1


def test_an_account_stays_with_its_owner_whomever_it_pays() -> None:
    lines = ["ann OWNS account:BankAccount", *[f"account PAID shop{i}:Enterprise" for i in range(30)]]
    assert members(asset_clusters(graph(*lines))) == [["account", "ann"]]


def test_those_who_share_a_paper_belong_together() -> None:
    view = graph("ann OWNS flat", "ann HAS_DOCUMENT paper", "bob OWNS boat", "bob HAS_DOCUMENT paper")
    (cluster,) = asset_clusters(view).clusters
    assert [m.id for m in cluster.members] == ["ann", "bob", "boat", "flat"]
    shared = "bob HAS_DOCUMENT paper", "ann HAS_DOCUMENT paper"
    assert cluster.ties[-1] == Tie(shared[0], "HAS_DOCUMENT", "bob", "ann", 0.225, via=shared[1])


def test_papers_with_one_number_are_one_paper() -> None:
    lines = ["ann OWNS flat", "ann HAS_DOCUMENT p:IdentityDocument", "bob HAS_DOCUMENT q:IdentityDocument"]
    assert members(asset_clusters(graph(*lines))) == [["ann", "flat"]]
    assert members(asset_clusters(graph(*lines, "p POSSIBLY_SAME_AS q"))) == [["ann", "bob", "flat"]]


def test_a_paper_that_a_crowd_shares_says_nothing() -> None:
    lines = [f"n{i} OWNS flat{i}" for i in range(30)] + [f"n{i} HAS_DOCUMENT form" for i in range(30)]
    assert len(members(asset_clusters(graph(*lines)))) == 30


def test_a_namesake_is_not_drawn_into_a_cluster() -> None:
    view = graph("ann OWNS flat", "anna OWNS boat", "ann POSSIBLY_SAME_AS anna", "ann POSSIBLY_SAME_AS ana")
    assert members(asset_clusters(view)) == [["ann", "flat"], ["anna", "boat"]]


def test_an_enterprise_counts_as_an_asset_only_if_a_member_holds_it() -> None:
    assert asset_clusters(graph("ann DIRECTS acme")).clusters == ()
    assert members(asset_clusters(graph("ann OWNS acme"))) == [["acme", "ann"]]


def test_an_asset_alone_and_people_alone_are_no_cluster() -> None:
    view = graph("flat:RealEstate POSSIBLY_SAME_AS home:RealEstate", "barn:RealEstate", "ann FAMILY_OF bob")
    assert asset_clusters(view).clusters == ()


def test_an_empty_graph_has_no_clusters() -> None:
    found = asset_clusters(graph())
    assert (found.clusters, found.modularity, found.nodes_considered) == ((), 0.0, 0)


def test_a_director_of_300_companies_does_not_glue_two_networks_together() -> None:
    lines = network("a", "b") + [f"hub DIRECTS {x}-co{i}" for x in "ab" for i in range(3)]
    lines += [f"hub DIRECTS shell{i}" for i in range(294)]
    assert len(members(asset_clusters(graph(*lines)))) == 2


def test_a_nominee_shareholder_of_300_companies_does_not_glue_two_networks_together() -> None:
    lines = network("a", "b") + [f"hub OWNS {x}-co{i} interest=legal" for x in "ab" for i in range(3)]
    lines += [f"hub OWNS shell{i} interest=legal" for i in range(294)]
    found = [set(cluster) for cluster in members(asset_clusters(graph(*lines)))]
    assert not any({"a-boss", "b-boss"} <= cluster for cluster in found)


def test_a_registered_agents_address_does_not_glue_networks_together() -> None:
    letters = [f"n{i}" for i in range(150)]
    lines = network(*letters, companies=1) + [f"{x}-co0 HAS_ADDRESS agent" for x in letters]
    assert len(members(asset_clusters(graph(*lines)))) == 150


def test_a_director_of_few_companies_holds_networks_together() -> None:
    lines = [*network("a", "b", companies=1), "bob DIRECTS a-co0", "bob DIRECTS b-co0"]
    assert len(members(asset_clusters(graph(*lines)))) == 1


def test_what_has_a_single_owner_stays_with_it_however_much_there_is() -> None:
    lines = [f"ann OWNS co{i}" for i in range(300)] + [f"co{i} OWNS flat{i}" for i in range(300)]
    assert [len(cluster) for cluster in members(asset_clusters(graph(*lines)))] == [601]


def test_two_that_own_each_other_and_nothing_else_stay_together() -> None:
    assert members(asset_clusters(graph("a OWNS b", "b OWNS a"))) == [["a", "b"]]


def test_a_chain_of_holdings_is_not_cut_for_its_length() -> None:
    lines = [f"co{i:02} OWNS co{i + 1:02}" for i in range(80)]
    assert [len(cluster) for cluster in members(asset_clusters(graph("ann OWNS co00", *lines)))] == [82]


def test_a_link_that_ended_weighs_less_and_is_kept() -> None:
    view = graph("ann OWNS flat", "bob OWNS flat end=2010")
    (cluster,) = asset_clusters(view).clusters
    assert [(tie.id, tie.weight) for tie in cluster.ties] == [("ann OWNS flat", 0.4125), ("bob OWNS flat", 0.06786)]


def test_clusters_come_by_score_then_smallest_id() -> None:
    lines = ["dan OWNS d1", "cat OWNS c1", "bob OWNS b1", "bob OWNS b2", "ann OWNS a1", "zoe OWNS z1"]
    found = asset_clusters(graph(*lines, sought=["zoe"]))
    assert [(c.name, c.members[0].id) for c in found.clusters] == [
        ("Cluster 1", "zoe"),
        ("Cluster 2", "bob"),
        ("Cluster 3", "ann"),
        ("Cluster 4", "cat"),
        ("Cluster 5", "dan"),
    ]


def test_what_each_holder_gave_up_counts_nothing_in_the_score() -> None:
    lines = ["ann OWNS flat", "bob OWNS boat", "bob OWNS house end=2019", "bob OWNS car end=2019", "kin OWNS car"]
    scores = {c.members[0].id: c.score for c in asset_clusters(graph(*lines)).clusters}
    terms = {first: next(t.part for t in score.terms if t.name == "assets") for first, score in scores.items() if score}
    assert terms == {"ann": round(1 / 6, 4), "bob": round(2 / 7, 4)}


def test_only_clusters_with_sought_people_are_kept_when_asked() -> None:
    view = graph("ann OWNS flat", "bob OWNS boat", sought=["bob"])
    assert members(asset_clusters(view, ClusterParameters(only_sought=True))) == [["boat", "bob"]]


def test_small_clusters_are_left_out_when_asked() -> None:
    view = graph("ann OWNS flat", "bob OWNS boat", "bob OWNS barn")
    assert members(asset_clusters(view, ClusterParameters(minimum_members=3))) == [["barn", "boat", "bob"]]


def test_a_cluster_keeps_its_id_when_it_grows() -> None:
    one = asset_clusters(graph("ann OWNS flat", "bob DIRECTS m", "m OWNS van", sought=["ann"])).clusters
    more = asset_clusters(
        graph("ann OWNS flat", "ann OWNS acre", "bob DIRECTS m", "m OWNS van", "m OWNS wagon", sought=["ann"])
    ).clusters
    assert {c.id for c in one} == {c.id for c in more} == {derived_id("cluster", name) for name in ("ann", "van")}


def test_a_higher_resolution_gives_smaller_clusters() -> None:
    lines = [*network("a", "b"), "a-boss FAMILY_OF b-boss"]
    assert len(members(asset_clusters(graph(*lines), ClusterParameters(resolution=0.001)))) == 1
    assert len(members(asset_clusters(graph(*lines), ClusterParameters(resolution=0.05)))) == 2


def test_circular_holdings_and_bridges_are_found() -> None:
    view = graph("a OWNS b", "b OWNS c", "c OWNS a", "d OWNS d", "c OWNS d", "c DIRECTS d", "ann OWNS a")
    (cluster,) = asset_clusters(view).clusters
    assert (cluster.circular, cluster.circular_cut) == ((("a", "b", "c"), ("d",)), False)
    assert cluster.bridges == ("ann OWNS a",)


def test_a_circle_that_is_broken_by_now_is_none() -> None:
    (cluster,) = asset_clusters(graph("a OWNS b", "b OWNS a end=2001")).clusters
    assert cluster.circular == ()


def test_circular_holdings_beyond_the_limit_are_said_to_be_missing() -> None:
    lines = [f"c{i} OWNS c{j}" for i in range(5) for j in range(5) if i != j]
    (cluster,) = asset_clusters(graph(*lines), ClusterParameters(circular_limit=7)).clusters
    assert (len(cluster.circular), cluster.circular_cut) == (7, True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"seed": 0},
        {"resolution": 0.0},
        {"half_life": 0.0},
        {"reliability_factors": (1.0,)},
        {"trait_weights": ()},
        {"minimum_members": 0},
    ],
)
def test_a_parameter_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InputError, match=f"{next(iter(wrong))}|factors"):
        ClusterParameters(**wrong)  # type: ignore[arg-type]  # on purpose: values of every type


@pytest.mark.parametrize("column", COLUMNS)
def test_a_view_without_a_needed_column_is_refused(column: str) -> None:
    view = graph("ann OWNS flat")
    poorer = replace(view, columns={k: v for k, v in view.columns.items() if k != column})
    with pytest.raises(InputError, match=column):
        asset_clusters(poorer)
