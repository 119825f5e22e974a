"""Does Gephi's format say what the graph says, with its dates?"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import networkx as nx
import pytest

from kg.records import node_id
from tests.store_exports import export_store
from tests.stores import link, load, node

SPELLS: dict[str, tuple[dict[str, str], dict[str, str] | None]] = {
    "both": ({"start_date": "2014", "end_date": "2015-02"}, {"start": "2014-01-01", "end": "2015-02-28"}),
    "start": ({"start_date": "2014-06"}, {"start": "2014-06-01"}),
    "end": ({"end_date": "2016"}, {"end": "2016-12-31"}),
    "none": ({}, None),
    "several": (
        {"start_date": "2015|2013-05-02", "end_date": "2016|2018"},
        {"start": "2013-05-02", "end": "2018-12-31"},
    ),
    "contradiction": ({"start_date": "2019", "end_date": "2012"}, None),
    "ancient": ({"start_date": "1087", "end_date": "9999"}, {"start": "1087-01-01", "end": "9999-12-31"}),
}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("gexf")
    records = [
        node("ann", name='Ann "A" <Example> & 安娜'),
        node("acme", "Enterprise", name="Acme's <Sons>"),
        link("ann OWNS acme", key="twice", share="25..50"),
        link("ann FAMILY_OF bo", key="kin"),
        node("bo", name="Bo Example"),
    ]
    for name, (dates, _) in SPELLS.items():
        records += [
            node(name, "Enterprise", name=name),
            link(f"ann OWNS {name}", key=f"owns {name}", namespace="test", provenance=None, **dates),
        ]
    load(folder / "graph.sqlite", "register", records)
    load(folder / "graph.sqlite", "press", [link("ann OWNS acme", key="twice", share="25..50")])
    export_store(folder / "graph.sqlite", folder / "out.gexf")
    return folder / "out.gexf"


@pytest.fixture(scope="module")
def graph(file: Path) -> Any:
    return nx.read_gexf(file, version="1.3")


def test_networkx_reads_nodes_and_links_with_their_attributes(graph: Any) -> None:
    ann, acme = (node_id("test", key) for key in ("ann", "acme"))
    assert graph.graph["mode"] == "dynamic"
    assert graph.nodes[ann]["label"] == 'Ann "A" <Example> & 安娜'
    assert graph.nodes[acme]["name"] == "Acme's <Sons>"
    assert (graph.nodes[ann]["type"], graph.nodes[ann]["sought"]) == ("Person", False)
    found = list(graph.get_edge_data(ann, acme).values()) if graph.is_multigraph() else [graph[ann][acme]]
    assert {(d["label"], d["type"], d["share_high"], d["symmetric"]) for d in found} == {("owns", "OWNS", 50.0, False)}
    assert "press; register" in {d["sources"] for d in found}
    assert 2.0 in {d["weight"] for d in found}


@pytest.mark.parametrize("name", SPELLS)
def test_dates_of_a_link_are_a_spell(file: Path, name: str) -> None:
    space = {"g": "http://gexf.net/1.3"}
    edge = ElementTree.parse(file).find(f".//g:edge[@target='{node_id('test', name)}']", space)
    assert edge is not None
    spell = edge.find("g:spells/g:spell", space)
    assert (None if spell is None else dict(spell.attrib)) == SPELLS[name][1]
    assert edge.get("kind") == "OWNS"


def test_only_types_that_gephi_knows_are_declared(file: Path) -> None:
    attributes = ElementTree.parse(file).iterfind(".//{http://gexf.net/1.3}attribute")
    types = {(a.get("title"), a.get("type")) for a in attributes}
    assert {form for _, form in types} == {"string", "double", "boolean"}
    assert {("share_low", "double"), ("sought", "boolean"), ("name", "string")} <= types
    assert not [title for title, _ in types if title == "label"]
