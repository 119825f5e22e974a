"""Is the law read as it is written: the host's own law, first days, steps, and nothing known before its day?

Everybody and everything in these cases is invented.
"""

from __future__ import annotations

from typing import Any

import pytest

from kg.findings import FactAnswer, MissingFact, RouteAnswer
from kg.records import Record
from tests.unit.analysis.routes.legal_case import case, determination, find_routes, link, node, only_answer, resident


def said(answer: RouteAnswer) -> str:
    """Everything that an answer says of facts."""
    facts: list[FactAnswer | MissingFact] = [*answer.facts_for, *answer.facts_against]
    facts += [*answer.missing, *answer.host_decides]
    return " | ".join(statement.text for fact in facts for statement in fact.says)


def request(**more: Any) -> list[Record]:
    """A request of the requesting state about Ann."""
    return [
        node("r", "Request", name="request 1", kind="extradition", sent_to="TH", **more),
        link("r ISSUED_BY police"),
        link("r TARGETS ann"),
    ]


# --- nothing is known before its day ---------------------------------------------------------------------------------

REFUSED = {"sent_on": "2012-01-01", "answered_on": "2013-07-09", "answer": "refused", "ground": "risk of persecution"}


@pytest.mark.parametrize(("day", "known"), [("2013-07-08", False), ("2013-07-09", True)])
def test_a_refusal_and_its_ground_are_known_on_its_day_and_not_before(day: str, known: bool) -> None:
    answer = only_answer(find_routes(case(resident("TH"), request(**REFUSED)), day), "extradition")
    assert ("risk of persecution" in said(answer)) == known
    assert ("refused" in said(answer)) == known
    assert ("request 1: pending" in said(answer)) == (not known)


def test_a_request_of_which_only_a_later_answer_is_dated_is_not_known_yet() -> None:
    later = request(answered_on="2016-01-01", answer="refused", ground="risk of persecution")
    assert "request 1" not in said(only_answer(find_routes(case(resident("TH"), later)), "extradition"))


@pytest.mark.parametrize(
    ("answer", "later", "day", "needed"),
    [
        ("refused", "", "2014-12-05", True),
        ("refused", "", "2013-07-08", False),
        ("refused", "executed", "2014-12-05", False),
        ("executed", "", "2014-12-05", False),
    ],
)
def test_a_refusal_about_the_asset_is_named_and_asked_after_unless_the_host_helped_since(
    answer: str, later: str, day: str, needed: bool
) -> None:
    about: dict[str, Any] = {"kind": "mutual_assistance", "sent_to": "US"}
    first: dict[str, Any] = {**REFUSED, "answer": answer, "ground": "dual criminality"}
    records = [
        *(
            node("r", "Request", name="request 1", **about, **first),
            *(link("r ISSUED_BY police"), link("r TARGETS house")),
        ),
        *(
            node(
                "s", "Request", name="request 2", sent_on="2014-01-01", answered_on="2014-02-01", answer=later, **about
            ),
            *(link("s ISSUED_BY police"), link("s TARGETS house")),
        ),
    ]
    for route in ("mla_freeze", "asset_return_embezzled", "non_conviction_forfeiture"):
        found = only_answer(find_routes(case(records if later else records[:3]), day, host="US"), route)
        assert ("asset_refusal_stands" in {fact.fact for fact in found.missing}) == needed
        against = [one.text for fact in found.facts_against if fact.fact == "asset_refusal_stands" for one in fact.says]
        assert against == ["request 1: refused (dual criminality), 2013-07-09"] * needed
        assert found.state != "open" or not needed


@pytest.mark.parametrize(("day", "state"), [("2014-12-05", "deleted"), ("2012-01-01", "")])
def test_a_deletion_is_known_on_its_day_and_not_before(day: str, state: str) -> None:
    deleted = node("n", "Notice", name="notice 1", issued_on="2009", ended_on="2014-06-01", review="deleted")
    records = case(resident("US"), deleted, link("ann SOUGHT_UNDER n"))
    answer = only_answer(find_routes(records, day), "interpol_notice")
    assert answer.state == ("blocked" if state else answer.state)
    assert ("deleted" in said(answer)) == bool(state)


