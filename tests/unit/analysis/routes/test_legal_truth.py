"""What does the law make of situations that people worked out by hand?

Expected values come from the rules in graph/reference/ORIGINS.md, docs/routes.md and the conventions that the routes
cite; none was copied from what the program prints.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from kg.law import LawBook
from kg.records import Provenance, Record
from kg.reports.cluster_report.sections.values_by_status import cleared_origins, enforcement_status
from kg.reports.context import load_context, report_graph
from kg.resources import data_dir
from tests.stores import load, store
from tests.unit.analysis.routes.legal_case import (
    GRADED,
    answers_of_route,
    case,
    determination,
    find_routes,
    link,
    missing_facts,
    node,
    only_answer,
    resident,
)

ALL_BARS_ANSWERED = {
    "dual_criminality": "yes",
    "evidence_meets_host_standard": "yes",
    "specialty_assured": "yes",
    "limitation_passed_host": "no",
    "tried_already": "no",
    "political_offence": "no",
    "discriminatory_purpose": "no",
    "torture_risk": "no",
    "protected_from_return": "no",
    "unfair_trial_risk": "no",
    "own_national": "no",
    "tried_in_absentia": "no",
    "immunity": "no",
    "health_bars_return": "no",
    "competing_request_preferred": "no",
}
"""Every bar of extradition, answered so that it bars nothing."""


def all_bars_answered(**but: str) -> list[Record]:
    """Every bar answered, but for those named: another answer, or none where it is empty."""
    return [r for fact, answer in {**ALL_BARS_ANSWERED, **but}.items() if answer for r in determination(fact, answer)]


def law_without(row: str, folder: Path) -> LawBook:
    """The law of the reference tables without one rule of a jurisdiction."""
    tables = shutil.copytree(data_dir("graph") / "reference", folder / "reference")
    rules = tables / "jurisdiction_rules.csv"
    lines = rules.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(f"{row},")]
    assert len(kept) == len(lines) - 1
    rules.write_text("".join(kept), encoding="utf-8")
    return LawBook(tables)


class Expected(NamedTuple):
    """How a route stands and why."""

    state: str
    why: tuple[str, ...] = ()


def observe(records: list[Record], route: str, day: str = "2014-12-05", **asked: object) -> Expected:
    """A route's state, with what blocks it or the protected facts that the host decides."""
    answer = only_answer(find_routes(records, day, **asked), route)  # type: ignore[arg-type]  # the keywords of `found`
    host_decides = tuple(fact.fact for fact in answer.host_decides)
    return Expected(answer.state, answer.decided_by if answer.state == "blocked" else host_decides)


# --- extradition: the treaty -----------------------------------------------------------------------------------------


def test_china_to_the_united_states_in_2014_extradition_is_closed_and_what_remains_is_the_rest() -> None:
    one = find_routes(case(resident("US")))
    states = {a.route.id: a.state for a in one.routes}
    assert states["extradition"] == "blocked"
    assert only_answer(one, "extradition").decided_by == ("extradition_treaty_in_force",)
    assert only_answer(one, "extradition_by_reciprocity").decided_by == ("host_requires_treaty",)
    assert only_answer(one, "extradition_by_uncac").decided_by == ("host_takes_uncac_as_basis", "host_requires_treaty")
    assert {states[route] for route in ("host_prosecution", "removal_immigration", "mla_freeze")} == {"needs"}
    assert states["non_conviction_forfeiture"] == states["conviction_forfeiture"] == "to_examine"
    assert states["spontaneous_information"] == "open"
    assert states["trial_in_absentia"] == "blocked"


@pytest.mark.parametrize(
    ("requesting", "host", "day", "expected"),
    [
        ("HK", "US", "2019-06-01", Expected("open")),
        ("HK", "US", "2021-06-01", Expected("blocked", ("extradition_treaty_in_force",))),
        ("HK", "US", "1997-12-31", Expected("needs")),
        ("CN", "TH", "2014-12-05", Expected("open")),
        ("CN", "FR", "2014-12-05", Expected("blocked", ("extradition_treaty_in_force",))),
        ("CN", "FR", "2015-07-17", Expected("open")),
        ("CN", "CA", "2014-12-05", Expected("blocked", ("extradition_treaty_in_force",))),
        ("CN", "AU", "2014-12-05", Expected("blocked", ("extradition_treaty_in_force",))),
        ("CN", "MH", "2014-12-05", Expected("needs")),
    ],
)
def test_with_every_bar_settled_the_treaty_decides(requesting: str, host: str, day: str, expected: Expected) -> None:
    bars = all_bars_answered(
        penalty_threshold_met="yes"
    )  # which threshold Hong Kong or the United States have was not read
    records = case(resident(host, start_date="1997-01-01"), bars, requesting=requesting)
    paper = [r for r in records if r.key != "w"] + [node("w", "Warrant", issued_on="1997-01-01")]
    accused = [r for r in paper if r.key != "accused"] + [link("ann ACCUSED_OF theft", stage="charged")]
    assert observe(accused, "extradition", day, requesting=requesting, host=host, protected=True) == expected


def test_a_missing_treaty_closes_only_extradition_by_treaty_where_the_host_asks_for_none() -> None:
    bars = all_bars_answered(penalty_threshold_met="yes")
    canada = only_answer(find_routes(case(resident("CA"), bars), protected=True), "extradition_by_reciprocity")
    assert (canada.state, missing_facts(canada)) == ("needs", ["reciprocity_assured"])
    assured = case(resident("CA"), bars, determination("reciprocity_assured", "yes"))
    assert observe(assured, "extradition_by_reciprocity", protected=True) == Expected("open")


def test_signed_and_not_ratified_is_no_treaty_and_still_does_not_block_where_none_is_required() -> None:
    bars = all_bars_answered(penalty_threshold_met="yes")
    australia = only_answer(
        find_routes(case(resident("AU"), bars), "2012-01-01", protected=True), "extradition_by_reciprocity"
    )
    assert missing_facts(australia) == ["reciprocity_assured"]
    (treaty, *_) = [s.text for f in australia.instrument for s in f.says]
    assert treaty.startswith("extradition treaty CN–AU: signed only")


def test_what_no_table_has_is_a_hole_in_the_law_and_no_gap_of_the_case() -> None:
    one = find_routes(case(resident("MH"), all_bars_answered()), protected=True)
    by_treaty, without = only_answer(one, "extradition"), only_answer(one, "extradition_by_reciprocity")
    assert (by_treaty.state, missing_facts(by_treaty)) == ("needs", [])
    assert [fact.fact for fact in by_treaty.law_holes] == [
        "extradition_treaty_in_force",
        "host_states_penalty_threshold",
    ]
    assert missing_facts(without) == ["reciprocity_assured"]
    assert "host_requires_treaty" in [fact.fact for fact in without.law_holes]


@pytest.mark.parametrize("day", ["2020-09-01", "2026-11-01"])
def test_a_suspended_treaty_closes_extradition_whatever_the_host_otherwise_asks_for(day: str) -> None:
    bars = all_bars_answered(penalty_threshold_met="yes")
    records = case(resident("HK"), bars, requesting="US")
    one = find_routes(records, day, requesting="US", host="HK", protected=True)
    assert only_answer(one, "extradition").decided_by == ("extradition_treaty_in_force",)
    assert only_answer(one, "extradition_by_reciprocity").decided_by[0] == "extradition_treaty_suspended"


