"""Is each warning sign seen where it is, and nowhere else?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from kg.analysis.clusters import asset_clusters, load_indicators
from kg.analysis.clusters.clustered_graph import IndicatorMeaning
from kg.analysis.clusters.indicators.shared_address import hypergeometric_tail
from kg.findings import Clusters, Indicator, RedFlag
from kg.records import NO_PROVENANCE, Claim
from kg.view import GraphView
from tests.builders import StatedRecords, graph

MOVED = [
    "ann OWNS flat start=2001-01-01 end=2005-03-01",
    "kid OWNS flat start=2005-03-02",
    "ann FAMILY_OF kid",
    "ann SOUGHT_UNDER warrant:Warrant",
    "ann ACCUSED_OF fraud",
]


def signs(found: Clusters, indicator: str) -> list[RedFlag]:
    return [s for cluster in found.clusters for s in cluster.signs if s.indicator == indicator]


def rate(found: Clusters, indicator: str) -> Indicator:
    return next(i for i in found.indicators if i.name == indicator)


def said(view: GraphView, **properties: Mapping[str, Sequence[str]]) -> GraphView:
    """The view with one claim for each of some nodes or links; `_` stands for a space in a link's id."""

    named = {name.replace("__", " "): of for name, of in properties.items()}
    claims = {i: [Claim("desk", "desk", i, "", "", "2024-01-01", of, {}, NO_PROVENANCE)] for i, of in named.items()}
    return view.with_records(StatedRecords(claims))


@pytest.mark.parametrize("name", load_indicators())
def test_every_indicator_says_what_it_means_and_what_it_need_not_mean(name: str) -> None:
    meaning = load_indicators()[name].MEANING
    assert isinstance(meaning, IndicatorMeaning)
    assert meaning.title and meaning.asks and meaning.basis
    assert len(meaning.innocent) >= 3


def test_the_indicators_are_the_modules() -> None:
    assert list(load_indicators()) == [
        "circular_holding",
        "contradictory_shares",
        "moved_away",
        "shared_address",
        "shell_layers",
    ]


def test_a_circular_holding_is_a_sign_with_its_links() -> None:
    found = asset_clusters(graph("a OWNS b", "b OWNS a", "ann OWNS a", "bob OWNS c", "c OWNS d:Enterprise"))
    because = ("a OWNS b", "b OWNS a")
    assert signs(found, "circular_holding") == [RedFlag("circular_holding", ("a", "b"), because, "2 in a circle")]
    measured = rate(found, "circular_holding")
    assert (measured.clusters, measured.of, measured.without_sought, measured.of_without_sought) == (1, 2, 1, 2)


def test_the_base_rate_is_that_of_clusters_in_which_nobody_is_sought() -> None:
    found = asset_clusters(
        graph("a OWNS b", "b OWNS a", "ann OWNS a", "c:Enterprise OWNS d:Enterprise", sought=["ann"])
    )
    measured = rate(found, "circular_holding")
    assert (measured.clusters, measured.of, measured.without_sought, measured.of_without_sought) == (1, 2, 0, 1)


def test_a_title_that_went_to_kin_after_the_warrant_is_a_sign() -> None:
    view = said(
        graph(*MOVED, sought=["ann"]), warrant={"issued_on": ["2004-12-01"]}, fraud={"committed_from": ["1999"]}
    )
    found = asset_clusters(view)
    (sign,) = signs(found, "moved_away")
    assert sign.about == ("flat", "ann", "kid")
    assert sign.says == "to kin on 2005-03-02, 91 days after the notice, and after the offence"
    assert sign.because == (
        "ann OWNS flat",
        "kid OWNS flat",
        "ann FAMILY_OF kid",
        "ann SOUGHT_UNDER warrant",
    )


@pytest.mark.parametrize(
    ("offence", "told"),
    [
        (
            {"committed_from": ["1999-01-01"], "committed_to": ["2005-03-01"]},
            "1 days after the end of the offence in 2005-03-01",
        ),
        (
            {"committed_from": ["1999"], "committed_to": ["2004"]},
            "at least 61 days after the end of the offence in 2004",
        ),
        ({"committed_from": ["1999"], "committed_to": ["2012-12"]}, "during the offence, which is stated to 2012-12"),
        ({"committed_from": ["2004"]}, "at least 61 days after the offence"),
    ],
)
def test_days_count_from_the_end_of_an_offence_and_a_partial_date_is_no_day(
    offence: dict[str, list[str]], told: str
) -> None:
    (sign,) = signs(asset_clusters(said(graph(*MOVED), fraud=offence)), "moved_away")
    assert sign.says == f"to kin on 2005-03-02, {told}"


def test_a_title_that_went_before_anything_happened_is_no_sign() -> None:
    view = said(graph(*MOVED, sought=["ann"]), warrant={"issued_on": ["2006"]}, fraud={"committed_from": ["2005-03"]})
    found = asset_clusters(view)
    assert signs(found, "moved_away") == []
    assert rate(found, "moved_away").of == 1


def test_a_title_that_begins_after_the_day_has_not_moved_yet() -> None:
    facts = {"warrant": {"issued_on": ["2002"]}}
    days = ("2005-03-01", "2005-03-02")
    told = [signs(asset_clusters(said(graph(*MOVED, as_of=day), **facts)), "moved_away") for day in days]
    assert [len(some) for some in told] == [0, 1]


def test_a_title_that_went_to_a_stranger_is_no_sign() -> None:
    lines = [line for line in MOVED if "FAMILY_OF" not in line]
    view = said(graph(*lines, sought=["ann"]), warrant={"issued_on": ["2004"]})
    assert signs(asset_clusters(view), "moved_away") == []


