"""What does the law make of situations that people worked out by hand?

Expected values come from the rules in graph/reference/ORIGINS.md, docs/routes.md and the conventions that the routes
cite; none was copied from what the program prints.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, NamedTuple

import pytest

from kg.records import Record, Said
from tests.unit.analysis.routes.legal_case import answers, case, found, link, missing, node, only, resident, said

SETTLED = {
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
    "competing_request": "no",
}
"""Every bar of extradition, answered so that it bars nothing."""


def settled(**but: str) -> list[Record]:
    """Every bar answered, but for those named: another answer, or none where it is empty."""
    return [r for fact, answer in {**SETTLED, **but}.items() if answer for r in said(fact, answer)]


class Seen(NamedTuple):
    """How a route stands and why."""

    state: str
    why: tuple[str, ...] = ()


def seen(records: list[Record], route: str, day: str = "2014-12-05", **asked: object) -> Seen:
    """A route's state, with what blocks it or the protected facts that the host decides."""
    answer = only(found(records, day, **asked), route)  # type: ignore[arg-type]  # the keywords of `found`
    return Seen(answer.state, answer.decided_by if answer.state == "blocked" else answer.host_decides)


# --- extradition: the treaty -----------------------------------------------------------------------------------------


def test_china_to_the_united_states_in_2014_extradition_is_closed_and_what_remains_is_the_rest() -> None:
    one = found(case(resident("US")))
    states = {a.route.id: a.state for a in one.answers}
    assert states["extradition"] == "blocked"
    assert only(one, "extradition").decided_by == ("extradition_treaty_in_force", "host_requires_treaty")
    assert only(one, "extradition_by_uncac").decided_by == ("host_takes_uncac_as_basis", "host_requires_treaty")
    remaining = ("host_prosecution", "removal_immigration", "non_conviction_forfeiture", "conviction_forfeiture")
    assert {states[route] for route in remaining} == {"needs"}
    assert states["mla_freeze"] == "needs"
    assert states["spontaneous_information"] == "open"
    assert states["trial_in_absentia"] == "blocked"


@pytest.mark.parametrize(
    ("requesting", "host", "day", "expected"),
    [
        ("HK", "US", "2019-06-01", Seen("open")),
        ("HK", "US", "2021-06-01", Seen("blocked", ("extradition_treaty_in_force", "host_requires_treaty"))),
        ("HK", "US", "1997-12-31", Seen("needs")),
        ("CN", "TH", "2014-12-05", Seen("open")),
        ("CN", "FR", "2014-12-05", Seen("needs")),
        ("CN", "FR", "2015-07-17", Seen("open")),
        ("CN", "CA", "2014-12-05", Seen("needs")),
        ("CN", "AU", "2014-12-05", Seen("needs")),
        ("CN", "MH", "2014-12-05", Seen("needs")),
    ],
)
def test_with_every_bar_settled_the_treaty_decides(requesting: str, host: str, day: str, expected: Seen) -> None:
    bars = settled(penalty_threshold_met="yes")  # which threshold Hong Kong or the United States have was not read
    records = case(resident(host, start_date="1997-01-01"), bars, requesting=requesting)
    paper = [r for r in records if r.key != "w"] + [node("w", "Warrant", issued_on="1997-01-01")]
    accused = [r for r in paper if r.key != "accused"] + [link("ann ACCUSED_OF theft", stage="charged")]
    assert seen(accused, "extradition", day, requesting=requesting, host=host, protected=True) == expected


def test_a_missing_treaty_closes_nothing_where_the_host_asks_for_none() -> None:
    canada = only(found(case(resident("CA"), settled()), protected=True), "extradition")
    assert (canada.state, missing(canada)) == ("needs", ["reciprocity_assured"])
    assured = case(resident("CA"), settled(), said("reciprocity_assured", "yes"))
    assert seen(assured, "extradition", protected=True) == Seen("open")


def test_signed_and_not_ratified_is_no_treaty_and_still_does_not_block_where_none_is_required() -> None:
    australia = only(found(case(resident("AU"), settled()), "2012-01-01", protected=True), "extradition")
    assert missing(australia) == ["reciprocity_assured"]
    (treaty, *_) = [s.text for f in australia.instruments for s in f.statements]
    assert treaty.startswith("extradition treaty CN–AU: signed only")