def test_before_entry_into_force_the_convention_binds_nobody() -> None:
    early = case(resident("US", start_date="2005-06-01"))
    assert observe(early, "spontaneous_information", "2006-11-28").why == ("uncac_binds_both",)
    assert observe(early, "spontaneous_information", "2006-11-29") == Expected("open")


def test_whether_a_state_that_no_row_names_was_bound_is_unknown_and_unknown_is_never_no() -> None:
    answer = only_answer(find_routes(case(resident("VG"))), "spontaneous_information")
    assert (answer.state, missing_facts(answer)) == ("needs", [])
    assert [fact.fact for fact in answer.law_holes] == ["uncac_binds_both"]


def test_new_zealand_had_signed_and_was_not_bound_before_the_last_day_of_2015() -> None:
    assert observe(case(resident("NZ")), "spontaneous_information") == Expected("blocked", ("uncac_binds_both",))
    assert observe(case(resident("NZ")), "spontaneous_information", "2015-12-31") == Expected("open")


# --- extradition: the bars -------------------------------------------------------------------------------------------

BARS = [
    ("dual_criminality", "no"),
    ("evidence_meets_host_standard", "no"),
    ("specialty_assured", "no"),
    ("limitation_passed_host", "yes"),
    ("tried_already", "yes"),
    ("political_offence", "yes"),
    ("discriminatory_purpose", "yes"),
    ("unfair_trial_risk", "yes"),
    ("immunity", "yes"),
    ("competing_request_preferred", "yes"),
]


@pytest.mark.parametrize(("fact", "bars"), BARS)
def test_each_bar_is_a_condition_of_its_own(fact: str, bars: str) -> None:
    barred = find_routes(case(resident("TH"), all_bars_answered(**{fact: bars})), protected=True)
    assert (only_answer(barred, "extradition").state, only_answer(barred, "extradition").decided_by) == (
        "blocked",
        (fact,),
    )
    unknown = only_answer(
        find_routes(case(resident("TH"), all_bars_answered(**{fact: ""})), protected=True), "extradition"
    )
    assert (unknown.state, missing_facts(unknown), [bar.fact for bar in unknown.bars]) == {
        "evidence_meets_host_standard": ("needs", [fact], []),
        "dual_criminality": ("to_examine", [], []),  # presumed, because both have to punish embezzlement
        "specialty_assured": ("open", [], []),  # a step of the proceedings
    }.get(fact, ("to_examine", [], [fact]))
    assert [rule.fact for rule in unknown.presumed] == ["dual_criminality"] * (fact == "dual_criminality")


@pytest.mark.parametrize(("told", "state"), [([], "to_examine"), (determination("dual_criminality", "no"), "blocked")])
def test_a_presumption_names_its_rule_and_a_record_rebuts_it(told: list[Record], state: str) -> None:
    answer = only_answer(
        find_routes(case(resident("TH"), all_bars_answered(dual_criminality=""), told), protected=True), "extradition"
    )
    assert answer.state == state
    assert [rule.title.startswith("United Nations Convention") for rule in answer.presumed] == [True] * (not told)


def test_what_parties_need_not_punish_is_not_presumed_punishable_in_both() -> None:
    enrichment = node("theft", "Offence", law_of="CN", convention_article="UNCAC 20", maximum_penalty="ten years")
    records = case(resident("TH"), all_bars_answered(dual_criminality=""), enrichment, without=["theft"])
    answer = only_answer(find_routes(records, protected=True), "extradition")
    assert (missing_facts(answer), answer.presumed) == (["dual_criminality"], ())


@pytest.mark.parametrize("fact", ["torture_risk", "protected_from_return", "health_bars_return"])
def test_a_protected_bar_is_decided_by_the_host_and_is_no_gap(fact: str) -> None:
    barred = case(resident("TH"), all_bars_answered(**{fact: "yes"}))
    assert observe(barred, "extradition", protected=True) == Expected("blocked", (fact,))
    hidden = only_answer(find_routes(barred), "extradition")
    assert (hidden.state, missing_facts(hidden)) == ("to_examine", [])
    assert {fact.fact for fact in hidden.host_decides} == {
        "torture_risk",
        "protected_from_return",
        "health_bars_return",
    }


def test_an_own_national_is_not_extradited_where_the_host_does_not_and_is_prosecuted_instead() -> None:
    national = link("ann CITIZEN_OF jurisdiction:CN", start_date="2001")
    assert observe(
        case(resident("CN"), all_bars_answered(own_national=""), national, requesting="TH"),
        *("extradition", "2014-12-05"),
        requesting="TH",
        protected=True,
    ) == Expected("blocked", ("own_national", "host_extradites_nationals"))


REFUSED = [
    node(
        "r",
        "Request",
        kind="extradition",
        sent_to="TH",
        sent_on="2012",
        answered_on="2013",
        answer="refused",
        ground="the person is a national of the requested state",
    ),
    link("r ISSUED_BY police"),
    link("r TARGETS ann"),
]


def test_after_a_refusal_for_nationality_article_44_11_asks_for_prosecution() -> None:
    settled_there = [
        *determination("evidence_usable_in_host", "yes"),
        *determination("tried_already", "no"),
        *determination("immunity", "no"),
    ]
    national = link("ann CITIZEN_OF jurisdiction:TH", start_date="2010")
    records = case(resident("TH"), national, REFUSED, settled_there)
    assert observe(records, "prosecution_in_place_of_extradition") == Expected("open")
    before = only_answer(find_routes(records, "2012-12-31"), "prosecution_in_place_of_extradition")
    assert (missing_facts(before), before.stage and before.stage.stage) == ([], "refusal_for_nationality")
    other = [
        replace(r, properties={**r.properties, "ground": ["risk of persecution"]}) if r.key == "r" else r
        for r in REFUSED
    ]
    assert observe(case(resident("TH"), national, other, settled_there), "prosecution_in_place_of_extradition") == (
        Expected("blocked", ("extradition_refused_as_national",))
    )


def test_that_no_nationality_is_recorded_does_not_make_somebody_a_foreigner(tmp_path: Path) -> None:
    records = case(resident("TH"), all_bars_answered(own_national=""))
    answer = only_answer(
        find_routes(records, protected=True, law=law_without("rule-th-nationals", tmp_path)), "extradition"
    )
    assert (answer.state, [bar.fact for bar in answer.bars]) == ("to_examine", ["own_national"])
    china = case(resident("CN"), all_bars_answered(own_national=""), requesting="TH")
    teeth = only_answer(find_routes(china, requesting="TH", protected=True), "extradition")
    thailand = only_answer(find_routes(records, protected=True), "extradition")
    assert missing_facts(thailand) == ["own_national"]  # by its own rule, so does Thailand
    assert missing_facts(teeth) == ["own_national"]  # China extradites no national: the bar has to be known


def test_a_nationality_that_was_lost_is_none() -> None:
    lost = link("ann CITIZEN_OF jurisdiction:TH", start_date="2001", lost_on="2008-09-21")
    assert observe(
        case(resident("TH"), all_bars_answered(own_national=""), lost), "extradition", protected=True
    ) == Expected("open")


