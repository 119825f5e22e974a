"""Is only that exported which was asked for and may be seen?"""

from __future__ import annotations

import csv
import gzip
import json
from pathlib import Path
from typing import Any

import networkx as nx
import pytest

from kg.errors import InputError, NotFound
from kg.exports.tables import escape_formula
from kg.records import Provenance, node_id
from tests.store_exports import export_store
from tests.stores import link, load, node, store_fixture

HIDDEN, CLOSED = Provenance(handling="protected"), Provenance(handling="restricted")
FORMATS = ("records", "ftm", "graphml", "gexf", "csv")


@store_fixture
def store(path: Path) -> None:
    register = [
        node("ann", name="Ann Example|安娜", birth_date="1961-04"),
        node("acme", "Enterprise", name="=Acme & <Sons>", registration_number="HK-1"),
        node("flat", "RealEstate", name="Flat\t3"),
        node("secret", name="Hidden Harriet", provenance=HIDDEN),
        link("ann OWNS acme", key="o1", share="25..50"),
        link("ann OWNS acme", key="o2", share="10"),
        link("acme OWNS flat", key="o3"),
        link("secret OWNS flat", key="hidden-link", provenance=HIDDEN),
        link("ann FAMILY_OF secret", key="hidden-link-2"),
    ]
    press = [
        node("ann", name="Ann Whispered", provenance=CLOSED),
        link("ann FAMILY_OF bo", key="f1", relationship="aunt"),
        node("bo", name="Bo Example"),
    ]
    load(path, "register", register)
    load(path, "press", press)


def _text(target: Path) -> str:
    files = sorted(target.iterdir()) if target.is_dir() else [target]
    return "".join(file.read_text(encoding="utf-8") for file in files)


def _target(folder: Path, kind: str) -> Path:
    return folder / (f"out.{kind}" if kind in ("graphml", "gexf") else "out")


@pytest.mark.parametrize("kind", FORMATS)
def test_protected_facts_are_in_no_format_without_their_scope(store: Path, tmp_path: Path, kind: str) -> None:
    export_store(store, _target(tmp_path, kind), kind)
    text = _text(_target(tmp_path, kind))
    assert "Example" in text
    assert "Harriet" not in text and '"hidden-link"' not in text and node_id("test", "secret") not in text
    assert ("hidden-link-2" in text) == (kind in ("records", "ftm"))  # an open record, whose end nobody describes


def test_protected_facts_need_both_the_scope_and_to_be_asked_for(store: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="KG_SCOPE=protected"):
        export_store(store, tmp_path / "out", "records", handling="protected")
    export_store(store, tmp_path / "out", "records", protected=True, handling="restricted")
    assert "Harriet" not in _text(tmp_path / "out")
    export_store(store, tmp_path / "out", "records", protected=True)
    assert "Harriet" in _text(tmp_path / "out")


@pytest.mark.parametrize("kind", FORMATS)
def test_open_alone_leaves_out_what_is_restricted(store: Path, tmp_path: Path, kind: str) -> None:
    export_store(store, _target(tmp_path, kind), kind, handling="open")
    text = _text(_target(tmp_path, kind))
    assert "Ann Example" in text and "Whispered" not in text


@pytest.mark.parametrize("kind", FORMATS)
def test_one_source_says_what_it_says_and_nothing_of_the_others(store: Path, tmp_path: Path, kind: str) -> None:
    export_store(store, _target(tmp_path, kind), kind, sources=("press",))
    text = _text(_target(tmp_path, kind))
    assert "Bo Example" in text and "Whispered" in text
    assert "Acme" not in text and "Ann Example" not in text


def test_a_node_type_stands_for_its_kinds_and_the_links_between_them(store: Path, tmp_path: Path) -> None:
    done = export_store(store, tmp_path / "out.graphml", types=("Party",))
    assert dict(done.tally.nodes) == {"Person": 2, "Enterprise": 1}
    assert dict(done.tally.links) == {"OWNS": 2, "FAMILY_OF": 1}
    done = export_store(store, tmp_path / "out", "records", types=("Party",))
    assert dict(done.tally.nodes) == {"Person": 3, "Enterprise": 1}
    assert dict(done.tally.links) == {"OWNS": 2, "FAMILY_OF": 1}


def test_a_link_type_alone_brings_the_nodes_at_its_ends(store: Path, tmp_path: Path) -> None:
    done = export_store(store, tmp_path / "out.graphml", types=("FAMILY_OF",))
    assert (dict(done.tally.nodes), dict(done.tally.links)) == ({"Person": 2}, {"FAMILY_OF": 1})


def test_what_does_not_exist_cannot_be_selected(store: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no node or link type 'Ship'"):
        export_store(store, tmp_path / "out", "csv", types=("Ship",))
    with pytest.raises(NotFound, match="sources: press, register"):
        export_store(store, tmp_path / "out", "csv", sources=("radio",))
    assert not (tmp_path / "out").exists()


def test_networkx_reads_the_graph_with_ids_types_captions_and_parallel_links(store: Path, tmp_path: Path) -> None:
    export_store(store, tmp_path / "out.graphml.gz")
    with gzip.open(tmp_path / "out.graphml.gz") as stream:
        found: Any = nx.read_graphml(stream, force_multigraph=True)
    assert isinstance(found, nx.MultiDiGraph) and found.number_of_nodes() == 4
    ann, acme = node_id("test", "ann"), node_id("test", "acme")
    assert found.nodes[acme] | {"name": ""} == {
        "label": "=Acme & <Sons>",
        "type": "Enterprise",
        "sources": "register",
        "sought": False,
        "name": "",
        "registration_number": "HK-1",
    }
    assert found.nodes[ann]["name"] == "Ann Example; Ann Whispered; 安娜"
    assert found.nodes[ann]["sources"] == "press; register"
    both = sorted((d["share"], d["share_low"], d["share_high"]) for d in found[ann][acme].values())
    assert both == [("10", 10.0, 10.0), ("25..50", 25.0, 50.0)]
    assert len(found[ann][acme]) == 2


def test_tables_have_a_file_for_each_type_and_no_cell_runs(store: Path, tmp_path: Path) -> None:
    done = export_store(store, tmp_path / "out", "csv")
    names = [f.name for f in done.files]
    assert names == [
        "links-FAMILY_OF.csv",
        "links-OWNS.csv",
        "links.csv",
        "nodes-Enterprise.csv",
        "nodes-Person.csv",
        "nodes-RealEstate.csv",
        "nodes.csv",
    ]
    raw = (tmp_path / "out" / "nodes-Enterprise.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfid,type,caption,") and raw.endswith(b"\r\n")
    with (tmp_path / "out" / "nodes-Enterprise.csv").open(encoding="utf-8-sig", newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert (row["name"], row["caption"]) == ("'=Acme & <Sons>", "'=Acme & <Sons>")
    with (tmp_path / "out" / "links-OWNS.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert sorted(r["share_high"] for r in csv.DictReader(stream)) == ["", "10", "50"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "'"])
def test_taking_one_apostrophe_off_gives_the_value_back(start: str) -> None:
    assert escape_formula(f"{start}1") == f"'{start}1"
    assert escape_formula("plain") == "plain"


def test_a_list_of_contents_lies_in_every_folder(store: Path, tmp_path: Path) -> None:
    done = export_store(store, tmp_path / "out", "ftm", is_compressed=True)
    said = json.loads((tmp_path / "out" / "export.json").read_bytes())
    assert said == {**done.contents_json(), "files": done.files_json()}
    assert [f["name"] for f in said["files"]] == ["press.ftm.jsonl.gz", "register.ftm.jsonl.gz"]
