"""Is effective ownership what a person works out by hand?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest

from kg.analysis.ownership import OwnershipQuestion, effective, effective_ownership, holdings_of, owners_of
from kg.analysis.ownership.chains import ChainGraph
from kg.analysis.ownership.effective import direct_shares
from kg.analysis.ownership.shares import holding_links
from kg.errors import InputError, NotFound
from kg.findings import CircularHolding, Ownership, Share, ShareExcess
from kg.records import NO_PROVENANCE, Claim
from kg.view import NoRecords
from tests.builders import StatedRecords, graph

Shares = dict[str, tuple[float, float]]

CIRCLE = (
    "ann OWNS one:Enterprise share=50",
    "two:Enterprise OWNS one share=50",
    "bob OWNS two share=50",
    "one OWNS two share=50",
)
"""One and Two own half of each other. Ann has half of One, Bob half of Two."""


def owners(*lines: str, of: str = "acme", as_of: str = "", **limits: Any) -> Ownership:
    return owners_of(graph(*lines), OwnershipQuestion(of, as_of, **limits))


def benefit(answer: Ownership) -> Shares:
    return {_other(answer, h.holder, h.held): _ends(h.beneficial) for h in answer.holdings if h.beneficial.high}


def title(answer: Ownership) -> Shares:
    return {_other(answer, h.holder, h.held): _ends(h.legal) for h in answer.holdings if h.legal.high}


def _ends(share: Share) -> tuple[float, float]:
    return share.low, share.high


def _other(answer: Ownership, holder: str, held: str) -> str:
    return holder if held == answer.about else held


def test_shares_are_multiplied_along_chains_and_added_over_them() -> None:
    answer = owners(
        "ann OWNS one:Enterprise share=50",
        "ann OWNS two:Enterprise share=40",
        "bob OWNS two share=60",
        "one OWNS acme:Enterprise share=60",
        "two OWNS acme share=20",
    )
    assert benefit(answer) == title(answer) == {"ann": (38, 38), "bob": (12, 12)}
    assert answer.unaccounted == {"beneficial": Share(50, 50), "legal": Share(50, 50)}
    ann = answer.holdings[0]
    assert [([s.holder for s in c.steps], c.share, c.interests) for c in ann.chains] == [
        (["ann", "one"], Share(30, 30), ("beneficial", "legal")),
        (["ann", "two"], Share(8, 8), ("beneficial", "legal")),
    ]
    assert ann.chains[0].steps[1].links == ("one OWNS acme",)


def test_halves_of_each_other_leave_two_thirds_to_the_nearer_owner() -> None:
    answer = owners(*CIRCLE, of="one")
    assert benefit(answer) == {"ann": (66.6667, 66.6667), "bob": (33.3333, 33.3333)}
    assert answer.circles == (CircularHolding(("one", "two"), "no"),)
    assert [chain.share for chain in answer.holdings[0].chains] == [Share(50, 50)]


def test_a_company_that_holds_a_part_of_itself_belongs_to_the_others() -> None:
    assert benefit(owners("acme:Enterprise OWNS acme share=20", "ann OWNS acme share=80")) == {"ann": (100, 100)}


def test_a_circle_that_owns_itself_wholly_has_no_outside_owner() -> None:
    answer = owners("acme:Enterprise OWNS bolt:Enterprise share=100", "bolt OWNS acme share=100")
    assert answer.holdings == ()
    assert answer.circles == (CircularHolding(("acme", "bolt"), "yes"),)
    assert answer.unaccounted["beneficial"] == Share(100, 100)


def test_a_closed_circle_inside_a_larger_one_stays_closed() -> None:
    answer = owners(
        "acme:Enterprise OWNS bolt:Enterprise share=100",
        "bolt OWNS acme share=100",
        "acme OWNS cord:Enterprise share=50",
        "cord OWNS acme share=0..10",
        "ann OWNS cord share=50",
        of="cord",
    )
    assert benefit(answer)["ann"] == (50, 50)


def test_unknown_shares_that_would_add_up_without_end_stop_at_the_whole() -> None:
    lines = ("acme:Enterprise OWNS bolt:Enterprise", "bolt OWNS acme", "ann OWNS acme share=0..10")
    assert benefit(owners(*lines)) == {"ann": (0, 100)}
    assert owners(*lines).circles == (CircularHolding(("acme", "bolt"), "maybe"),)


def test_bands_and_unknown_shares_make_intervals() -> None:
    assert benefit(owners("ann OWNS one:Enterprise share=25..50", "one OWNS acme:Enterprise share=80")) == {
        "ann": (20, 40)
    }
    assert benefit(owners("ann OWNS one:Enterprise share=25..50", "one OWNS acme:Enterprise")) == {"ann": (0, 50)}


def test_nobody_holds_more_than_the_others_leave() -> None:
    assert benefit(owners("ann OWNS acme:Enterprise share=75", "bob OWNS acme")) == {"ann": (75, 75), "bob": (0, 25)}


def test_an_owner_to_whom_the_others_leave_nothing_is_told() -> None:
    lines = ("interview OWNS yacht:Vessel", "press OWNS yacht share=100", "press OWNS acme:Enterprise share=100")
    assert benefit(owners(*lines, of="yacht")) == {"press": (100, 100)}
    assert [(one.holder, one.held) for one in owners(*lines, of="yacht").crowded] == [("interview", "yacht")]
    view = graph(*lines)
    assert [one.held for one in holdings_of(view, OwnershipQuestion("interview")).crowded] == ["yacht"]
    assert not holdings_of(view, OwnershipQuestion("press")).crowded
    assert not owners("ann OWNS yacht:Vessel", "bob OWNS yacht share=99", of="yacht").crowded


def test_who_has_the_title_beside_the_beneficial_owner_is_not_crowded_out() -> None:
    lines = ("nominee OWNS acme:Enterprise share=100 interest=legal", "ann OWNS acme share=100 interest=beneficial")
    assert not owners(*lines).crowded


def test_shares_beyond_the_whole_are_told_and_nobody_is_believed_blindly() -> None:
    answer = owners("ann OWNS acme:Enterprise share=60", "bob OWNS acme share=60")
    assert benefit(answer) == {"ann": (40, 60), "bob": (40, 60)}
    links = ("ann OWNS acme", "bob OWNS acme")
    assert answer.beyond == tuple(ShareExcess("acme", of, 120, links, 2) for of in ("beneficial", "legal"))
    assert answer.unaccounted == {}


def test_one_owner_with_more_than_the_whole_is_told_before_it_is_limited_to_the_whole() -> None:
    answer = owners("ann OWNS acme:Enterprise share=80", "ann OWNS acme share=70")
    links = ("ann OWNS acme", "ann OWNS acme #2")
    assert answer.beyond == tuple(ShareExcess("acme", of, 150, links, 1) for of in ("beneficial", "legal"))
    assert benefit(answer) == {"ann": (100, 100)}


def test_a_holding_that_ends_before_it_starts_is_told_and_counts_for_nothing() -> None:
    lines = ("ann OWNS acme:Enterprise share=60 start=2015 end=2010", "bob OWNS acme share=40 start=2015 end=2015")
    answer = owners(*lines, as_of="2015-05-05")
    assert (list(benefit(answer)), answer.impossible) == (["bob"], ("ann OWNS acme",))


def test_shares_that_were_rounded_are_not_told() -> None:
    answer = owners(*(f"{name} OWNS acme:Enterprise share=33.34" for name in ("ann", "bob", "cat")))
    assert answer.beyond == ()


def test_title_and_benefit_are_kept_apart() -> None:
    answer = owners(
        "nina OWNS one:Enterprise share=100 interest=legal",
        "boss OWNS one share=100 interest=beneficial",
        "one OWNS acme:Enterprise share=50",
    )
    assert (benefit(answer), title(answer)) == ({"boss": (50, 50)}, {"nina": (50, 50)})


def test_an_interest_nobody_says_counts_only_perhaps_where_another_is_said_to_have_it() -> None:
    answer = owners("ann OWNS acme:Enterprise share=100", "boss OWNS acme share=60 interest=beneficial")
    assert benefit(answer) == {"ann": (0, 100), "boss": (60, 60)}
    assert title(answer) == {"ann": (100, 100)}
    assert answer.beyond == ()


def test_who_benefits_from_a_trust_has_the_benefit_of_what_it_holds() -> None:
    answer = owners("trust:Arrangement OWNS acme:Enterprise share=80", "boss BENEFITS_FROM trust share=50")
    assert (benefit(answer), title(answer)) == ({"boss": (40, 40)}, {"trust": (80, 80)})


def test_a_holding_declared_beside_its_steps_is_not_added() -> None:
    answer = owners(
        "ann OWNS one:Enterprise share=50", "one OWNS acme:Enterprise share=60", "ann HOLDS_INDIRECTLY acme share=30"
    )
    assert benefit(answer) == {"ann": (30, 30)}
    assert answer.holdings[0].declared == ("ann HOLDS_INDIRECTLY acme",)


@pytest.mark.parametrize(
    ("as_of", "share"),
    [
        ("2013-12-31", None),
        ("2014-06-30", (0, 60)),
        ("2015-01-01", (60, 60)),
        ("2016", (60, 60)),
        ("2017", (0, 60)),
        ("2017-05-31", (0, 60)),
        ("2017-06", None),
    ],
)
def test_a_partial_date_widens_the_interval_while_it_is_in_doubt(as_of: str, share: tuple[int, int] | None) -> None:
    answer = owners("ann OWNS acme:Enterprise share=60 start=2014 end=2017-05", as_of=as_of)
    assert benefit(answer) == ({"ann": share} if share else {})


def test_several_holdings_of_one_owner_add_up() -> None:
    lines = ("ann OWNS acme:Enterprise share=20", "ann OWNS acme share=30")
    assert benefit(owners(*lines)) == {"ann": (50, 50)}


def test_an_owner_between_counts_once_what_comes_back_to_it() -> None:
    answer = owners(*CIRCLE, of="two", between=True)
    assert benefit(answer)["one"] == (50, 50)
    assert {h.holder: h.place for h in answer.holdings} == {"ann": "person", "bob": "person", "one": "between"}


def test_holdings_are_what_owners_say_from_the_other_end() -> None:
    view = graph(*CIRCLE, "two OWNS yacht:Vessel share=30", "cat OWNS yacht")
    answer = holdings_of(view, OwnershipQuestion("ann"))
    assert benefit(answer) == {"one": (66.6667, 66.6667), "two": (33.3333, 33.3333), "yacht": (10, 10)}
    everything = effective_ownership(view)
    whole = {
        (view.id(h), view.id(a)): round(low * 100, 4)
        for h, a, low in zip(everything.holder, everything.held, everything.low, strict=True)
    }
    assert {held: share[0] for held, share in benefit(answer).items()} == {
        held: low for (holder, held), low in whole.items() if holder == "ann"
    }


def test_small_holdings_and_further_chains_are_left_out_where_asked() -> None:
    lines = [f"ann OWNS c{i}:Enterprise share=10" for i in range(4)]
    lines += [f"c{i} OWNS acme:Enterprise share=10" for i in range(4)] + ["bob OWNS acme share=60"]
    answer = owners(*lines, least=5.0, most_chains=2)
    assert (benefit(answer), answer.more) == ({"bob": (60, 60)}, False)
    ann = owners(*lines, most_chains=2).holdings[1]
    assert (ann.beneficial, len(ann.chains), ann.more_chains) == (Share(4, 4), 2, True)
    assert owners(*lines, most=1).more


def test_more_intermediate_owners_than_are_computed_are_said_to_be_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effective, "MAX_INTERMEDIATE_OWNERS", 1)
    lines = ("ann OWNS one:Enterprise", "one OWNS two:Enterprise", "two OWNS acme:Enterprise")
    answer = owners(*lines, between=True)
    assert ([h.holder for h in answer.holdings], answer.more) == (["ann", "one"], True)
    assert not owners(*lines).more


def test_of_a_nominee_only_the_holdings_listed_are_traced_and_no_undisputed_claim_is_read() -> None:
    view = graph(*(f"hub:Enterprise OWNS c{n:03}:Enterprise share=100" for n in range(300)))
    records = UndisputedRecords()
    answer = holdings_of(view.with_records(records), OwnershipQuestion("hub", most=2))
    assert [h.held for h in answer.holdings] == ["c000", "c001"]
    assert (answer.more, records.claims_read) == (True, 0)
    chains = ChainGraph.from_shares(
        direct_shares(view, holding_links(view))["legal"], upwards=False, targets=np.array([1])
    )
    assert sum(map(len, chains.adjacency.values())) == 1


class UndisputedRecords(NoRecords):
    """Records whose links all state 100 % once; counts the claims read."""

    claims_read = 0

    def claims(self, ids: Sequence[str], /) -> Mapping[str, Sequence[Claim]]:
        """None; that they were asked for is counted."""
        self.claims_read += len(ids)
        return {}

    def undisputed_shares(self, ids: Sequence[str], /) -> Mapping[str, tuple[float, float]]:
        """100 % of everything."""
        return dict.fromkeys(ids, (100.0, 100.0))


@pytest.mark.parametrize(
    ("question", "error"),
    [
        (OwnershipQuestion("nobody"), NotFound),
        (OwnershipQuestion("ann", "summer"), InputError),
        (OwnershipQuestion("ann", least=101), InputError),
        (OwnershipQuestion("ann", most=-1), InputError),
    ],
)
def test_what_makes_no_sense_is_refused(question: OwnershipQuestion, error: type[Exception]) -> None:
    with pytest.raises(error):
        owners_of(graph("ann OWNS acme"), question)
    with pytest.raises(InputError, match="expected one of beneficial, legal"):
        effective_ownership(graph("ann OWNS acme"), "votes")


@pytest.mark.parametrize(
    ("chain", "benefit_of_ann", "benefit_of_cy"),
    [("50", (25, 50), (0, 50)), ("0..100", (25, 75), (0, 50)), ("", (25, 25), (0, 75))],
)
def test_an_indirect_holding_beside_its_chain_is_not_simply_added(
    chain: str, benefit_of_ann: tuple[int, int], benefit_of_cy: tuple[int, int]
) -> None:
    lines = ["ann:Person OWNS acme:Enterprise share=25", "cy:Person OWNS acme"]
    if chain:
        lines += [f"ann OWNS holding:Enterprise share={chain}", "holding OWNS acme share=50"]
    stated = {"share": ["25"], "directness": ["indirect"]}
    claims = [Claim("desk", "desk", "1", "", "OWNS", "2024-01-01", stated, {}, NO_PROVENANCE)]
    view = graph(*lines).with_records(StatedRecords({"ann OWNS acme": claims}))
    found = benefit(owners_of(view, OwnershipQuestion("acme")))
    assert (found["ann"], found["cy"]) == (benefit_of_ann, benefit_of_cy)
