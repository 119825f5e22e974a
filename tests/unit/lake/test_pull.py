"""Is a piece of a lake an ordinary store that says what it lacks?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kg import operations
from kg.cli.app import app
from kg.errors import InputError, NotFound, StoreError
from kg.lake import piece as piece_module
from kg.lake.erasure import prove_erased
from kg.ledger.verification import verify
from kg.ontology import load_ontology
from kg.operations.lake.attachments import lake_files
from kg.operations.lake.export import export_lake
from kg.operations.lake.project import EngineOptions, project_lake, verify_lake
from kg.operations.lake.pull import PullRequest, PullResult, pull
from kg.operations.lake.withdraw import erase_from_lake
from kg.operations.ledger.attach import SOURCE, AttachRequest, attach
from kg.operations.store.attachments import IN_SCOPE, AttachmentFolder
from kg.operations.workspace import Workspace
from kg.records import Provenance, Reject, node_id
from tests.lakes import export, stored_tables
from tests.stores import judge, link, load, node
from tests.stores import store as open_store

CHAIN = [node(key, "Enterprise", name=key.upper()) for key in "abcde"]
LINKS = [link(f"{one} OWNS {other}") for one, other in zip("abcd", "bcde", strict=True)]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A store with a chain of companies and somebody wanted, and its lake."""
    folder = tmp_path_factory.mktemp("pulled")
    store, lake = folder / "graph.sqlite", folder / "lake"
    load(store, "register", [*CHAIN, *LINKS, noted("a", "an old remark")], day="2013-01-01")
    remarks = [noted("a", "odd name"), noted("e", "odd name"), noted("c", "odd", protected=True), noted("", "odd file")]
    load(store, "register", [*CHAIN[1:], node("a", "Enterprise", name="A|Alpha"), *LINKS, *remarks], day="2014-01-01")
    papers = [node("w", "Warrant", name="W"), node("court", "Agency", name="Court"), node("offence", "Offence")]
    wanted = [node("ann", name="Ann"), link("ann SOUGHT_UNDER w"), link("w ISSUED_BY court"), link("ann OWNS a")]
    secret = [link("ann OWNS c", provenance=Provenance(handling="protected"))]
    load(store, "press", [*papers, *wanted, *secret])
    load(store, "desk", [node("alpha", "Enterprise", name="Alpha")], namespace="desk", day="2015-01-01")
    judge(store, "same", "test:a", "desk:alpha")
    export(store, lake)
    project_lake(lake, EngineOptions())
    return store, lake


def noted(key: str, text: str, *, protected: bool = False) -> Reject:
    return Reject("f", 1, text, "", whole=False, is_advice=True, about=key, protected=protected)


def pulled(made: tuple[Path, Path], target: Path, *names: str, depth: int = 1, protected: bool = True) -> PullResult:
    request = PullRequest(made[1], target, names, depth)
    return pull(Workspace(target, protected=protected), request, EngineOptions())


def test_a_piece_has_the_very_nodes_and_links_of_the_whole_and_counts_what_leads_out(
    made: tuple[Path, Path], tmp_path: Path
) -> None:
    done = pulled(made, path := tmp_path / "piece.sqlite", "test:ann", depth=1)
    whole, part = stored_tables(made[0]), stored_tables(path)
    for table in ("node", "link", "name", "identifier", "words"):
        assert set(part[table]) <= set(whole[table])
    assert done.nodes == len(part["node"]) == 5  # ann, a, c, the warrant and its court
    assert (done.cut_links, done.cut_nodes, done.cut_types) == (3, 2, {"OWNS": 3})
    assert (part["waiting"], done.judgements) == ([], 1)
    assert verify(path, load_ontology()).is_clean


def test_without_the_scope_a_piece_has_no_protected_facts(made: tuple[Path, Path], tmp_path: Path) -> None:
    done = pulled(made, path := tmp_path / "piece.sqlite", "Ann", protected=False)
    assert done.nodes == 4
    assert all("protected" not in text for text in stored_tables(path)["link"])


@pytest.mark.parametrize("protected", [True, False])
def test_a_piece_has_what_was_noted_of_its_records(made: tuple[Path, Path], tmp_path: Path, protected: bool) -> None:
    pulled(made, path := tmp_path / "piece.sqlite", "Ann", protected=protected)
    with open_store(path, protected=True) as opened:
        claims_of = opened.claims([opened.resolve("test:a"), node_id("test", "c")])
        told = [remark for claims in claims_of.values() for claim in claims for remark in claim.remarks]
        counted = {source.name: source.remarks for source in opened.contents().sources}["register"]
    assert (told, counted) == (
        (["odd name", "odd"], {"odd name": 1, "odd": 1}) if protected else (["odd name"], {"odd name": 1})
    )


def test_a_piece_as_deep_as_the_graph_is_the_graph(made: tuple[Path, Path], tmp_path: Path) -> None:
    done = pulled(made, path := tmp_path / "piece.sqlite", "test:ann", "test:offence", depth=9)
    assert stored_tables(path) == stored_tables(made[0])
    assert done.cut_links == 0