def test_where_neither_treaty_nor_rule_is_known_both_are_asked_for() -> None:
    islands = only(found(case(resident("MH"), settled()), protected=True), "extradition")
    assert missing(islands) == ["extradition_treaty_in_force", "host_requires_treaty", "reciprocity_assured"]


def test_before_entry_into_force_the_convention_binds_nobody() -> None:
    early = case(resident("US", start_date="2005-06-01"))
    assert seen(early, "spontaneous_information", "2006-11-28").why == ("uncac_binds_both",)
    assert seen(early, "spontaneous_information", "2006-11-29") == Seen("open")


def test_whether_new_zealand_was_bound_is_unknown_and_unknown_is_never_no() -> None:
    answer = only(found(case(resident("NZ"))), "spontaneous_information")
    assert (answer.state, missing(answer)) == ("needs", ["uncac_binds_both"])


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
    ("competing_request", "yes"),
]


@pytest.mark.parametrize(("fact", "bars"), BARS)
def test_each_bar_is_a_condition_of_its_own(fact: str, bars: str) -> None:
    barred = found(case(resident("TH"), settled(**{fact: bars})), protected=True)
    assert (only(barred, "extradition").state, only(barred, "extradition").decided_by) == ("blocked", (fact,))
    unknown = only(found(case(resident("TH"), settled(**{fact: ""})), protected=True), "extradition")
    assert (unknown.state, missing(unknown)) == ("needs", [fact])


@pytest.mark.parametrize("fact", ["torture_risk", "protected_from_return", "health_bars_return"])
def test_a_protected_bar_is_decided_by_the_host_and_is_no_gap(fact: str) -> None:
    barred = case(resident("TH"), settled(**{fact: "yes"}))
    assert seen(barred, "extradition", protected=True) == Seen("blocked", (fact,))
    hidden = only(found(barred), "extradition")
    assert (hidden.state, missing(hidden)) == ("needs", [])
    assert set(hidden.host_decides) == {"torture_risk", "protected_from_return", "health_bars_return"}


def test_an_own_national_is_not_extradited_where_the_host_does_not_and_is_prosecuted_instead() -> None:
    national = link("ann CITIZEN_OF jurisdiction:CN", start_date="2001")
    assert seen(
        case(resident("CN"), settled(own_national=""), national, requesting="TH"),
        *("extradition", "2014-12-05"),
        requesting="TH",
        protected=True,
    ) == Seen("blocked", ("own_national", "host_extradites_nationals"))


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
    settled_there = [*said("evidence_usable_in_host", "yes"), *said("tried_already", "no"), *said("immunity", "no")]
    national = link("ann CITIZEN_OF jurisdiction:TH", start_date="2010")
    records = case(resident("TH"), national, REFUSED, settled_there)
    assert seen(records, "prosecution_in_place_of_extradition") == Seen("open")
    before = only(found(records, "2012-12-31"), "prosecution_in_place_of_extradition")
    assert missing(before) == ["extradition_refused_as_national"]


def test_that_no_nationality_is_recorded_does_not_make_somebody_a_foreigner() -> None:
    answer = only(found(case(resident("TH"), settled(own_national="")), protected=True), "extradition")
    assert missing(answer) == ["host_extradites_nationals", "own_national"]


def test_a_nationality_that_was_lost_is_none() -> None:
    lost = link("ann CITIZEN_OF jurisdiction:TH", start_date="2001", lost_on="2008-09-21")
    assert seen(case(resident("TH"), settled(own_national=""), lost), "extradition", protected=True) == Seen("open")


