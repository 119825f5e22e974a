"""What does kg clusters print, keep and tell?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from kg.cli import app
from kg.records import link_id, node_id

HEAD = '{"source": {"name": "register", "title": "Register (invented)", "namespace": "inv", "invented": true}}'
NODES = [
    '{"key": "ann", "type": "Person", "properties": {"name": ["Ann Example"]}}',
    '{"key": "kid", "type": "Person", "properties": {"name": ["Kid Example"]}}',
    '{"key": "acme", "type": "Enterprise", "properties": {"name": "Acme Holding"}}',
    '{"key": "flat", "type": "RealEstate", "properties": {"name": "Flat 3", "valuation": ["market 2014 900 USD"]}}',
    '{"key": "o1", "type": "OWNS", "from": "ann", "to": "acme", "properties": {"share": "51"}}',
    '{"key": "o2", "type": "OWNS", "from": "acme", "to": "flat"}',
]
KID = '{"key": "f1", "type": "FAMILY_OF", "from": "ann", "to": "kid"}'


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_STORE", f"embedded:{tmp_path / 'graph.sqlite'}")


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def load(folder: Path, *more: str) -> None:
    file = folder / "invented.records.jsonl"
    file.write_text("\n".join([HEAD, *NODES, *more]), encoding="utf-8")
    assert run("load", file).exit_code == 0


def data(*words: object) -> Any:
    result = run(*words)
    assert (result.exit_code, result.stderr) == (0, "")
    return json.loads(result.stdout)


def test_one_cluster_is_told_in_full(tmp_path: Path) -> None:
    load(tmp_path, KID)
    told = run("clusters", "Flat 3", "--stability").stdout
    assert "Cluster 1, " in told
    assert "drops out without it" in told
    assert "USD 900" in told
    assert "stay in all re-runs" in told


def test_what_is_in_no_cluster_is_said_so(tmp_path: Path) -> None:
    load(tmp_path)
    result = run("clusters", "inv:kid")
    assert (result.exit_code, result.stderr.startswith("kg: 'inv:kid' is in no cluster")) == (3, True)


def test_a_run_that_is_kept_tells_what_the_next_load_did(tmp_path: Path) -> None:
    load(tmp_path)
    kept = tmp_path / "run.json"
    kept.write_text(run("clusters", "--json").stdout, encoding="utf-8")
    load(tmp_path, KID)
    found = data("clusters", "--previous", kept, "--json")
    assert found["clusters"][0]["id"] == json.loads(kept.read_text(encoding="utf-8"))["clusters"][0]["id"]
    (change,) = found["story"]["changes"]
    assert (change["kind"], change["came"]) == ("grown", [node_id("inv", "kid")])
    assert change["ties_came"] == [link_id("inv", "f1", "")]
    assert [(r["about"], r["how"], r["source"], r["key"]) for r in change["records"]] == [
        (link_id("inv", "f1", ""), "came", "register", "f1")
    ]
    told = run("clusters", "--previous", kept).stdout
    assert told[told.index("Since graph") :].splitlines()[1:] == [
        f"Cluster 1 now ({change['after'][0]}): grown, 4 members",
        f"  formerly Cluster 1 ({change['before'][0]}): 3 members, 3 of them here",
        "  joined from no cluster: 1 member",
        "    Kid Example",
        "  links: 1 added",
        "  records: 1",
        f"    register f1 came on {change['records'][0]['day']}",
        "  cause: records",
    ]


def test_a_record_that_went_is_named(tmp_path: Path) -> None:
    load(tmp_path, KID)
    kept = tmp_path / "run.json"
    kept.write_text(run("clusters", "--json").stdout, encoding="utf-8")
    load(tmp_path)
    (change,) = data("clusters", "--previous", kept, "--json")["story"]["changes"]
    assert (change["kind"], [(r["key"], r["how"]) for r in change["records"]]) == ("shrunk", [("f1", "went")])


def test_a_member_that_no_source_names_any_more_is_told_by_its_key(tmp_path: Path) -> None:
    gone = '{"key": "pet", "type": "Person", "properties": {"name": ["Pet Example"]}}'
    load(tmp_path, gone, KID.replace("kid", "pet"))
    kept = tmp_path / "run.json"
    kept.write_text(run("clusters", "--json").stdout, encoding="utf-8")
    load(tmp_path)
    assert "  left for no cluster: 1 member\n    inv:pet\n" in run("clusters", "--previous", kept).stdout


def test_on_another_day_what_changed_with_time_is_told_apart_from_what_records_did(tmp_path: Path) -> None:
    load(tmp_path, '{"key": "o3", "type": "OWNS", "from": "kid", "to": "flat", "properties": {"end_date": "1990"}}')
    kept = tmp_path / "run.json"
    kept.write_text(run("clusters", "--as-of", "1990-01-01", "--json").stdout, encoding="utf-8")
    then = json.loads(kept.read_text(encoding="utf-8"))
    later = data("clusters", "--as-of", "2190-01-01", "--previous", kept, "--json")
    assert (then["as_of"], later["as_of"], later["story"]["as_of_before"]) == ("1990-01-01", "2190-01-01", "1990-01-01")
    (change,) = later["story"]["changes"]
    assert (change["kind"], change["causes"], change["records"]) == ("shrunk", ["time"], [])
    told = run("clusters", "--as-of", "2190-01-01", "--previous", kept).stdout
    assert "  left for no cluster: 1 member\n    Kid Example\n" in told
    assert told.endswith("  cause: time: what is over by another day weighs otherwise\n")
    assert "1 cluster as of 2190-01-01" in told


def test_what_is_no_day_is_refused(tmp_path: Path) -> None:
    load(tmp_path)
    refused = run("clusters", "--as-of", "2014")
    assert (refused.exit_code, refused.stderr) == (2, "kg: as_of '2014': expected a day such as 2014-12-05\n")


@pytest.mark.parametrize("text", ["", "[]", '{"kind": "report"}', '{"kind": "kg-clusters", "load": 1}'])
def test_a_file_that_is_no_run_is_refused(tmp_path: Path, text: str) -> None:
    load(tmp_path)
    other = tmp_path / "other.json"
    other.write_text(text, encoding="utf-8")
    result = run("clusters", "--previous", other)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"kg: {other}: expected what `kg clusters --json` writes\n"
