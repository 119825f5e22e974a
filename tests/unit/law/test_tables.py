"""Do the tables of the law hold together, and do they say what their sources say?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kg.law.page import FIRST_HOSTS, FIRST_RULES, undated
from kg.law.tables import REQUIRED_COLUMNS, LawRow, read_table
from kg.ontology.values import date_span
from kg.resources import data_dir

FOLDER = data_dir("graph") / "reference"
AGREEMENTS = ("extradition_treaties.csv", "mla_treaties.csv", "asset_sharing_agreements.csv")
SOURCED = (*AGREEMENTS, "conventions.csv", "jurisdiction_rules.csv", "intelligence_channels.csv")
TABLES = {name: read_table(FOLDER, name) for name in REQUIRED_COLUMNS}
UNDATED = frozenset((Path(__file__).parent / "undated.txt").read_text(encoding="utf-8").split())
OPTIONAL_RULES = (
    *("assists_without_treaty", "enforces_non_conviction_orders", "foreign_state_may_sue"),
    *("prosecutes_foreign_corruption", "returns_by_own_act"),
)

WITHOUT_STATUTE = ("rule-im-orders", "rule-im-assists")
"""Rules whose authority was read to practise them, and the law behind it was not."""

DAY = r"\d{4}(-\d{2}(-\d{2})?)?"
NOT_READ_BY_THE_TABLE = ("source_date", "source2_date", "a_approved", "looked_at")
"""Columns of days that `read_table` does not look at."""


def _row(name: str, key: str) -> LawRow:
    return next(row for row in TABLES[name] if row["id"] == key)


@pytest.mark.parametrize("name", SOURCED)
def test_every_key_is_of_one_row(name: str) -> None:
    keys = [row["id"] for row in TABLES[name]]
    assert [key for key in keys if keys.count(key) > 1] == []


@pytest.mark.parametrize("name", SOURCED)
def test_every_day_of_a_source_is_a_day(name: str) -> None:
    cells = [(row["id"], row[c]) for row in TABLES[name] for c in NOT_READ_BY_THE_TABLE if row.get(c)]
    assert [cell for cell in cells if not re.fullmatch(DAY, cell[1]) or not date_span(cell[1])] == []


@pytest.mark.parametrize("name", SOURCED)
def test_a_row_ends_after_it_begins(name: str) -> None:
    pairs = [("signed", "in_force"), ("in_force", "suspended_from"), ("in_force", "terminated")]
    pairs += [("valid_from", "valid_to"), ("signed", "bound_on"), ("in_force_by", "suspended_from")]
    assert [
        (row["id"], first, last)
        for row in TABLES[name]
        for first, last in pairs
        if row.get(first) and row.get(last) and date_span(row[first]).first > date_span(row[last]).last
    ] == []


@pytest.mark.parametrize("name", AGREEMENTS)
def test_an_agreement_in_force_has_a_day_or_stands_in_the_list_of_those_that_have_none(name: str) -> None:
    assert set(undated(TABLES[name])) - UNDATED == set()


def test_the_list_of_agreements_without_a_day_has_no_other_key() -> None:
    assert UNDATED - {key for name in AGREEMENTS for key in undated(TABLES[name])} == set()


@pytest.mark.parametrize("name", SOURCED)
def test_a_row_that_was_looked_at_names_what_was_opened(name: str) -> None:
    looked_at = [row for row in TABLES[name] if row.get("looked_at")]
    basis = "basis_status" if "basis_status" in TABLES[name][0] else "basis"
    assert [
        r["id"] for r in looked_at if not (r["source_title"] and r["source_url"].startswith("http") and r[basis])
    ] == []


@pytest.mark.parametrize("name", SOURCED)
def test_a_row_was_looked_at_after_its_source_was_written(name: str) -> None:
    assert [
        row["id"]
        for row in TABLES[name]
        if row.get("looked_at")
        and row["source_date"]
        and date_span(row["source_date"]).first > date_span(row["looked_at"]).last
    ] == []


@pytest.mark.parametrize("row", TABLES["jurisdiction_rules.csv"], ids=lambda row: row["id"])
def test_a_rule_answers_in_the_form_of_its_kind(row: LawRow) -> None:
    assert row["rule"] in (*FIRST_RULES, *OPTIONAL_RULES)
    if row["rule"] == "penalty_threshold_months":
        assert row["answer"].isdigit()
    else:
        assert row["answer"] in ("yes", "no")


@pytest.mark.parametrize("row", TABLES["jurisdiction_rules.csv"], ids=lambda row: row["id"])
def test_a_rule_names_its_statute_and_what_it_says(row: LawRow) -> None:
    assert row["statute"] or row["id"] in WITHOUT_STATUTE
    assert row["statement"]
    assert row["valid_from"] or row["status_as_of"]


def test_the_rules_of_a_host_do_not_answer_a_day_twice() -> None:
    rows = TABLES["jurisdiction_rules.csv"]
    assert [
        (one["id"], other["id"])
        for i, one in enumerate(rows)
        for other in rows[i + 1 :]
        if (one["jurisdiction"], one["rule"]) == (other["jurisdiction"], other["rule"]) and not _is_followed(one, other)
    ] == []


def _is_followed(one: LawRow, other: LawRow) -> bool:
    """Whether one of two rows ends before the other begins."""
    return any(
        a["valid_to"] and b["valid_from"] and date_span(a["valid_to"]).last <= date_span(b["valid_from"]).last
        for a, b in ((one, other), (other, one))
    )


def test_a_channel_has_the_parties_of_its_kind() -> None:
    for row in TABLES["intelligence_channels.csv"]:
        assert row["kind"] in ("egmont", "memorandum")
        assert row["status"] in ("in_force", "none")
        assert bool(row["party_b"]) == (row["kind"] == "memorandum")
        assert row["valid_from"] or row["status_as_of"]


def test_an_extension_to_a_territory_names_the_state() -> None:
    assert [r["id"] for r in TABLES["conventions.csv"] if r["mode"] == "extension" and not r["territorial_of"]] == []


def test_the_hosts_are_jurisdictions() -> None:
    assert set(FIRST_HOSTS) <= {row["alpha2"] for row in TABLES["jurisdictions.csv"]}


CORRECTED = [
    ("jurisdiction_rules.csv", "rule-us-treaty", "valid_from", "1948-06-25"),
    ("jurisdiction_rules.csv", "rule-us-ncb", "valid_from", "2000-08-23"),
    ("jurisdiction_rules.csv", "rule-us-third", "valid_from", "2000-08-23"),
    ("jurisdiction_rules.csv", "rule-us-orders", "valid_from", "2000-08-23"),
    ("jurisdiction_rules.csv", "rule-gb-ncb", "valid_from", "2003-02-24"),
    ("jurisdiction_rules.csv", "rule-nz-ncb", "valid_from", "2009-12-01"),
    ("jurisdiction_rules.csv", "rule-ca-death", "valid_from", "2001-02-15"),
    ("extradition_treaties.csv", "ext-hk-de-2006", "suspended_from", "2020-07-31"),
    ("extradition_treaties.csv", "ext-hk-fi-2005", "suspended_from", "2020-10-16"),
    ("extradition_treaties.csv", "ext-hk-nl-1992", "suspended_from", "2020-10"),
    ("extradition_treaties.csv", "ext-hk-ie-2007", "suspended_from", "2020-10"),
    ("extradition_treaties.csv", "ext-cn-ir-2012", "a_approved", "2014-12-28"),
    ("extradition_treaties.csv", "ext-cn-af-2013", "a_approved", "2014-12-28"),
    ("extradition_treaties.csv", "ext-us-pl-1996", "in_force", "1999-09-17"),
    ("extradition_treaties.csv", "ext-us-fr-1996", "in_force", "2002-02-01"),
    ("extradition_treaties.csv", "ext-us-gb-2003", "in_force", "2007-04-26"),
    ("extradition_treaties.csv", "ext-us-my-1995", "in_force", "1997-06-02"),
    ("extradition_treaties.csv", "ext-us-cl-2013", "in_force", "2016-12-14"),
    ("extradition_treaties.csv", "ext-cn-za-2001", "in_force_by", "2010-10-06"),
    ("mla_treaties.csv", "mla-cn-es-2005", "in_force", "2007-04-15"),
    ("mla_treaties.csv", "mla-cn-jp-2007", "in_force", "2008-11"),
    ("conventions.csv", "uncac-me", "in_force", "2006-06-03"),
    ("conventions.csv", "untoc-me", "in_force", "2006-06-03"),
    ("conventions.csv", "uncac-sd", "in_force", "2014-10-05"),
    ("conventions.csv", "uncac-de", "in_force", "2014-12-12"),
    ("conventions.csv", "uncac-jp", "in_force", "2017-08-10"),
    ("conventions.csv", "uncac-nz", "in_force", "2015-12-31"),
    ("conventions.csv", "uncac-li", "art44_position", "usable_as_basis"),
    ("intelligence_channels.csv", "fic-cn-egmont", "status", "none"),
    ("intelligence_channels.csv", "fic-cn-us-2015", "valid_from", "2015-12-11"),
]
"""Cells that were wrong or empty, as their sources have them."""


@pytest.mark.parametrize(("name", "key", "column", "value"), CORRECTED)
def test_a_corrected_cell_says_what_its_source_says(name: str, key: str, column: str, value: str) -> None:
    assert _row(name, key)[column] == value
