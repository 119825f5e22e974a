"""What do `kg routes`, `kg gaps` and `kg portfolio` say?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from kg.cli import app
from kg.records import node_id
from tests.stores import load
from tests.unit.analysis.routes.legal_case import PLACES, case, determination, link, node, resident
from tests.unit.law.folder import change, law_folder

PENDING = link("ann HAS_STATUS_IN jurisdiction:US", kind="asylum application pending")
FIELDS = {
    *("person", "route", "host", "subject", "state", "possible_states", "instrument", "agencies", "warnings"),
    *("facts_for", "facts_against", "missing", "host_decides", "decided_by", "because", "sources"),
    *("law_holes", "bars", "presumed", "stage", "name", "name_zh"),
}
ASKED = ("--requesting", "CN", "--as-of", "2014-12-05")


@pytest.fixture(autouse=True)
def loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_STORE", f"embedded:{tmp_path / 'graph.sqlite'}")
    grounds = determination("freezing_order_or_grounds", "yes", "house")
    load(tmp_path / "graph.sqlite", "case", case(resident("US"), grounds, PENDING))


def kg(*words: str) -> Result:
    return CliRunner().invoke(app, [words[0], *ASKED, *words[1:]])


def data(*words: str) -> Any:
    result = kg(*words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_everybody_is_a_list_of_the_documents_about_one_person() -> None:
    (found,) = data("routes")
    assert all(set(row) == FIELDS for row in found["routes"])
    assert data("routes", "test:ann") == found


def test_a_blocked_route_says_by_what_and_a_route_in_need_says_whom_to_ask() -> None:
    shown = kg("routes", "Ann Example", "--route", "extradition", "--route", "mla_freeze").stdout.splitlines()
    assert shown[0].startswith("This is research, not legal advice.")
    assert [line for line in shown if line.startswith("    blocked:")] == [
        "    blocked: no extradition treaty in force between CN and US on 2014-12-05",
    ]
    assert any(line.startswith("    presumed yes: Is the conduct punishable in both jurisdictions?") for line in shown)
    assert any(line.startswith("TO EXAMINE  Freezing or seizure") for line in shown)
    prosecution = kg("routes", "Ann Example", "--route", "host_prosecution").stdout
    assert "    missing: Is there an offence under the host's own law? Ask prosecutor or police of US." in prosecution


def test_the_routes_to_look_at_first_are_named_for_the_person_and_each_asset() -> None:
    first = [line for line in kg("routes", "Ann Example").stdout.splitlines() if line.startswith("  look first, ")]
    assert len([line for line in first if line.startswith("  look first, Ann Example:")]) == 3
    assert len([line for line in first if line.startswith("  look first, a house:")]) == 3
    assert all(", stage " in line for line in first)


def test_a_route_says_its_stage_who_acts_next_and_what_it_lacks() -> None:
    shown = kg("routes", "Ann Example", "--route", "mla_freeze").stdout.splitlines()
    at = next(i for i, line in enumerate(shown) if line.startswith("    next:"))
    assert shown[at] == (
        "    next: stage 2 of 2, freeze: central authority of CN asks for a freeze or seizure;"
        " with central authority of US"
    )
    assert shown[at + 1].startswith("        lapse: The host may lift it")
    notice = kg("routes", "Ann Example", "--route", "interpol_notice").stdout
    assert "        lacks: description of the person, with nationality" in notice
    forfeiture = kg("routes", "Ann Example", "--route", "non_conviction_forfeiture").stdout
    assert "    to examine: Has the time for forfeiture passed in the host? not raised in these sources" in forfeiture


def test_a_route_that_the_law_does_not_have_yet_says_from_when() -> None:
    shown = kg("routes", "Ann Example", "--route", "trial_in_absentia").stdout
    assert "    blocked: route not yet in force: valid from 2018-10-26" in shown
    (row,) = data("routes", "test:ann", "--route", "trial_in_absentia")["routes"]
    against = row["facts_against"][0]
    assert against["text"] == "route not yet in force: valid from 2018-10-26"
    assert (row["decided_by"], row["because"]) == ([against["fact"]], [against["text"]])


def test_who_carries_a_route_can_do_it_or_nobody_is_named() -> None:
    prosecution = kg("routes", "Ann Example", "--route", "host_prosecution").stdout
    assert "no US court is recorded for assistance or prosecution" in prosecution
    assert "Executive Office for Immigration Review" not in prosecution
    notice = kg("routes", "Ann Example", "--route", "interpol_notice").stdout
    assert "international: INTERPOL (General Secretariat)" in notice
    assert "Egmont" not in notice


def test_without_a_person_states_are_counted() -> None:
    shown = kg("routes").stdout
    assert "wanted on the day: 1 of 1 people whom a warrant, notice or list entry names" in shown
    assert "person initiated only" in shown


def test_protected_facts_are_shown_with_that_scope_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def removal() -> str:
        return kg("routes", "test:ann", "--route", "removal_immigration").stdout

    assert "asylum application" not in removal()
    assert "Does asylum or another protection bar return? decided by the host" in removal()
    monkeypatch.setenv("KG_SCOPE", "protected")
    assert "protected_from_return" not in json.dumps([row["missing"] for row in data("routes", "test:ann")["routes"]])


def test_gaps_and_portfolio_print_what_they_count() -> None:
    first = data("gaps", "--limit", "1")["gaps"][0]["fact"]
    gaps = kg("gaps", "--limit", "1").stdout
    assert first in gaps and "distinct sets of what cases lack" in gaps
    shown = kg("portfolio", "--days", "13").stdout
    assert "weights: harm 3, asset 1, lapse 1, risk 1, person 1" in shown
    assert "value 5; no choice of 20 has more than 5" in shown
    assert "budget: 13 working days, 13 of them taken; 10 a person and 3 an asset, as assumed" in shown
    assert "all chosen, USD, said to be proceeds of an offence: 0 (1 asset, 1 without a value)" in shown
    assert "assets to freeze first" in shown
    assert "nobody is chosen, because the limit is 0" in kg("portfolio", "--limit", "0").stdout
    assert data("portfolio", "--limit", "0")["left_out"][0]["why"] == "would add 5"


def test_the_freeze_set_is_printed_with_what_is_behind_each_thing() -> None:
    shown = kg("freeze-set", "test:ann").stdout
    assert "on 2014-12-05: reaches 1 asset that nothing restrains" in shown
    assert "the fewest things whose restraint cuts all of them off: 1; no smaller set does" in shown
    assert len(data("freeze-set", "test:ann")["restrain"]) == 1


def test_a_law_of_one_s_own_is_read(tmp_path: Path) -> None:
    folder = law_folder(tmp_path)
    change(
        folder / "jurisdiction_rules.csv",
        "rule-us-treaty,US,extradites_only_by_treaty,yes",
        "rule-us-treaty,US,extradites_only_by_treaty,no",
    )
    (row,) = data("routes", "test:ann", "--route", "extradition_by_reciprocity", "--law", str(folder))["routes"]
    assert row["state"] == "needs"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("routes", "nobody"), "kg: no entity is named 'nobody'"),
        (("routes", "test:works"), "kg: 'test:works' is a Enterprise; expected a person"),
        (
            ("routes", "--route", "teleport"),
            "kg: key route, value 'teleport': expected one of asset_return_by_case_agreement,",
        ),
        (("routes", "--host", "Usa!"), "kg: key host, value 'Usa!': expected"),
        (("routes", "--law", "/nonexistent"), "kg: key law, value '/nonexistent': expected a folder with tables"),
        (("routes", "--host", "QQ"), "kg: key host, value 'QQ': expected a jurisdiction that"),
        (("gaps", "--host", "ZZ"), "kg: key host, value 'ZZ': expected a jurisdiction that"),
        (("portfolio", "--requesting", "ZZ"), "kg: key requesting, value 'ZZ': expected a jurisdiction that"),
    ],
)
def test_what_is_no_question_is_refused_in_one_line(words: tuple[str, ...], message: str) -> None:
    result = kg(*words)
    assert result.exit_code in (2, 3)
    assert result.stderr.startswith(message)
    assert result.stderr.count("\n") == 1


def test_a_jurisdiction_that_only_the_graph_has_and_a_part_of_one_can_be_named(tmp_path: Path) -> None:
    load(tmp_path / "graph.sqlite", "more", [node("xx", "Jurisdiction", code="XX")])
    assert kg("routes", "--host", "XX", "--host", "US-NY").exit_code == 0


LOOSE = """{"source": {"name": "loose", "title": "Loose (invented)", "namespace": "test", "invented": true}}
{"key": "d", "type": "Determination", "properties": {"fact": "torture_risk", "answer": "yes", "decided_by": "Somebody"}}
{"key": "e", "type": "Determination", "properties": {"fact": "immunity", "answer": "no", "decided_by": "Anybody"}}
{"key": "d-of", "type": "DETERMINES", "from": "d", "to": "ann"}
"""


def test_an_answer_to_a_misspelt_question_is_told_when_it_is_loaded_and_when_routes_are_asked(tmp_path: Path) -> None:
    file = tmp_path / "loose.records.jsonl"
    file.write_text(LOOSE.replace("torture_risk", "dual_criminalty"), encoding="utf-8")
    loaded = CliRunner().invoke(app, ["load", str(file)])
    reason = "fact 'dual_criminalty' of a Determination: expected a name of facts.toml"
    assert (loaded.exit_code, reason in loaded.stdout) == (0, True)
    strict = CliRunner().invoke(app, ["load", str(file), "--strict"])
    assert (strict.exit_code, f"loose.records.jsonl:2: {reason}" in strict.stderr) == (2, True)
    for words in (("routes",), ("routes", "Ann Example")):
        (told,) = [line for line in kg(*words).stdout.splitlines() if "answers nothing" in line]
        assert told.lstrip(" !").startswith(f"Determination {node_id('test', 'd')} of loose answers nothing")


@pytest.mark.parametrize("spelled", ["torture_risk", " torture_risk ", "torture_risk\u200b"])
def test_an_answer_about_a_protected_fact_is_protected_even_where_its_source_forgot_to_say_so(
    tmp_path: Path, spelled: str
) -> None:
    file = tmp_path / "loose.records.jsonl"
    file.write_text(LOOSE.replace("torture_risk", spelled), encoding="utf-8")
    assert CliRunner().invoke(app, ["load", str(file)]).exit_code == 0
    assert CliRunner().invoke(app, ["show", "test:d"]).exit_code == 3
    assert "Anybody" in CliRunner().invoke(app, ["show", "test:e"]).stdout
    assert "Somebody" not in CliRunner().invoke(app, ["show", "test:ann"]).stdout


@pytest.mark.parametrize("words", [("routes",), ("routes", "Ann Example"), ("gaps",), ("portfolio",)])
def test_missing_reference_facts_are_told_with_the_links_that_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    assert "kg load --reference" not in kg(*words).stdout
    monkeypatch.setenv("KG_STORE", f"embedded:{tmp_path / 'bare.sqlite'}")
    places = [code.lower() for code in PLACES]
    load(tmp_path / "bare.sqlite", "case", case(resident("US"), without=places))
    shown = kg(*words).stdout
    assert "! No source describes CN: 3 links of this graph wait for an end" in shown
    assert "kg load --reference" in shown
    answer = data(*words)
    assert len((answer[0] if isinstance(answer, list) else answer)["notes"]) == 1


def test_where_nobody_is_named_a_sentence_says_so_and_no_table_is_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KG_STORE", f"embedded:{tmp_path / 'other.sqlite'}")
    load(tmp_path / "other.sqlite", "case", [node("bob", name="Bob Example")])
    assert "no route waits for an answer" in kg("gaps").stdout
    everybody = kg("routes").stdout
    assert "no warrant, notice or list entry names anybody" in everybody
    assert "─" not in everybody + kg("gaps").stdout
    unasked = CliRunner().invoke(app, ["routes", "Bob Example"])
    assert "--requesting CN" in unasked.output
