"""What do the commands about who is who, deltas, waiting links and erasing print, and what do they end with?"""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from kg.cli import app
from kg.records import node_id

ROWS = """{"key": "ann", "type": "Person", "properties": {"name": "Ann Example"}}
{"key": "anna", "type": "Person", "properties": {"name": "Anna Sample"}}
{"key": "cy", "type": "Person", "properties": {"name": "Cy Muster"}, "referents": ["sy"]}
{"key": "o1", "type": "OWNS", "from": "ann", "to": "flat"}
{"key": "h1", "type": "HAS_STATUS_IN", "from": "ann", "to": "camp", "properties": {"kind": "asylum"}}
"""
WORD = ("--by", "A. Analyst", "--why", "compared")

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("KG_STORE", f"embedded:{tmp_path / 'graph.sqlite'}")
    file = tmp_path / "rows.records.jsonl"
    file.write_text(ROWS, encoding="utf-8")

    def run(*words: object) -> Result:
        return CliRunner().invoke(app, [str(w) for w in words])

    assert run("load", file, "--source", "desk").exit_code == 0
    return run


def data(result: Result) -> Any:
    assert (result.exit_code, result.stderr) == (0, "")
    return json.loads(result.stdout)


def test_same_makes_one_node_that_show_explains(run: Run) -> None:
    assert run("same", "desk:anna", "Ann Example", *WORD).stdout == (
        "judgement 1: desk:anna = desk:ann, by A. Analyst\n"
        "  ! evidence against: names -2.5: ann = anna: short name; example is not sample\n"
    )
    shown = data(run("show", node_id("desk", "anna"), "--json"))
    assert (shown["entity"]["id"], shown["former_ids"]) == (node_id("desk", "ann"), [node_id("desk", "anna")])
    assert shown["names"] == [["desk", "ann"], ["desk", "anna"]]
    assert [(j["number"], j["kind"], j["state"]) for j in shown["judgements"]] == [(1, "same", "holds")]
    text = run("show", "desk:ann").stdout
    assert "desk:anna = desk:ann" in text and f"former ids: {node_id('desk', 'anna')}" in text and "compared" in text


def test_show_names_the_records_and_their_referents(run: Run) -> None:
    shown = data(run("show", "desk:sy", "--json"))
    assert [(c["key"], c["referents"]) for c in shown["claims"]] == [("cy", ["sy"])]
    assert "desk:cy" in run("show", "desk:cy").stdout


def test_kinds_that_exclude_each_other_are_joined_only_when_that_is_said(tmp_path: Path, run: Run) -> None:
    ship = tmp_path / "ship.records.jsonl"
    ship.write_text('{"key": "s", "type": "Vessel", "properties": {"name": "Ann Example"}}', encoding="utf-8")
    assert run("load", ship, "--source", "port").exit_code == 0
    refused = run("same", "desk:ann", "port:s", *WORD)
    assert (refused.exit_code, len(refused.stderr.splitlines())) == (2, 1)
    assert "the first is a Person, the second a Vessel" in refused.stderr
    assert data(run("judgements", "--json")) == []
    assert run("same", "desk:ann", "port:s", *WORD, "--mixed").exit_code == 0


def test_judgements_are_listed_and_undone(run: Run) -> None:
    made = data(run("distinct", "desk:ann", "desk:anna", *WORD, "--json"))
    assert (made["number"], made["kind"], made["one"], made["by"]) == (1, "distinct", ["desk", "ann"], "A. Analyst")
    assert [j["state"] for j in data(run("judgements", "desk:anna", "--json"))] == ["holds"]
    assert run("judgements", "desk:cy").stdout == "no judgements\n"
    assert run("undo", 1, "--by", "B. Boss", "--why", "wrong").stdout == "judgement 1 undone by B. Boss\n"
    (undone,) = data(run("judgements", "--json"))
    assert (undone["state"], undone["undone_by"], undone["undone_why"]) == ("undone", "B. Boss", "wrong")
    assert all(word in run("judgements").stdout for word in ("Boss", "wrong", "a tester"))
    assert data(run("judgements", "desk:anna", "--json")) == []


def test_a_contradiction_is_one_line_with_the_chain_and_ends_with_2(run: Run) -> None:
    run("same", "desk:ann", "desk:anna", *WORD)
    result = run("distinct", "desk:ann", "desk:anna", *WORD)
    assert (result.exit_code, result.stdout, len(result.stderr.splitlines())) == (2, "", 1)
    assert "desk:ann = desk:anna (judgement 1 by A. Analyst on 20" in result.stderr and ": compared)" in result.stderr