@pytest.mark.parametrize(
    ("penalty", "assurance", "expected"),
    [
        ("ten years", "", Seen("open")),
        ("death, as the law stood in 2014", "", Seen("needs")),
        ("death, as the law stood in 2014", "yes", Seen("open")),
        ("death", "no", Seen("blocked", ("death_penalty_possible", "death_penalty_assured_against"))),
        ("severe", "", Seen("needs")),
        ("twenty years or capital punishment", "", Seen("needs")),
        (
            "十年以上有期徒刑、无期徒刑或者死刑",
            "no",
            Seen("blocked", ("death_penalty_possible", "death_penalty_assured_against")),
        ),
        ("six months", "", Seen("blocked", ("penalty_threshold_met",))),
    ],
)
def test_the_penalty_has_to_reach_the_threshold_and_death_to_be_assured_against(
    penalty: str, assurance: str, expected: Seen
) -> None:
    offence = node("theft", "Offence", law_of="CN", maximum_penalty=penalty, limitation_date="2030-01-01")
    told = said("death_penalty_assured_against", assurance) if assurance else []
    records = case(resident("TH"), settled(), offence, told, without=["theft"])
    assert seen(records, "extradition", protected=True) == expected


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ({}, Seen("needs")),
        ({"maximum_penalty": "severe"}, Seen("needs")),
        ({"maximum_penalty": "death"}, Seen("blocked", ("death_penalty_possible", "death_penalty_assured_against"))),
        ({"maximum_penalty": "five years"}, Seen("open")),
    ],
)
def test_the_penalty_of_one_offence_says_nothing_of_death_for_another(other: dict[str, Any], expected: Seen) -> None:
    more = [node("other", "Offence", law_of="CN", **other), link("ann ACCUSED_OF other", stage="charged")]
    told = said("death_penalty_assured_against", "no") if expected.state == "blocked" else []
    assert seen(case(resident("TH"), settled(), more, told), "extradition", protected=True) == expected


@pytest.mark.parametrize(
    ("retrial", "expected"),
    [("", Seen("needs")), ("yes", Seen("open")), ("no", Seen("blocked", ("tried_in_absentia", "retrial_assured")))],
)
def test_a_judgment_in_absence_needs_a_new_trial(retrial: str, expected: Seen) -> None:
    told = said("retrial_assured", retrial) if retrial else []
    records = case(resident("TH"), settled(tried_in_absentia="yes"), told)
    assert seen(records, "extradition", protected=True) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2012-10-31", Seen("open")),
        ("2012-11-01", Seen("blocked", ("limitation_passed_requesting",))),
        ("2012-10-15", Seen("needs")),
    ],
)
def test_the_time_for_prosecution_passes_on_a_day_as_coarse_as_its_source(day: str, expected: Seen) -> None:
    offence = node(
        "theft",
        "Offence",
        law_of="CN",
        convention_article="UNCAC 17",
        maximum_penalty="ten years",
        limitation_date="2012-10-31" if expected.state != "needs" else "2012-10",
    )
    records = case(resident("TH"), settled(), offence, without=["theft"])
    assert seen(records, "extradition", day, protected=True) == expected


# --- where the person is ---------------------------------------------------------------------------------------------


def test_a_list_entry_is_no_warrant() -> None:
    listed = [node("l", "ListEntry", issued_on="2014-11-28"), link("ann SOUGHT_UNDER l"), link("l ISSUED_BY police")]
    answer = only(
        found(case(resident("TH"), settled(), listed, without=["w", "sought"]), protected=True), "extradition"
    )
    assert missing(answer) == ["warrant_or_judgment"]


def test_a_suspicion_is_doubt_and_no_presence() -> None:
    suspected = link("ann PRESENT_IN jurisdiction:TH", how="suspected", start_date="2006")
    answer = only(found(case(suspected, settled()), protected=True), "extradition")
    assert (answer.host, answer.state, missing(answer)) == ("TH", "needs", ["present_in_host"])
    assert [s.text for s in answer.missing[0].says] == ["suspected in TH since 2006"]


def test_two_possible_hosts_are_two_answers() -> None:
    suspected = [link(f"ann PRESENT_IN jurisdiction:{c}", how="suspected") for c in ("TH", "US")]
    one = found(case(suspected, settled()), protected=True)
    assert [(a.host, a.state) for a in answers(one, "extradition")] == [("TH", "needs"), ("US", "blocked")]


def test_conflicting_residences_stand_side_by_side_and_give_a_range() -> None:
    one = found(case(resident("TH"), resident("US"), settled()), protected=True)
    thailand, states = answers(one, "extradition")
    assert (thailand.state, thailand.range) == ("needs", ("open", "blocked"))
    assert (states.state, states.range) == ("blocked", ("blocked",))
    disputed = next(f for f in thailand.opposes if f.name == "present_in_host")
    assert sorted(s.answer for s in disputed.statements) == ["no", "yes"]