@pytest.mark.parametrize(
    "days", [{"final_on": "2016-01-01"}, {"executed_on": "2016-01-01"}, {"ordered_on": "2016-01-01"}]
)
def test_a_measure_of_which_every_day_is_still_to_come_is_not_known(days: dict[str, Any]) -> None:
    taken = [
        node("court", "Agency"),
        link("court AGENCY_OF jurisdiction:US", key="court-of"),
        node("m", "Measure", name="order 7", kind="forfeiture", **days),
        link("m ORDERED_BY court"),
        link("m TARGETS house"),
    ]
    one = find_routes(case(resident("US"), taken))
    assert all("order 7" not in said(answer) for answer in one.routes)


@pytest.mark.parametrize(("day", "kind"), [("2013-12-31", "not decided yet"), ("2014-01-01", "asylum refused")])
def test_a_status_is_known_on_the_day_of_its_decision(day: str, kind: str) -> None:
    status = link(
        "ann HAS_STATUS_IN jurisdiction:US", kind="asylum refused", start_date="2010", decided_on="2014-01-01"
    )
    text = said(only_answer(find_routes(case(resident("US"), status), day, protected=True), "removal_immigration"))
    assert [word in text for word in ("not decided yet", "asylum refused")] == [
        kind == "not decided yet",
        kind == "asylum refused",
    ]


# --- whose law it is -------------------------------------------------------------------------------------------------


def test_the_threshold_is_the_hosts_and_that_of_the_requesting_state_answers_nothing() -> None:
    """China has a threshold of twelve months in the tables and the Marshall Islands none."""
    answer = only_answer(find_routes(case(resident("MH"))), "extradition")
    assert "12 months are needed" not in said(answer)
    assert "penalty_threshold_met" not in {fact.fact for fact in answer.facts_for}
    thai = only_answer(find_routes(case(resident("TH"))), "extradition")
    assert "penalty_threshold_met" in {fact.fact for fact in thai.facts_for}


def test_another_states_request_is_a_question_of_priority_and_bars_nothing() -> None:
    other = [
        node("bureau", "Agency", name="Bureau of elsewhere (invented)"),
        link("bureau AGENCY_OF jurisdiction:FR", key="bureau-of"),
        node("q", "Request", kind="extradition", sent_to="TH", sent_on="2013"),
        link("q ISSUED_BY bureau"),
        link("q TARGETS ann"),
    ]
    answer = only_answer(find_routes(case(resident("TH"), other)), "extradition")
    assert answer.state != "blocked"
    assert "competing_request" in {fact.fact for fact in answer.facts_against}
    assert any("priority" in warning for warning in answer.warnings)
    preferred = determination("competing_request_preferred", "yes")
    assert only_answer(find_routes(case(resident("TH"), preferred)), "extradition").decided_by == (
        "competing_request_preferred",
    )


@pytest.mark.parametrize(
    ("stage", "sentence", "state"),
    [
        ("charged", "", "blocked"),
        ("convicted", "seven months", "yes"),
        ("convicted", "five months", "blocked"),
        ("convicted", "", "unknown"),
    ],
)
def test_a_notice_needs_two_years_by_the_law_or_six_months_that_were_imposed(
    stage: str, sentence: str, state: str
) -> None:
    theft = node("theft", "Offence", name="taking", law_of="CN", maximum_penalty="eighteen months")
    more: dict[str, Any] = {"sentence": sentence} if sentence else {}
    accused = link("ann ACCUSED_OF theft", "accused", stage=stage, said_by="a court (invented)", date="2012", **more)
    records = case(resident("US"), theft, accused, without=["theft", "accused"])
    answer = only_answer(find_routes(records), "interpol_notice")
    found = {fact.fact: fact.answer for fact in (*answer.facts_for, *answer.facts_against)}
    if state == "blocked":
        assert answer.decided_by == ("notice_threshold_met",)
    else:
        assert found.get("notice_threshold_met", "unknown") == state


