"""Does the survey say what binds two jurisdictions, and which cells are empty?"""

from __future__ import annotations

import json
from datetime import date

import pytest
from typer.testing import CliRunner

from kg.cli import app
from kg.law import load_law
from kg.law.survey import HOSTS, RULES, find_holes, what_binds

LAW = load_law()
DAY = date(2014, 12, 5)


def test_what_binds_two_is_told_with_reason_and_rows() -> None:
    found = {one.instrument: one for one in what_binds(LAW, "CN", "US", DAY)}
    treaty = found["extradition treaty CN–US"]
    assert (treaty.answer, treaty.sources[0].row) == ("no", "ext-cn-us-none")
    assert found["penalty threshold months, CN"].answer == "12"
    assert found["extradites only by treaty, US"].answer == "yes"
    late = {one.instrument: one for one in what_binds(LAW, "CN", "US", date(2040, 1, 1))}
    assert (late["extradition treaty CN–US"].answer, bool(late["extradition treaty CN–US"].warning)) == ("no", True)


def test_every_rule_answers_a_fact_about_the_law() -> None:
    assert {LAW.facts[fact].about for fact in RULES} == {"law"}
    assert len(HOSTS) == len(set(HOSTS)) == 50


def test_an_empty_cell_names_the_routes_that_wait() -> None:
    matrix = find_holes(LAW, ("US", "MH"), DAY)
    empty = {hole.rule: hole.routes for hole in matrix.holes if hole.host == "MH"}
    assert set(empty) == set(RULES.values())
    assert set(empty["penalty_threshold_months"]) == {
        *("extradition", "extradition_by_reciprocity", "extradition_by_uncac", "extradition_by_untoc")
    }
    assert "non_conviction_forfeiture" in empty["non_conviction_forfeiture"]
    assert "extradites_only_by_treaty" not in {hole.rule for hole in matrix.holes if hole.host == "US"}
    assert matrix.filled == 2 * len(RULES) - len(matrix.holes)


def test_the_command_prints_both() -> None:
    shown = CliRunner().invoke(app, ["law", "CN", "US", "--as-of", "2014-12-05"])
    assert shown.exit_code == 0
    assert "extradition treaty CN–US: no (no agreement is known" in shown.stdout
    holes = CliRunner().invoke(app, ["law", "--holes", "--host", "MH", "--json"])
    assert json.loads(holes.stdout)["hosts"] == ["MH"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "give two codes"),
        (("CN",), "give two codes"),
        (("CN", "US", "--holes"), "give two codes"),
        (("CN", "US", "--host", "TH"), "give two codes"),
        (("CN", "ZZ"), "key other, value 'ZZ': expected a jurisdiction that jurisdictions.csv has"),
        (("CN", "US", "--as-of", "2014"), "expected a day such as 2014-12-05"),
        (("--holes", "--host", "!"), "key host, value '!'"),
        (("CN", "US", "--law", "/nonexistent"), "key law, value '/nonexistent': expected a folder"),
    ],
)
def test_what_is_no_question_is_refused_in_one_line(words: tuple[str, ...], message: str) -> None:
    result = CliRunner().invoke(app, ["law", *words])
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert message in result.stderr
