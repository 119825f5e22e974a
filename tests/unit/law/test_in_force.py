"""Which answers does the law give on a day? Expected values are read from graph/reference/ORIGINS.md and its tables."""

from __future__ import annotations

import re
from datetime import date

import pytest

from kg.law import UNKNOWN, load_law
from kg.law.in_force import agreement_status, convention_status
from kg.law.tables import LawRow, read_table
from kg.resources import data_dir

LAW = load_law()

EXTRADITION = [
    ("CN", "US", "2014-12-05", "no"),
    ("US", "CN", "2014-12-05", "no"),
    ("CN", "US", "2023-01-01", "no"),
    ("CN", "US", "2040-01-01", "no"),
    ("HK", "US", "1998-01-20", "unknown"),
    ("HK", "US", "1998-01-21", "yes"),
    ("HK", "US", "2019-06-01", "yes"),
    ("HK", "US", "2020-08-18", "yes"),
    ("HK", "US", "2020-08-19", "suspended"),
    ("HK", "US", "2021-06-01", "suspended"),
    ("CN", "TH", "2014-12-05", "yes"),
    ("CN", "FR", "2014-12-05", "no"),
    ("CN", "FR", "2015-07-17", "yes"),
    ("CN", "AU", "2014-12-05", "signed only"),
    ("CN", "AU", "2007-09-05", "unknown"),
    ("CN", "AU", "2017-03-29", "signed only"),
    ("CN", "CA", "2014-12-05", "no"),
    ("CN", "CA", "2016-09-25", "no"),
    ("US", "DZ", "2014-12-05", "no"),
    ("CN", "TN", "2010-10-05", "unknown"),
    ("CN", "TN", "2010-10-06", "yes"),
    ("HK", "FI", "2020-10-15", "yes"),
    ("HK", "FI", "2020-10-16", "suspended"),
    ("CN", "MH", "2014-12-05", "unknown"),
]


@pytest.mark.parametrize(("one", "other", "day", "word"), EXTRADITION)
def test_an_extradition_treaty_stands_as_the_rows_say(one: str, other: str, day: str, word: str) -> None:
    assert LAW.agreement("extradition treaty", one, other, date.fromisoformat(day)).word == word


CONVENTION = [
    ("CN", "US", "2006-11-28", "no"),
    ("CN", "US", "2006-11-29", "yes"),
    ("CN", "US", "2014-12-05", "yes"),
    ("CN", "NZ", "2014-12-05", "no"),
    ("CN", "MH", "2014-12-05", "yes"),
]


@pytest.mark.parametrize(("one", "other", "day", "word"), CONVENTION)
def test_a_convention_binds_two_when_it_is_in_force_for_both(one: str, other: str, day: str, word: str) -> None:
    assert LAW.convention("UNCAC", one, other, date.fromisoformat(day)).word == word


def test_mutual_assistance_between_china_and_the_united_states_was_in_force_and_says_where_that_stands() -> None:
    found = LAW.agreement("mutual assistance treaty", "CN", "US", date(2014, 12, 5))
    assert (found.word, found.sources[0].row, found.checked) == ("yes", "mla-cn-us-2000", "2019-12-10")


@pytest.mark.parametrize(
    ("jurisdiction", "rule", "day", "answer"),
    [
        ("US", "extradites_only_by_treaty", "2014-12-05", "yes"),
        ("US", "extradites_only_by_treaty", "1948-06-24", ""),
        ("CN", "extradites_own_nationals", "2014-12-05", "no"),
        ("GB", "unexplained_wealth_orders", "2017-12-31", ""),
        ("GB", "unexplained_wealth_orders", "2018-01-31", "yes"),
        ("TH", "penalty_threshold_months", "2014-12-05", "12"),
        ("MH", "extradites_only_by_treaty", "2014-12-05", ""),
    ],
)
def test_a_rule_answers_on_the_days_for_which_it_was_read(jurisdiction: str, rule: str, day: str, answer: str) -> None:
    assert LAW.rule(jurisdiction, rule, date.fromisoformat(day))[0] == answer


def test_the_united_states_do_not_take_the_convention_as_a_basis_and_thailand_did_not_say() -> None:
    day = date(2014, 12, 5)
    assert LAW.article_44("US", day).word == "no"
    assert LAW.article_44("AU", day).word == "yes"
    assert LAW.article_44("TH", day).word == "unknown"


def test_that_two_states_shared_once_is_no_agreement() -> None:
    assert LAW.agreement("asset sharing agreement", "NZ", "CN", date(2020, 1, 1)).word == "unknown"
    assert LAW.agreement("asset sharing agreement", "CN", "CA", date(2017, 1, 1)).word == "signed only"


TREATY = {"id": "x", "party_a": "AA", "party_b": "BB", "status": "in_force", "status_as_of": "2020-01-01"}


