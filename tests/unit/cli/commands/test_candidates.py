"""What does `kg candidates` print and write? All names are invented."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kg.cli.app import app
from tests.stores import load, node

RUNNER = CliRunner()


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "graph.sqlite"
    monkeypatch.setenv("KG_STORE", f"embedded:{path}")
    records = [
        node("wen", name="张伟文", birth_date="1970-03-02"),
        node("cheung", name="Cheung Wai Man", birth_date="1970-03-02"),
        *(node(f"lam{number}", name="林志强") for number in range(21)),
    ]
    load(path, "register", records)
    return path


def run(*words: str, code: int = 0) -> str:
    done = RUNNER.invoke(app, ["candidates", *words])
    assert done.exit_code == code, done.output
    return done.output


@pytest.mark.usefixtures("path")
def test_the_last_line_says_what_was_compared_and_what_was_not() -> None:
    told = run()
    assert "Cheung Wai Man" in told
    last = " ".join(told.split())[-450:]
    assert "1 candidate; 23 people and companies, 1 pair weighed" in last
    assert "1 key shared by up to 21: 21 people and companies were compared there only with those" in last
    assert "kept" not in told


@pytest.mark.usefixtures("path")
def test_what_is_kept_is_counted_and_shown_by_the_node() -> None:
    assert "1 suggestion kept, 1 of them new" in " ".join(run("--write").split())
    assert "1 suggestion kept, 0 of them new" in " ".join(run("test:wen", "--write").split())
    shown = RUNNER.invoke(app, ["show", "test:wen"]).output
    assert "a suggestion, no fact" in shown
    assert "Cheung Wai Man" in shown


@pytest.mark.usefixtures("path")
def test_as_json_each_pair_has_its_evidence() -> None:
    told = json.loads(run("--json"))
    (match,) = told["matches"]
    assert {e["feature"] for e in match["evidence"]} == {"names", "birth date"}
    assert (told["parties"], told["crowded"], told["set_apart"], told["written"]) == (23, 1, 21, 0)


@pytest.mark.usefixtures("path")
@pytest.mark.parametrize(
    ("words", "code"),
    [(("--from", "0"), 2), (("--from", "1.5"), 2), (("--limit", "0"), 2), (("nobody",), 3), (("--source", "x"), 3)],
)
def test_what_cannot_be_asked_is_refused(words: tuple[str, ...], code: int) -> None:
    done = RUNNER.invoke(app, ["candidates", *words])
    assert done.exit_code == code


def test_why_two_may_be_one_tells_what_sources_contradict_of_either(path: Path) -> None:
    load(path, "press", [node("cheung", name="Cheung Wai Man", birth_date="1971-04-05")])
    told = RUNNER.invoke(app, ["why", "test:wen", "test:cheung"])
    assert told.exit_code == 0, told.output
    said = [line for line in told.output.splitlines() if line.startswith("sources contradict")]
    assert said == [
        "sources contradict each other about Cheung Wai Man: birth date stated as 1970-03-02 and as 1971-04-05"
    ]
