"""From a list and a register to a path that exists only because somebody judged two entries to be one person."""

from __future__ import annotations

import csv
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from shutil import copyfile

import pytest
from typer.testing import CliRunner

from kg.cli import app
from kg.ledger.verification import graph_digest

DEMO = Path(__file__).parents[2] / "graph" / "demo" / "screening"
BY = ("--by", "A. Analyst")


def test_a_list_is_screened_reviewed_and_undone_and_a_path_comes_and_goes_with_a_judgement(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = tmp_path / "graph.sqlite"
    monkeypatch.setenv("KG_STORE", f"embedded:{graph}")

    def run(*words: object, answers: str = "") -> str:
        result = CliRunner().invoke(app, [str(w) for w in words], input=answers)
        assert result.exit_code == 0, result.stderr
        return result.stdout

    def digest() -> str:
        with closing(sqlite3.connect(graph)) as connection:
            return graph_digest(connection)

    def hops() -> list[int]:
        """How long the paths are from somebody on the list to a company of the register."""
        paths = json.loads(run("path", "watch-list:L05", "register:C1", "--json"))["paths"]
        return [len(path["hops"]) for path in paths]

    with (DEMO / "answer_key.csv").open(encoding="utf-8", newline="") as file:
        truth = {(row["list"], row["register"]) for row in csv.DictReader(file)}
    screening = json.loads(run("screen", DEMO / "list.csv", "--register", DEMO / "register.csv", "--json"))
    keys, matches = screening["references"], [m for target in screening["targets"] for m in target["matches"]]
    assert all(evidence["says"] for m in matches for evidence in m["evidence"])
    pairs = {(keys[m["one"]], keys[m["other"]]): m["band"] for m in matches}
    assert {pair for pair, band in pairs.items() if band == "strong"} <= truth
    assert ("L05", "R064") in truth and pairs["L05", "R064"] == "strong"

    for source, files in (("watch-list", {"list": "persons"}), ("register", {"register": "persons"})):
        names = files | ({"enterprises": "enterprises", "links": "links"} if source == "register" else {})
        (tmp_path / source).mkdir()
        for name, sheet in names.items():
            copyfile(DEMO / f"{name}.csv", tmp_path / source / f"{sheet}.csv")
        run("load", "--source", source, *sorted((tmp_path / source).iterdir()))
    loaded = digest()
    assert " kept, " in run("candidates", "--write")
    assert (digest(), hops()) == (loaded, [])

    reviewed = run("review", "watch-list:L05", *BY, answers="s the same passport, seen\nd another passport\nq\n")
    assert "2 pairs judged" in reviewed
    assert hops() == [1]
    after_two = digest()
    assert after_two != loaded
    assert "1 pair judged" in run("review", "watch-list:L01", *BY, answers="s the same post and year\nq\n")
    assert digest() != after_two
    run("undo", 3, *BY, "--why", "the photographs differ")
    assert digest() == after_two

    for number in (1, 2):
        run("undo", number, *BY, "--why", "judged anew")
    assert (digest(), hops()) == (loaded, [])