@pytest.mark.parametrize(
    ("penalty", "assurance", "expected"),
    [
        ("ten years", "", Expected("open")),
        ("death, as the law stood in 2014", "", Expected("needs")),
        ("death, as the law stood in 2014", "yes", Expected("open")),
        ("death", "no", Expected("blocked", ("death_penalty_possible", "death_penalty_assured_against"))),
        ("severe", "", Expected("needs")),
        ("twenty years or capital punishment", "", Expected("needs")),
        (
            "十年以上有期徒刑、无期徒刑或者死刑",
            "no",
            Expected("blocked", ("death_penalty_possible", "death_penalty_assured_against")),
        ),
        ("six months", "", Expected("blocked", ("penalty_threshold_met",))),
    ],
)
def test_the_penalty_has_to_reach_the_threshold_and_death_to_be_assured_against(
    penalty: str, assurance: str, expected: Expected
) -> None:
    offence = node("theft", "Offence", law_of="CN", maximum_penalty=penalty, limitation_date="2030-01-01")
    told = determination("death_penalty_assured_against", assurance) if assurance else []
    records = case(resident("TH"), all_bars_answered(), offence, told, without=["theft"])
    assert observe(records, "extradition", protected=True) == expected


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({}, Expected("needs")),
        ({"maximum_penalty": "severe"}, Expected("needs")),
        (
            {"maximum_penalty": "death"},
            Expected("blocked", ("death_penalty_possible", "death_penalty_assured_against")),
        ),
        ({"maximum_penalty": "five years"}, Expected("open")),
    ],
)
def test_the_penalty_of_one_offence_says_nothing_of_death_for_another(
    other: dict[str, Any], expected: Expected
) -> None:
    more = [node("other", "Offence", law_of="CN", **other), link("ann ACCUSED_OF other", stage="charged")]
    told = determination("death_penalty_assured_against", "no") if expected.state == "blocked" else []
    assert observe(case(resident("TH"), all_bars_answered(), more, told), "extradition", protected=True) == expected


@pytest.mark.parametrize(
    ("retrial", "expected"),
    [
        ("", Expected("needs")),
        ("yes", Expected("open")),
        ("no", Expected("blocked", ("tried_in_absentia", "retrial_assured"))),
    ],
)
def test_a_judgment_in_absence_needs_a_new_trial(retrial: str, expected: Expected) -> None:
    told = determination("retrial_assured", retrial) if retrial else []
    records = case(resident("TH"), all_bars_answered(tried_in_absentia="yes"), told)
    assert observe(records, "extradition", protected=True) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2012-10-31", Expected("open")),
        ("2012-11-01", Expected("blocked", ("limitation_passed_requesting",))),
        ("2012-10-15", Expected("needs")),
    ],
)
def test_the_time_for_prosecution_passes_on_a_day_as_coarse_as_its_source(day: str, expected: Expected) -> None:
    offence = node(
        "theft",
        "Offence",
        law_of="CN",
        convention_article="UNCAC 17",
        maximum_penalty="ten years",
        limitation_date="2012-10-31" if expected.state != "needs" else "2012-10",
    )
    records = case(resident("TH"), all_bars_answered(), offence, without=["theft"])
    assert observe(records, "extradition", day, protected=True) == expected


# --- where the person is ---------------------------------------------------------------------------------------------


def test_a_list_entry_is_no_warrant() -> None:
    listed = [node("l", "ListEntry", issued_on="2014-11-28"), link("ann SOUGHT_UNDER l"), link("l ISSUED_BY police")]
    answer = only_answer(
        find_routes(case(resident("TH"), all_bars_answered(), listed, without=["w", "sought"]), protected=True),
        "extradition",
    )
    assert missing_facts(answer) == ["warrant_or_judgment"]


def test_a_suspicion_is_doubt_and_no_presence() -> None:
    suspected = link("ann PRESENT_IN jurisdiction:TH", how="suspected", start_date="2006")
    answer = only_answer(find_routes(case(suspected, all_bars_answered()), protected=True), "extradition")
    assert (answer.host, answer.state, missing_facts(answer)) == ("TH", "needs", ["present_in_host"])
    assert [s.text for s in answer.missing[0].says] == ["suspected in TH since 2006"]


def test_two_possible_hosts_are_two_answers() -> None:
    suspected = [link(f"ann PRESENT_IN jurisdiction:{c}", how="suspected") for c in ("TH", "US")]
    one = find_routes(case(suspected, all_bars_answered()), protected=True)
    assert [(a.host, a.state) for a in answers_of_route(one, "extradition")] == [("TH", "needs"), ("US", "blocked")]


def test_conflicting_residences_stand_side_by_side_and_give_a_range() -> None:
    one = find_routes(case(resident("TH"), resident("US"), all_bars_answered()), protected=True)
    thailand, states = answers_of_route(one, "extradition")
    assert (thailand.state, thailand.possible_states) == ("needs", ("open", "blocked"))
    assert (states.state, states.possible_states) == ("blocked", ("blocked",))
    disputed = next(f for f in thailand.facts_against if f.fact == "present_in_host")
    assert sorted(s.answer for s in disputed.says) == ["no", "yes"]


def test_where_nobody_says_where_somebody_is_that_is_the_question() -> None:
    one = find_routes(case(all_bars_answered()), protected=True)
    assert [(a.host, a.state, missing_facts(a)) for a in answers_of_route(one, "extradition")] == [
        ("", "needs", ["present_in_host"])
    ]
    assert only_answer(one, "interpol_notice").state == "open"


@pytest.mark.parametrize(
    ("sighting", "hosts"), [("2014-06-01", ["TH"]), ("2013-12-05", [""]), ("2015-01-01", [""]), ("2014", ["TH"])]
)
def test_a_sighting_counts_for_a_year(sighting: str, hosts: list[str]) -> None:
    sighted = link("ann PRESENT_IN jurisdiction:TH", how="sighted", date=sighting)
    assert [a.host for a in answers_of_route(find_routes(case(sighted)), "extradition")] == hosts


def test_a_residence_that_ended_is_no_presence() -> None:
    assert [a.host for a in answers_of_route(find_routes(case(resident("TH", end_date="2010"))), "extradition")] == [""]


@pytest.mark.parametrize(("died", "state"), [("2014-12-05", "blocked"), ("2014-12-06", "open"), ("2014", "needs")])
def test_the_dead_are_not_extradited(died: str, state: str) -> None:
    records = case(
        resident("TH"), all_bars_answered(), node("ann", name="Ann Example", death_date=died), without=["ann"]
    )
    answer = only_answer(find_routes(records, protected=True), "extradition")
    told = [
        s.text
        for facts in (answer.facts_for, answer.facts_against, answer.missing)
        for f in facts
        if f.fact == "death_recorded"
        for s in f.says
    ]
    later = died == "2014-12-06"
    assert (answer.state, told) == (state, ["no source records a death" if later else f"died {died}"])


def test_wherever_the_dead_or_the_asset_may_be_a_route_is_closed() -> None:
    dead = node("ann", name="Ann Example", death_date="2014-01-01")
    records = case(dead, all_bars_answered(), without=["ann", "there"])
    expected = Expected("blocked", ("death_recorded",))
    assert observe(records, "extradition", protected=True) == expected
    assert observe(records, "conviction_forfeiture").state == "blocked"
    before = link("ann ACCUSED_OF theft", key="judged", stage="convicted", said_by="the court", date="2013")
    assert observe([*records, before], "conviction_forfeiture").state != "blocked"
    taken = node("m", "Measure", kind="forfeiture", final_on="2013-09-17")
    given_back = node("m", "Measure", kind="forfeiture", final_on="2013-09-17", lifted_on="2013-12-01")
    for measure in (taken, given_back):
        state = observe([*records, measure, link("m TARGETS house")], "conviction_forfeiture").state
        assert (state == "blocked") is (measure is given_back)


