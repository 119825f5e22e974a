"""Which questions do most routes wait for?"""

from __future__ import annotations

from kg.analysis.routes import NeedsCounter, count_gaps
from kg.analysis.routes.facts.answers import FACT_FUNCTIONS
from kg.law import load_law
from tests.unit.analysis.routes.legal_case import case, find_routes, resident


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


def test_cases_that_lack_other_things_are_other_sets_and_what_is_blocked_lacks_nothing() -> None:
    counter = NeedsCounter()
    untraced = find_routes(case(resident("US"), without=["from"]))
    people = [find_routes(case(resident("US"))), find_routes(case(resident("US"))), untraced]
    assert list(counter.count(people)) == people
    freezing = next(one for one in counter.needs() if one.route == "mla_freeze")
    assert (freezing.waiting, freezing.sets, freezing.shared_by, freezing.subject) == (3, 2, 2, "asset")
    assert "evidence for tracing: none" not in freezing.commonest
    assert "Is the conduct punishable in both jurisdictions?" not in freezing.commonest  # it is presumed
    assert "extradition" not in {one.route for one in counter.needs()}  # blocked: no treaty


def test_every_fact_is_found_as_the_registry_says() -> None:
    facts = load_law().facts
    assert FACT_FUNCTIONS.keys() - facts.keys() == set()
    told = {name for name, fact in facts.items() if fact.found.startswith("Only a Determination")}
    assert told == facts.keys() - FACT_FUNCTIONS.keys()
