"""Does `kg review` show a pair, take answers from a terminal or a pipe, and keep what was judged?"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from kg.cli import app

ROWS = """{"source": {"name": "desk", "title": "Invented", "invented": true}}
{"key": "ann", "type": "Person", "properties": {"name": "Ann Exampleton", "birth_date": "1970-02-03"}}
{"key": "w", "type": "Warrant", "properties": {"name": "W 1", "issued_on": "2010"}}
{"key": "s", "type": "SOUGHT_UNDER", "from": "ann", "to": "w"}
{"key": "anna", "type": "Person", "properties": {"name": "Exampleton, Ann", "birth_date": "1970"}}
{"key": "annie", "type": "Person", "properties": {"name": "Ann Exampleton", "birth_date": "1971-05-06"}}
{"key": "boat", "type": "Vessel", "properties": {"name": "Boat"}}
{"key": "o", "type": "OWNS", "from": "anna", "to": "boat"}
"""
BY = ("--by", "A. Analyst", "--from", "0")

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("KG_STORE", f"embedded:{tmp_path / 'graph.sqlite'}")
    monkeypatch.setenv("KG_USER", "ann")
    file = tmp_path / "rows.records.jsonl"
    file.write_text(ROWS, encoding="utf-8")

    def run(*words: object, answers: str | bytes = "") -> Result:
        return CliRunner().invoke(app, [str(w) for w in words], input=answers)

    assert run("load", file).exit_code == 0
    return run


def judged(run: Run) -> list[tuple[str, str]]:
    found: list[dict[str, Any]] = json.loads(run("judgements", "--json").stdout)
    return [(j["kind"], j["state"]) for j in found]


def test_a_pair_is_shown_with_both_sides_the_evidence_and_what_a_judgement_would_do(run: Run) -> None:
    result = run("review", *BY, answers="q\n")
    assert (result.exit_code, result.stderr) == (0, "")
    words = " ".join(result.stdout.split())
    for said in (
        "Answers are read from the input",
        "1970-02-03 (desk",
        "Person, wanted",
        "birth date",
        "called so expected",
        "judged same: 1 link joins, 1 cluster changes, no loaded contradiction becomes visible",
        "becomes wanted",
        "0 pairs judged; 0 skipped",
    ):
        assert said in words
    assert judged(run) == []


def test_each_answer_is_recorded_at_once_and_a_decided_pair_is_asked_no_more(run: Run) -> None:
    result = run("review", *BY, answers="s the same passport, seen\nd\nborn a year apart\n")
    assert "judgement 1: " in result.stdout and "no more pairs to review" in result.stdout
    assert "2 pairs judged; 0 skipped" in result.stdout
    assert judged(run) == [("same", "holds"), ("distinct", "holds")]
    assert "pair 1" not in run("review", *BY).stdout
    assert "pair 1" not in run("review", "desk:annie", *BY).stdout


def test_what_nobody_can_say_comes_again_when_a_load_changes_an_end(tmp_path: Path, run: Run) -> None:
    run("review", "desk:anna", *BY, answers="u no page\nu no page\n")
    assert "pair 1" not in run("review", "desk:anna", *BY).stdout
    file = tmp_path / "more.records.jsonl"
    file.write_text('{"key": "anna", "type": "Person", "properties": {"gender": "female"}}\n', encoding="utf-8")
    assert run("load", file, "--source", "press", "--namespace", "desk").exit_code == 0
    assert "pair 2" in run("review", "desk:anna", *BY, answers="k\n").stdout
    assert judged(run) == [("unsure", "reopened"), ("unsure", "reopened")]


def test_the_last_judgement_is_undone_and_its_pair_shown_again(run: Run) -> None:
    answers = "z\nd other\nz typed too fast\ns the same after all\nk\n"
    result = run("review", *BY, answers=answers)
    assert "nothing was judged in this review" in result.stderr
    assert "judgement 1 undone" in result.stdout
    assert judged(run) == [("distinct", "undone"), ("same", "holds")]


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ("x\nq\n", "not understood: 'x'; expected s same"),
        ("\nq\n", "expected s same"),
        ("s\n\nq\n", ""),
        ("s\nq\n", "not a reason: 'q'"),
        ("s\nquit\n\nq\n", "not a reason: 'quit'"),
        ("s\nd another person\n\nq\n", "not a reason: 'd another person'"),
        ("s q\nq\n", "expected a reason with a word of at least 2 letters"),
        ("d 7 -\nq\n", "expected a reason with a word of at least 2 letters"),
        ("s\n", ""),
        ("", ""),
        ("s bad\treason\nq\n", "key --why"),
        ("S" * 3_000 + "\n", "not understood"),
        (b"\xff\xfe\n", "expected UTF-8"),
    ],
)
def test_odd_answers_record_nothing_and_are_told(run: Run, answers: str | bytes, told: str) -> None:
    result = run("review", *BY, answers=answers)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert (told in result.stderr, judged(run)) == (True, [])


def test_an_empty_line_for_a_reason_cancels_the_answer_alone(run: Run) -> None:
    result = run("review", *BY, answers="s\n\nd other\nz\n\nk\n")
    assert result.stdout.count("cancelled; nothing is recorded") == 2
    assert judged(run) == [("distinct", "holds")]


def test_who_decides_is_asked_once(run: Run) -> None:
    result = run("review", "--from", "0", answers="\nB. Boss\nd other\nd other\n")
    assert result.stdout.count("Who decides") == 2
    assert [j["by"] for j in json.loads(run("judgements", "--json").stdout)] == ["B. Boss"] * 2


def test_what_waits_is_shown_to_the_second_person_alone(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_TWO_EYES", "1")
    first = run("review", *BY, answers="s seen\nq\n")
    assert "it has no effect yet and waits for a second person" in first.stdout
    assert judged(run) == [("same", "waiting for confirmation")]
    again = run("review", *BY, answers="q\n")
    assert "1 proposed by you before and waiting for a second person" in again.stdout
    refused = run("same", "desk:ann", "desk:anna", "--by", "A. Analyst", "--why", "sure")
    assert (refused.exit_code, "expected another --by and another KG_USER" in refused.stderr) == (2, True)
    monkeypatch.setenv("KG_USER", "bob")
    second = run("review", "--by", "B. Boss", "--from", "0", answers="s seen too\nq\n")
    assert "waits for a second person" in second.stdout and "judgement 1 confirmed by B. Boss" in second.stdout
    assert judged(run) == [("same", "holds")]


def test_what_is_no_party_and_what_is_not_there_are_refused(run: Run) -> None:
    boat, nobody = run("review", "desk:boat", *BY), run("review", "desk:nobody", *BY)
    assert (boat.exit_code, "expected a person, company or other party" in boat.stderr) == (2, True)
    assert nobody.exit_code == 3


def test_an_interrupted_review_keeps_what_was_judged(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Interrupted:
        """One answer, and then somebody presses Ctrl-C."""

        def __init__(self, *answers: str) -> None:
            self._answers = iter(answers)

        def isatty(self) -> bool:
            return False

        def readline(self) -> str:
            for answer in self._answers:
                return answer
            raise KeyboardInterrupt

    monkeypatch.setattr("sys.stdin", Interrupted("d other\n"))
    with pytest.raises(SystemExit) as left:
        app(["review", *BY])
    shown = capsys.readouterr()
    assert (left.value.code, "interrupted" in shown.err) == (130, True)
    assert "pair 2" in shown.out and "1 pair judged; 0 skipped" in shown.out
    assert judged(run) == [("distinct", "holds")]


def test_suggestions_that_are_kept_come_after_those_of_everybody_wanted(tmp_path: Path, run: Run) -> None:
    file = tmp_path / "twins.records.jsonl"
    row = '{"key": "%s", "type": "Person", "properties": {"name": "Quill Marrowby", "birth_date": "1961-02-03"}}\n'
    file.write_text(row % "q1" + row % "q2", encoding="utf-8")
    assert run("load", file, "--source", "press").exit_code == 0
    by = ("--by", "A. Analyst")
    assert "Quill" not in run("review", *by, answers="k\n" * 9).stdout
    assert run("candidates", "--write").exit_code == 0
    shown = run("review", *by, answers="u no page\n" * 9).stdout
    assert 0 < shown.index("Exampleton") < shown.index("Quill Marrowby")
    assert "Quill" not in run("review", *by, answers="k\n" * 9).stdout
    assert "Quill" not in run("candidates").stdout
    assert ("unsure", "holds") in judged(run)