def test_what_speaks_against_a_judgement_is_printed_by_the_dry_run_and_by_the_judgement(run: Run) -> None:
    dry = run("same", "desk:ann", "desk:cy", "--dry-run").stdout
    assert "! evidence against: names -" in dry
    (against,) = data(run("same", "desk:ann", "desk:cy", "--dry-run", "--json"))["evidence_against"]
    assert against.startswith("names -")
    made = run("same", "desk:ann", "desk:cy", *WORD).stdout
    assert dry.splitlines()[-1] == made.splitlines()[-1]


def test_what_cannot_be_judged_says_why(run: Run) -> None:
    assert run("same", "desk:ann", "desk:nobody", *WORD).exit_code == 3
    assert run("undo", 9, *WORD).exit_code == 3
    assert run("undo", "x", *WORD).exit_code == 2
    blank = run("same", "desk:ann", "desk:anna", "--by", " ", "--why", "x")
    assert (blank.exit_code, "--by is missing: say who" in blank.stderr) == (2, True)
    assert run("same", "desk:ann", "desk:anna", "--by", "A").exit_code == 2
    assert data(run("judgements", "--json")) == []


def test_judgements_about_protected_nodes_need_that_scope(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "camp.records.jsonl"
    file.write_text('{"key": "guest", "type": "Person", "handling": "protected", "properties": {"name": "Guest"}}\n')
    assert run("load", file, "--source", "camp").exit_code == 0
    assert run("distinct", "desk:ann", "camp:guest", *WORD).exit_code == 3
    monkeypatch.setenv("KG_SCOPE", "protected")
    assert run("distinct", "desk:ann", "camp:guest", *WORD).exit_code == 0
    refused = run("same", "desk:ann", "camp:guest", *WORD)
    assert (refused.exit_code, "says so already" in refused.stderr, "everybody would see" in refused.stderr) == (
        2,
        False,
        True,
    )
    assert "camp:guest" in run("show", "desk:ann").stdout
    monkeypatch.delenv("KG_SCOPE")
    for words in (("judgements",), ("judgements", "desk:ann"), ("show", "desk:ann"), ("judgements", "--json")):
        assert "guest" not in run(*words).stdout
    assert run("undo", 1, *WORD).exit_code == 3


def test_waiting_lists_what_is_missing_and_loses_it_when_it_comes(tmp_path: Path, run: Run) -> None:
    waits: dict[str, object] = {"source": "desk", "key": "o1", "part": "", "type": "OWNS"}
    waits |= {"missing": [["desk", "flat"]], "place": "rows.records.jsonl:4"}
    waits |= {"present": [["desk", "ann"], "Ann Example"], "starts_there": True, "stated": {}}
    assert data(run("waiting", "--json")) == [waits]
    assert "desk:flat" in run("waiting", "--source", "desk").stdout
    assert [s["waiting"] for s in data(run("sources", "--json"))["sources"]] == [1]
    assert run("waiting", "--source", "nobody").exit_code == 3
    file = tmp_path / "land.records.jsonl"
    file.write_text('{"key": "flat", "type": "RealEstate"}\n')
    run("load", file, "--source", "land", "--namespace", "desk")
    assert run("waiting").stdout == "no unresolved links\n"


def test_waiting_links_that_are_protected_need_that_scope(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert data(run("sources", "--json"))["waiting"] == 1
    monkeypatch.setenv("KG_SCOPE", "protected")
    assert data(run("sources", "--json"))["waiting"] == 2
    assert [w["key"] for w in data(run("waiting", "--json"))] == ["h1", "o1"]
    assert [w["key"] for w in data(run("waiting", "--json", "--limit", 1))] == ["h1"]


def test_deltas_are_followed_in_the_order_of_their_files(tmp_path: Path, run: Run) -> None:
    one, other = tmp_path / "z.delta.json", tmp_path / "a.delta.json"
    person = '{"id": "p", "schema": "Person", "properties": {"name": ["%s"]}}'
    one.write_text(
        '{"op": "ADD", "entity": %s}\n{"op": "ADD", "entity": {"id": "q", "schema": "Person"}}\n' % (person % "Old")
    )
    other.write_text(
        '{"op": "DEL", "entity": {"id": "p"}}\n{"op": "MOD", "entity": %s}\n' % (person % "New")
        + '{"op": "MOD", "entity": {"id": "q", "schema": "No"}}\n'
    )
    refused = run("load", one, "--source", "os")
    assert (refused.exit_code, "load it with --delta" in refused.stderr) == (2, True)
    loaded = data(run("load", one, other, "--delta", "--source", "os", "--json"))
    assert (loaded["added"], loaded["rejected"], len(loaded["digest"])) == (2, 1, 64)
    assert [n["caption"] for n in data(run("search", "new", "--json"))["entities"]] == ["New"]
    other.write_text('{"op": "DEL", "entity": {"id": "q"}}\n{"op": "DEL", "entity": {"id": 7}}\n')
    again = data(run("load", other, "--delta", "--source", "os", "--json"))
    assert (again["withdrawn"], again["unchanged"], again["rejected"]) == (1, 0, 1)
    kept = Path(again["rejects_file"]).read_text(encoding="utf-8").splitlines()
    assert len(kept) == 2, "the rejects of the delta before are still there"


@pytest.mark.parametrize("layout", ["%s\n", '{\n  "versions": {},\n  "updated_at": ""\n}\n'])
def test_the_index_of_deltas_is_no_data(tmp_path: Path, run: Run, layout: str) -> None:
    file = tmp_path / "delta.json"
    file.write_text(
        layout % '{"versions": {"20240527134702-zbn": "somewhere"}, "updated_at": "2024"}' if "%" in layout else layout
    )
    result = run("load", file, "--delta", "--source", "os")
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
    assert "key versions: is the index of delta files, no data" in result.stderr


def test_loads_are_listed_with_counts_days_and_digests(run: Run) -> None:
    run("withdraw", "desk", "--yes")
    found = data(run("loads", "--json"))
    assert [(e["kind"], e["added"], e["withdrawn"], e["files"]) for e in found] == [
        ("snapshot", 4, 0, ["rows.records.jsonl"]),
        ("withdrawal", 0, 4, []),
    ]
    assert (len(found[0]["digest"]), found[1]["digest"]) == (64, "0" * 64)
    assert found[0]["digest"][:12] in run("loads", "desk").stdout
    assert run("loads", "nobody").exit_code == 3


def test_erasing_asks_and_lists_the_reports(tmp_path: Path, run: Run) -> None:
    assert run("withdraw", "desk", "--erase").exit_code == 2
    run("report", "--out", tmp_path / "out", "--date", "2014-12-05")
    run("same", "desk:ann", "desk:anna", *WORD)
    lines = run("withdraw", "desk", "--erase", "--yes").stdout.splitlines()
    assert lines[:2] == [
        "desk: 4 records withdrawn, 4 erased from the ledger",
        "  1 judgement about keys of its own erased too",
    ]
    assert lines[2].startswith("  the report of 2014-12-05 names it; remove it yourself: ")
    assert str(tmp_path / "out" / "report-2014-12-05.html") in lines[2]
    assert data(run("loads", "--json")) == []
    assert run("withdraw", "desk", "--erase", "--yes").exit_code == 3


@pytest.mark.parametrize(("typed", "code", "left"), [(b"n\n", 130, 1), (b"\x04", 130, 1), (b"y\n", 0, 0)])
def test_withdrawing_asks_on_a_terminal(run: Run, typed: bytes, code: int, left: int) -> None:
    keys, terminal = pty.openpty()
    os.write(keys, typed)
    asked = subprocess.run(
        [sys.executable, "-m", "kg", "withdraw", "desk", "--erase"], stdin=terminal, capture_output=True, check=False
    )
    os.close(keys)
    os.close(terminal)
    assert (asked.returncode, b"Erase everything" in asked.stdout + asked.stderr) == (code, True)
    assert len(data(run("loads", "--json"))) == left


def test_erased_is_said_as_json_too(run: Run) -> None:
    assert data(run("withdraw", "desk", "--erase", "--yes", "--json")) == {
        "copies": [],
        "source": "desk",
        "withdrawn": 4,
        "records": 4,
        "judgements": 0,
        "rejects": [],
        "reports": [],
        "attachments": [],
    }


RESOLVER = """["desk-ann", "NK-1", "positive", 0.8, "boss", "2014-12-05T10:00:00"]
["anna", "NK-1", "positive", null, null, null]
["ann", "NK-1", "positive"]
["NK-1", "cy", "negative", 0.4, "boss", "2014-12-06"]
["ann", "cy", "unsure", null, "boss", null]
["Q9", "cy", "negative", null, "boss", null]
["ann", "anna", "no_judgement", 0.99, null, null]
"""


def test_judgements_of_a_resolver_file_are_recorded_once(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "resolver.ijson"
    file.write_text(RESOLVER, encoding="utf-8")
    words = ("judgements", "--resolver", file, "--namespace", "desk")
    done = run(*words)
    assert done.exit_code == 0 and done.stdout.splitlines() == [
        "judgement 1: desk:ann = desk:anna, by nomenklatura",
        "judgement 2: desk:ann ≠ desk:cy, by boss",
        f"not recorded: {file}:5: it contradicts what stands: desk:ann ≠ desk:cy (judgement 2 by boss on 2014-12-06: "
        "negative in resolver.ijson of nomenklatura, score 0.4)",
        "2 recorded; 1 about nobody in the graph; 1 without a judgement; 1 refused",
    ]
    assert run("show", "desk:anna").stdout == run("show", "desk:ann").stdout
    again = data(run(*words, "--json"))
    assert (again["recorded"], again["known"]) == ([], 2)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "is empty: expected at least one line"),
        ("\n", "has no judgements"),
        ("{}", "expected a list such as"),
        ('["a", "b"]', "expected a list such as"),
        ('["a", "b", "yes"]', "key judgement, value 'yes': expected one of positive, negative, unsure, no_judgement"),
        ('["a", "b", "positive"', "is not JSON"),
        ('["a", 2, "positive"]', "expected a list such as"),
    ],
)
def test_a_resolver_file_that_cannot_be_read_records_nothing(run: Run, tmp_path: Path, text: str, problem: str) -> None:
    file = tmp_path / "resolver.ijson"
    file.write_text('["ann", "anna", "positive", null, null, null]\n' * bool(text.strip()) + text, encoding="utf-8")
    refused = run("judgements", "--resolver", file, "--namespace", "desk")
    assert refused.exit_code == 2 and problem in refused.stderr and (not text.strip() or f"{file}:2" in refused.stderr)
    assert data(run("judgements", "--json")) == []


