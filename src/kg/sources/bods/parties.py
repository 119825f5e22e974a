"""Reads statements on persons and entities."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from kg.ontology.values.register_numbers import REGISTERS, restore_number
from kg.sources.bods.statements import BodsStatement
from kg.sources.countries import UNKNOWN_PLACE, citizenship_code, citizenship_problem, jurisdiction_code, state_code
from kg.sources.record_builder import RecordBuilder, Texts, remaining
from kg.sources.rows import json_text

CLOSED_STATUS = "record closed"
"""Status of a closed record."""

_NAME_PROPERTIES = {
    "": "name",
    "legal": "name",
    "individual": "name",
    "translation": "name",
    "transliteration": "name",
    "alternative": "alias",
    "birth": "alias",
    "former": "former_name",
}
_DATE_PROPERTIES = {
    "Enterprise": ("incorporation_date", "dissolution_date"),
    "Arrangement": ("made_on", "ended_on"),
    "Agency": ("active_from", "active_to"),
}
_JURISDICTION_LINKS = {"Enterprise": "REGISTERED_IN", "Arrangement": "REGISTERED_IN", "Agency": "AGENCY_OF"}
_ARRANGEMENT_KINDS = {"trust": "trust", "nomination": "nominee_agreement", "other": "other"}

_PERSON_NUMBERS = {"PASSPORT": "passport_number", "TAXID": "tax_number", "IDCARD": "id_number"}
"""Ends of the schemes of people's identifiers, after the code of a jurisdiction: IRL-TAXID."""

_LEI = re.compile(r"(?:XI-)?LEI", re.IGNORECASE)
_LEI_WORDS = re.compile(r"\blegal entity identifier|\bLEI(?: code| number)?$|^GLEIF\b", re.IGNORECASE)
_TAX = re.compile(r"[A-Z]{2,3}-(?:TAXID|VAT|TIN|EIN|INN|RFC|NIF|NIPC|PIVA|SIREN-TVA)", re.IGNORECASE)


def read_party(statement: BodsStatement, builder: RecordBuilder, referents: Sequence[str]) -> None:
    """The node of a person or entity, known by `referents` too, and its links to jurisdictions."""
    details, claimed = dict(statement.details), _PartyClaims(statement.key, builder)
    _read_common(statement, details, claimed)
    if statement.kind == "Person":
        _read_person(details, claimed)
    else:
        _read_entity(statement.kind, details, claimed)
    if statement.is_closed:
        claimed.add("status", CLOSED_STATUS)
    component = {"isComponent": ["true"]} if details.get("isComponent") is True else {}
    other = {**remaining(details, "isComponent"), **component, **claimed.other}
    builder.add_node(statement.key, statement.kind, claimed.properties, other | remaining(statement.data), referents)
    for (name, code), (kind, role) in sorted(claimed.jurisdictions.items(), key=lambda item: ":".join(item[0])):
        builder.add_jurisdiction_link(statement.key, name, kind, code, role)


class _PartyClaims:
    """The claims of a statement about its node, collected before they become records."""

    def __init__(self, key: str, builder: RecordBuilder) -> None:
        self.key = key
        self.builder = builder
        self.properties: Texts = {}
        self.other: Texts = {}
        self.jurisdictions: dict[tuple[str, str], tuple[str, str]] = {}
        """The row's name and the code of a jurisdiction to link type and role."""

    def add(self, name: str, *values: str) -> None:
        """Add values of a property; empty ones are left out."""
        known = self.properties.setdefault(name, [])
        known += [v for v in dict.fromkeys(values) if v and v not in known]

    def keep_raw(self, name: str, value: str) -> None:
        """Add a value that the ontology has no property for, unless it is empty."""
        if value and value not in self.other.get(name, ()):
            self.other.setdefault(name, []).append(value)

    def add_jurisdiction(self, name: str, kind: str, country: dict[str, Any], role: str = "") -> None:
        """Add a link to the state of a country or jurisdiction of BODS.

        The source's words are kept where they name a part of a state, or have a code that is none beside a name.
        """
        source_text = json_text(country)
        code, called = self.builder.take_text(country, "code"), self.builder.take_text(country, "name")
        words = called if called and not code else source_text
        place = jurisdiction_code(code, called) or (citizenship_code(called) if kind == "CITIZEN_OF" else "")
        whole = state_code(place)
        if whole:
            self.jurisdictions[name, whole] = (kind, role)
        if whole != place or (place and code and not jurisdiction_code(code)):
            self.keep_raw(name, words)
        if not place and (code or called):
            problem = citizenship_problem(called or code) if kind == "CITIZEN_OF" else UNKNOWN_PLACE
            self.builder.reject_value(name, words, problem, kind)


def _read_common(statement: BodsStatement, details: dict[str, Any], claims: _PartyClaims) -> None:
    """Read what statements on persons and entities have in common."""
    builder, person = claims.builder, statement.kind == "Person"
    for identifier in builder.take_objects(details, "identifiers"):
        scheme, called = builder.take_text(identifier, "scheme"), builder.take_text(identifier, "schemeName")
        number = builder.take_text(identifier, "id")
        named = scheme or called
        property_name = _identifier_property(named, called, person=person)
        claims.add(property_name, restore_number(named, number) if property_name == "registration_number" else number)
        claims.keep_raw("identifiers.uri", builder.take_text(identifier, "uri"))
        claims.keep_raw("identifiers", " ".join(filter(None, (scheme or called, number))))
    for address in builder.take_objects(details, "addresses"):
        _read_address(builder.take_text(address, "type"), address, claims)
    for name in ("unspecifiedPersonDetails", "unspecifiedEntityDetails"):
        claims.add("summary", unspecified_reason(builder.take_object(details, name), builder))


