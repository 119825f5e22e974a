"""Does a lake give the matches that a SQLite file of the same records gives?"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kg.cli.app import app
from kg.errors import NotFound
from kg.operations import Workspace
from kg.operations.lake import screen as lake_screening
from kg.operations.lake.project import EngineOptions, project_lake
from kg.operations.lake.screen import screen_lake
from kg.operations.ledger.load import FileLoadRequest
from kg.operations.ledger.load import load as load_files
from kg.operations.matching import entries
from kg.operations.matching.screening import ScreeningRequest, screen
from kg.records import Provenance
from kg.resources import data_dir
from tests.lakes import export
from tests.stores import link, load, node

DEMO = data_dir("graph") / "demo" / "screening"
LIST = DEMO / "list.csv"
SECRET = Provenance(handling="protected")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A store with the register of the demo, what a second source and protected records add to it, and its lake."""
    folder = tmp_path_factory.mktemp("screened")
    store, lake = folder / "graph.sqlite", folder / "lake"
    load_files(Workspace(store), FileLoadRequest((data_dir("graph") / "reference" / "jurisdictions.csv",)))
    files = folder / "register"
    files.mkdir()
    (files / "persons.csv").write_bytes((DEMO / "register.csv").read_bytes())
    for name in ("enterprises.csv", "links.csv"):
        (files / name).write_bytes((DEMO / name).read_bytes())
    load_files(Workspace(store), FileLoadRequest((files,), source="register"))
    secret = node("unseen", name="He Qunshuo", birth_date="1977-08-08", provenance=SECRET)
    child = node("child", name="He Qunshuo", birth_date="2012-08-08")
    parent = [node("parent", name="He Q."), link("child FAMILY_OF parent")]
    namesakes = [node(f"namesake-{n}", name="He Qunshuo") for n in range(4)]
    load(
        store, "press", [secret, child, *parent, *namesakes, node("hqs", name="Ho Kwan Shek", birth_date="1977-08-08")]
    )
    export(store, lake)
    project_lake(lake, EngineOptions())
    return store, lake


@pytest.mark.parametrize("protected", [False, True])
@pytest.mark.parametrize(("source", "parts"), [("", 1), ("register", 3)])
def test_a_lake_gives_the_matches_of_a_store(made: tuple[Path, Path], source: str, parts: int, protected: bool) -> None:
    workspace = Workspace(made[0], protected=protected)
    request = ScreeningRequest((LIST,), source=source, least=0.001)
    in_lake = screen_lake(replace(workspace, path=made[1] / "none"), made[1], request, EngineOptions(parts=parts))
    assert in_lake == screen(workspace, request)
    assert in_lake.matches > 10


def test_crowded_blocks_are_cut_where_a_store_cuts_them(
    made: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entries, "MAX_BLOCK", 2)
    monkeypatch.setattr(lake_screening, "MOST_OF_A_BLOCK", 3)
    request = ScreeningRequest((LIST,), least=0.001)
    found = screen_lake(Workspace(made[0]), made[1], request, EngineOptions())
    assert found == screen(Workspace(made[0]), request)
    assert any(target.crowded for target in found.targets)


def test_a_source_that_the_lake_has_not_is_refused(made: tuple[Path, Path]) -> None:
    with pytest.raises(NotFound, match=r"there is no source 'gazette'; sources: press, reference, register"):
        screen_lake(Workspace(made[0]), made[1], ScreeningRequest((LIST,), source="gazette"), EngineOptions())


def test_the_command_writes_the_matches(made: tuple[Path, Path], tmp_path: Path) -> None:
    out = tmp_path / "hits.csv"
    arguments = ["lake", "screen", str(made[1]), str(LIST), "--out", str(out)]
    shown = CliRunner().invoke(app, arguments)
    assert (shown.exit_code, "wrote" in shown.output) == (0, True)
    assert "何群硕" in out.read_text(encoding="utf-8")
    printed = json.loads(CliRunner().invoke(app, [*arguments[:4], "--json"]).stdout)
    assert printed["entries"] == screen(Workspace(made[0]), ScreeningRequest((LIST,))).entries