def test_where_nobody_says_where_somebody_is_that_is_the_question() -> None:
    one = found(case(settled()), protected=True)
    assert [(a.host, a.state, missing(a)) for a in answers(one, "extradition")] == [("", "needs", ["present_in_host"])]
    assert missing(only(one, "interpol_notice")) == ["complies_with_article_2", "review_allows_notice"]


@pytest.mark.parametrize(
    ("sighting", "hosts"), [("2014-06-01", ["TH"]), ("2013-12-05", [""]), ("2015-01-01", [""]), ("2014", ["TH"])]
)
def test_a_sighting_counts_for_a_year(sighting: str, hosts: list[str]) -> None:
    sighted = link("ann PRESENT_IN jurisdiction:TH", how="sighted", date=sighting)
    assert [a.host for a in answers(found(case(sighted)), "extradition")] == hosts


def test_a_residence_that_ended_is_no_presence() -> None:
    assert [a.host for a in answers(found(case(resident("TH", end_date="2010"))), "extradition")] == [""]


@pytest.mark.parametrize(("died", "state"), [("2014-12-05", "blocked"), ("2014-12-06", "open"), ("2014", "needs")])
def test_the_dead_are_not_extradited(died: str, state: str) -> None:
    records = case(resident("TH"), settled(), node("ann", name="Ann Example", death_date=died), without=["ann"])
    assert seen(records, "extradition", protected=True).state == state


# --- removal, notices, return of one's own will ----------------------------------------------------------------------

REMOVABLE = [
    *said("removal_ground_dated", "yes", decided_on="2014-03-01"),
    *said("destination_accepts", "yes"),
    *said("own_national", "no"),
    *said("protected_from_return", "no"),
    *said("torture_risk", "no"),
    link("ann CITIZEN_OF jurisdiction:CN", acquired_by="birth"),
]


def test_removal_needs_a_dated_ground_a_nationality_a_decision_on_protection_and_a_destination() -> None:
    records = case(resident("US"), REMOVABLE)
    assert seen(records, "removal_immigration", protected=True) == Seen("open")
    assert seen(records, "removal_immigration", "2014-02-28", protected=True).state == "needs"
    without = [r for r in records if "destination" not in r.key and "CITIZEN_OF" not in r.key]
    assert missing(only(found(without, protected=True), "removal_immigration")) == [
        "destination_accepts",
        "nationality_resolved",
    ]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("asylum application pending", Seen("needs", ("protected_from_return",))),
        ("asylum refused, under appeal", Seen("needs", ("protected_from_return",))),
        ("protection against removal granted", Seen("blocked", ("protected_from_return",))),
        ("asylum refused", Seen("open")),
        ("visa refused", Seen("needs", ("protected_from_return",))),
        ("asylum denied, withholding of removal granted", Seen("needs", ("protected_from_return",))),
        ("asylum denied; withholding", Seen("needs", ("protected_from_return",))),
    ],
)
def test_while_protection_is_pending_nobody_is_removed(kind: str, expected: Seen) -> None:
    status = link("ann HAS_STATUS_IN jurisdiction:US", kind=kind, decided_on="2014-01-01")
    records = [r for r in case(resident("US"), REMOVABLE, status) if "protected_from_return" not in r.key]
    assert seen(records, "removal_immigration", protected=True) == expected
    assert seen(records, "removal_immigration").state == "needs"


def test_a_removal_that_serves_extradition_is_flagged() -> None:
    asked = [
        node("r", "Request", kind="removal", sent_to="US", sent_on="2011-05-18", answer="pending"),
        link("r ISSUED_BY police"),
        link("r TARGETS ann"),
    ]
    flags = only(found(case(resident("US"), REMOVABLE, asked), protected=True), "removal_immigration").flags
    assert [words.split(":")[0] for words in flags] == ["Disguised extradition"] * 2
    assert only(found(case(resident("TH"), REMOVABLE), protected=True), "removal_immigration").flags == ()


ORDINARY = [*said("political_offence", "no"), *said("complies_with_article_2", "yes")]