# --- removal, notices, return of one's own will ----------------------------------------------------------------------

REMOVABLE = [
    *determination("removal_ground_dated", "yes", decided_on="2014-03-01"),
    *determination("destination_accepts", "yes"),
    *determination("own_national", "no"),
    *determination("protected_from_return", "no"),
    *determination("torture_risk", "no"),
    link("ann CITIZEN_OF jurisdiction:CN", acquired_by="birth"),
]


def test_removal_needs_a_dated_ground_a_nationality_a_decision_on_protection_and_a_destination() -> None:
    records = case(resident("US"), REMOVABLE)
    assert observe(records, "removal_immigration", protected=True) == Expected("open")
    assert observe(records, "removal_immigration", "2014-02-28", protected=True).state == "needs"
    without = [r for r in records if "destination" not in r.key and "CITIZEN_OF" not in r.key]
    assert missing_facts(only_answer(find_routes(without, protected=True), "removal_immigration")) == [
        "destination_accepts",
        "nationality_resolved",
    ]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("asylum application pending", Expected("needs", ("protected_from_return",))),
        ("asylum refused, under appeal", Expected("needs", ("protected_from_return",))),
        ("protection against removal granted", Expected("blocked", ("protected_from_return",))),
        ("asylum refused", Expected("open")),
        ("visa refused", Expected("needs", ("protected_from_return",))),
        ("asylum denied, withholding of removal granted", Expected("needs", ("protected_from_return",))),
        ("asylum denied; withholding", Expected("needs", ("protected_from_return",))),
    ],
)
def test_while_protection_is_pending_nobody_is_removed(kind: str, expected: Expected) -> None:
    status = link("ann HAS_STATUS_IN jurisdiction:US", kind=kind, decided_on="2014-01-01")
    records = [r for r in case(resident("US"), REMOVABLE, status) if "protected_from_return" not in r.key]
    assert observe(records, "removal_immigration", protected=True) == expected
    assert observe(records, "removal_immigration").state == "to_examine"


def test_a_removal_that_serves_extradition_is_flagged() -> None:
    asked = [
        node("r", "Request", kind="removal", sent_to="US", sent_on="2011-05-18", answer="pending"),
        link("r ISSUED_BY police"),
        link("r TARGETS ann"),
    ]
    flags = only_answer(
        find_routes(case(resident("US"), REMOVABLE, asked), protected=True), "removal_immigration"
    ).warnings
    assert [words.split(":")[0] for words in flags] == ["Disguised extradition"] * 2
    assert (
        only_answer(find_routes(case(resident("TH"), REMOVABLE), protected=True), "removal_immigration").warnings == ()
    )


ORDINARY = [*determination("political_offence", "no"), *determination("complies_with_article_2", "yes")]


@pytest.mark.parametrize(
    ("notice", "expected"),
    [
        ({}, Expected("open")),
        ({"review": "pending"}, Expected("needs")),
        ({"review": "blocked"}, Expected("blocked", ("review_allows_notice",))),
        (
            {"ended_on": "2014-07-15", "end_reason": "deleted", "review": "deleted"},
            Expected("blocked", ("review_allows_notice",)),
        ),
    ],
)
def test_a_notice_only_locates_and_stands_as_its_review_says(notice: dict[str, Any], expected: Expected) -> None:
    listed = [node("n", "Notice", kind="red", issued_on="2009", **notice), link("ann SOUGHT_UNDER n")]
    answer = only_answer(find_routes(case(resident("US"), ORDINARY, listed)), "interpol_notice")
    assert Expected(answer.state, answer.decided_by if answer.state == "blocked" else ()) == expected
    assert answer.route.group == "locating"


def test_a_political_offence_has_no_notice() -> None:
    political = [*determination("political_offence", "yes"), *determination("complies_with_article_2", "yes")]
    assert observe(case(resident("US"), political), "interpol_notice") == Expected("blocked", ("political_offence",))


def test_voluntary_return_has_one_state_whatever_is_known() -> None:
    pressed = determination("relatives_pressed", "yes")
    for records in (
        case(resident("US")),
        case(resident("US"), pressed),
        case(resident("US"), determination("person_consents", "yes")),
    ):
        answer = only_answer(find_routes(records), "voluntary_return")
        assert (answer.state, answer.missing) == ("person_initiated_only", ())
    against = [
        f.fact for f in only_answer(find_routes(case(resident("US"), pressed)), "voluntary_return").facts_against
    ]
    assert "relatives_pressed" in against


@pytest.mark.parametrize(("day", "state"), [("2018-10-25", "blocked"), ("2018-10-26", "open")])
def test_trial_in_absence_in_china_cannot_open_before_the_law_has_it(day: str, state: str) -> None:
    assert (
        observe(case(resident("US"), determination("summons_served", "yes")), "trial_in_absentia", day).state == state
    )


def test_what_only_chinese_law_has_is_no_route_of_others() -> None:
    assert (
        answers_of_route(find_routes(case(resident("US"), requesting="HK"), requesting="HK"), "trial_in_absentia") == []
    )


# --- prosecution in the host -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "expected"), [("charged", "open"), ("convicted", "open"), ("alleged", "needs"), ("investigated", "needs")]
)
def test_prosecution_in_the_host_needs_an_offence_under_its_own_law(stage: str, expected: str) -> None:
    laundering = [
        node("wash", "Offence", name="laundering", law_of="US", limitation_date="2020"),
        link("ann ACCUSED_OF wash", stage=stage, said_by="a prosecutor (invented)", date="2012-01-01"),
    ]
    told = [
        r
        for f, a in {"evidence_usable_in_host": "yes", "tried_already": "no", "immunity": "no"}.items()
        for r in determination(f, a)
    ]
    assert observe(case(resident("US"), laundering, told), "host_prosecution").state == expected


# --- what was known on the day ---------------------------------------------------------------------------------------


def stated(text: str, day: str, **properties: str) -> Record:
    """A link without a date, which a source stated on a day."""
    return link(text, said=replace(GRADED, stated=day), **properties)


@pytest.mark.parametrize(("day", "is_known"), [("2014-12-05", False), ("2015-06-01", True), ("2015-06-02", True)])
def test_what_nobody_dates_is_known_from_the_day_on_which_its_source_stated_it(day: str, is_known: bool) -> None:
    undated = (
        stated("ann PRESENT_IN jurisdiction:TH", "2015-06-01", how="resident"),
        stated("ann CITIZEN_OF jurisdiction:TH", "2015-06-01"),
        stated("house LOCATED_IN jurisdiction:FR", "2015-06-01"),
    )
    one = find_routes(case(*undated, without=["there"]), day)
    assert {answer.host for answer in answers_of_route(one, "extradition")} == ({"TH"} if is_known else {""})
    assert {answer.host for answer in answers_of_route(one, "mla_freeze")} == ({"FR"} if is_known else {""})
    told = {s.text for answer in one.routes for f in (*answer.facts_for, *answer.facts_against) for s in f.says}
    for text in ("resident in TH", "citizen of TH"):
        assert (f"{text}, counted from the day on which its source stated it (2015-06-01)" in told) == is_known


# --- several offences -------------------------------------------------------------------------------------------------


