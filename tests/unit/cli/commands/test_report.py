"""What does `kg report` say?"""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kg import operations
from kg.cli import app

ROWS = """{"source": {"name": "register", "title": "Register (invented)", "namespace": "inv", "invented": true}}
{"key": "ann", "type": "Person", "properties": {"name": ["Ann Example"]}}
{"key": "flat", "type": "RealEstate", "properties": {"name": "Flat 3"}}
{"key": "o1", "type": "OWNS", "from": "ann", "to": "flat", "properties": {"share": ["51"]}}
"""


@pytest.fixture(autouse=True)
def loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_STORE", f"embedded:{tmp_path / 'graph.sqlite'}")
    monkeypatch.chdir(tmp_path)
    Path("invented.records.jsonl").write_text(ROWS, encoding="utf-8")
    assert CliRunner().invoke(app, ["load", "invented.records.jsonl"]).exit_code == 0


def report(*words: str) -> Result:
    return CliRunner().invoke(app, ["report", "--out", "reports", *words])


def test_a_report_needs_a_day_unless_it_is_periodic() -> None:
    refused = report()
    assert (refused.exit_code, refused.stderr) == (
        2,
        "kg: key --date: expected the day that the report states, or --periodic\n",
    )
    assert report("--date", "2024-06-05").stdout.splitlines()[0] == "reports/report-2024-06-05.html"


def test_the_facts_of_a_report_are_of_the_day_of_the_graph_or_of_the_day_that_is_asked_for() -> None:
    def told(*words: str) -> str:
        assert report("--date", "2014-06-05", *words).exit_code == 0
        return Path("reports/report-2014-06-05.md").read_text(encoding="utf-8").splitlines()[2].partition(" Graph")[0]

    said = "Report of 2014-06-05. Facts as of"
    late = ", a later day: what ended between these days counts as over."
    assert told() == f"{said} {operations.today()}{late}"
    assert told("--as-of", "2014-06-10") == f"{said} 2014-06-10{late}"
    assert told("--as-of", "stated") == f"{said} 2014-06-05."
    assert told("--as-of", "2013-01-01") == f"{said} 2013-01-01."
    assert report("--date", "2014-06-05", "--as-of", "soon").stderr.startswith("kg: as_of 'soon': expected a day")


def test_the_facts_of_a_periodic_report_may_be_of_its_own_day() -> None:
    assert report("--periodic", "--date", "2014-06-05", "--as-of", "stated").exit_code == 0
    told = json.loads(Path("reports/2014-06-02/report-2014-06-02.json").read_bytes())
    assert (told["date"], told["as_of"]) == ("2014-06-02", "2014-06-02")


def test_a_full_report_has_a_folder_of_pages_which_erasure_names_too() -> None:
    folder = "reports/report-2024-06-05-clusters"
    assert report("--date", "2024-06-05", "--full").stdout.splitlines()[-1] == folder
    assert sorted(file.suffix for file in Path(folder).iterdir()) == [".html", ".md"]
    assert folder in CliRunner().invoke(app, ["withdraw", "register", "--erase", "--yes"]).stdout


def test_a_periodic_report_says_where_it_is_and_what_it_makes_up_for() -> None:
    assert report("--periodic", "--date", "2024-06-05").stdout.splitlines() == [
        "reports/2024-06-03/report-2024-06-03.html",
        "reports/2024-06-03/report-2024-06-03.md",
        "reports/2024-06-03/report-2024-06-03.json",
        "all reports: reports/index.html",
    ]
    again = report("--periodic", "--date", "2024-06-05")
    assert again.stdout == "the report of 2024-06-03 was written before; --again writes it anew\n"
    told = json.loads(report("--periodic", "--date", "2024-06-20", "--json").stdout)
    assert (told["day"], told["made"], told["missed"]) == ("2024-06-17", True, ["2024-06-10"])


def test_what_stays_looks_again_after_an_hour_even_where_it_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 2:
            raise KeyboardInterrupt
        monkeypatch.setenv("KG_STORE", "embedded:elsewhere.sqlite")

    monkeypatch.setattr(time, "sleep", sleep)
    ended = report("--periodic", "--stay", "--every", "day")
    assert (ended.exit_code, slept) == (130, [3600, 3600])
    assert "all reports: reports/index.html" in ended.stdout


def test_a_period_that_is_none_is_refused() -> None:
    refused = report("--periodic", "--date", "2024-06-05", "--every", "year")
    assert (refused.exit_code, refused.stderr) == (2, "kg: key every, value 'year': expected one of day, week, month\n")