@pytest.mark.parametrize(
    ("notice", "expected"),
    [
        ({}, Seen("open")),
        ({"review": "pending"}, Seen("needs")),
        ({"review": "blocked"}, Seen("blocked", ("review_allows_notice",))),
        (
            {"ended_on": "2014-07-15", "end_reason": "deleted", "review": "deleted"},
            Seen("blocked", ("review_allows_notice",)),
        ),
    ],
)
def test_a_notice_only_locates_and_stands_as_its_review_says(notice: dict[str, Any], expected: Seen) -> None:
    listed = [node("n", "Notice", kind="red", issued_on="2009", **notice), link("ann SOUGHT_UNDER n")]
    answer = only(found(case(resident("US"), ORDINARY, listed)), "interpol_notice")
    assert Seen(answer.state, answer.decided_by if answer.state == "blocked" else ()) == expected
    assert answer.route.group == "locating"


def test_a_political_offence_has_no_notice() -> None:
    political = [*said("political_offence", "yes"), *said("complies_with_article_2", "yes")]
    assert seen(case(resident("US"), political), "interpol_notice") == Seen("blocked", ("political_offence",))


def test_voluntary_return_has_one_state_whatever_is_known() -> None:
    pressed = said("relatives_pressed", "yes")
    for records in (
        case(resident("US")),
        case(resident("US"), pressed),
        case(resident("US"), said("person_consents", "yes")),
    ):
        answer = only(found(records), "voluntary_return")
        assert (answer.state, answer.missing) == ("person_initiated_only", ())
    against = [f.name for f in only(found(case(resident("US"), pressed)), "voluntary_return").opposes]
    assert "relatives_pressed" in against


@pytest.mark.parametrize(("day", "state"), [("2018-10-25", "blocked"), ("2018-10-26", "open")])
def test_trial_in_absence_in_china_cannot_open_before_the_law_has_it(day: str, state: str) -> None:
    assert seen(case(resident("US"), said("summons_served", "yes")), "trial_in_absentia", day).state == state


def test_what_only_chinese_law_has_is_no_route_of_others() -> None:
    assert answers(found(case(resident("US"), requesting="HK"), requesting="HK"), "trial_in_absentia") == []


# --- prosecution in the host -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "expected"), [("charged", "open"), ("convicted", "open"), ("alleged", "needs"), ("investigated", "needs")]
)
def test_prosecution_in_the_host_needs_an_offence_under_its_own_law(stage: str, expected: str) -> None:
    laundering = [
        node("wash", "Offence", name="laundering", law_of="US", limitation_date="2020"),
        link("ann ACCUSED_OF wash", stage=stage, date="2012-01-01"),
    ]
    told = [
        r
        for f, a in {"evidence_usable_in_host": "yes", "tried_already": "no", "immunity": "no"}.items()
        for r in said(f, a)
    ]
    assert seen(case(resident("US"), laundering, told), "host_prosecution").state == expected


# --- several offences -------------------------------------------------------------------------------------------------


def offence(key: str, until: str, penalty: str, law_of: str = "CN") -> list[Record]:
    """Another offence that Ann is accused of."""
    told = node(key, "Offence", name=key, law_of=law_of, maximum_penalty=penalty, limitation_date=until)
    return [told, link(f"ann ACCUSED_OF {key}", stage="charged", date="2006-01-01")]


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        (("old", "2010-01-01", "ten years"), Seen("open")),
        (("old", "2010-01-01", "two months"), Seen("open")),
        (("small", "2030-01-01", "two months"), Seen("open")),
    ],
)
def test_a_route_is_possible_for_an_offence_for_which_it_holds(other: tuple[str, str, str], expected: Seen) -> None:
    one = found(case(resident("TH"), settled(), offence(*other)), protected=True)
    answer = only(one, "extradition")
    assert (answer.state, answer.range) == (expected.state, (expected.state,))
    assert not [fact.name for fact in (*answer.supports, *answer.opposes) if fact.disputed]
    told = {fact.name: [s.text for s in fact.statements] for fact in answer.supports}
    assert f"{other[0]}: can be prosecuted until {other[1]}" in told["limitation_passed_requesting"]