def offence(key: str, until: str, penalty: str, law_of: str = "CN") -> list[Record]:
    """Another offence that Ann is accused of."""
    told = node(key, "Offence", name=key, law_of=law_of, maximum_penalty=penalty, limitation_date=until)
    return [told, link(f"ann ACCUSED_OF {key}", stage="charged", date="2006-01-01")]


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (("old", "2010-01-01", "ten years"), Expected("open")),
        (("old", "2010-01-01", "two months"), Expected("open")),
        (("small", "2030-01-01", "two months"), Expected("open")),
        (("alike", "2029-01-01", "ten years"), Expected("open")),
    ],
)
def test_a_route_is_possible_for_an_offence_for_which_it_holds(other: tuple[str, str, str], expected: Expected) -> None:
    one = find_routes(case(resident("TH"), all_bars_answered(), offence(*other)), protected=True)
    answer = only_answer(one, "extradition")
    assert (answer.state, answer.possible_states) == (expected.state, (expected.state,))
    assert not [fact.fact for fact in (*answer.facts_for, *answer.facts_against) if fact.disputed]
    told = {fact.fact: [s.text for s in fact.says] for fact in answer.facts_for}
    assert f"{other[0]}: can be prosecuted until {other[1]}" in told["limitation_passed_requesting"]
    assert "embezzlement: can be prosecuted until 2030-01-01" in told["limitation_passed_requesting"]


def test_what_holds_of_one_offence_and_what_holds_of_another_do_not_make_a_route() -> None:
    late, small = offence("late", "2010-01-01", "ten years"), offence("small", "2030-01-01", "two months")
    answer = only_answer(
        find_routes(case(resident("TH"), all_bars_answered(), late, small, without=["accused"]), protected=True),
        "extradition",
    )
    assert (answer.state, set(answer.decided_by)) == (
        "blocked",
        {"limitation_passed_requesting", "penalty_threshold_met"},
    )
    assert set(answer.because) == {
        "the time for prosecution in CN has passed by 2014-12-05",
        "the penalty does not reach what extradition needs",
    }


def test_sources_that_contradict_each_other_about_one_offence_still_dispute_it() -> None:
    twice = node("theft", "Offence", name="embezzlement", limitation_date="2010-01-01", law_of="CN")
    again = replace(twice, properties={**twice.properties, "limitation_date": ["2010-01-01", "2030-01-01"]})
    answer = only_answer(
        find_routes(case(resident("TH"), all_bars_answered(), again, without=["theft"]), protected=True), "extradition"
    )
    assert "limitation_passed_requesting" in [fact.fact for fact in answer.facts_against if fact.disputed]


# --- who is sought, and who is cleared -------------------------------------------------------------------------------


def test_whoever_is_cleared_by_the_issuer_comes_off_the_list_and_the_clearance_stays() -> None:
    cleared = node(
        "w", "Warrant", issued_on="2005-01-01", ended_on="2014-12-02", end_reason="cleared", name="warrant 1"
    )
    records = case(resident("TH"), all_bars_answered(), cleared, without=["w"])
    after, before = find_routes(records, protected=True), find_routes(records, "2014-12-01", protected=True)
    assert (after.sought, after.routes) == (False, ())
    assert [(s.answer, s.text) for s in after.clearances] == [
        ("yes", "warrant cleared on 2014-12-02: warrant 1 of 2005-01-01")
    ]
    assert (before.sought, only_answer(before, "extradition").state) == (True, "open")


@pytest.mark.parametrize(
    ("kind", "ends", "told"),
    [
        (
            "Warrant",
            {"ended_on": "2014-12-02", "end_reason": "withdrawn"},
            "warrant withdrawn on 2014-12-02: P-1 of 2005",
        ),
        ("ListEntry", {"end_reason": "deleted"}, "list entry deleted, on an unknown day: P-1 of 2005"),
        ("Notice", {"review": "pending"}, "notice under review: P-1 of 2005"),
    ],
)
def test_a_withdrawn_paper_and_a_review_clear_nobody(kind: str, ends: dict[str, Any], told: str) -> None:
    paper = node("p", kind, issued_on="2005", name="P-1", **ends)
    one = find_routes(case(resident("TH"), paper, link("ann SOUGHT_UNDER p")))
    assert [(s.answer, s.text) for s in one.clearances] == [("unknown", told)]


def test_a_notice_that_the_commission_deleted_is_over_though_nobody_says_since_when() -> None:
    notice = node("w", "Notice", kind="red", issued_on="2009", review="deleted", name="notice 1")
    one = find_routes(case(resident("TH"), all_bars_answered(), notice, without=["w"]))
    assert [(p.in_force, p.reason) for p in one.papers] == [(False, "deleted")]
    assert (one.sought, one.routes) == (False, ())


@pytest.mark.parametrize(("ended", "sought"), [("2014-12-05", False), ("2014", False), ("2015-01-01", True)])
def test_whom_a_paper_names_no_longer_comes_off_the_list(ended: str, sought: bool) -> None:
    named = link("ann SOUGHT_UNDER w", key="sought", end_date=ended)
    one = find_routes(case(resident("TH"), all_bars_answered(), named, without=["sought"]))
    assert (one.sought, bool(one.routes)) == (sought, sought)


def test_an_issuer_may_clear_in_words_about_the_offence() -> None:
    by_issuer = link(
        "ann ACCUSED_OF theft", key="c", stage="cleared", said_by="Office of Inquiry (invented)", date="2013"
    )
    assert find_routes(case(resident("TH"), by_issuer)).routes == ()


def test_what_an_issuer_said_before_it_issued_the_paper_does_not_end_it() -> None:
    before = link(
        "ann ACCUSED_OF theft", key="c", stage="cleared", said_by="Office of Inquiry (invented)", date="2004-12-31"
    )
    assert find_routes(case(resident("TH"), before)).sought


def test_a_clearance_that_only_the_protected_scope_sees_takes_a_person_off_the_list_there_alone() -> None:
    hidden = link(
        "ann ACCUSED_OF theft",
        key="c",
        said=Provenance(handling="protected"),
        stage="cleared",
        said_by="Office of Inquiry (invented)",
        date="2013",
    )
    one = find_routes(case(resident("TH"), hidden))
    assert one == find_routes(case(resident("TH")))
    assert one.sought
    assert [(p.ended, p.reason) for p in find_routes(case(resident("TH"), hidden), protected=True).papers] == [
        ("2013", "cleared")
    ]


def test_a_paper_that_ended_later_seeks_the_person_until_then() -> None:
    ended = node("w", "Warrant", issued_on="2005-01-01", ended_on="2014-12-02", end_reason="withdrawn")
    assert find_routes(case(resident("TH"), ended, without=["w"]), "2014-12-01").sought


def test_anybody_else_s_clearance_is_a_fact_against_and_ends_nothing() -> None:
    by_other = link("ann ACCUSED_OF theft", key="c", stage="cleared", said_by="a court (invented)", date="2013")
    one = find_routes(case(resident("TH"), all_bars_answered(), by_other), protected=True)
    assert one.sought
    against = next(f for f in only_answer(one, "extradition").facts_against if f.fact == "cleared")
    assert [s.text for s in against.says] == ["cleared by a court (invented) in 2013: embezzlement"]


def test_whom_only_another_state_seeks_has_no_routes() -> None:
    assert find_routes(case(resident("TH"), requesting="HK")).routes == ()


def test_a_paper_issued_later_seeks_nobody_yet() -> None:
    assert find_routes(case(resident("TH")), "2004-12-31").routes == ()


# --- assets ----------------------------------------------------------------------------------------------------------

