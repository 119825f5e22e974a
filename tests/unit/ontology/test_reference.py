"""Does `kg ref` know every name of the ontology?"""

from __future__ import annotations

import orjson
import pytest

from kg.errors import NotFound
from kg.ontology import load_ontology
from kg.ontology.derive.reference import describe, overview
from kg.ontology.values import VALUE_TYPES

ONTOLOGY = load_ontology()
NAMES = sorted(
    {*ONTOLOGY.nodes, *ONTOLOGY.links, *ONTOLOGY.traits, *VALUE_TYPES}.union(
        *(ONTOLOGY.properties(t) for t in (*ONTOLOGY.nodes, *ONTOLOGY.links))
    )
)


def test_everything_is_there_once() -> None:
    found = overview(ONTOLOGY)
    assert [n["name"] for n in found["nodes"]] == list(ONTOLOGY.nodes)
    assert [t["name"] for t in found["links"]] == list(ONTOLOGY.links)
    assert [t["name"] for t in found["traits"]] == list(ONTOLOGY.traits)
    assert [v["name"] for v in found["value_types"]] == list(VALUE_TYPES)
    assert sorted(found["grades"]) == ["credibility", "handling", "reliability"]


def test_it_is_plain_data() -> None:
    assert orjson.loads(orjson.dumps(overview(ONTOLOGY))) == overview(ONTOLOGY)


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_described(name: str) -> None:
    found = describe(ONTOLOGY, name)
    assert found["name"] == name
    assert orjson.loads(orjson.dumps(found)) == found


def test_a_node_type_has_its_lineage_its_links_and_inherited_properties() -> None:
    found = describe(ONTOLOGY, "Enterprise")
    assert found["kind"] == "node type"
    assert found["lineage"] == ["Enterprise", "Asset", "Party", "Entity"]
    assert {"OWNS", "PAID"} <= set(found["links_out"])
    assert {"OWNS", "DIRECTS"} <= set(found["links_in"])
    assert {name: found["properties"][name]["of"] for name in ("swift", "valuation", "tax_number", "name")} == {
        "swift": "Enterprise",
        "valuation": "Asset",
        "tax_number": "Party",
        "name": "Entity",
    }


def test_a_type_knows_its_kinds() -> None:
    assert describe(ONTOLOGY, "Sought")["kinds"] == ["ListEntry", "Notice", "Warrant"]


def test_a_link_type_has_its_ends_and_both_wordings() -> None:
    found = describe(ONTOLOGY, "OWNS")
    said = {key: found[key] for key in ("kind", "from", "to", "caption", "inverse", "traits", "handling", "directed")}
    assert said == {
        "kind": "link type",
        "from": ["Party"],
        "to": ["Asset"],
        "caption": "owns",
        "inverse": "is owned by",
        "traits": ["ownership"],
        "handling": "open",
        "directed": True,
    }
    assert found["ftm"][0] == {"edge": "Ownership", "source": "owner", "target": "asset"}
    assert found["properties"]["share"] == {
        "of": "OWNS",
        "type": "percent",
        "description": "Share owned, in per cent: 51 or 25..50; 0..100 if unknown.",
        "expected": VALUE_TYPES["percent"].expected,
        "values": [],
        "pattern": "",
        "identifies": False,
        "ftm": ["percentage"],
    }
    assert found["properties"]["start_date"]["of"] == "LINK"


def test_a_trait_has_its_links() -> None:
    assert describe(ONTOLOGY, "pursuit") == {
        "kind": "trait",
        "name": "pursuit",
        "description": ONTOLOGY.traits["pursuit"],
        "links": ["SOUGHT_UNDER"],
    }


def test_a_value_type_has_examples_with_what_is_kept_of_them() -> None:
    assert describe(ONTOLOGY, "percent")["examples"][">25"] == "25..100"


def test_a_property_is_told_for_every_type_that_defines_it() -> None:
    found = describe(ONTOLOGY, "share")
    assert found["kind"] == "property"
    assert list(found["of"]) == ["BENEFITS_FROM", "CONTROLS", "HOLDS_INDIRECTLY", "OWNS"]


def test_a_name_that_means_several_things_tells_them_all() -> None:
    found = describe(ONTOLOGY, "status")
    assert found["kind"] == "trait"
    assert list(found["also"]) == ["property"]
    assert describe(ONTOLOGY, "address")["also"]["node type"]["name"] == "Address"


@pytest.mark.parametrize(
    ("typed", "meant"), [("vessel", "Vessel"), ("owns", "OWNS"), ("Share", "share"), ("Address", "Address")]
)
def test_case_does_not_matter_but_the_exact_spelling_comes_first(typed: str, meant: str) -> None:
    assert describe(ONTOLOGY, typed)["name"] == meant


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("Vesel", "close to it: Vessel"),
        ("OWN", "close to it: OWNS"),
        ("shares_asset_with", "close to it: SHARES_ASSETS_WITH"),
        ("zzz", "see `kg ref`"),
    ],
)
def test_an_unknown_name_is_answered_with_those_that_come_close(typed: str, hint: str) -> None:
    with pytest.raises(NotFound) as caught:
        describe(ONTOLOGY, typed)
    assert str(caught.value).startswith(f"the ontology has no type, trait or property '{typed}'; {hint}")
