"""What does `kg export` print, and what does it end with?"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kg.cli import app
from tests.stores import link, load, node

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    path = tmp_path / "graph.sqlite"
    load(path, "register", [node("ann", name="Ann Example"), node("w", "Warrant", name="W 1")])
    load(path, "press", [node("bo", name="Bo Example"), link("ann FAMILY_OF bo", key="f")])
    monkeypatch.setenv("KG_STORE", f"embedded:{path}")
    return lambda *words: CliRunner().invoke(app, ["export", *(str(w) for w in words)])


def test_it_says_what_was_written_and_what_was_not(tmp_path: Path, run: Run) -> None:
    result = run(tmp_path / "out", "--format", "ftm")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[:-1] == [
        f"{tmp_path / 'out'}: 2 nodes and 1 links as ftm",
        "  not exported, 1 in all:",
        "    1 × Warrant: FollowTheMoney has no schema for it",
        "  protected facts, if there are any, are left out",
    ]


def test_json_has_counts_files_and_the_graph_they_are_of(tmp_path: Path, run: Run) -> None:
    result = run(tmp_path / "all.ftm.jsonl", "--json")
    said = json.loads(result.stdout)
    assert (said["nodes"], said["links"], said["format"]) == ({"Person": 2}, {"FAMILY_OF": 1}, "ftm")
    assert said["not_exported"] == [{"what": "Warrant", "why": "FollowTheMoney has no schema for it", "count": 1}]
    assert said["selection"] == {"sources": [], "types": [], "handling": "restricted"}
    assert said["graph"]["version"].endswith("@2") and len(said["graph"]["digest"]) == 64
    (file,) = said["files"]
    assert file["name"] == "all.ftm.jsonl" and file["bytes"] == (tmp_path / "all.ftm.jsonl").stat().st_size


@pytest.mark.parametrize("name", ["press.ftm.jsonl", "press.graphml", "press.gexf"])
def test_a_link_to_a_node_that_the_picked_sources_do_not_describe_is_counted(
    name: str, tmp_path: Path, run: Run
) -> None:
    said = json.loads(run(tmp_path / name, "--source", "press", "--json").stdout)
    why = "an end is a node that the selected sources do not describe"
    assert (said["links"], said["not_exported"]) == ({}, [{"what": "FAMILY_OF", "why": why, "count": 1}])


def test_standard_output_holds_the_export_alone(tmp_path: Path, run: Run) -> None:
    run(tmp_path / "press.records.jsonl", "--source", "press")
    result = run("-", "--format", "records", "--source", "press")
    assert result.stdout == (tmp_path / "press.records.jsonl").read_text()
    assert "1 nodes and 1 links as records" in result.stderr
    assert run("-", "--format", "records", "--json").exit_code == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["out"], "give --format, one of records, ftm, graphml, gexf, csv"),
        (["out", "--format", "dot"], "there is no format 'dot'"),
        (["out.graphml", "--format", "ftm"], "is named as graphml, but --format is ftm"),
        (["out.records.jsonl"], "name a folder, or one of these with --source: press, register"),
        (["-", "--format", "csv"], "tables are several files"),
        (["out.jsonl", "--format", "ftm"], "or a file that ends in .ftm.jsonl"),
        (["out.graphml", "--gzip"], "--gzip is for folders"),
        (["out", "--format", "csv", "--handling", "secret"], "expected one of open, restricted, protected"),
        (["out", "--format", "csv", "--handling", "protected"], "set KG_SCOPE=protected"),
    ],
)
def test_a_call_that_cannot_be_says_what_was_expected(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, words: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(*words)
    assert (result.exit_code, result.stdout, len(result.stderr.splitlines())) == (2, "", 1)
    assert said in result.stderr
    assert [p.name for p in tmp_path.iterdir() if "graph.sqlite" not in p.name] == []