FREEZABLE = [*determination("dual_criminality", "yes"), *determination("freezing_order_or_grounds", "yes", "house")]


def test_a_freeze_needs_the_asset_the_treaty_the_trace_dual_criminality_and_grounds() -> None:
    assert observe(case(FREEZABLE), "mla_freeze") == Expected("open")
    untraced = only_answer(find_routes(case(FREEZABLE, without=["from"])), "mla_freeze")
    assert (untraced.state, missing_facts(untraced)) == ("needs", ["traced_to_offence"])


def test_an_asset_in_a_third_state_is_asked_for_there() -> None:
    moved = link("house LOCATED_IN jurisdiction:MH", key="there")
    answer = only_answer(find_routes(case(resident("US"), FREEZABLE, moved, without=["there"])), "mla_freeze")
    assert (answer.host, answer.state) == ("MH", "open")  # the convention binds both, a bilateral treaty is not known


def test_an_asset_in_a_state_that_may_not_be_bound_needs_an_instrument() -> None:
    moved = link("house LOCATED_IN jurisdiction:VG", key="there")
    answer = only_answer(find_routes(case(FREEZABLE, moved, without=["there"])), "mla_freeze")
    assert missing_facts(answer) == ["offence_in_untoc"]
    assert [fact.fact for fact in answer.law_holes] == [
        *("mutual_assistance_treaty_in_force", "uncac_binds_both", "untoc_binds_both", "host_assists_without_treaty")
    ]


@pytest.mark.parametrize(
    ("host", "state", "holes"), [("US", "open", []), ("SE", "needs", ["host_enforces_foreign_orders"])]
)
def test_without_a_treaty_assets_are_frozen_where_the_host_also_enforces_foreign_orders(
    host: str, state: str, holes: list[str]
) -> None:
    places = [node(code.lower(), "Jurisdiction", code=code) for code in ("TW", "SE")]
    moved = link(f"house LOCATED_IN jurisdiction:{host}", key="there")
    records = case(places, FREEZABLE, moved, without=["there"], requesting="TW")
    answer = only_answer(find_routes(records, "2020-12-05", requesting="TW"), "mla_freeze")
    found = [fact.fact for fact in answer.law_holes if fact.fact.startswith("host_")]
    assert (answer.host, answer.state, found) == (host, state, holes)


def test_a_trace_shows_its_path_and_weakest_step() -> None:
    weak = Provenance(reliability="D", credibility="3")
    records = case(FREEZABLE, link("house PROCEEDS_OF theft", key="from", said=weak), without=["from"])
    traced = next(f for f in only_answer(find_routes(records), "mla_freeze").facts_for if f.fact == "traced_to_offence")
    assert traced.says[0].text == (
        "proceeds of embezzlement; weakest step: the offence to the person, not graded, case"
    )
    assert len(traced.says[0].links) == 2


@pytest.mark.parametrize("grade", [("D", "4"), ("D", "5"), ("E", "2")])
def test_a_trace_that_only_alleges_is_told_and_opens_nothing(grade: tuple[str, str]) -> None:
    said = Provenance(reliability=grade[0], credibility=grade[1])
    records = case(TAKEN, link("house PROCEEDS_OF theft", key="from", said=said), without=["from"])
    answer = only_answer(find_routes(records), "asset_return_embezzled")
    assert (answer.state, missing_facts(answer)) == ("needs", ["traced_to_offence"])
    assert [statement.grade for statement in answer.missing[0].says] == ["".join(grade)]


DOUBTED = Provenance(reliability="D", credibility="4")


@pytest.mark.parametrize(
    ("records", "status"),
    [
        (case(), "traced"),
        (case(link("house PROCEEDS_OF theft", key="from", said=DOUBTED), without=["from"]), "held"),
        (case(link("house PROCEEDS_OF theft", key="from", start_date="2015"), without=["from"]), "held"),
        (case(link("ann ACCUSED_OF theft", key="c", stage="cleared", said_by="the prosecutor", date="2013")), "held"),
        (case(link("ann ACCUSED_OF theft", key="c", stage="cleared", said_by="the prosecutor", date="2005")), "traced"),
    ],
)
def test_routes_and_reports_call_an_asset_traced_by_one_rule(
    tmp_path: Path, records: list[Record], status: str
) -> None:
    load(tmp_path / "case.sqlite", "case", records)
    with store(tmp_path / "case.sqlite") as opened:
        graph, house = report_graph(opened, "2014-12-05"), opened.resolve("test:house")
        context = load_context(graph, [house])
        reported = enforcement_status(context, house, "2014-12-05", cleared_origins(graph, context, [house]))
    assert (reported, [asset.status for asset in find_routes(records).assets]) == (status, [status])


FORFEITABLE = [
    *determination("claimants_notified", "yes", "house"),
    *determination("third_party_rights_considered", "yes", "house"),
    *determination("asset_limitation_passed", "no", "house"),
]


def test_forfeiture_without_a_conviction_is_open_where_the_law_has_it_and_third_parties_were_heard() -> None:
    assert observe(case(FORFEITABLE), "non_conviction_forfeiture") == Expected("open")
    unheard = [r for r in FORFEITABLE if "third_party" not in r.key]
    mortgaged = [node("bank", "Enterprise"), link("bank ENCUMBERS house", amount="1122000 CAD", start_date="2001")]
    answer = only_answer(find_routes(case(unheard, mortgaged)), "non_conviction_forfeiture")
    assert (answer.state, missing_facts(answer)) == ("open", [])
    assert answer.stage is not None
    assert answer.stage.stage == "freeze"
    told = [s.text for fact in answer.facts_against for s in fact.says]
    assert "a right of a third party burdens it: 1122000 CAD since 2001" in told


def test_forfeiture_without_a_conviction_is_unknown_where_no_rule_was_read() -> None:
    moved = link("house LOCATED_IN jurisdiction:SG", key="there")
    answer = only_answer(find_routes(case(FORFEITABLE, moved, without=["there"])), "non_conviction_forfeiture")
    assert (missing_facts(answer), [f.fact for f in answer.law_holes]) == ([], ["host_forfeits_without_conviction"])


COURT = [node("court", "Agency", kind="court"), link("court AGENCY_OF jurisdiction:US", key="court-of")]
TAKEN = [
    *COURT,
    node("m", "Measure", kind="forfeiture", ordered_on="2012-01-17", final_on="2013-09-17"),
    link("m ORDERED_BY court"),
    link("m TARGETS house"),
    *determination("third_party_rights_considered", "yes", "house"),
]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([], Expected("open")),
        (determination("final_judgment_of_requesting", "yes", "house"), Expected("open")),
        (determination("host_waives_final_judgment", "yes", "house"), Expected("open")),
        (
            [
                *determination("final_judgment_of_requesting", "no", "house"),
                *determination("host_waives_final_judgment", "no", "house"),
            ],
            Expected("blocked", ("final_judgment_of_requesting", "host_waives_final_judgment")),
        ),
    ],
)
def test_embezzled_public_funds_go_back_on_a_final_judgment_which_the_host_may_waive(
    told: list[Record], expected: Expected
) -> None:
    assert observe(case(TAKEN, told), "asset_return_embezzled") == expected