@pytest.mark.parametrize(
    ("rows", "day", "word"),
    [
        ([], "2014-12-05", "unknown"),
        ([TREATY | {"in_force": "2014"}], "2014-12-05", "unknown"),
        ([TREATY | {"in_force": "2013"}], "2014-12-05", "yes"),
        ([TREATY | {"in_force": "2000-01-01", "terminated": "2010-01-01"}], "2009-12-31", "yes"),
        ([TREATY | {"in_force": "2000-01-01", "terminated": "2010-01-01"}], "2010-01-01", "ended"),
        ([TREATY | {"in_force": "2000-01-01", "terminated": "2010"}], "2010-06-01", "unknown"),
        ([TREATY | {"in_force": "2000-01-01", "terminated": "2010-01-01"}], "1999-12-31", "no"),
        ([TREATY | {"in_force": "2000-01-01", "status": "terminated"}], "2014-12-05", "unknown"),
        ([TREATY | {"in_force": "2000-01-01", "status": "terminated"}], "2020-01-01", "ended"),
        ([TREATY | {"in_force": "2000-01-01", "suspended_from": "2010"}], "2010-06-01", "unknown"),
        (
            [TREATY | {"in_force": "2000-01-01", "suspended_from": "2010-01-01", "terminated": "2015-01-01"}],
            "2014-12-05",
            "suspended",
        ),
        ([TREATY | {"in_force_by": "2014-01-01"}], "2013-12-31", "unknown"),
        ([TREATY | {"in_force": "2010-01-01"}], "2009-01-01", "no"),
        ([TREATY | {"in_force": "2004-01-01", "party_a": "US"}], "2003-01-01", "unknown"),
        ([TREATY | {"in_force": "2006-01-01", "party_a": "US"}], "2005-01-01", "no"),
        ([TREATY | {"status": "none", "status_as_of": ""}], "2014-12-05", "no"),
        ([TREATY | {"status": "none", "status_as_of": "2014"}], "2014-12-05", "no"),
        ([TREATY | {"status": "none", "status_as_of": "2014"}], "2026-12-05", "no"),
        ([TREATY | {"status": "signed", "signed": "2010-01-01"}], "2026-12-05", "signed only"),
        ([TREATY | {"status": "signed"}], "2026-12-05", "signed only"),
    ],
)
def test_rows_are_read_carefully(rows: list[LawRow], day: str, word: str) -> None:
    assert agreement_status(rows, "treaty", date.fromisoformat(day)).word == word


def test_only_what_is_in_force_binds_and_unknown_is_not_no() -> None:
    answers = [
        LAW.agreement("extradition treaty", "CN", other, date(2014, 12, 5)).answer for other in ("TH", "AU", "US", "MH")
    ]
    assert answers == ["yes", "no", "no", UNKNOWN]


@pytest.mark.parametrize(
    ("row", "day", "warning"),
    [
        ({"status": "none"}, "2020-01-01", ""),
        ({"status": "none"}, "2020-01-02", "treaty: last looked at on 2020-01-01, before 2020-01-02; look again"),
        ({"status": "none", "status_as_of": ""}, "2014-12-05", "treaty: on which day this was looked at is not known"),
        ({"status": "signed"}, "2026-01-01", "treaty: last looked at on 2020-01-01, before"),
        ({"status": "suspended", "suspended_from": "2019"}, "2026-01-01", "treaty: last looked at on 2020-01-01"),
        ({"in_force": "2000-01-01"}, "2026-01-01", ""),
        ({"in_force": "2000-01-01", "terminated": "2010-01-01"}, "2026-01-01", ""),
    ],
)
def test_an_old_look_is_a_warning_beside_the_answer_and_no_other_answer(
    row: dict[str, str], day: str, warning: str
) -> None:
    told = agreement_status([TREATY | row], "treaty", date.fromisoformat(day)).stale_warning(date.fromisoformat(day))
    assert told.startswith(warning)
    assert bool(told) == bool(warning)


@pytest.mark.parametrize(
    ("row", "day", "word"),
    [
        ({"mode": "signature_only"}, "2026-01-01", "signed only"),
        ({"mode": "signature_only", "signed": "2010-01-01"}, "2009-01-01", "no"),
        ({"mode": "none"}, "2026-01-01", "no"),
        ({"mode": "succession", "bound_on": "2006-10-23", "in_force": "2006-06-03"}, "2006-06-03", "yes"),
        ({"mode": "extension", "in_force": ""}, "2026-01-01", "unknown"),
    ],
)
def test_a_convention_is_read_as_its_row_says(row: dict[str, str], day: str, word: str) -> None:
    whole = {"id": "x", "jurisdiction": "AA", "status_as_of": "2014-07-10", **row}
    assert convention_status(whole, "convention", date.fromisoformat(day)).word == word


def test_the_day_on_which_a_list_of_members_was_read_is_not_the_day_of_entry() -> None:
    before, after = (LAW.intelligence_channel("GB", "US", date(year, 1, 1)) for year in (2000, 2010))
    assert (before.word, after.word) == ("unknown", "yes")
    assert "Egmont Group, US: known to be a member in 2006-08; since when is not known" in before.reason
    assert LAW.intelligence_channel("MO", "US", date(2000, 1, 1)).reason.startswith("Egmont Group, MO: a member from")


@pytest.mark.parametrize(("one", "other"), [("CN", "HK"), ("HK", "CN"), ("CN", "CN")])
def test_a_convention_does_not_bind_a_state_and_its_own_region(one: str, other: str) -> None:
    found = LAW.convention("UNCAC", one, other, date(2020, 1, 1))
    assert (found.word, found.stale_warning(date(2040, 1, 1))) == ("no", "")
    assert LAW.convention("UNCAC", "US", other, date(2020, 1, 1)).word == "yes"


SUCCESSIONS = [
    row for row in read_table(data_dir("graph") / "reference", "conventions.csv") if row["mode"] == "succession"
]


@pytest.mark.parametrize("row", SUCCESSIONS, ids=lambda row: row["id"])
def test_a_succession_takes_effect_on_its_day_and_not_a_month_after_the_deposit(row: LawRow) -> None:
    assert row["in_force"] <= row["bound_on"]


SUSPENDED = [
    row
    for table in ("extradition_treaties.csv", "mla_treaties.csv")
    for row in read_table(data_dir("graph") / "reference", table)
    if row["suspended_from"]
]


@pytest.mark.parametrize("row", SUSPENDED, ids=lambda row: row["id"])
def test_the_first_of_two_steps_suspends(row: LawRow) -> None:
    days = re.findall(r"\d{4}-\d{2}-\d{2}", row["suspended_by"])
    assert row["suspended_from"] <= min(days, default="9999")