# --- an enterprise of the state --------------------------------------------------------------------------------------

OFFICE = [node("office", "Agency", name="Office of Works (invented)")]
OF_CHINA = link("office AGENCY_OF jurisdiction:CN", key="office-of")
PLAIN = node("works", "Enterprise", name="Works (invented)")
GROUP = node("group", "Enterprise", name="Group (invented)")


@pytest.mark.parametrize(
    ("held", "public"),
    [
        ([link("office OWNS works", share="100")], True),
        ([link("office OWNS works", share="51")], True),
        ([link("office OWNS works", share="50")], False),
        ([GROUP, link("office OWNS group", share="80"), link("group OWNS works", share="70")], True),
        ([GROUP, link("office OWNS group", share="60"), link("group OWNS works", share="60")], False),
        ([link("office CONTROLS works")], True),
        ([GROUP, link("office CONTROLS group"), link("group CONTROLS works")], True),
        ([GROUP, link("office OWNS group", share="100"), link("group CONTROLS works")], True),
        ([node("group", "Enterprise", state_owned="yes"), link("group OWNS works", share="90")], True),
        ([link("office OWNS works", share="100", end_date="2010")], False),
        ([link("office OWNS works")], False),
        ([GROUP, link("group CONTROLS works"), link("works CONTROLS group")], False),
    ],
)
def test_what_agencies_own_for_the_most_part_or_control_is_the_states(held: list[Record], public: bool) -> None:
    records = case(OFFICE, OF_CHINA, PLAIN, held, without=["works"])
    answer = only_answer(find_routes(records), "asset_return_embezzled")
    assert ("embezzled_public_funds" in {fact.fact for fact in answer.facts_for}) == public
    assert ("Works (invented)" in said(answer)) == public


def test_an_agency_of_another_state_makes_no_public_funds_of_the_requesting_one() -> None:
    other = link("office AGENCY_OF jurisdiction:FR", key="office-of")
    records = case(OFFICE, other, PLAIN, link("office OWNS works", share="100"), without=["works"])
    answer = only_answer(find_routes(records), "asset_return_embezzled")
    assert "embezzled_public_funds" not in {fact.fact for fact in answer.facts_for}


BRIBERY = node("bribes", "Offence", name="bribery", law_of="CN", convention_article="UNCAC 15")
NO_ARTICLE = node("bribes", "Offence", name="bribery", law_of="CN")
ACCUSED_TOO = link("ann ACCUSED_OF bribes", key="too", stage="charged", said_by="the prosecutor", date="2006-01-01")
PRIVATE = node("works", "Enterprise", name="Works (invented)")


@pytest.mark.parametrize(
    ("more", "without", "answer"),
    [
        ([], ("from",), "yes"),
        ([BRIBERY, ACCUSED_TOO], ("from",), "unknown"),
        ([BRIBERY, ACCUSED_TOO], ("from", "accused"), "no"),
        ([NO_ARTICLE, ACCUSED_TOO], ("from",), "unknown"),
        ([PRIVATE], ("from", "works"), "unknown"),
        ([BRIBERY, ACCUSED_TOO], (), "yes"),
        ([PRIVATE, BRIBERY, ACCUSED_TOO, link("house PROCEEDS_OF bribes", key="also")], ("works",), "unknown"),
        ([NO_ARTICLE, ACCUSED_TOO, link("house PROCEEDS_OF bribes", key="also")], ("from",), "unknown"),
    ],
)
def test_whose_funds_were_embezzled_does_not_wait_for_the_tracing_where_all_offences_agree(
    more: list[Record], without: tuple[str, ...], answer: str
) -> None:
    route = only_answer(find_routes(case(more, without=without)), "asset_return_embezzled")
    known = {fact.fact: fact.answer for fact in (*route.facts_for, *route.facts_against)}
    assert known.get("embezzled_public_funds", "unknown") == answer