def test_what_is_no_embezzlement_goes_back_to_prior_owners_or_by_priority_consideration() -> None:
    bribe = node("theft", "Offence", name="bribery", law_of="CN", convention_article="UNCAC 15")
    one = find_routes(
        case(TAKEN, bribe, determination("prior_ownership_established", "yes", "house"), without=["theft"])
    )
    assert only_answer(one, "asset_return_embezzled").decided_by == ("embezzled_public_funds",)
    assert only_answer(one, "asset_return_prior_owner").state == "open"
    assert only_answer(one, "asset_return_priority").state == "open"
    sharing = only_answer(one, "asset_sharing")
    assert (sharing.state, sharing.stage and sharing.stage.stage) == ("open", "sharing")


@pytest.mark.parametrize("route", ["asset_return_embezzled", "asset_return_prior_owner", "asset_return_priority"])
def test_every_return_stands_at_the_stage_that_the_record_reached(route: str) -> None:
    def stage(records: list[Record], day: str = "2014-12-05") -> str:
        found = only_answer(find_routes(records, day), route).stage
        return f"{found.number} of {found.of}, {found.stage}" if found else ""

    assert stage(case(TAKEN)) == "5 of 5, return"
    assert stage(case(TAKEN), "2013-09-16") == "2 of 5, freeze"
    assert stage(case(without=["from"])) == "1 of 5, trace"
    assert missing_facts(only_answer(find_routes(case(TAKEN, without=["from"])), route))[-1] == "traced_to_offence"
    heard = only_answer(find_routes(case(TAKEN)), route).stage
    unheard = only_answer(find_routes(case([r for r in TAKEN if "third_party" not in r.key])), route).stage
    assert heard is not None
    assert unheard is not None
    assert set(unheard.lacks) - set(heard.lacks) == {"hearing of third parties in good faith"}


def test_what_was_returned_is_not_returned_again() -> None:
    back = [
        node("b", "Measure", kind="return", ordered_on="2014-01-01", returned_on="2014-06-01"),
        link("b ORDERED_BY court"),
        link("b TARGETS house"),
    ]
    assert observe(case(TAKEN, back), "asset_return_priority") == Expected("blocked", ("already_returned",))


@pytest.mark.parametrize(
    ("since", "died", "expected"),
    [
        ("2005-01-01", "", Expected("open")),
        ("2014-03-01", "", Expected("blocked", ("death_recorded", "wanted_for_a_year"))),
        ("2014-03-01", "2014-10-01", Expected("open")),
    ],
)
def test_gains_of_somebody_who_fled_for_a_year_or_died_may_be_confiscated(
    since: str, died: str, expected: Expected
) -> None:
    told = [*FORFEITABLE, node("w", "Warrant", issued_on=since)]
    dead: dict[str, Any] = {"death_date": died} if died else {}
    person = [node("ann", name="Ann Example", **dead)]
    records = case(resident("US"), told, person, without=["w", "ann"])
    assert observe(records, "in_absentia_confiscation") == expected


def test_an_improbable_claim_is_doubt() -> None:
    rumour = link("house PROCEEDS_OF theft", key="from", said=Provenance(reliability="D", credibility="5"))
    assert missing_facts(only_answer(find_routes(case(FREEZABLE, rumour, without=["from"])), "mla_freeze")) == [
        "traced_to_offence"
    ]


def test_a_determination_is_about_the_host_it_names_and_holds_from_its_day_until_its_end() -> None:
    told = determination("reciprocity_assured", "yes", host="CA", decided_on="2014-01-01", ended_on="2014-12-31")
    records = case(resident("CA"), resident("AU"), all_bars_answered(), told)
    one = find_routes(records, protected=True)
    assert {
        a.host: "reciprocity_assured" in missing_facts(a) for a in answers_of_route(one, "extradition_by_reciprocity")
    } == {
        "AU": True,
        "CA": False,
    }
    for day in ("2013-12-31", "2015-01-01"):
        canada = next(
            a
            for a in answers_of_route(find_routes(records, day, protected=True), "extradition_by_reciprocity")
            if a.host == "CA"
        )
        assert "reciprocity_assured" in missing_facts(canada)


def test_a_protected_fact_that_was_marked_open_is_still_not_shown() -> None:
    loose = determination("torture_risk", "yes")
    answer = only_answer(find_routes(case(resident("TH"), loose)), "extradition")
    shown = next(f for f in answer.facts_against if f.fact == "torture_risk")
    assert (shown.host_decides, shown.answer, shown.says) == (True, "unknown", ())


def test_a_judgment_stands_for_a_warrant() -> None:
    convicted = link("ann ACCUSED_OF theft", key="j", stage="convicted", said_by="a court (invented)", date="2013")
    listed = [node("l", "ListEntry", issued_on="2014-11-28"), link("ann SOUGHT_UNDER l"), link("l ISSUED_BY police")]
    records = case(resident("TH"), all_bars_answered(), convicted, listed, without=["w", "sought"])
    assert observe(records, "extradition", protected=True) == Expected("open")


def test_a_ground_for_removal_without_its_day_is_doubt() -> None:
    undated = [r for r in REMOVABLE if "removal_ground" not in r.key] + determination("removal_ground_dated", "yes")
    answer = only_answer(find_routes(case(resident("US"), undated), protected=True), "removal_immigration")
    assert missing_facts(answer) == ["removal_ground_dated"]
    assert [s.text for s in answer.missing[0].says] == ["yes, without a day"]


def test_an_offence_that_nobody_names_is_told_by_its_conduct() -> None:
    theft = node("theft", "Offence", conduct="taking invented dues", law_of="CN")
    accusations = find_routes(case(theft, without=["theft"])).accusations
    assert [one.text for one in accusations] == ["charged by the prosecutor since 2006-01-01: taking invented dues"]


@pytest.mark.parametrize(("grade", "answer"), [(GRADED, "yes"), (replace(GRADED, credibility="5"), "unknown")])
def test_a_clearance_is_no_accusation_even_where_it_is_doubtful(grade: Provenance, answer: str) -> None:
    cleared = link("ann ACCUSED_OF theft", key="c", said=grade, stage="cleared", said_by="a court (invented)")
    one = find_routes(case(resident("TH"), cleared))
    assert [s.text for s in one.accusations] == ["charged by the prosecutor since 2006-01-01: embezzlement"]
    assert [(s.text[:26], s.answer) for s in one.clearances] == [("cleared by a court (invent", answer)]


def test_of_a_host_that_is_not_known_no_table_is_quoted_and_that_is_told() -> None:
    answers = [answer for answer in find_routes(case()).routes if not answer.host]
    found = [s for a in answers for f in (*a.facts_for, *a.facts_against, *a.instrument) for s in f.says]
    found += [s for a in answers for f in a.missing for s in f.says] + [
        s for a in answers for f in a.law_holes for s in f.says
    ]
    texts = {s.text for s in found} | {b for a in answers for b in a.because}
    texts |= {authority.text for answer in answers for authority in answer.agencies}
    texts |= {answer.stage.text for answer in answers if answer.stage}
    assert "mutual assistance treaty: host not known" in texts
    assert "assists without treaty: host not known" in texts
    assert [text for text in texts if re.search(r", :|–:|and :|\bin :|^no \w+ is recorded|  ", text)] == []


# --- who accuses ------------------------------------------------------------------------------------------------------


NAMED = "whom a paper or an accusation names"
OF_NO_STATE = "of which state that authority is, is not known"


