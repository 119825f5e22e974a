"""What do the commands print, and what do they end with?"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from kg.cli.app import COMMANDS, app
from kg.records import node_id

ROWS = """{"source": {"name": "register", "title": "Register (invented)", "namespace": "inv", "invented": true}}
{"key": "ann", "type": "Person", "properties": {"name": ["安娜", "Ann Example"]},"reliability": "B", "credibility": "2"}
{"key": "acme", "type": "Enterprise", "properties": {"name": "Acme Holding", "registration_number": "HK-123456"}}
{"key": "flat", "type": "RealEstate", "properties": {"name": "Flat 3"}}
{"key": "list", "type": "ListEntry", "properties": {"number": "L-1", "issued_on": "2014-12-01", "issuer": "An office"}}
{"key": "o1", "type": "OWNS", "from": "ann", "to": "acme", "properties": {"share": "51"}}
{"key": "o2", "type": "OWNS", "from": "acme", "to": "flat"}
{"key": "s1", "type": "SOUGHT_UNDER", "from": "ann", "to": "list"}
{"key": "c1", "type": "CITIZEN_OF", "from": "ann", "to": ["jurisdiction", "CN"]}
"""
BROKEN = (
    ROWS
    + '{"key": "bad", "type": "Ship"}\n{"key": "bo", "type": "Person", "properties": {"birth_date": "2014-02-30"}}\n'
)

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("KG_STORE", f"embedded:{tmp_path / 'graph.sqlite'}")
    return lambda *words: CliRunner().invoke(app, [str(w) for w in words])


@pytest.fixture
def loaded(tmp_path: Path, run: Run) -> Run:
    file = tmp_path / "invented.records.jsonl"
    file.write_text(ROWS, encoding="utf-8")
    assert run("load", file).exit_code == 0
    return run


def data(result: Result) -> Any:
    assert (result.exit_code, result.stderr) == (0, "")
    return json.loads(result.stdout)


def test_load_says_what_came_and_what_waits(tmp_path: Path, run: Run) -> None:
    file = tmp_path / "invented.records.jsonl"
    file.write_text(ROWS, encoding="utf-8")
    assert run("load", file).stdout.splitlines() == [
        "register: 8 records added, 0 changed, 0 withdrawn, 0 unchanged; now 4 about nodes and 4 about links",
        "  1 unresolved link in the whole graph, of all loads: one end is not loaded yet",
        "    1 of them leads to a jurisdiction; `kg load --reference` loads the jurisdictions that come with kg",
    ]


def test_rows_that_cannot_be_read_are_counted_and_kept_with_file_line_and_reason(tmp_path: Path, run: Run) -> None:
    file = tmp_path / "broken.records.jsonl"
    file.write_text(BROKEN, encoding="utf-8")
    result = data(run("load", file, "--json"))
    assert (result["rejected"], result["set_aside"]) == (1, 1)
    kept = [json.loads(line) for line in Path(result["rejects_file"]).read_text(encoding="utf-8").splitlines()]
    assert [(k["file"], k["line"], k["whole"]) for k in kept] == [(str(file), 10, True), (str(file), 11, False)]
    assert "Ship" in kept[0]["reason"] and "2014-02-30" in kept[1]["reason"]
    assert kept[0]["row"] == '{"key": "bad", "type": "Ship"}'


def test_a_strict_load_stops_at_the_first_reject_and_loads_nothing(tmp_path: Path, run: Run) -> None:
    file = tmp_path / "broken.records.jsonl"
    file.write_text(BROKEN, encoding="utf-8")
    result = run("load", file, "--strict")
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{file}:10" in result.stderr and len(result.stderr.splitlines()) == 1
    assert data(run("sources", "--json"))["sources"] == []


def test_a_load_without_files_says_what_to_give(run: Run) -> None:
    result = run("load")
    assert (result.exit_code, result.stderr) == (2, "kg: give either files to load, or --reference\n")


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["lood"], "kg: No such command 'lood'. Did you mean 'load', 'loads'?; see `kg --help`"),
        (["path", "a"], "kg: Missing argument 'goal'; see `kg path --help`"),
        (["neo4j", "stat"], "kg: No such command 'stat'. Did you mean 'start', 'status'?; see `kg neo4j --help`"),
    ],
)
def test_what_is_not_understood_is_one_line_that_says_where_help_is(words: list[str], line: str) -> None:
    result = CliRunner().invoke(app, words, prog_name="kg")
    assert (result.exit_code, result.stdout, result.stderr.splitlines()) == (2, "", [line])


def test_a_file_that_declares_no_source_needs_one_named(tmp_path: Path, run: Run) -> None:
    file = tmp_path / "x.ftm.json"
    file.write_text('{"id": "a", "schema": "Person", "properties": {"name": ["Ann"]}}\n')
    result = run("load", file)
    assert (result.exit_code, "--source" in result.stderr) == (2, True)
    assert data(run("load", file, "--source", "x", "--json"))["added"] == 1


def test_withdrawing_without_a_terminal_needs_yes(loaded: Run) -> None:
    assert loaded("withdraw", "register").exit_code == 2
    assert loaded("withdraw", "register", "--yes").stdout == "register: 8 records withdrawn\n"
    assert data(loaded("sources", "--json"))["nodes"] == {}


def test_what_nobody_loaded_ends_with_3(loaded: Run) -> None:
    result = loaded("withdraw", "press", "--yes")
    assert (result.exit_code, result.stderr) == (3, "kg: there is no source 'press'; sources: register\n")
    assert loaded("show", "Nobody").exit_code == 3


def test_a_store_that_cannot_be_used_ends_with_4(run: Run) -> None:
    result = run("search", "ann")
    assert (result.exit_code, "load something first" in result.stderr) == (4, True)


def test_a_setting_that_is_wrong_names_itself(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_WAIT", "soon")
    result = run("sources")
    assert (result.exit_code, "KG_WAIT" in result.stderr, "'soon'" in result.stderr) == (2, True, True)
    monkeypatch.setenv("KG_WAIT", "1")
    monkeypatch.setenv("KG_STORE", "papyrus:x")
    assert "expected embedded:PATH" in run("sources").stderr


def test_search_finds_a_chinese_name(loaded: Run) -> None:
    found = data(loaded("search", "安娜", "--json"))
    assert [(n["id"], n["type"]) for n in found["entities"]] == [(node_id("inv", "ann"), "Person")]
    assert "Person, sought" in loaded("search", "安娜").stdout


def test_show_says_who_seeks_a_person_since_when_and_who_says_so(loaded: Run) -> None:
    sentence = "sought by An office since 2014-12-01 under the list entry L-1, as register says"
    assert data(loaded("show", "Ann Example", "--json"))["sought"] == [sentence]
    shown = loaded("show", "inv:ann").stdout
    assert sentence in shown and "B2" in shown and "owns" in shown


def test_clusters_hold_the_person_with_the_asset(loaded: Run) -> None:
    found = data(loaded("clusters", "--json"))
    assert [sorted(m["role"] for m in c["members"]) for c in found["clusters"]] == [["asset", "enterprise", "sought"]]
    assert "Membership in a cluster is not wrongdoing." in loaded("clusters").stdout


def test_report_writes_three_files_that_are_the_same_each_time(tmp_path: Path, loaded: Run) -> None:
    written = data(loaded("report", "--out", tmp_path / "one", "--date", "2014-12-05", "--json"))
    again = data(loaded("report", "--out", tmp_path / "two", "--date", "2014-12-05", "--json"))
    assert sorted(Path(p).suffix for p in written.values()) == [".html", ".json", ".md"]
    for name, path in written.items():
        assert Path(path).read_bytes() == Path(again[name]).read_bytes()


def test_verify_is_clean_and_prints_the_digest(loaded: Run) -> None:
    found = data(loaded("verify", "--json"))
    assert (found["clean"], len(found["digest"]), found["differing"]) == (True, 64, [])


def test_ref_describes_a_type_and_suggests_close_names(loaded: Run) -> None:
    assert "traits: ownership" in loaded("ref", "OWNS").stdout
    assert data(loaded("ref", "--json"))["nodes"]
    result = loaded("ref", "Vesel")
    assert (result.exit_code, "Vessel" in result.stderr) == (3, True)


def test_the_protected_scope_is_needed_for_protected_facts(
    tmp_path: Path, loaded: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "status.records.jsonl"
    file.write_text(
        '{"key": "h", "type": "HAS_STATUS_IN", "from": "ann", "to": "acme", "properties": {"kind": "asylum"}}\n'
    )
    assert loaded("load", file, "--source", "host", "--namespace", "inv").exit_code == 0
    assert "asylum" not in loaded("show", "Ann Example").stdout
    monkeypatch.setenv("KG_SCOPE", "protected")
    assert "asylum" in loaded("show", "Ann Example").stdout


def test_every_command_has_an_example_in_its_help(run: Run) -> None:
    for name in (name for name, (_, example) in COMMANDS.items() if example):
        assert "Example: kg " in run(name, "--help").stdout, name


@pytest.mark.parametrize("words", [(), ("neo4j",), ("keys",), ("watch",)], ids=" ".join)
def test_without_a_command_the_help_is_printed(run: Run, words: tuple[str, ...]) -> None:
    shown = run(*words)
    assert (shown.exit_code, shown.stderr) == (2, "")
    assert "\nCommands:\n" in shown.stdout
