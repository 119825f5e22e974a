"""What do the ontology's files say together?"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from kg.ontology import NodeType, Ontology, Property, load_ontology
from kg.ontology.values import VALUE_TYPES, BadValue

ONTOLOGY = load_ontology()


def test_a_lineage_goes_from_special_to_general() -> None:
    assert ONTOLOGY.lineage("Vessel") == ("Vessel", "Asset", "Entity")
    assert ONTOLOGY.lineage("Entity") == ("Entity",)


def test_an_enterprise_is_both_a_party_and_an_asset() -> None:
    assert ONTOLOGY.lineage("Enterprise") == ("Enterprise", "Asset", "Party", "Entity")
    assert ONTOLOGY.is_a("Enterprise", "Party")
    assert ONTOLOGY.is_a("Enterprise", "Asset")
    assert not ONTOLOGY.is_a("Person", "Asset")


def test_kinds_of_a_type_are_itself_and_all_that_extend_it() -> None:
    assert ONTOLOGY.kinds_of("Party") == {"Party", "Person", "Enterprise", "Agency", "Arrangement"}
    assert ONTOLOGY.kinds_of("Sought") == {"Sought", "Warrant", "Notice", "ListEntry"}


def test_every_node_type_is_an_entity() -> None:
    assert ONTOLOGY.kinds_of("Entity") == set(ONTOLOGY.nodes)


def test_properties_are_inherited_along_every_line() -> None:
    properties = ONTOLOGY.properties("Enterprise")
    assert {"name", "tax_number", "valuation", "swift"} <= set(properties)
    assert list(properties) == sorted(properties)


def test_the_special_type_has_the_last_word_on_a_property() -> None:
    general, special = Property(type="text", description="General."), Property(type="text", description="Special.")
    ontology = Ontology(
        [
            NodeType(name="Thing", description="Any.", properties={"kind": general, "size": general}),
            NodeType(name="Boat", extends=("Thing",), description="Floats.", properties={"kind": special}),
        ],
        [],
        {},
    )
    assert ontology.properties("Boat") == {"kind": special, "size": general}
    assert ontology.properties("Thing") == {"kind": general, "size": general}


def test_every_link_has_the_properties_of_the_abstract_one() -> None:
    shared = ONTOLOGY.links["LINK"].properties
    assert all(set(shared) <= set(ONTOLOGY.properties(name)) for name in ONTOLOGY.link_names)
    assert "share" in ONTOLOGY.properties("OWNS")
    assert "share" not in ONTOLOGY.properties("PAID")


def test_caption_properties_are_those_of_the_nearest_type_that_has_some() -> None:
    assert ONTOLOGY.caption_properties("Vessel") == ("name", "imo", "mmsi")
    assert ONTOLOGY.caption_properties("Warrant") == ONTOLOGY.nodes["Sought"].caption
    assert ONTOLOGY.caption_properties("Enterprise") == ONTOLOGY.nodes["Entity"].caption


def test_every_node_type_has_something_to_be_called_by() -> None:
    assert [n for n in ONTOLOGY.nodes if not ONTOLOGY.caption_properties(n)] == []


def test_links_are_chosen_by_trait() -> None:
    assert ONTOLOGY.with_trait("ownership") == {"OWNS"}
    assert ONTOLOGY.with_trait("kinship", "pursuit") == {"FAMILY_OF", "SOUGHT_UNDER"}


def test_roles_of_control_are_links_of_their_own() -> None:
    roles = {"DIRECTS", "MANAGES", "SIGNS_FOR", "TRUSTEE_OF", "SETTLED", "PROTECTS"}
    assert roles <= ONTOLOGY.with_trait("control")
    assert "BENEFITS_FROM" not in ONTOLOGY.with_trait("control")


def test_a_trait_that_nobody_declared_is_an_error() -> None:
    with pytest.raises(KeyError, match="no trait 'owning'; there are accusation, "):
        ONTOLOGY.with_trait("owning")


@pytest.mark.parametrize(
    ("link", "start", "end", "allowed"),
    [
        ("OWNS", "Person", "Vessel", True),
        ("OWNS", "Enterprise", "Enterprise", True),
        ("OWNS", "Vessel", "Person", False),
        ("OWNS", "Person", "Person", False),
        ("PAID", "Person", "BankAccount", True),
        ("PAID", "Vessel", "BankAccount", False),
        ("SOUGHT_UNDER", "Person", "ListEntry", True),
        ("SOUGHT_UNDER", "Enterprise", "ListEntry", False),
        ("POSSIBLY_SAME_AS", "Address", "Offence", True),
    ],
)
def test_the_ends_of_a_link_are_of_its_types_or_their_kinds(link: str, start: str, end: str, allowed: bool) -> None:
    assert ONTOLOGY.allows(link, start, end) is allowed


def test_records_use_no_abstract_type() -> None:
    assert "Sought" not in ONTOLOGY.node_names
    assert "LINK" not in ONTOLOGY.link_names
    assert list(ONTOLOGY.node_names) == sorted(ONTOLOGY.node_names)


def test_an_immigration_status_is_protected() -> None:
    assert [n for n, t in ONTOLOGY.links.items() if t.handling == "protected"] == ["HAS_STATUS_IN"]


def test_a_property_refuses_what_is_not_on_its_list() -> None:
    interest = ONTOLOGY.properties("OWNS")["interest"]
    assert interest.clean("legal") == "legal"
    with pytest.raises(BadValue, match=r"^expected one of legal, beneficial$"):
        interest.clean("full")


def test_a_form_of_identifiers_is_known_and_so_are_check_digits() -> None:
    described = partial(Property, type="identifier", description="Invented.")
    imo = described(pattern="^[0-9]{7}$", form="imo")
    assert imo.clean("IMO 9074729") == "9074729"
    with pytest.raises(ValueError, match="form 'none' is none of bic, "):
        described(form="none", pattern="^[0-9]$")
    with pytest.raises(ValueError, match="check 'vin' needs a pattern, and is one of iban, "):
        described(pattern="^[0-9]$", check="vin")


def test_a_property_refuses_what_does_not_match_its_pattern() -> None:
    imo = ONTOLOGY.properties("Vessel")["imo"]
    assert imo.clean("９１２３４５６") == "9123456"
    with pytest.raises(BadValue, match=r"^expected an identifier such as 9123456$"):
        imo.clean("12")


def test_every_property_has_a_value_type() -> None:
    types = [*ONTOLOGY.nodes, *ONTOLOGY.links]
    assert {p.type for t in types for p in ONTOLOGY.properties(t).values()} <= set(VALUE_TYPES)


def test_the_digest_is_of_what_the_ontology_says_not_of_the_order_it_is_said_in() -> None:
    nodes, links = list(ONTOLOGY.nodes.values()), list(ONTOLOGY.links.values())
    traits = dict(reversed(ONTOLOGY.traits.items()))
    assert Ontology(nodes[::-1], links[::-1], traits).digest == ONTOLOGY.digest
    assert Ontology(nodes, [replace(t, handling="open") for t in links], traits).digest != ONTOLOGY.digest


def test_a_description_changes_no_digest() -> None:
    nodes = [replace(node, description="Other words.") for node in ONTOLOGY.nodes.values()]
    assert Ontology(nodes, ONTOLOGY.links.values(), ONTOLOGY.traits).digest == ONTOLOGY.digest


@pytest.mark.parametrize(
    ("roles", "caption"),
    [
        ((), "is trustee of"),
        (("trustee",), "is trustee of"),
        (("Nominee shareholder",), "is nominee under"),
        (("nominee", "nominee of"), "is nominee under"),
        (("nominee", "trustee"), "is trustee of"),
        (("Custodian",), "is custodian under"),
    ],
)
def test_a_link_reads_by_the_role_that_all_sources_state(roles: tuple[str, ...], caption: str) -> None:
    assert ONTOLOGY.links["TRUSTEE_OF"].words({"role": roles}).caption == caption
    assert ONTOLOGY.links["SETTLED"].words({"role": roles}).caption == "settled"