def test_what_holds_of_one_offence_and_what_holds_of_another_do_not_make_a_route() -> None:
    late, small = offence("late", "2010-01-01", "ten years"), offence("small", "2030-01-01", "two months")
    answer = only(
        found(case(resident("TH"), settled(), late, small, without=["accused"]), protected=True), "extradition"
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
    answer = only(found(case(resident("TH"), settled(), again, without=["theft"]), protected=True), "extradition")
    assert "limitation_passed_requesting" in [fact.name for fact in answer.opposes if fact.disputed]


# --- who is sought, and who is cleared -------------------------------------------------------------------------------


def test_whoever_is_cleared_by_the_issuer_comes_off_the_list_and_the_clearance_stays() -> None:
    cleared = node(
        "w", "Warrant", issued_on="2005-01-01", ended_on="2014-12-02", end_reason="cleared", name="warrant 1"
    )
    records = case(resident("TH"), settled(), cleared, without=["w"])
    after, before = found(records, protected=True), found(records, "2014-12-01", protected=True)
    assert (after.sought, after.answers) == (False, ())
    assert [s.text for s in after.clearances] == ["warrant 1: cleared since 2014-12-02"]
    assert (before.sought, only(before, "extradition").state) == (True, "open")


def test_a_notice_that_the_commission_deleted_is_over_though_nobody_says_since_when() -> None:
    notice = node("w", "Notice", kind="red", issued_on="2009", review="deleted", name="notice 1")
    one = found(case(resident("TH"), settled(), notice, without=["w"]))
    assert [(p.in_force, p.reason) for p in one.papers] == [(False, "deleted")]
    assert (one.sought, one.answers) == (False, ())


@pytest.mark.parametrize(("ended", "sought"), [("2014-12-05", False), ("2014", False), ("2015-01-01", True)])
def test_whom_a_paper_names_no_longer_comes_off_the_list(ended: str, sought: bool) -> None:
    named = link("ann SOUGHT_UNDER w", key="sought", end_date=ended)
    one = found(case(resident("TH"), settled(), named, without=["sought"]))
    assert (one.sought, bool(one.answers)) == (sought, sought)


def test_an_issuer_may_clear_in_words_about_the_offence() -> None:
    by_issuer = link(
        "ann ACCUSED_OF theft", key="c", stage="cleared", said_by="Office of Inquiry (invented)", date="2013"
    )
    assert found(case(resident("TH"), by_issuer)).answers == ()


def test_what_an_issuer_said_before_it_issued_the_paper_does_not_end_it() -> None:
    before = link(
        "ann ACCUSED_OF theft", key="c", stage="cleared", said_by="Office of Inquiry (invented)", date="2004-12-31"
    )
    assert found(case(resident("TH"), before)).sought


def test_a_clearance_that_only_the_protected_scope_sees_takes_a_person_off_the_list_for_everybody() -> None:
    hidden = link(
        "ann ACCUSED_OF theft",
        key="c",
        said=Said(handling="protected"),
        stage="cleared",
        said_by="Office of Inquiry (invented)",
        date="2013",
    )
    one = found(case(resident("TH"), hidden))
    assert (one.sought, one.answers, one.clearances) == (False, (), ())
    assert [(paper.in_force, paper.ended, paper.reason) for paper in one.papers] == [(False, "", "")]
    assert [(p.ended, p.reason) for p in found(case(resident("TH"), hidden), protected=True).papers] == [
        ("2013", "cleared")
    ]


def test_a_paper_that_ended_later_seeks_the_person_until_then() -> None:
    ended = node("w", "Warrant", issued_on="2005-01-01", ended_on="2014-12-02", end_reason="withdrawn")
    assert found(case(resident("TH"), ended, without=["w"]), "2014-12-01").sought


def test_anybody_else_s_clearance_is_a_fact_against_and_ends_nothing() -> None:
    by_other = link("ann ACCUSED_OF theft", key="c", stage="cleared", said_by="a court (invented)", date="2013")
    one = found(case(resident("TH"), settled(), by_other), protected=True)
    assert one.sought
    against = next(f for f in only(one, "extradition").opposes if f.name == "cleared")
    assert [s.text for s in against.statements] == ["cleared by a court (invented) since 2013: embezzlement"]


def test_whom_only_another_state_seeks_has_no_routes() -> None:
    assert found(case(resident("TH"), requesting="HK")).answers == ()


def test_a_paper_issued_later_seeks_nobody_yet() -> None:
    assert found(case(resident("TH")), "2004-12-31").answers == ()


# --- assets ----------------------------------------------------------------------------------------------------------

FREEZABLE = [*said("dual_criminality", "yes"), *said("freezing_order_or_grounds", "yes", "house")]


def test_a_freeze_needs_the_asset_the_treaty_the_trace_dual_criminality_and_grounds() -> None:
    assert seen(case(FREEZABLE), "mla_freeze") == Seen("open")
    untraced = only(found(case(FREEZABLE, without=["from"])), "mla_freeze")
    assert (untraced.state, missing(untraced)) == ("needs", ["traced_to_offence"])


def test_an_asset_in_a_third_state_is_asked_for_there() -> None:
    moved = link("house LOCATED_IN jurisdiction:MH", key="there")
    answer = only(found(case(resident("US"), FREEZABLE, moved, without=["there"])), "mla_freeze")
    assert (answer.host, answer.state) == ("MH", "open")  # the convention binds both, a bilateral treaty is not known


def test_an_asset_in_a_state_that_may_not_be_bound_needs_an_instrument() -> None:
    moved = link("house LOCATED_IN jurisdiction:VG", key="there")
    answer = only(found(case(FREEZABLE, moved, without=["there"])), "mla_freeze")
    assert missing(answer) == ["mutual_assistance_treaty_in_force", "uncac_binds_both"]


def test_a_trace_shows_its_path_and_weakest_step() -> None:
    weak = Said(reliability="D", credibility="4")
    records = case(FREEZABLE, link("house PROCEEDS_OF theft", key="from", said=weak), without=["from"])
    traced = next(f for f in only(found(records), "mla_freeze").supports if f.name == "traced_to_offence")
    assert traced.statements[0].text == (
        "proceeds of embezzlement; weakest step: the offence to the person, not graded, case"
    )
    assert len(traced.statements[0].links) == 2


FORFEITABLE = [
    *said("claimants_notified", "yes", "house"),
    *said("third_party_rights_considered", "yes", "house"),
    *said("asset_limitation_passed", "no", "house"),
]


def test_forfeiture_without_a_conviction_is_open_where_the_law_has_it_and_third_parties_were_heard() -> None:
    assert seen(case(FORFEITABLE), "non_conviction_forfeiture") == Seen("open")
    unheard = [r for r in FORFEITABLE if "third_party" not in r.key]
    mortgaged = [node("bank", "Enterprise"), link("bank ENCUMBERS house", amount="1122000 CAD", start_date="2001")]
    answer = only(found(case(unheard, mortgaged)), "non_conviction_forfeiture")
    assert missing(answer) == ["third_party_rights_considered"]
    assert [s.text for s in answer.missing[0].says] == ["a right of a third party burdens it: 1122000 CAD since 2001"]


def test_forfeiture_without_a_conviction_is_unknown_where_no_rule_was_read() -> None:
    moved = link("house LOCATED_IN jurisdiction:SG", key="there")
    answer = only(found(case(FORFEITABLE, moved, without=["there"])), "non_conviction_forfeiture")
    assert missing(answer) == ["host_forfeits_without_conviction"]


COURT = [node("court", "Agency", kind="court"), link("court AGENCY_OF jurisdiction:US", key="court-of")]
TAKEN = [
    *COURT,
    node("m", "Measure", kind="forfeiture", ordered_on="2012-01-17", final_on="2013-09-17"),
    link("m ORDERED_BY court"),
    link("m TARGETS house"),
    *said("third_party_rights_considered", "yes", "house"),
]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([], Seen("needs")),
        (said("final_judgment_of_requesting", "yes", "house"), Seen("open")),
        (said("host_waives_final_judgment", "yes", "house"), Seen("open")),
        (
            [*said("final_judgment_of_requesting", "no", "house"), *said("host_waives_final_judgment", "no", "house")],
            Seen("blocked", ("final_judgment_of_requesting", "host_waives_final_judgment")),
        ),
    ],
)
def test_embezzled_public_funds_go_back_on_a_final_judgment_which_the_host_may_waive(
    told: list[Record], expected: Seen
) -> None:
    assert seen(case(TAKEN, told), "asset_return_embezzled") == expected