@pytest.mark.parametrize(
    "words", [("--resolver", "x.ijson"), ("--namespace", "desk"), ("desk:ann", "--namespace", "a")]
)
def test_a_resolver_file_needs_its_namespace(run: Run, words: tuple[str, ...]) -> None:
    assert "together, without a node" in run("judgements", *words).stderr


def test_a_dry_run_says_what_a_judgement_would_do_and_records_nothing(run: Run) -> None:
    told = run("same", "desk:ann", "desk:anna", "--dry-run")
    assert (told.exit_code, told.stderr) == (0, "")
    said, against = told.stdout.splitlines()
    assert said == "judged same: no link joins, no cluster changes, no loaded contradiction becomes visible"
    assert against == "  ! evidence against: names -2.5: ann = anna: short name; example is not sample"
    effect = data(run("same", "desk:anna", "desk:ann", "--dry-run", "--json"))
    assert (effect["sentence"], effect["links_joined"]) == (said.removeprefix("judged same: "), 0)
    for kind in ("distinct", "unsure"):
        assert run(kind, "desk:ann", "desk:anna", "--dry-run").stdout.startswith(f"judged {kind}: no link joins")
    assert data(run("judgements", "--json")) == []
    assert run("same", "desk:ann", "desk:anna").exit_code == 2


