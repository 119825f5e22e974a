"""Is it kept, and shown, who did what and for which case? Everybody in it is invented."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kg.cli import app
from kg.operations import configuration

Run = Callable[..., Result]

PERSONS = "key,name\np1,Ann Invented\np2,An Invented\n"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("KG_STORE", f"embedded:{tmp_path / 'graph.sqlite'}")
    monkeypatch.setenv("KG_USER", "bo")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "persons.csv").write_text(PERSONS, encoding="utf-8")
    return lambda *words: CliRunner().invoke(app, [str(w) for w in words])


def test_loads_judgements_exports_and_erasures_keep_who_did_them(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("load", "persons.csv", "--source", "desk", "--case", "A-1")
    run("same", "desk:p1", "desk:p2", "--by", "A. Analyst", "--why", "one passport")
    monkeypatch.setenv("KG_USER", "cy")
    run("undo", "1", "--by", "B. Analyst", "--why", "two passports")
    run("export", "tables", "--format", "csv")
    (load,) = json.loads(run("loads", "--json").stdout)
    assert (load["user"], load["case_reference"]) == ("bo", "A-1")
    assert "bo" in run("loads").stdout and "A-1" in run("loads").stdout
    (judged,) = json.loads(run("judgements", "--json").stdout)
    assert (judged["by"], judged["user"], judged["undone_user"]) == ("A. Analyst", "bo", "cy")
    run("withdraw", "desk", "--yes")
    told = [(e["kind"], e["user"], e["case_reference"]) for e in json.loads(run("history", "--json").stdout)]
    assert told == [
        ("snapshot", "bo", "A-1"),
        ("withdrawal", "cy", ""),
        ("judgement", "bo", ""),
        ("undoing", "cy", ""),
        ("export", "cy", ""),
    ]
    run("withdraw", "desk", "--erase", "--yes")
    kinds = [(e["kind"], e["user"]) for e in json.loads(run("history", "--json").stdout)]
    assert kinds == [("export", "cy"), ("erasure", "cy")]
    assert "desk" not in run("history").stdout


def test_an_export_of_protected_facts_is_history_of_that_scope_alone(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("load", "persons.csv", "--source", "desk")
    monkeypatch.setenv("KG_SCOPE", "protected")
    run("export", "tables", "--format", "csv", "--handling", "protected")
    assert "export" in run("history").stdout
    monkeypatch.delenv("KG_SCOPE")
    assert "export" not in run("history").stdout


@pytest.mark.parametrize("case", ["x" * 201, "two\nlines"])
def test_a_reference_that_is_no_line_is_refused(run: Run, case: str) -> None:
    result = run("load", "persons.csv", "--source", "desk", "--case", case)
    assert (result.exit_code, "expected one line of at most 200 characters" in result.stderr) == (2, True)


def test_without_a_setting_the_user_of_the_system_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise OSError

    monkeypatch.setattr("getpass.getuser", lambda: "bo")
    assert configuration.system_user() == "bo"
    monkeypatch.setattr("getpass.getuser", nobody)
    assert configuration.system_user() == f"uid {os.getuid()}"


def test_unresolved_links_are_told_with_file_line_and_names(tmp_path: Path, run: Run) -> None:
    (tmp_path / "links.csv").write_text("from,type,to\np1,owns,e1\n", encoding="utf-8")
    run("load", "persons.csv", "links.csv", "--source", "desk")
    shown = run("waiting").stdout
    assert all(text in shown for text in ("links.csv:2", "Ann Invented (desk:p1)", "OWNS", "desk:e1"))
    (tmp_path / "links.csv").write_text("from,type,to\np2,family of,p1\np1,owns,e1\n", encoding="utf-8")
    run("load", "persons.csv", "links.csv", "--source", "desk")
    (waiting,) = json.loads(run("waiting", "--json").stdout)
    assert (waiting["place"], waiting["present"][1]) == ("links.csv:3", "Ann Invented")
