"""What does `kg watch` print, and what does it end with?"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kg.cli import app
from tests.stores import link, load, node, store_fixture

Run = Callable[..., Result]
CASE = [node("ann", name="Ann Example"), node("bob", name="Bob Example"), node("flat", "RealEstate", name="Flat 9")]


@store_fixture
def path(path: Path) -> None:
    load(path, "register", [*CASE, link("ann OWNS flat")])


@pytest.fixture
def run(path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("KG_STORE", f"embedded:{path}")
    monkeypatch.setenv("KG_VIEW_CACHE", str(path.with_name("views")))
    monkeypatch.setenv("KG_SMTP_PASSWORD", "invented password")
    return lambda *words: CliRunner().invoke(app, ["watch", *words])


def test_a_watch_is_added_listed_run_and_removed(path: Path, run: Run) -> None:
    assert run("list").stdout == "nothing is watched\n"
    done = run("add", "Ann Example", "--mail", "desk@desk.example", "--webhook", "https://hook.example/x")
    assert done.stdout == "watch 1: Ann Example, for desk@desk.example, https://hook.example/x\n", done.stderr
    load(path, "register", [*CASE, link("ann OWNS flat"), link("bob FAMILY_OF ann")])
    printed = run("run", "--dry-run")
    assert (printed.exit_code, printed.stderr) == (0, "")
    assert printed.stdout.count("Bob Example is family of Ann Example") == 2
    assert "Ann Example, for desk@desk.example: not sent, 1 change" in printed.stdout
    failed = run("run")
    assert (failed.exit_code, len(failed.stderr.splitlines())) == (4, 1)
    assert "2 of 2 not delivered; the next run sends them: desk@desk.example: KG_SMTP_HOST" in failed.stderr
    assert "invented password" not in failed.output + run("run", "--json").output
    (listed,) = json.loads(run("list", "--json").stdout)
    assert [r["failed"].split()[0] for r in listed["receivers"]] == ["KG_SMTP_HOST", "KG_WEBHOOK_SECRET"]
    assert run("remove", "1").stdout == "watch 1 removed\n"
    assert json.loads(run("list", "--json").stdout) == []


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("add", "Ann Example"), 2, "expected whom to tell"),
        (("add", "Nobody", "--mail", "desk@desk.example"), 3, "no entity is named 'Nobody'"),
        (("add", "Nobody", "--cluster", "--mail", "desk@desk.example"), 3, "no cluster or entity is named 'Nobody'"),
        (("add", "no/such", "--query", "--mail", "desk@desk.example"), 3, "no saved query is called"),
        (("add", "people/family", "--query", "--mail", "desk@desk.example"), 2, "needs the parameter person"),
        (("add", "ann", "--query", "--cluster", "--mail", "desk@desk.example"), 2, "give one"),
        (("add", "Ann Example", "--param", "a=b", "--mail", "desk@desk.example"), 2, "--param is for --query"),
        (("add", "Ann Example", "--webhook", "http://hook.example"), 2, "expected https"),
        (("add", "Ann Example", "--mail", "https:/hook.example"), 2, "expected a mail address"),
        (("remove", "7"), 3, "there is no watch 7"),
    ],
)
def test_a_call_that_cannot_be_says_what_was_expected(run: Run, words: tuple[str, ...], code: int, said: str) -> None:
    result = run(*words)
    assert (result.exit_code, result.stdout, len(result.stderr.splitlines())) == (code, "", 1)
    assert said in result.stderr
