"""Do the files of a lake for neo4j-admin have the nodes and links of those of a SQLite file?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kg.cli.app import app
from kg.errors import InputError
from kg.operations import Workspace, export_bulk
from kg.operations.lake import bulk
from kg.operations.lake.bulk import export_lake_bulk
from kg.operations.lake.project import EngineOptions, project_lake
from kg.records import Provenance, Reject, UnreadValue
from kg.stores.neo4j.graph_rows import GraphRow
from tests.lakes import bulk_rows, export
from tests.stores import judge, link, load, node

SECRET = Provenance(handling="protected")
RECORDS = [
    node("ann", name='"Ann" Example|安娜', birth_date="1958-03", passport_number="G 123456"),
    node("bo", name="Bo Example", passport_number="G 123456", provenance=SECRET),
    node("double", name="Ann Example", passport_number="G 123456"),
    replace(node("acme", "Enterprise", name='"Acme"'), not_understood=(UnreadValue("founded", "", "circa 1950"),)),
    node("w", "Warrant", name="W 1", number="1"),
    link("ann OWNS acme", share="70", start_date="2001", provenance=Provenance(reliability="A")),
    link("double OWNS acme", share="60"),
    link("bo OWNS acme", share="5"),
    link("acme PAID ann", amount="1200.50 USD", date="2010-05-06"),
    link("ann SOUGHT_UNDER w"),
    link("ann OWNS elsewhere"),
]
NOTED = [
    Reject("f", 1, "odd\tname", "", whole=False, is_advice=True, about="acme"),
    Reject("f", 2, "odd share", "", whole=False, is_advice=True, about="ann OWNS acme"),
    Reject("f", 3, "odd date", "", whole=False, is_advice=True, about="ann OWNS acme"),
]
MORE = [
    node("acme", "Enterprise", name="Acme Two", provenance=SECRET),
    node("alpha", "Enterprise", name="Alpha"),
    link("ann OWNS alpha", share="10"),
]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A store in which sources contradict each other, and its lake."""
    folder = tmp_path_factory.mktemp("bulk")
    store, lake = folder / "graph.sqlite", folder / "lake"
    load(store, "register", RECORDS, day="2013-01-01")
    again = link("ann OWNS acme", key="again", share="20", start_date="2001")
    load(store, "register", [*RECORDS[:-1], again, *NOTED], day="2014-01-01")
    load(store, "press", MORE, day="2014-02-01")
    load(store, "desk", [node("alpha", "Enterprise", name="Alpha Ltd")], namespace="desk", day="2014-03-01")
    judge(store, "same", "test:alpha", "desk:alpha")
    export(store, lake)
    project_lake(lake, EngineOptions())
    return store, lake


def version(folder: Path) -> dict[str, str]:
    """What the version node says."""
    header, line = ((folder / f"nodes-KgGraph{end}.csv").read_text(encoding="utf-8") for end in (".header", ""))
    return dict(zip(header.rstrip("\n").split("\t"), line.rstrip("\n").split("\t"), strict=False))


@pytest.mark.parametrize(("parts", "protected"), [(1, False), (1, True), (3, False), (3, True)])
def test_they_have_the_rows_of_a_store(made: tuple[Path, Path], tmp_path: Path, parts: int, protected: bool) -> None:
    workspace = Workspace(made[0], protected=True)
    of_store = export_bulk(workspace, str(tmp_path / "store"), protected=protected)
    options = EngineOptions(parts=parts)
    of_lake = export_lake_bulk(workspace, made[1], str(tmp_path / "lake"), options, protected=protected)
    found = sorted(bulk_rows(tmp_path / "lake"))
    assert found == sorted(bulk_rows(tmp_path / "store"))
    columns = {value.split(":")[0] for _, values in found for value in values}
    assert columns >= {"contradictions", "not_understood", "remarks", "zz_kg_judgements"}
    assert (of_lake.nodes, of_lake.links) == (of_store.nodes, of_store.links) == ((6, 9) if protected else (5, 7))
    told, expected = (version(tmp_path / name) for name in ("lake", "store"))
    assert {column for column in told if told[column] != expected[column]} <= {"ledger:string", "number:long"}
    assert sorted(p.name for p in (tmp_path / "lake").iterdir()) == sorted([*of_lake.files, "export.json"])


def test_what_a_failed_worker_left_is_not_imported(
    made: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, calls = bulk.BulkStep._write, []

    def write_twice(step: bulk.BulkStep, what: str, made_rows: Iterator[GraphRow]) -> object:
        calls.append(what)
        every = list(made_rows)
        write(step, what, every[:1])
        return write(step, what, every)

    monkeypatch.setattr(bulk.BulkStep, "_write", write_twice)
    done = export_lake_bulk(Workspace(made[0]), made[1], str(tmp_path / "lake"), EngineOptions())
    assert (calls, done.nodes, len(list(bulk_rows(tmp_path / "lake")))) == (["nodes", "links"], 5, 12)


def test_the_command_says_how_the_files_are_imported(
    made: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KG_STORE", f"embedded:{tmp_path / 'none.sqlite'}")
    shown = CliRunner().invoke(app, ["lake", "export", "neo4j-admin", str(made[1]), str(tmp_path / "bulk")])
    assert (shown.exit_code, shown.output.count("then start it and run schema.cypher there")) == (0, 1)
    manifest = json.loads((tmp_path / "bulk" / "export.json").read_text())
    assert {file["name"] for file in manifest["files"]} >= {"import.args", "schema.cypher"}
    refused = CliRunner().invoke(app, ["lake", "export", "gexf", str(made[1]), str(tmp_path / "other")])
    assert (refused.exit_code, "expected neo4j-admin" in refused.output) == (2, True)


def test_protected_facts_need_their_scope(made: tuple[Path, Path], tmp_path: Path) -> None:
    with pytest.raises(InputError, match="only in the protected scope"):
        export_lake_bulk(Workspace(made[0]), made[1], str(tmp_path / "bulk"), EngineOptions(), protected=True)
