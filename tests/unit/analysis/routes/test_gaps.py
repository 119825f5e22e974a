"""Which questions do most routes wait for, and whom to work on under a budget?"""

from __future__ import annotations

import math
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.analysis.routes import WEIGHTS, choose_portfolio, count_gaps
from kg.analysis.routes.facts.answers import FACT_FUNCTIONS
from kg.analysis.routes.portfolio import CoveredElements, choose_greedily, covered_elements, total_weight
from kg.errors import InputError
from kg.findings import ExcludedPerson, PersonRoutes
from kg.law import load_law
from tests.unit.analysis.routes.legal_case import case, determination, find_routes, link, node, resident


def test_a_gap_counts_the_routes_that_wait_and_those_that_one_answer_opens() -> None:
    listed = {(gap.fact, gap.host): gap for gap in count_gaps([find_routes(case(resident("US")))])}
    grounds = listed["freezing_order_or_grounds", "US"]
    assert (grounds.opens, grounds.routes, grounds.people, grounds.answers) == (1, 1, 1, 1)
    evidence = listed["evidence_usable_in_host", "US"]
    # host_prosecution, prosecution_in_place_of_extradition and tax wait for it, and each for something else too
    assert (evidence.opens, evidence.routes) == (0, 3)


def test_what_would_open_most_comes_first() -> None:
    listed = count_gaps([find_routes(case(resident("US")))])
    assert [gap.opens for gap in listed] == sorted((gap.opens for gap in listed), reverse=True)
    assert "freezing_order_or_grounds" in [gap.fact for gap in listed if gap.opens]


def test_no_fact_about_the_law_and_no_step_is_a_gap() -> None:
    facts = load_law().facts
    people = [find_routes(case(resident(code))) for code in ("US", "MH", "TH")]
    listed = [facts[gap.fact] for gap in count_gaps(people)]
    assert listed
    assert {fact.about for fact in listed} <= {"person", "asset"}
    assert "step" not in {fact.role for fact in listed}


def test_protected_facts_and_voluntary_return_are_no_gaps() -> None:
    law = load_law()
    hidden = {name for name, fact in law.facts.items() if fact.is_protected}
    own = {"person_consents", "host_notified", "relatives_pressed"}
    for scope in (False, True):
        listed = {gap.fact for gap in count_gaps([find_routes(case(resident("TH")), protected=scope)])}
        assert listed & (hidden | own) == set()


def test_the_portfolio_says_what_it_weighs_and_whom_it_left_out() -> None:
    one = find_routes(case(resident("US")))
    chosen = choose_portfolio([one], 1)
    assert [(c.gain, dict(c.adds)) for c in chosen.chosen] == [(6.0, {"harm": 1, "asset": 1, "person": 1})]
    assert (chosen.value, chosen.bound, chosen.left_out) == (6.0, 6.0, ())
    assert choose_portfolio([one], 0).left_out == (ExcludedPerson(one.person, "would add 6"),)


@pytest.mark.parametrize(("stage", "date"), [("charged", "2015-01-01"), ("cleared", "2013")])
def test_nobody_counts_as_harmed_by_what_is_not_laid_to_the_person_on_the_day(stage: str, date: str) -> None:
    accused = link("ann ACCUSED_OF theft", "accused", stage=stage, said_by="the prosecutor", date=date)
    one = find_routes(case(resident("US"), accused, without=["accused"]))
    assert one.harms == ()
    assert find_routes(case(resident("US"))).harms != ()


def test_whoever_is_cleared_by_anybody_is_left_out_with_that_reason() -> None:
    cleared = link("ann ACCUSED_OF theft", key="c", stage="cleared", said_by="a court (invented)", date="2013")
    chosen = choose_portfolio([find_routes(case(resident("US"), cleared))], 5)
    assert chosen.chosen == ()
    assert [one.why for one in chosen.left_out] == ["somebody says that this person is cleared: look at that first"]


def test_how_few_facts_are_missing_moves_nobody_up() -> None:
    easy = [*determination("dual_criminality", "yes"), *determination("freezing_order_or_grounds", "yes", "house")]
    hard, eased = find_routes(case(resident("US"))), find_routes(case(resident("US"), easy))
    assert covered_elements(hard) == covered_elements(eased)


def test_an_asset_that_neither_a_chain_nor_a_tracing_links_to_the_person_counts_for_nothing() -> None:
    far = [
        *(node("kim", name="Kim Example"), node("cal", name="Cal Example")),
        *(link("ann FAMILY_OF kim"), link("kim FAMILY_OF cal"), link("cal OWNS house")),
    ]
    one = find_routes(case(resident("US"), far, without=["owns", "from"]))
    assert [kind for kind, _ in covered_elements(one)].count("asset") == 0
    assert {answer.route.subject for answer in one.routes} == {"person", "asset"}


def test_whoever_has_died_is_left_out_with_that_reason() -> None:
    dead = node("ann", name="Ann Example", death_date="2014-01-01")
    chosen = choose_portfolio([find_routes(case(resident("US"), dead, without=["ann"]))], 5)
    assert [one.why for one in chosen.left_out] == ["the sources record that this person has died"]


def test_voluntary_return_alone_is_no_element() -> None:
    one = find_routes(case(resident("US"), without=["house", "owns", "there", "from"]))
    kept = tuple(a for a in one.routes if a.route.id == "voluntary_return")
    alone = PersonRoutes(one.person, one.papers, (), (), one.harms, kept)
    assert covered_elements(alone) == frozenset()


def test_every_fact_is_found_as_the_registry_says() -> None:
    facts = load_law().facts
    assert FACT_FUNCTIONS.keys() - facts.keys() == set()
    told = {name for name, fact in facts.items() if fact.found.startswith("Only a Determination")}
    assert told == facts.keys() - FACT_FUNCTIONS.keys()


def test_a_limit_below_zero_is_refused() -> None:
    with pytest.raises(InputError, match="0 or more"):
        choose_portfolio([], -1)


KINDS = st.sampled_from(sorted(WEIGHTS))
COVERS = st.dictionaries(
    st.sampled_from("abcdefg"), st.frozensets(st.tuples(KINDS, st.sampled_from("123456")), max_size=6), max_size=7
)


@given(COVERS, st.integers(0, 4))
@settings(max_examples=60)
def test_greedy_keeps_its_bound_and_the_printed_bound_is_one(covers: dict[str, CoveredElements], limit: int) -> None:
    best = max(
        total_weight(frozenset[tuple[str, str]]().union(*(covers[p] for p in some)), WEIGHTS)
        for size in range(min(limit, len(covers)) + 1)
        for some in combinations(covers, size)
    )
    chosen, value = choose_greedily(covers, limit, WEIGHTS)
    taken = frozenset[tuple[str, str]]().union(*(covers[c.person] for c in chosen))
    left = sorted((total_weight(e - taken, WEIGHTS) for e in covers.values()), reverse=True)
    assert (1 - 1 / math.e) * best <= value + 1e-9
    assert value <= best + 1e-9
    assert best <= value + sum(left[:limit]) + 1e-9
