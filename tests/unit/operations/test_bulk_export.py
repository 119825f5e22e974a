"""Does an export for neo4j-admin hold the whole graph, and appear whole or not at all?"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from kg import operations
from kg.cli import app
from kg.errors import StoreError
from kg.records import Provenance
from kg.stores.neo4j import bulk_files
from tests.stores import link, load, node, store_fixture

Run = Callable[..., Result]


@store_fixture
def store(path: Path) -> None:
    secret = Provenance(handling="protected")
    records = [
        node("ann", name="Ann Example"),
        node("bo", name="Bo Example", provenance=secret),
        node("acme", "Enterprise", name="Acme Example"),
        node("w", "Warrant", name="W 1"),
        link("ann OWNS acme", share="51"),
        link("bo OWNS acme"),
        link("ann SOUGHT_UNDER w"),
    ]
    load(path, "register", records)


@pytest.fixture
def run(store: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("KG_STORE", f"embedded:{store}")
    return lambda *words: CliRunner().invoke(app, ["export", *(str(w) for w in words)])


def test_it_says_how_many_and_how_they_are_imported(run: Run, tmp_path: Path) -> None:
    shown = run("neo4j-admin", tmp_path / "my bulk")
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert shown.stdout.splitlines()[:-1] == [
        f"{tmp_path / 'my bulk'}: 3 nodes and 2 links in files for neo4j-admin",
        "  to import into the Neo4j of kg neo4j, while it is stopped:",
        f"    kg neo4j import '{tmp_path / 'my bulk'}'",
        "  to import into another one, 5.x or 2026.x, while it is stopped; then start it and run kg sync:",
        f"    cd '{tmp_path / 'my bulk'}' && neo4j-admin database import full neo4j @import.args",
        "  protected facts, if there are any, are left out",
    ]


def test_labels_and_types_stand_in_the_arguments(run: Run, tmp_path: Path) -> None:
    run("neo4j-admin", tmp_path / "bulk")
    assert (tmp_path / "bulk" / "import.args").read_text().splitlines() == [
        "--delimiter=TAB",
        "--array-delimiter=U+001E",
        "--id-type=string",
        "--relationships=OWNS=./links-01-OWNS.header.csv,./links-01-OWNS.csv",
        "--relationships=SOUGHT_UNDER=./links-01-SOUGHT_UNDER.header.csv,./links-01-SOUGHT_UNDER.csv",
        "--nodes=Enterprise:Asset:Party:Entity=./nodes-01-Enterprise.header.csv,./nodes-01-Enterprise.csv",
        "--nodes=Person:Party:Entity:Fugitive=./nodes-01-Person.header.csv,./nodes-01-Person.csv",
        "--nodes=Warrant:Sought:Entity=./nodes-01-Warrant.header.csv,./nodes-01-Warrant.csv",
        "--nodes=KgGraph=./nodes-KgGraph.header.csv,./nodes-KgGraph.csv",
    ]


def test_json_names_the_graph_the_command_and_the_files(run: Run, tmp_path: Path) -> None:
    said = json.loads(run("neo4j-admin", tmp_path / "bulk", "--json").stdout)
    manifest = json.loads((tmp_path / "bulk" / "export.json").read_text())
    assert (said["nodes"], said["links"], said["protected"]) == (3, 2, False)
    assert said["command"] == manifest["command"] == "neo4j-admin database import full neo4j @import.args"
    assert [f["name"] for f in manifest["files"]] == said["files"]
    assert all((tmp_path / "bulk" / f["name"]).stat().st_size == f["bytes"] for f in manifest["files"])


def test_protected_facts_need_their_scope(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = run("neo4j-admin", tmp_path / "bulk", "--protected")
    assert (refused.exit_code, "KG_SCOPE=protected" in refused.stderr) == (2, True)
    run("neo4j-admin", tmp_path / "bulk")
    assert not any(b"Bo Example" in file.read_bytes() for file in (tmp_path / "bulk").iterdir())
    monkeypatch.setenv("KG_SCOPE", "protected")
    assert json.loads(run("neo4j-admin", tmp_path / "bulk", "--protected", "--json").stdout)["links"] == 3


def test_several_processes_write_the_same_bytes(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk_files, "PART_SIZE", 1)
    place = operations.Workspace(store)
    one = operations.export_bulk(place, str(tmp_path / "one"))
    monkeypatch.setattr(bulk_files, "MAX_ROWS_IN_ONE_PROCESS", 0)
    other = operations.export_bulk(place, str(tmp_path / "other"))
    assert (one.nodes, one.files) == (other.nodes, other.files)
    assert len({name[:8] for name in one.files if name.startswith("nodes-0")}) > 1
    for name in one.files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "other" / name).read_bytes()


def test_an_export_that_fails_leaves_nothing(store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise StoreError("the disk is gone")

    goal = tmp_path / "bulk"
    operations.export_bulk(operations.Workspace(store), str(goal))
    before = written(tmp_path)
    monkeypatch.setattr(bulk_files, "schema_page", fail)
    with pytest.raises(StoreError, match="the disk is gone"):
        operations.export_bulk(operations.Workspace(store), str(goal))
    assert written(tmp_path) == before


def written(folder: Path) -> list[Path]:
    """All files but those that SQLite keeps beside a store for the next who opens it."""
    return sorted(path for path in folder.rglob("*") if not path.name.endswith(("-shm", "-wal")))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("neo4j-admin", "."), "exists and is no earlier export"),
        (("neo4j-admin", "-"), "expected the name of a folder"),
        (("neo4j-admin", "bulk", "--type", "Person"), "needs the whole graph"),
        (("neo4j-admin", "bulk", "--format", "csv"), "are two formats"),
        (("csv", "bulk", "more"), "expected a format and a target"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    shown = run(*words)
    assert (shown.exit_code, shown.stderr.count("\n"), said in shown.stderr) == (2, 1, True), shown.stderr
    assert [p.name for p in tmp_path.iterdir() if p.is_dir()] == []


def test_a_format_may_stand_before_any_target(run: Run, tmp_path: Path) -> None:
    assert "as csv" in run("csv", tmp_path / "tables").stdout