def test_a_dry_run_of_what_would_be_refused_ends_with_2_and_the_chain(run: Run) -> None:
    run("same", "desk:ann", "desk:anna", *WORD)
    run("distinct", "desk:anna", "desk:cy", *WORD)
    refused = run("same", "desk:ann", "desk:cy", "--dry-run")
    assert (refused.exit_code, refused.stdout, len(refused.stderr.splitlines())) == (2, "", 1)
    assert "desk:ann = desk:anna (judgement 1 by A. Analyst on " in refused.stderr
    assert "desk:anna ≠ desk:cy (judgement 2 by A. Analyst on " in refused.stderr


def test_unsure_is_listed_and_undone(run: Run) -> None:
    before = run("verify").stdout
    assert run("unsure", "desk:ann", "desk:anna", *WORD).stdout == (
        "judgement 1: desk:ann ? desk:anna, by A. Analyst\n"
    )
    assert [(j["kind"], j["state"]) for j in data(run("judgements", "desk:ann", "--json"))] == [("unsure", "holds")]
    assert run("verify").stdout == before
    assert run("undo", 1, *WORD).exit_code == 0
    assert run("verify").stdout == before


@pytest.mark.parametrize("value", ["maybe", "", "2", " "])
def test_two_eyes_is_set_or_not(run: Run, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("KG_TWO_EYES", value)
    refused = run("judgements")
    assert (refused.exit_code, "KG_TWO_EYES" in refused.stderr) == (2, True)
