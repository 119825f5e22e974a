"""What does a statement on a person or an entity claim?"""

from __future__ import annotations

from typing import Any

from kg.records import CURATED, Ref
from kg.sources.bods.identifiers import property_of
from kg.sources.bods.statements import Statement
from kg.sources.countries import coded, state
from kg.sources.record_builder import Gathering, Texts, left, plain

CLOSED = "record closed"
"""The status of what a source says no longer."""

_NAMES = {
    "": "name",
    "legal": "name",
    "individual": "name",
    "translation": "name",
    "transliteration": "name",
    "alternative": "alias",
    "birth": "alias",
    "former": "former_name",
}
_DATES = {
    "Enterprise": ("incorporation_date", "dissolution_date"),
    "Arrangement": ("made_on", "ended_on"),
    "Agency": ("active_from", "active_to"),
}
_PLACED = {"Enterprise": "REGISTERED_IN", "Arrangement": "REGISTERED_IN", "Agency": "AGENCY_OF"}
_ARRANGEMENTS = {"trust": "trust", "nomination": "nominee_agreement", "other": "other"}


def party(statement: Statement, found: Gathering) -> None:
    """The node of a person or entity, and its links to jurisdictions."""
    details, claimed = dict(statement.details), _Claimed(statement.key, found)
    _common(statement, details, claimed)
    if statement.kind == "Person":
        _person(details, claimed)
    else:
        _entity(statement.kind, details, claimed)
    if statement.closed:
        claimed.say("status", CLOSED)
    component = {"isComponent": ["true"]} if details.get("isComponent") is True else {}
    other = {**left(details, "isComponent"), **component, **claimed.other}
    found.node(statement.key, statement.kind, claimed.properties, other | left(statement.data))
    for part, (kind, code, role) in sorted(claimed.places.items()):
        ends = (found.ref(statement.key), Ref(CURATED, code))
        found.link((statement.key, part), kind, ends, {"role": [role]} if role else {})


class _Claimed:
    """What a record says of its node, gathered before it becomes records."""

    def __init__(self, key: str, found: Gathering) -> None:
        self.key = key
        self.found = found
        self.properties: Texts = {}
        self.other: Texts = {}
        self.places: dict[str, tuple[str, str, str]] = {}
        """Part of the row to link type, code of a jurisdiction, and role."""

    def say(self, name: str, *values: str) -> None:
        """Values of a property of ours; empty ones are none."""
        known = self.properties.setdefault(name, [])
        known += [v for v in dict.fromkeys(values) if v and v not in known]

    def keep(self, name: str, *values: str) -> None:
        """Values that the ontology has no property for."""
        known = self.other.setdefault(name, [])
        known += [v for v in dict.fromkeys(values) if v and v not in known]
        if not known:
            del self.other[name]

    def place(self, name: str, kind: str, country: dict[str, Any], role: str = "") -> None:
        """A link to the state that a country or jurisdiction of BODS is, or is a part of.

        Its words are kept where it names none, or a part.
        """
        said = plain(country)
        code, called = self.found.text(country, "code"), self.found.text(country, "name")
        place = coded(code, called)
        whole = state(place)
        if whole:
            self.places[f"{name}:{whole}"] = (kind, whole, role)
        if whole != place or not place:
            self.keep(name, (called if called and not code else said) if code or called else "")


def _common(statement: Statement, details: dict[str, Any], claimed: _Claimed) -> None:
    """What persons and entities say alike."""
    found, person = claimed.found, statement.kind == "Person"
    for identifier in found.several(details, "identifiers"):
        scheme, called = found.text(identifier, "scheme"), found.text(identifier, "schemeName")
        number = found.text(identifier, "id")
        claimed.say(property_of(scheme, called, person=person), number)
        if uri := found.text(identifier, "uri"):
            claimed.keep("identifiers.uri", uri)
        claimed.keep("identifiers", " ".join(filter(None, (scheme or called, number))))
    for address in found.several(details, "addresses"):
        _address(found.text(address, "type"), address, claimed)
    for name in ("unspecifiedPersonDetails", "unspecifiedEntityDetails"):
        claimed.say("summary", unspecified(found.inner(details, name), found))


