"""What does `kg path` say?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from kg.cli import app

ROWS = """{"source": {"name": "register", "title": "Register (invented)", "namespace": "inv", "invented": true}}
{"key": "ann", "type": "Person", "properties": {"name": ["Ann Example"]}}
{"key": "bob", "type": "Person", "properties": {"name": ["Bob Example"]}}
{"key": "acme", "type": "Enterprise", "properties": {"name": "Acme Holding"}}
{"key": "flat", "type": "RealEstate", "properties": {"name": "Flat 3"}}
{"key": "o1", "type": "OWNS", "from": "ann", "to": "acme", "properties": {"share": ["51"]}, "reliability": "B"}
{"key": "o2", "type": "OWNS", "from": "acme", "to": "flat", "properties": {"start_date": ["2014", "2015"]}}
{"key": "f1", "type": "FAMILY_OF", "from": "ann", "to": "bob"}
{"key": "o3", "type": "OWNS", "from": "bob", "to": "flat", "properties": {"end_date": ["2003"]}}
"""


@pytest.fixture(autouse=True)
def loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_STORE", f"embedded:{tmp_path / 'graph.sqlite'}")
    file = tmp_path / "invented.records.jsonl"
    file.write_text(ROWS, encoding="utf-8")
    assert CliRunner().invoke(app, ["load", str(file)]).exit_code == 0


def path(*words: str) -> Result:
    return CliRunner().invoke(app, ["path", "Ann Example", "Flat 3", *words])


def asked(*words: str) -> Any:
    result = path(*words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_path_shows_what_it_is_every_hop_with_its_sources_and_its_doubts() -> None:
    shown = path("--limit", "1", "--as-of", "2016-06-01").stdout.splitlines()
    assert shown == [
        "1. holding: 2 hops, cost 1.12, 1 independent origin, its dates may fit together, not all are known",
        "Ann Example (Person)",
        "  │ owns (share 51)  [register B-]",
        "Acme Holding (Enterprise)",
        "  │ owns (start date 2014 or 2015)  [register]",
        "Flat 3 (RealEstate)",
        "  ! weakest hop: Acme Holding to Flat 3 (no source is graded: reliability unknown; no information is graded: "
        "credibility unknown)",
        "  ! contradiction on Acme Holding to Flat 3: start date stated as 2014 and as 2015",
        "",
        "ranking credible; 4 nodes explored; max depth 6; exclude traits agreement, citizenship, documentation, "
        "identity, location, presence, registration, status; not through Agency, Agreement, Jurisdiction; "
        "as of 2016-06-01",
        "Baseline: 0 of 1 random person is within 2 hops of Flat 3",
    ]


def test_an_association_is_said_to_support_no_holding() -> None:
    assert "2. association only, neither end holds the other through every hop: 2 hops" in path().stdout
    found = asked()
    assert [(p["kind"], p["supports_holding"]) for p in found["paths"]] == [("holding", True), ("association", False)]
    assert {link["id"] for p in found["paths"] for hop in p["hops"] for link in hop["links"]} == set(found["links"])


@pytest.mark.parametrize(
    ("words", "kinds"),
    [
        (["--link", "OWNS"], ["holding"]),
        (["--not-link", "FAMILY_OF"], ["holding"]),
        (["--only-trait", "ownership"], ["holding"]),
        (["--by-kind", "Person"], ["association"]),
        (["--not-by-kind", "Person"], ["holding"]),
        (["--through", "Bob Example"], ["association"]),
        (["--avoid", "Bob Example"], ["holding"]),
        (["--min-reliability", "E"], []),
        (["--depth", "1"], []),
        (["--as-of", "2010-01-01"], []),
        (["--ranking", "shortest"], ["holding", "association"]),
        (["--all-shortest"], ["holding", "association"]),
        (["--ranking", "coherent", "--one-way", "ownership", "--seconds", "60"], ["holding", "association"]),
    ],
)
def test_flags_filter_and_rank(words: list[str], kinds: list[str]) -> None:
    assert [p["kind"] for p in asked(*words)["paths"]] == kinds


def test_links_with_a_trait_that_is_excluded_are_not_walked() -> None:
    found = asked("--exclude-trait", "kinship", "--exclude-trait", "location", "--walk", "status")
    assert [p["kind"] for p in found["paths"]] == ["holding"]
    assert found["limits"]["exclude_traits"] == sorted(
        {"agreement", "citizenship", "documentation", "identity", "kinship", "location", "presence", "registration"}
    )


def test_no_path_within_the_limits_is_an_answer() -> None:
    result = path("--depth", "1")
    assert (result.exit_code, result.stdout.startswith("no path within the limits\nranking credible;")) == (0, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--ranking", "best"], "ranking 'best': expected one of credible, shortest, coherent, hub-free"),
        (["--walk", "kinship"], "walk 'kinship': expected a trait that is left out"),
        (["--exclude-trait", "friendship"], "exclude_traits 'friendship': expected one of"),
        (["--as-of", "2014"], "as_of '2014': expected a day such as 2014-12-05"),
        (["--link", "HOLDS"], "only_types 'HOLDS': expected one of"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line(words: list[str], said: str) -> None:
    result = path(*words)
    assert (result.exit_code, said in result.stderr, result.stderr.count("\n")) == (2, True, 1)


def test_a_refund_is_shown_as_its_source_states_it(tmp_path: Path) -> None:
    row = '{"key": "t", "type": "PAID", "from": "ann", "to": "bob", "properties": {"amount": "-5 EUR"}}'
    (tmp_path / "bank.records.jsonl").write_text(f"{ROWS}{row}\n", encoding="utf-8")
    assert CliRunner().invoke(app, ["load", str(tmp_path / "bank.records.jsonl")]).exit_code == 0
    shown = CliRunner().invoke(app, ["path", "Ann Example", "Bob Example", "--limit", "1"]).stdout
    assert "(amount -5 EUR as stated, with a minus)" in shown
    assert "amount -5 EUR as stated," in CliRunner().invoke(app, ["show", "Ann Example"]).stdout


def test_a_relation_is_told_with_the_direction_in_which_it_was_stated(tmp_path: Path) -> None:
    rows = [
        {"key": key, "type": "FAMILY_OF", "from": ends[0], "to": ends[1], "properties": {"relation": word}}
        for key, ends, word in [("f1", ("ann", "bob"), "mother"), ("f2", ("bob", "ann"), "son")]
    ]
    text = "\n".join([line for line in ROWS.splitlines() if "f1" not in line] + [json.dumps(row) for row in rows])
    (tmp_path / "kin.records.jsonl").write_text(text, encoding="utf-8")
    assert CliRunner().invoke(app, ["load", str(tmp_path / "kin.records.jsonl")]).exit_code == 0
    shown = CliRunner().invoke(app, ["path", "Bob Example", "Ann Example", "--limit", "1"]).stdout
    assert "(relation mother; Ann Example is mother of Bob Example, as stated)" in shown
    assert "(relation son; Bob Example is son of Ann Example, as stated)" in shown
    assert "relation mother; Ann Example is mother" in CliRunner().invoke(app, ["show", "Bob Example"]).stdout


def test_where_there_is_no_path_a_way_through_a_possible_match_is_told(tmp_path: Path) -> None:
    rows = """{"key": "cy", "type": "Person", "properties": {"name": "Cy Example", "passport_number": "X1234567"}}
{"key": "dee", "type": "Person", "properties": {"name": "Dee Example", "passport_number": "X1234567"}}
{"key": "eve", "type": "Person", "properties": {"name": "Eve Example"}}
{"key": "o4", "type": "OWNS", "from": "dee", "to": "acme"}
"""
    (tmp_path / "more.records.jsonl").write_text(f"{ROWS}{rows}", encoding="utf-8")
    assert CliRunner().invoke(app, ["load", str(tmp_path / "more.records.jsonl")]).exit_code == 0
    told = {
        words: "--walk identity finds one" in CliRunner().invoke(app, ["path", *words]).stdout
        for words in (
            ("Cy Example", "Flat 3"),
            ("Cy Example", "Flat 3", "--walk", "identity"),
            ("Cy Example", "Flat 3", "--link", "OWNS"),
            ("Eve Example", "Flat 3"),
            ("Dee Example", "Flat 3"),
        )
    }
    assert list(told.values()) == [True, False, False, False, False]