def test_names_that_are_none_or_several_and_pieces_that_are_too_large_are_refused(
    made: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "piece.sqlite"
    with pytest.raises(NotFound, match="nothing in the lake is called 'Nobody'"):
        pulled(made, target, "Nobody")
    with pytest.raises(InputError, match="which piece"):
        pulled(made, target)
    monkeypatch.setattr(piece_module, "MAX_NODES", 2)
    with pytest.raises(InputError, match="more than 2 nodes are that near"):
        pulled(made, target, "Ann")
    assert list(tmp_path.iterdir()) == []
    target.touch()
    with pytest.raises(StoreError, match="is there already"):
        pulled(made, target, "Ann")


def test_every_command_on_a_piece_says_what_was_left_out(
    made: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pulled(made, path := tmp_path / "piece.sqlite", "Ann", protected=False)
    monkeypatch.setenv("KG_STORE", f"embedded:{path}")
    shown = CliRunner().invoke(app, ["show", "Ann"])
    assert (shown.exit_code, shown.output.count("1 links that lead out of it, of 1 nodes, were left out")) == (0, 1)
    monkeypatch.setenv("KG_STORE", f"embedded:{made[0]}")
    assert "left out" not in CliRunner().invoke(app, ["show", "Ann"]).output


def test_attached_files_are_in_the_lake_and_in_a_piece_and_are_erased(tmp_path: Path) -> None:
    load(store := tmp_path / "graph.sqlite", "register", CHAIN[:2], day="2014-01-01")
    place, lake = Workspace(store), tmp_path / "lake"
    digests = []
    for name, to, handling in (("deed.pdf", "test:a", "open"), ("note.pdf", "test:b", "protected")):
        (file := tmp_path / name).write_text(f'{name} "attachments"')
        digests.append(attach(place, AttachRequest(file, to, provenance=Provenance(handling=handling))).sha256)
    export_lake(place, str(tmp_path / "open"))
    assert list(lake_files(tmp_path / "open").digests()) == digests[:1]
    (kept := place.attachments_folder.joinpath(digests[1][:2], digests[1])).unlink()
    for _ in range(2):  # also where there is nothing else to export
        missing = export_lake(replace(place, protected=True), str(lake), protected=True).missing
        assert [digests[1] in text and "missing" in text for text in missing] == [True]
    project_lake(lake, EngineOptions())
    assert verify_lake(lake, EngineOptions()).differing == (f"{IN_SCOPE}: its file is missing",)
    kept.write_text('note.pdf "attachments"')
    assert export_lake(replace(place, protected=True), str(lake), protected=True).missing == ()
    assert verify_lake(lake, EngineOptions()).is_clean
    lake_files(lake).file(digests[1]).unlink()
    done = pulled((store, lake), piece := tmp_path / "piece.sqlite", "test:a", depth=0)
    assert (done.nodes, done.attachments, done.missing) == (2, 1, ())
    assert operations.verify(Workspace(piece)).attachments == ()
    assert erase_from_lake(lake, SOURCE).attachments == 1
    assert list(lake_files(lake).digests()) == []
    lake_files(lake).add_missing(AttachmentFolder(place.attachments_folder), {digests[0]: False})
    with pytest.raises(StoreError, match="still has something"):
        prove_erased(lake, SOURCE)


def test_a_lake_of_one_source_is_pulled(tmp_path: Path) -> None:
    load(store := tmp_path / "graph.sqlite", "register", [node("ann", name="Ann")])
    export(store, lake := tmp_path / "lake")
    project_lake(lake, EngineOptions())
    assert pulled((store, lake), tmp_path / "piece.sqlite", "Ann").nodes == 1


def test_a_piece_withholds_what_the_whole_withholds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    records = [
        node("lily", name="Lily Marlow", birth_date="2012-03-04"),
        node("father", name="Tom Marlow", summary="His daughter Lily Marlow studies."),
        node("upper", "Enterprise", name="Upper"),
        node("lower", "Enterprise", name="Lily Marlow Holdings"),
        node("other", "Enterprise", name="Owl"),
        *(link("lily OWNS upper"), link("upper OWNS lower"), link("lower OWNS other")),
        link("father FAMILY_OF lily", relation="father"),
    ]
    load(store := tmp_path / "graph.sqlite", "press", records, day="2014-01-01")
    export(store, lake := tmp_path / "lake")
    project_lake(lake, EngineOptions())
    for name in ("test:other", "test:father"):
        path = tmp_path / f"{name[5:]}.sqlite"
        pulled((store, lake), path, name, protected=False)
        monkeypatch.setenv("KG_STORE", f"embedded:{path}")
        shown = CliRunner().invoke(app, ["show", name, "--json"])
        assert (shown.exit_code, "Lily" in shown.output) == (0, False)
