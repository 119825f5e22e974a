"""Does the ontology's mapping fit FollowTheMoney as it is?"""

from __future__ import annotations

import pytest

from kg.errors import InputLocation, OntologyError
from kg.ontology import LinkType, NodeType, Ontology, load_ontology
from kg.ontology.derive.ftm import CURRENCIES, ftm_mapping, schema_for
from kg.sources.ftm.schemata import schemata
from kg.toml_files.models import validate

SCHEMATA = schemata()

ONTOLOGY = load_ontology()
MAPPING = ftm_mapping(ONTOLOGY)


def _properties(schema: str) -> set[str]:
    found = set(SCHEMATA[schema]["properties"])
    return found.union(*(_properties(parent) for parent in SCHEMATA[schema]["extends"]))


def test_every_schema_that_the_ontology_names_exists() -> None:
    assert set(MAPPING.nodes) | set(MAPPING.edges) <= set(SCHEMATA)


@pytest.mark.parametrize("name", sorted(ONTOLOGY.nodes))
def test_every_property_that_a_node_type_names_exists_in_one_of_its_schemata(name: str) -> None:
    schemata = {s for s, rule in MAPPING.nodes.items() if ONTOLOGY.is_a(rule.type, name)}
    known = set[str]().union(*(_properties(s) for s in schemata))
    assert {theirs for prop in ONTOLOGY.nodes[name].properties.values() for theirs in prop.ftm} <= known


@pytest.mark.parametrize("schema", sorted(MAPPING.edges))
def test_the_ends_of_an_edge_are_properties_of_its_schema(schema: str) -> None:
    assert {end for pair in MAPPING.edges[schema].ends for end in pair} <= _properties(schema)


@pytest.mark.parametrize("name", [n for n in ONTOLOGY.link_names if any(f.edge for f in ONTOLOGY.links[n].ftm)])
def test_every_property_that_a_link_type_names_exists_in_one_of_its_schemata(name: str) -> None:
    known = set[str]().union(*(_properties(s) for s, rule in MAPPING.edges.items() if rule.type == name))
    assert {theirs for prop in ONTOLOGY.links[name].properties.values() for theirs in prop.ftm} <= known


def test_every_property_that_makes_a_link_exists() -> None:
    known = {name for schema in SCHEMATA.values() for name in schema["properties"]}
    assert {form.property for link in ONTOLOGY.links.values() for form in link.ftm if form.property} <= known


@pytest.mark.parametrize(
    ("schema", "node_type"),
    [
        ("LegalEntity", "Party"),
        ("Organization", "Enterprise"),
        ("PublicBody", "Agency"),
        ("Airplane", "Aircraft"),
        ("Land", "RealEstate"),
        ("License", "Asset"),
        ("Sanction", "Measure"),
        ("Position", "Post"),
        ("Identification", "IdentityDocument"),
        ("CourtCase", "Case"),
    ],
)
def test_a_schema_is_read_as_a_type(schema: str, node_type: str) -> None:
    assert MAPPING.nodes[schema].type == node_type


@pytest.mark.parametrize(
    ("schema", "ours"),
    [
        ("Company", "registration_number"),
        ("Vehicle", "plate"),
        ("Airplane", "tail_number"),
        ("RealEstate", "title_number"),
        ("Vessel", "registration_number"),
    ],
)
def test_one_name_is_read_into_what_the_type_means_by_it(schema: str, ours: str) -> None:
    assert MAPPING.nodes[schema].fields.properties["registrationNumber"] == ours


def test_a_property_that_is_inherited_is_mapped_for_every_schema() -> None:
    assert all(rule.fields.properties["name"] == "name" for rule in MAPPING.nodes.values())
    assert all(rule.fields.properties["startDate"] == "start_date" for rule in MAPPING.edges.values())


def test_money_lists_the_names_of_its_amount_in_order() -> None:
    assert MAPPING.edges["Payment"].fields.money == {"amount": ("amount", "amountEur", "amountUsd")}
    assert set(CURRENCIES) <= {"amountEur", "amountUsd"}


def test_a_link_goes_only_where_the_ontology_allows_it() -> None:
    assert "jurisdiction" not in MAPPING.nodes["CourtCase"].links
    assert "addressEntity" not in MAPPING.nodes["Position"].links
    assert MAPPING.nodes["Sanction"].links["country"].type == "ORDERED_BY"


@pytest.mark.parametrize(
    ("node_type", "schema"),
    [
        ("Enterprise", "Company"),
        ("Arrangement", "LegalEntity"),
        ("Cash", "Asset"),
        ("Post", "Position"),
        ("Warrant", None),
    ],
)
def test_a_type_is_written_as_its_own_schema_or_the_nearest_it_extends(node_type: str, schema: str | None) -> None:
    assert schema_for(ONTOLOGY, node_type) == schema


@pytest.mark.parametrize(
    ("type_name", "ours", "theirs"),
    [
        ("Person", "registration_number", "registrationNumber"),
        ("Person", "summary", "summary"),
        ("IdentityDocument", "number", "number"),
        ("OWNS", "share", "percentage"),
        ("OWNS", "start_date", "startDate"),
        ("OWNS", "interest", None),
    ],
)
def test_a_property_is_written_under_its_first_name(type_name: str, ours: str, theirs: str | None) -> None:
    assert _property_for(type_name, ours) == theirs


def test_what_is_written_is_read_as_what_it_was() -> None:
    for schema, rule in MAPPING.nodes.items():
        if schema_for(ONTOLOGY, rule.type) == schema:
            for name in ONTOLOGY.properties(rule.type):
                theirs = _property_for(rule.type, name)
                assert theirs is None or rule.fields.properties[theirs] == name


def _ontology(*types: NodeType | LinkType) -> Ontology:
    return Ontology([t for t in types if isinstance(t, NodeType)], [t for t in types if isinstance(t, LinkType)], {})


def _node(name: str, **keys: object) -> NodeType:
    return validate(NodeType, {"name": name, "description": "d", **keys}, InputLocation())


def _link(name: str, end: str, **ftm: object) -> LinkType:
    return validate(LinkType, {"name": name, "from": end, "to": end, "description": "d", "ftm": ftm}, InputLocation())


TEXT = {"type": "text", "description": "d", "ftm": "title"}


@pytest.mark.parametrize(
    ("types", "message"),
    [
        ([_node("Ship", ftm="Vessel"), _node("Boat", ftm="Vessel")], "nodes/Ship.toml, key ftm, value 'Vessel': Boat"),
        (
            [_node("Ship", ftm="Vessel", properties={"a": TEXT, "b": TEXT})],
            "nodes/Ship.toml, key ftm, value 'title': a",
        ),
        (
            [_node("Ship"), *(_link(n, "Ship", edge="Tow", source="by", target="of") for n in ("TOWS", "PULLS"))],
            "links/TOWS.toml, key ftm, value 'Tow': PULLS",
        ),
        (
            [_node("Ship", ftm="Vessel"), *(_link(n, "Ship", property="tug") for n in ("TOWS", "PULLS"))],
            "links/TOWS.toml, key ftm, value 'tug': PULLS",
        ),
    ],
)
def test_two_claims_on_one_name_are_a_mistake(types: list[NodeType | LinkType], message: str) -> None:
    with pytest.raises(OntologyError) as caught:
        ftm_mapping(_ontology(*types))
    assert message in str(caught.value)


def _property_for(type_name: str, name: str) -> str | None:
    """The FollowTheMoney property that a property is written to, if any."""
    return next(iter(ONTOLOGY.properties(type_name)[name].ftm), None)
