"""Does a package open anywhere, say who says so, and load again?"""

from __future__ import annotations

import csv
import hashlib
import json
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZipFile

import networkx as nx
import pytest
from typer.testing import CliRunner

from kg.cli import app
from kg.errors import InputError, NotFound
from kg.operations import AttachRequest, FileLoadRequest, PackageRequest, Workspace, attach, back_up, export_package
from kg.operations import load as load_files
from kg.records import Provenance, node_id
from tests.stores import link, load, node, store

PAGE = Provenance(url="https://register.example/1", reliability="B", credibility="2", stated="2014-02-03")
HIDDEN = Provenance(handling="protected", url="https://hidden.example/")


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("package") / "graph.sqlite"
    records = [
        node("ann", name="Ann <b>Example</b>", birth_date="1961", provenance=PAGE),
        node("namesake", name="Ann <b>Example</b>", birth_date="1990"),
        node("theft", "Offence", name="theft"),
        link("ann ACCUSED_OF theft", key="c", stage="cleared", said_by="a court (invented)"),
        node("acme", "Enterprise", name="=Acme Holding"),
        node("flat", "RealEstate", name="Flat 9"),
        node("far", name="Far Example"),
        node("villa", "RealEstate", name="Far Villa"),
        node("eve", name="Hidden Eve", provenance=HIDDEN),
        link("ann OWNS acme", key="o1", share="51", provenance=PAGE),
        link("acme OWNS flat", key="o2"),
        link("far OWNS villa", key="o3"),
        link("eve FAMILY_OF ann", key="h", provenance=HIDDEN),
    ]
    load(path, "register", records)
    load(path, "press", [link("ann OWNS flat", key="p1")])
    return path


def pack(path: Path, target: Path, **about: str) -> dict[str, bytes]:
    export_package(Workspace(path, protected=True), PackageRequest(str(target), **about))
    with ZipFile(BytesIO(target.read_bytes())) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("about", [{"cluster": "=Acme Holding"}, {"around": "test:ann"}, {"cluster": "1"}])
def test_a_package_has_a_page_records_graph_and_exhibits(path: Path, tmp_path: Path, about: dict[str, str]) -> None:
    parts = pack(path, tmp_path / "out.zip", **about)
    page = parts["index.html"].decode()
    assert "Ann &lt;b&gt;Example" in page and "<b>Example" not in page and "B2" in page and "51" in page
    assert "(born 1961) owns" in page and '<span class="tag">cleared</span>' in page
    whole = b"".join(parts.values())
    assert b"Hidden" not in whole and b"hidden.example" not in whole and b"Far Villa" not in whole
    (_, exhibit) = csv.reader(StringIO(parts["exhibits.csv"].decode("utf-8-sig")))
    assert exhibit[:2] == ["https://register.example/1", "register"]
    graph = nx.read_gexf(BytesIO(parts["graph.gexf"]), version="1.3")
    assert {node_id("test", "ann"), node_id("test", "acme")} <= set(graph)
    said = json.loads(parts["export.json"])
    assert {f["name"]: f["sha256"] for f in said["files"]} == {
        name: hashlib.sha256(content).hexdigest() for name, content in parts.items() if name != "export.json"
    }
    assert pack(path, tmp_path / "again.zip", **about) == parts


def test_its_records_load_again_as_the_same_nodes_and_links(path: Path, tmp_path: Path) -> None:
    parts = pack(path, tmp_path / "out.zip", cluster="1")
    for name in ("register", "press"):
        file = tmp_path / f"{name}.records.jsonl"
        file.write_bytes(parts[f"records/{file.name}"])
        done = load_files(Workspace(tmp_path / "again.sqlite"), FileLoadRequest((file,)))
        assert (done.rejected, done.set_aside) == (0, 0)
    with store(path) as old, store(tmp_path / "again.sqlite") as new:
        ids = [node_id("test", key) for key in ("ann", "acme", "flat")]
        assert {i: n.properties for i, n in new.nodes(ids).items()} == {
            i: n.properties for i, n in old.nodes(ids).items()
        }


def test_what_cannot_be_packed_is_told(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotFound):
        pack(path, tmp_path / "out.zip", around="Nobody")
    with pytest.raises(NotFound):
        pack(path, tmp_path / "out.zip", around="Hidden Eve")
    for about in ({}, {"cluster": "1", "around": "test:ann"}):
        with pytest.raises(InputError, match="give --cluster or --around"):
            pack(path, tmp_path / "out.zip", **about)
    with pytest.raises(InputError, match="ends in"):
        pack(path, tmp_path / "out", cluster="1")
    monkeypatch.setenv("KG_STORE", f"embedded:{path}")
    for words in (
        ["graphml", "x.graphml", "--cluster", "1"],
        ["package", "x.zip", "--cluster", "1", "--type", "Person"],
    ):
        result = CliRunner().invoke(app, ["export", *words])
        assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
    result = CliRunner().invoke(app, ["export", "package", "--around", "test:far", str(tmp_path / "far.zip")])
    assert result.stdout.startswith(f"{tmp_path / 'far.zip'}: Far Example: 2 nodes, 1 link, 3 records, 0 exhibits")


def test_attached_files_are_in_it_and_protected_ones_are_not(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "graph.sqlite"
    back_up(Workspace(path), copy)
    for name, handling in (("deed ü.txt", "open"), ("hidden.txt", "protected")):
        (tmp_path / name).write_bytes(b"invented " + name.encode())
        request = AttachRequest(tmp_path / name, "test:flat", provenance=Provenance(handling=handling))
        attach(Workspace(copy, protected=True), request)
    parts = pack(copy, tmp_path / "out.zip", cluster="1")
    [(name, content)] = [(n, c) for n, c in parts.items() if n.startswith("exhibits/")]
    assert name.endswith("-deed ü.txt") and content == "invented deed ü.txt".encode()
    rows = list(csv.reader(StringIO(parts["exhibits.csv"].decode("utf-8-sig"))))
    assert (rows[1][0], rows[1][2]) == (name, "deed ü: Flat 9")
    assert b"hidden.txt" not in b"".join(parts.values())