def _person(details: dict[str, Any], claimed: _Claimed) -> None:
    found = claimed.found
    for name in found.several(details, "names"):
        _name(name, claimed)
    claimed.say("birth_date", found.text(details, "birthDate"))
    claimed.say("death_date", found.text(details, "deathDate"))
    for country in found.several(details, "nationalities"):
        claimed.place("nationalities", "CITIZEN_OF", country)
    for country in found.several(details, "taxResidencies"):
        claimed.place("taxResidencies", "LOCATED_IN", country, "tax residency")
    for field, kind in (("placeOfBirth", "placeOfBirth"), ("placeOfResidence", "residence")):
        _address(kind, found.inner(details, field), claimed)
    if details.get("personType") == "knownPerson":
        del details["personType"]
    exposed = details.get("politicalExposure")
    if isinstance(exposed, dict) and exposed.get("status") == "isPep":
        claimed.say("topic", "isPep")


def _name(name: dict[str, Any], claimed: _Claimed) -> None:
    """One name. Only the parts of a legal name are parts of the person's name."""
    found = claimed.found
    kind, full = found.text(name, "type"), found.text(name, "fullName")
    given, middle, family = (found.text(name, n) for n in ("givenName", "patronymicName", "familyName"))
    ours = _NAMES.get(kind, "alias")
    claimed.say(ours, full or " ".join(filter(None, (given, middle, family))))
    if ours == "name":
        for prop, text in (("given_name", given), ("middle_name", middle), ("family_name", family)):
            claimed.say(prop, text)
    if kind not in _NAMES:
        found.reject("names.type", kind, f"expected one of {', '.join(filter(None, _NAMES))}")


def _entity(kind: str, details: dict[str, Any], claimed: _Claimed) -> None:
    found = claimed.found
    claimed.say("name", found.text(details, "name"))
    claimed.say("alias", *found.texts(details, "alternateNames"))
    said = found.inner(details, "entityType")
    _entity_type(kind, said, claimed)
    for name, ours in zip(("foundingDate", "dissolutionDate"), _DATES.get(kind, ()), strict=False):
        claimed.say(ours, found.text(details, name))
    claimed.place("jurisdiction", _PLACED.get(kind, "LOCATED_IN"), found.inner(details, "jurisdiction"))
    if uri := found.text(details, "uri"):
        claimed.say("web_page", uri)


def _entity_type(kind: str, said: dict[str, Any], claimed: _Claimed) -> None:
    sort, subtype = claimed.found.text(said, "type"), claimed.found.text(said, "subtype")
    if kind == "Arrangement":
        claimed.say("kind", _ARRANGEMENTS.get(subtype, ""))
    elif kind == "Agency":
        claimed.say("kind", subtype or sort)
    elif kind == "Party":
        claimed.keep("entityType", " ".join(filter(None, (sort, subtype))))
    claimed.say("legal_form", claimed.found.text(said, "details"))


def _address(kind: str, address: dict[str, Any], claimed: _Claimed) -> None:
    """An address as one line of text, and the jurisdiction it is in."""
    country = claimed.found.inner(address, "country")
    called = claimed.found.text(dict(country), "name")
    parts = (claimed.found.text(address, "address"), claimed.found.text(address, "postCode"), called)
    line = ", ".join(part for part in parts if part)
    if kind == "placeOfBirth":
        claimed.say("birth_place", line)
        claimed.say("birth_country", coded(claimed.found.text(country, "code"), called))
        return
    claimed.say("address", line)
    if country:
        claimed.place(f"address.{kind}" if kind else "address", "LOCATED_IN", country, kind)


def unspecified(said: dict[str, Any], found: Gathering) -> str:
    """Why nobody is named, in the words of the source; empty where it does not say."""
    reason, words = found.text(said, "reason"), found.text(said, "description")
    return ": ".join(filter(None, (reason, words)))
