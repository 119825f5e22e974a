"""Does Neo4j Browser draw every kind of node and link, so that everybody tells them apart?"""

from __future__ import annotations

import re
from itertools import combinations
from math import dist

import pytest

from kg.ontology import load_ontology
from kg.ontology.derive.cypher import FUGITIVE, owned_labels
from kg.ontology.derive.grass import style_page
from kg.ontology.derive.looks import NODE_LOOKS

ONTOLOGY = load_ontology()
KINDS = ("Person", "Enterprise", "Arrangement", "Asset", "Jurisdiction", "Agency", "Sought")

# Machado, Oliveira and Fernandes 2009: what those see who lack one kind of cone, in linear RGB.
SIGHT = {
    "all three kinds of cone": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red ones": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "no green ones": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "no blue ones": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}
PLAINLY_ANOTHER = 15.0
"""Difference in CIELAB; 2 is what an attentive eye just sees."""


def rules() -> dict[str, dict[str, str]]:
    """Read as Browser reads it: no comments, and a value has no colon."""
    found = re.findall(r"(\S+) \{\n(.*?)\n\}\n\n", style_page(ONTOLOGY), re.DOTALL)
    assert "".join(f"{selector} {{\n{body}\n}}\n\n" for selector, body in found) == style_page(ONTOLOGY)
    pairs = {selector: [line.strip().split(": ") for line in body.split("\n")] for selector, body in found}
    return {
        selector: {name: value.rstrip(";").strip('"') for name, value in lines} for selector, lines in pairs.items()
    }


def drawn(*labels: str) -> dict[str, str]:
    """How Browser draws a node: every rule that fits, in order, the last word counting."""
    look: dict[str, str] = {}
    for selector, properties in rules().items():
        tag, *classes = selector.split(".")
        if tag == "node" and set(classes) <= set(labels):
            look |= properties
    return look


def linear(color: str) -> list[float]:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def lab(color: str, sight: str) -> list[float]:
    seen = [min(1.0, max(0.0, sum(a * b for a, b in zip(row, linear(color), strict=True)))) for row in SIGHT[sight]]
    weights = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    x, y, z = (sum(a * b for a, b in zip(row, seen, strict=True)) for row in weights)
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x / 0.9505, y, z / 1.089))
    return [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)]


def brightness(color: str) -> float:
    return sum(a * b for a, b in zip((0.2126, 0.7152, 0.0722), linear(color), strict=True))


def test_every_label_and_every_link_type_has_a_rule() -> None:
    assert {f"node.{label}" for label in owned_labels(ONTOLOGY)} <= rules().keys()
    assert {f"relationship.{name}" for name in ONTOLOGY.link_names} <= rules().keys()
    assert {"node", "relationship"} <= rules().keys()


@pytest.mark.parametrize("name", ONTOLOGY.node_names)
def test_a_node_looks_as_the_nearest_kind_that_it_is(name: str) -> None:
    nearest = next(NODE_LOOKS[kind] for kind in ONTOLOGY.lineage(name) if kind in NODE_LOOKS)
    look = drawn(*ONTOLOGY.lineage(name))
    assert (look["color"], look["diameter"]) == (nearest.color, f"{nearest.diameter}px")
    assert look["caption"] == "{caption}"


@pytest.mark.parametrize("sight", SIGHT)
def test_everybody_tells_the_kinds_apart(sight: str) -> None:
    colors = {kind: lab(NODE_LOOKS[kind].color, sight) for kind in KINDS}
    apart = {(one, other): dist(colors[one], colors[other]) for one, other in combinations(KINDS, 2)}
    assert {pair: round(difference) for pair, difference in apart.items() if difference < PLAINLY_ANOTHER} == {}


@pytest.mark.parametrize("kind", NODE_LOOKS)
def test_what_stands_in_a_node_can_be_read(kind: str) -> None:
    low, high = sorted((brightness(NODE_LOOKS[kind].color), brightness(NODE_LOOKS[kind].text)))
    assert (high + 0.05) / (low + 0.05) >= 4.5


def test_who_is_sought_keeps_the_look_of_a_person_and_is_called_sought() -> None:
    person, sought = drawn("Person", "Party", "Entity"), drawn("Person", "Party", "Entity", FUGITIVE)
    assert {name for name in person if person[name] != sought[name]} == {"border-color", "border-width", "caption"}
    assert sought["caption"] == "{caption} (sought)"


def test_what_a_type_extends_has_its_rule_before_it() -> None:
    order = list(rules())
    for name in ONTOLOGY.node_names:
        at = [order.index(f"node.{kind}") for kind in ONTOLOGY.lineage(name)]
        assert at[0] == max(at)
