"""Does everything look the same in Neo4j Browser, in reports and on the explorer page?"""

from __future__ import annotations

import json

import pytest

from kg.ontology import load_ontology
from kg.ontology.derive.grass import style_page
from kg.ontology.derive.looks import LINK_LOOKS, looks_page
from kg.reports.drawing.network import INKS

ONTOLOGY = load_ontology()
PAGE = json.loads(looks_page(ONTOLOGY))


@pytest.mark.parametrize("kind", ["nodes", "links"])
def test_every_type_has_a_look_on_the_page_that_is_that_of_browser(kind: str) -> None:
    types = {"nodes": ONTOLOGY.node_names, "links": ONTOLOGY.link_names}[kind]
    selector = {"nodes": "node", "links": "relationship"}[kind]
    assert tuple(PAGE[kind]) == types
    for name, look in PAGE[kind].items():
        rule = style_page(ONTOLOGY).split(f"{selector}.{name} {{\n")[1].split("}")[0]
        assert f"  color: {look['color']};\n" in rule


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("Person", "circle"),
        ("Enterprise", "square"),
        ("Vessel", "triangle"),
        ("RealEstate", "triangle"),
        ("Jurisdiction", "hexagon"),
        ("Agency", "octagon"),
        ("Arrangement", "diamond"),
        ("Warrant", "note"),
        ("Party", "pentagon"),
    ],
)
def test_the_shape_tells_the_kind_without_colours(name: str, shape: str) -> None:
    assert PAGE["nodes"][name]["shape"] == shape


def test_what_is_a_kind_of_party_is_told_from_other_kinds_by_shape() -> None:
    shapes = [PAGE["nodes"][name]["shape"] for name in ("Person", "Enterprise", "Arrangement", "Agency", "Party")]
    assert len(set(shapes)) == len(shapes)


def test_links_say_what_they_mean_in_both_directions() -> None:
    assert all(look["caption"] and look["inverse"] for look in PAGE["links"].values())
    assert not PAGE["links"]["FAMILY_OF"]["directed"]
    assert PAGE["links"]["PAID"]["event"]


def test_lines_of_reports_have_the_colours_of_the_page() -> None:
    assert {kind: ink[0] for kind, ink in INKS.items()} == {kind: LINK_LOOKS[kind].color for kind in INKS}
    assert PAGE["links"]["OWNS"]["color"] == INKS["ownership"][0]
