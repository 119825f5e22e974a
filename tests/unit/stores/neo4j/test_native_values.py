"""Which native values does Neo4j get?"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from kg.ontology import load_ontology
from kg.ontology.derive.cypher import INTERNAL, LINK_KEYS, NODE_KEYS, keys, labels, owned_keys
from kg.ontology.values import VALUE_TYPES
from kg.stores.neo4j.native_values import minor_units, native_number, native_values, provenance_values


@pytest.mark.parametrize(
    ("kind", "properties", "found"),
    [
        ("Person", {"name": ["Ann"]}, {"name": "Ann"}),
        ("Person", {"name": ["Bo", "Ann"]}, {"name": "Ann", "name_all": ["Ann", "Bo"]}),
        (
            "Person",
            {"birth_date": ["1958-03-04"]},
            {"birth_date": (d := date(1958, 3, 4)), "birth_date_first": d, "birth_date_last": d},
        ),
        (
            "Person",
            {"birth_date": ["1958"]},
            {
                "birth_date_text": "1958",
                "birth_date_first": date(1958, 1, 1),
                "birth_date_last": date(1958, 12, 31),
            },
        ),
        ("OWNS", {"share": ["51"]}, {"share": 51.0, "share_low": 51.0, "share_high": 51.0}),
        (
            "OWNS",
            {"share": ["25..50", "60"]},
            {"share_text": "25..50", "share_low": 25.0, "share_high": 60.0, "share_all": ["25..50", "60"]},
        ),
        ("PAID", {"amount": ["12.5 JPY"]}, {"amount": "12.5 JPY", "amount_currency": "JPY"}),
        ("PAID", {"amount": ["12 JPY"]}, {"amount": "12 JPY", "amount_minor": 12, "amount_currency": "JPY"}),
        ("Enterprise", {"state_owned": ["no"]}, {"state_owned": False}),
        (
            "Vessel",
            {"valuation": ["court 2010 5 EUR", "sale 2009 7 USD"]},
            {
                "valuation": "court 2010 5 EUR",
                "valuation_low_minor": 500,
                "valuation_high_minor": 500,
                "valuation_currency": "EUR",
                "valuation_all": ["court 2010 5 EUR", "sale 2009 7 USD"],
            },
        ),
        ("Person", {"imo": ["9074729"]}, {}),
    ],
)
def test_a_value_is_native_where_that_is_exact(
    kind: str, properties: dict[str, list[str]], found: dict[str, Any]
) -> None:
    assert native_values(load_ontology(), (kind,), properties) == found


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [
        ("1200.5", "USD", 120050),
        ("1.001", "USD", None),
        ("1.001", "KWD", 1001),
        ("7", "JPY", 7),
        ("92233720368547758.07", "USD", 2**63 - 1),
        ("92233720368547758.08", "USD", None),
    ],
)
def test_minor_units_are_exact_or_absent(amount: str, currency: str, minor: int | None) -> None:
    assert minor_units(Decimal(amount), currency) == minor


def test_a_number_is_an_integer_if_neo4j_can_hold_it() -> None:
    assert [repr(native_number(text)) for text in ("12", "12.5", str(2**63))] == ["12", "12.5", repr(float(2**63))]


def test_no_two_properties_of_a_type_share_a_key() -> None:
    ontology = load_ontology()
    for name in (*ontology.nodes, *ontology.links):
        own = NODE_KEYS if name in ontology.nodes else LINK_KEYS
        found = [*own, *(key for p, prop in ontology.properties(name).items() for key in keys(p, prop))]
        assert sorted(found) == sorted(set(found)), name


def test_every_value_type_has_keys() -> None:
    prop = load_ontology().properties("Person")["name"]
    assert [kind for kind in VALUE_TYPES if not keys("x", replace(prop, type=kind))] == []


def test_labels_are_all_that_a_type_extends_and_fugitive_for_one_who_is_sought() -> None:
    ontology = load_ontology()
    assert labels(ontology, ("Vessel",), False) == ("Vessel", "Asset", "Entity")
    assert labels(ontology, ("Person",), True)[-1] == "Fugitive"
    assert {"name", "name_all", "zz_kg_body"} <= set(owned_keys(ontology))
    assert "share_low" in owned_keys(ontology, links=True)


def test_provenance_is_what_cypher_can_filter_by() -> None:
    said = [
        {"source": "press", "reliability": "C", "stated": "2014-06", "url": "https://example.org/b"},
        {"source": "register", "reliability": "A", "credibility": "2", "origin": "Extract\n7", "stated": "2013-01-02"},
        {"source": "mirror", "page": "12"},
    ]
    assert provenance_values(said) == {
        "reliability": "A",
        "reliability_all": ["A", "C"],
        "credibility": "2",
        "origin": "Extract 7",
        "stated": date(2013, 1, 2),
        "stated_first": date(2013, 1, 2),
        "stated_last": date(2014, 6, 30),
        "stated_all": ["2013-01-02", "2014-06"],
        "url": "https://example.org/b",
        "page": "12",
    }
    assert provenance_values([{"source": "press"}]) == {}
    assert provenance_values([{"stated": "midsummer"}]) == {"stated_text": "midsummer"}


def test_provenance_is_owned_and_what_is_internal_comes_last_by_name() -> None:
    ontology = load_ontology()
    for links in (False, True):
        owned = owned_keys(ontology, links)
        assert {"reliability", "credibility", "origin", "stated_last", "url", "page"} <= set(owned)
        internal = [key for key in owned if key.startswith(INTERNAL)]
        assert internal == list(owned[-len(internal) :])