def test_whoever_was_cleared_moved_nothing_away_from_that_accusation() -> None:
    facts = {"fraud": {"committed_from": ["1999"]}, "ann__ACCUSED_OF__fraud": {"stage": ["charged", "cleared"]}}
    assert signs(asset_clusters(said(graph(*MOVED), **facts)), "moved_away") == []


def test_a_day_abroad_is_a_flight() -> None:
    (sign,) = signs(asset_clusters(graph(*MOVED, "ann PRESENT_IN x start=2005-01-01")), "moved_away")
    assert sign.says == "to kin on 2005-03-02, 60 days after the first day abroad on record"


def test_owners_with_more_than_everything_contradict_each_other() -> None:
    lines = ["ann OWNS acme share=60", "bob OWNS acme share=60", "cat OWNS acme share=60 end=2001"]
    (sign,) = signs(asset_clusters(graph(*lines)), "contradictory_shares")
    assert (sign.about, sign.says) == (("acme", "ann", "bob"), "2 owners with at least 120 % together")


@pytest.mark.parametrize(
    "lines",
    [
        ["ann OWNS acme share=60", "bob OWNS acme share=40"],
        ["ann OWNS acme share=50..100", "bob OWNS acme share=25..50"],
        ["ann OWNS acme share=100 interest=legal", "bob OWNS acme share=100 interest=beneficial"],
    ],
)
def test_shares_that_may_all_be_true_are_no_sign(lines: list[str]) -> None:
    found = asset_clusters(graph(*lines))
    assert signs(found, "contradictory_shares") == []


def test_one_holding_stated_twice_with_different_shares_is_a_sign() -> None:
    view = graph("ann OWNS acme share=20", "ann OWNS acme share=30..40")
    claims = {
        name: [Claim(source, "desk", name, "", "", "2024-01-01", {"share": [share]}, {}, NO_PROVENANCE)]
        for name, source, share in (("ann OWNS acme", "press", "20"), ("ann OWNS acme #2", "register", "30..40"))
    }
    (sign,) = signs(asset_clusters(view.with_records(StatedRecords(claims))), "contradictory_shares")
    assert sign.says == "share stated as 20 % (press) and as 30 to 40 % (register)"


def test_two_holdings_of_one_source_are_no_sign_unless_they_are_more_than_everything() -> None:
    fitting, later, (sign,) = (
        signs(
            asset_clusters(graph("ann OWNS acme share=20 start=2010", f"ann OWNS acme share={more}")),
            "contradictory_shares",
        )
        for more in ("30 start=2010", "90 start=2011", "90 start=2010")
    )
    assert (list(fitting), list(later), sign.says) == ([], [], "1 owner with at least 110 %")


def test_an_interest_that_nobody_states_is_no_sign_beside_one_that_is_stated() -> None:
    lines = ["nina OWNS acme share=100", "boss OWNS acme share=60 interest=beneficial"]
    assert signs(asset_clusters(graph(*lines)), "contradictory_shares") == []


def test_a_band_that_two_claims_make_is_a_sign_and_one_that_a_claim_states_is_none() -> None:
    view = graph("ann OWNS acme share=25..50")
    apart = said(view, ann__OWNS__acme={"share": ["25", "50"]})
    (sign,) = signs(asset_clusters(apart), "contradictory_shares")
    assert (sign.because, sign.says) == (("ann OWNS acme",), "share stated as 25 % and as 50 %")
    stated = said(view, ann__OWNS__acme={"share": ["25..50"]})
    assert signs(asset_clusters(stated), "contradictory_shares") == []


def test_three_enterprises_that_own_nothing_but_the_next_are_layers() -> None:
    lines = ["ann OWNS a", "a OWNS b", "b OWNS c", "c OWNS flat"]
    (sign,) = signs(asset_clusters(graph(*lines)), "shell_layers")
    assert (sign.about, sign.says) == (("a", "b", "c", "flat"), "3 enterprises in a row")
    assert sign.because == ("ann OWNS a", "a OWNS b", "b OWNS c", "c OWNS flat")


@pytest.mark.parametrize("more", ["b OWNS barn", "c OWNS a"])
def test_an_enterprise_that_owns_something_else_and_a_circle_are_no_layers(more: str) -> None:
    lines = ["ann OWNS a", "a OWNS b", "b OWNS c", "c OWNS flat"]
    assert signs(asset_clusters(graph(*lines, more)), "shell_layers") == []


def test_a_small_shared_address_is_a_sign_and_a_registered_agents_is_none() -> None:
    crowd = [f"x{i} OWNS f{i}:Enterprise" for i in range(60)] + [f"f{i} HAS_ADDRESS agent" for i in range(60)]
    lines = [f"ann OWNS co{i}:Enterprise" for i in range(5)]
    own = [f"co{i} HAS_ADDRESS lane" for i in range(4)]
    (sign,) = signs(asset_clusters(graph(*crowd, *lines, *own)), "shared_address")
    assert (sign.about[0], len(sign.because)) == ("lane", 4)
    assert sign.says == "4 of its 4 enterprises with an address; 4 of all 64"
    assert (
        signs(asset_clusters(graph(*crowd, *lines, *[f"co{i} HAS_ADDRESS agent" for i in range(4)])), "shared_address")
        == []
    )


def test_the_chance_of_a_shared_address_is_worked_out_by_hand() -> None:
    assert hypergeometric_tail(10, 3, 2, 2) == pytest.approx(3 / 45)
    assert hypergeometric_tail(10, 3, 2, 1) == pytest.approx(1 - 21 / 45)
    assert hypergeometric_tail(10, 3, 2, 0) == pytest.approx(1)