def test_what_is_no_embezzlement_goes_back_to_prior_owners_or_by_priority_consideration() -> None:
    bribe = node("theft", "Offence", name="bribery", law_of="CN", convention_article="UNCAC 15")
    one = found(case(TAKEN, bribe, said("prior_ownership_established", "yes", "house"), without=["theft"]))
    assert only(one, "asset_return_embezzled").decided_by == ("embezzled_public_funds",)
    assert only(one, "asset_return_prior_owner").state == "open"
    assert only(one, "asset_return_priority").state == "open"
    assert missing(only(one, "asset_sharing")) == ["host_agrees_to_share", "sharing_agreement_in_force"]


@pytest.mark.parametrize("route", ["asset_return_embezzled", "asset_return_prior_owner", "asset_return_priority"])
def test_every_return_asks_after_third_parties_and_a_final_confiscation(route: str) -> None:
    unheard = [r for r in TAKEN if "third_party" not in r.key]
    assert "third_party_rights_considered" in missing(only(found(case(unheard)), route))
    assert "confiscated_in_host" in missing(only(found(case(TAKEN), "2013-09-16"), route))


def test_what_was_returned_is_not_returned_again() -> None:
    back = [
        node("b", "Measure", kind="return", ordered_on="2014-01-01", returned_on="2014-06-01"),
        link("b ORDERED_BY court"),
        link("b TARGETS house"),
    ]
    assert seen(case(TAKEN, back), "asset_return_priority") == Seen("blocked", ("already_returned",))