def who_states_the_offence(speakers: tuple[str, ...], *, law_of: str = "CN") -> tuple[str, dict[str, str]]:
    """Whether the requesting state says which offence it was, and what follows from each speaker's word."""
    accused = [
        link("ann ACCUSED_OF theft", f"by {i}", stage="alleged", said_by=speaker) for i, speaker in enumerate(speakers)
    ]
    theft = node("theft", "Offence", name="embezzlement", law_of=law_of)
    court = node("court", "Agency", name="Superior Court of Maple Reach (invented)")
    its = link("court AGENCY_OF jurisdiction:CA", key="its-court")
    one = find_routes(case(resident("US"), theft, court, its, accused, without=["accused", "theft"]))
    answer = only_answer(one, "letters_rogatory")
    told = [(f.answer, f.says) for f in (*answer.facts_for, *answer.facts_against) if f.fact == "offence_stated"]
    told += [("unknown", f.says) for f in answer.missing if f.fact == "offence_stated"]
    ((found, says),) = told
    return found, {statement.text: statement.answer for statement in says}


def test_an_authority_of_the_requesting_state_says_which_offence_it_was() -> None:
    speakers = (
        *("the procuratorate", "the prosecutor", "a court (invented)", "Public Security Bureau police", "检察院"),
        *("Office of Inquiry (invented)", "OFFICE OF INQUIRY, invented", "CN", "China", "中国", "police of China"),
        *(
            "Chinese police",
            "中国公安部",
            "National Supervisory Commission",
            "国家监察委员会",
            "the warrant",
            "warrant 1",
        ),
    )
    told = {f"alleged by {speaker}: embezzlement": "yes" for speaker in speakers}
    assert who_states_the_offence(speakers) == ("yes", told)


def test_nobody_elses_word_is_that_of_the_requesting_state() -> None:
    speakers = (
        *("Harbour Gazette", "The Police Gazette (invented)", "China Daily News (invented)", "a newspaper", "Bob"),
        *("US Department of Justice", "police of France", "French police", "FR", "the list", "INTERPOL", "of", "()"),
        *("Superior Court of Maple Reach (invented)", "某报"),
    )
    told = {f"alleged by {speaker}: embezzlement; no word of the requesting state": "unknown" for speaker in speakers}
    assert who_states_the_offence(speakers) == ("unknown", told)


@pytest.mark.parametrize(
    ("speaker", "law_of", "told"),
    (
        ("", "CN", "alleged: embezzlement; who says so is not known"),
        ("the prosecutor", "", f"alleged by the prosecutor: embezzlement; {OF_NO_STATE}"),
        ("Court of Alder Bay", "CN", f"alleged by Court of Alder Bay: embezzlement; {OF_NO_STATE}"),
        ("云里市检察院", "CN", f"alleged by 云里市检察院: embezzlement; {OF_NO_STATE}"),
    ),
    ids=("nobody", "any prosecutor", "some court", "some Chinese office"),
)
def test_an_unknown_speaker_is_not_the_requesting_state(speaker: str, law_of: str, told: str) -> None:
    assert who_states_the_offence((speaker,), law_of=law_of) == ("unknown", {told: "unknown"})


def test_a_name_that_agencies_of_several_states_have_is_that_of_the_state_whose_law_the_offence_is_under() -> None:
    told = "alleged by Ministry of Justice: embezzlement"
    assert who_states_the_offence(("Ministry of Justice",)) == ("yes", {told: "yes"})
    doubt = {f"{told}; {OF_NO_STATE}": "unknown"}
    assert who_states_the_offence(("Ministry of Justice",), law_of="") == ("unknown", doubt)


def test_an_agency_of_the_graph_goes_before_those_of_the_tables() -> None:
    ministry = node("ministry", "Agency", name="Ministry of Justice")
    its = link("ministry AGENCY_OF jurisdiction:FR", key="its-ministry")
    accused = link("ann ACCUSED_OF theft", "accused", stage="alleged", said_by="Ministry of Justice")
    one = find_routes(case(resident("US"), ministry, its, accused, without=["accused"]))
    answer = only_answer(one, "letters_rogatory")
    (says,) = (fact.says for fact in answer.missing if fact.fact == "offence_stated")
    assert [s.text for s in says] == ["alleged by Ministry of Justice: embezzlement; no word of the requesting state"]


@pytest.mark.parametrize(
    ("speaker", "doubt"),
    [
        ("Harbour Gazette", "no word of the requesting state"),
        ("", "who says so is not known"),
        ("Court of Alder Bay", OF_NO_STATE),
    ],
    ids=("a newspaper", "nobody", "some court"),
)
def test_a_judgment_is_the_word_of_the_state_whose_law_it_applies(speaker: str, doubt: str) -> None:
    convicted = link(
        "ann ACCUSED_OF theft", key="j", stage="convicted", said_by=speaker, date="2013", sentence="one month"
    )
    listed = [node("l", "ListEntry", issued_on="2014-11-28"), link("ann SOUGHT_UNDER l"), link("l ISSUED_BY police")]
    one = find_routes(case(resident("TH"), convicted, listed, without=["w", "sought"]))
    (says,) = (f.says for f in only_answer(one, "extradition").missing if f.fact == "warrant_or_judgment")
    told = {
        "Harbour Gazette": "Harbour Gazette says that Ann Example was convicted (2013)",
        "": "judgment since 2013",
        "Court of Alder Bay": "convicted by Court of Alder Bay in 2013",
    }
    assert f"{told[speaker]}: embezzlement; {doubt}" in [s.text for s in says]
    assert [e.grade for e in one.evidence if e.element == "act"] != ["court finding"]
    assert "notice_threshold_met" in [f.fact for f in only_answer(one, "interpol_notice").facts_for]


@pytest.mark.parametrize(
    ("said_by", "words"),
    [
        ("Harbour Gazette", "Harbour Gazette says that Ann Example was convicted (2012-01-01)"),
        ("police of France", "convicted by police of France on 2012-01-01"),
        ("the procuratorate of China", "convicted by the procuratorate of China on 2012-01-01"),
    ],
)
def test_a_charge_under_the_hosts_law_is_the_hosts_word(said_by: str, words: str) -> None:
    wash = node("wash", "Offence", name="laundering", law_of="US", limitation_date="2020")
    accused = link("ann ACCUSED_OF wash", stage="convicted", said_by=said_by, date="2012-01-01")
    linked = link("house PROCEEDS_OF wash", key="washed")
    answers = find_routes(case(resident("US"), wash, accused, linked)).routes
    about = [f for a in answers for f in (*a.facts_for, *a.facts_against) if a.host == "US" and f.answer == "yes"]
    assert not {f.fact for f in about} & {"offence_under_host_law", "convicted_in_host"}
    told = {s.text for a in answers for f in a.missing for s in f.says if f.fact == "offence_under_host_law"}
    assert told == {f"{words}: laundering; no word of US"}


@pytest.mark.parametrize(("accused", "words"), [(False, "who is not accused in these sources"), (True, NAMED)])
def test_a_relative_on_a_chain_is_called_unaccused_only_where_nobody_accuses(accused: bool, words: str) -> None:
    kin = [node("kin", name="Kim Example"), link("ann FAMILY_OF kin"), link("kin OWNS house", key="kin-owns")]
    charge = [link("kin ACCUSED_OF theft", stage="charged", said_by="the prosecutor")] if accused else []
    answers = find_routes(case(resident("US"), kin, charge, without=["owns"])).routes
    facts = [f for a in answers for f in (*a.facts_for, *a.facts_against) if f.fact == "held_for_person"]
    assert {s.text.rpartition("through a relative, ")[2] for f in facts for s in f.says} == {words}