def _read_person(details: dict[str, Any], claims: _PartyClaims) -> None:
    builder = claims.builder
    for name in builder.take_objects(details, "names"):
        _read_name(name, claims)
    claims.add("birth_date", builder.take_text(details, "birthDate", "birth_date"))
    claims.add("death_date", builder.take_text(details, "deathDate", "death_date"))
    for country in builder.take_objects(details, "nationalities", "CITIZEN_OF"):
        claims.add_jurisdiction("nationalities", "CITIZEN_OF", country)
    for country in builder.take_objects(details, "taxResidencies"):
        claims.add_jurisdiction("taxResidencies", "LOCATED_IN", country, "tax residency")
    for field, kind in (("placeOfBirth", "placeOfBirth"), ("placeOfResidence", "residence")):
        _read_address(kind, builder.take_object(details, field), claims)
    if details.get("personType") == "knownPerson":
        del details["personType"]
    exposed = details.get("politicalExposure")
    if isinstance(exposed, dict) and exposed.get("status") == "isPep":
        claims.add("topic", "isPep")


def _read_name(name: dict[str, Any], claims: _PartyClaims) -> None:
    """Read one name. Only the parts of a legal name become parts of the person's name."""
    builder = claims.builder
    kind, full = builder.take_text(name, "type"), builder.take_text(name, "fullName")
    given, middle, family = (builder.take_text(name, n) for n in ("givenName", "patronymicName", "familyName"))
    property_name = _NAME_PROPERTIES.get(kind, "alias")
    claims.add(property_name, full or " ".join(filter(None, (given, middle, family))))
    if property_name == "name":
        for prop, text in (("given_name", given), ("middle_name", middle), ("family_name", family)):
            claims.add(prop, text)
    if kind not in _NAME_PROPERTIES:
        expected = f"expected one of {', '.join(filter(None, _NAME_PROPERTIES))}"
        builder.reject_value("names.type", kind, expected)


def _read_entity(kind: str, details: dict[str, Any], claims: _PartyClaims) -> None:
    builder = claims.builder
    claims.add("name", builder.take_text(details, "name"))
    claims.add("alias", *builder.take_texts(details, "alternateNames"))
    entity_type = builder.take_object(details, "entityType")
    sort, subtype = builder.take_text(entity_type, "type"), builder.take_text(entity_type, "subtype")
    if kind == "Arrangement":
        claims.add("kind", _ARRANGEMENT_KINDS.get(subtype, ""))
    elif kind == "Agency":
        claims.add("kind", subtype or sort)
    elif kind == "Party":
        claims.keep_raw("entityType", " ".join(filter(None, (sort, subtype))))
    claims.add("legal_form", builder.take_text(entity_type, "details"))
    for name, property_name in zip(("foundingDate", "dissolutionDate"), _DATE_PROPERTIES.get(kind, ()), strict=False):
        claims.add(property_name, builder.take_text(details, name, property_name))
    link = _JURISDICTION_LINKS.get(kind, "LOCATED_IN")
    claims.add_jurisdiction("jurisdiction", link, builder.take_object(details, "jurisdiction"))
    claims.add("web_page", builder.take_text(details, "uri"))


def _read_address(kind: str, address: dict[str, Any], claims: _PartyClaims) -> None:
    """Read an address: its text on one line, and its jurisdiction."""
    builder = claims.builder
    country = builder.take_object(address, "country")
    called = builder.take_text(dict(country), "name")
    line = ", ".join(
        filter(None, (builder.take_text(address, "address"), builder.take_text(address, "postCode"), called))
    )
    if kind == "placeOfBirth":
        claims.add("birth_place", line)
        code = builder.take_text(country, "code")
        claims.add("birth_country", jurisdiction_code(code, called) or f"{called} {code}".strip())
        return
    claims.add("address", line)
    if country:
        claims.add_jurisdiction(f"address.{kind}" if kind else "address", "LOCATED_IN", country, kind)


def unspecified_reason(details: dict[str, Any], builder: RecordBuilder) -> str:
    """Why nobody is named, in the source's words; empty if it does not say."""
    reason, words = builder.take_text(details, "reason"), builder.take_text(details, "description")
    return ": ".join(filter(None, (reason, words)))


def _identifier_property(scheme: str, scheme_name: str, *, person: bool) -> str:
    """The ontology's property; `id_number` where the scheme does not say what kind of number it issues."""
    if person:
        return _PERSON_NUMBERS.get(scheme.upper().rpartition("-")[2], "id_number")
    if _LEI.fullmatch(scheme) or _LEI.fullmatch(scheme_name) or _LEI_WORDS.search(scheme_name):
        return "lei"
    if _TAX.fullmatch(scheme):
        return "tax_number"
    return "registration_number" if scheme.upper() in REGISTERS else "id_number"