@pytest.mark.parametrize(
    ("since", "died", "expected"),
    [
        ("2005-01-01", "", Seen("open")),
        ("2014-03-01", "", Seen("blocked", ("death_recorded", "wanted_for_a_year"))),
        ("2014-03-01", "2014-10-01", Seen("open")),
    ],
)
def test_gains_of_somebody_who_fled_for_a_year_or_died_may_be_confiscated(
    since: str, died: str, expected: Seen
) -> None:
    told = [*FORFEITABLE, node("w", "Warrant", issued_on=since)]
    dead: dict[str, Any] = {"death_date": died} if died else {}
    person = [node("ann", name="Ann Example", **dead)]
    records = case(resident("US"), told, person, without=["w", "ann"])
    assert seen(records, "in_absentia_confiscation") == expected


def test_an_improbable_claim_is_doubt() -> None:
    rumour = link("house PROCEEDS_OF theft", key="from", said=Said(reliability="D", credibility="5"))
    assert missing(only(found(case(FREEZABLE, rumour, without=["from"])), "mla_freeze")) == ["traced_to_offence"]


def test_a_determination_is_about_the_host_it_names_and_holds_from_its_day_until_its_end() -> None:
    told = said("reciprocity_assured", "yes", host="CA", decided_on="2014-01-01", ended_on="2014-12-31")
    records = case(resident("CA"), resident("AU"), settled(), told)
    one = found(records, protected=True)
    assert {a.host: "reciprocity_assured" in missing(a) for a in answers(one, "extradition")} == {
        "AU": True,
        "CA": False,
    }
    for day in ("2013-12-31", "2015-01-01"):
        canada = next(a for a in answers(found(records, day, protected=True), "extradition") if a.host == "CA")
        assert "reciprocity_assured" in missing(canada)


def test_a_protected_fact_that_was_marked_open_is_still_not_shown() -> None:
    loose = said("torture_risk", "yes")
    answer = only(found(case(resident("TH"), loose)), "extradition")
    shown = next(f for f in answer.opposes if f.name == "torture_risk")
    assert (shown.hidden, shown.answer, shown.statements) == (True, "unknown", ())


def test_a_judgment_stands_for_a_warrant() -> None:
    convicted = link("ann ACCUSED_OF theft", key="j", stage="convicted", said_by="a court (invented)", date="2013")
    listed = [node("l", "ListEntry", issued_on="2014-11-28"), link("ann SOUGHT_UNDER l"), link("l ISSUED_BY police")]
    records = case(resident("TH"), settled(), convicted, listed, without=["w", "sought"])
    assert seen(records, "extradition", protected=True) == Seen("open")


def test_a_ground_for_removal_without_its_day_is_doubt() -> None:
    undated = [r for r in REMOVABLE if "removal_ground" not in r.key] + said("removal_ground_dated", "yes")
    answer = only(found(case(resident("US"), undated), protected=True), "removal_immigration")
    assert missing(answer) == ["removal_ground_dated"]
    assert [s.text for s in answer.missing[0].says] == ["yes, without a day"]
