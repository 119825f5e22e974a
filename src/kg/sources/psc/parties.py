"""Reads people and entities with significant control, and the companies they control."""

from __future__ import annotations

from typing import Any

from kg.ontology.values.register_numbers import restore_company_number
from kg.sources.countries import UNKNOWN_PLACE, citizenship_problem, citizenships, jurisdiction_code
from kg.sources.record_builder import RecordBuilder, Texts, remaining

_ADDRESS = (
    *("care_of", "po_box", "premises", "address_line_1", "address_line_2"),
    *("locality", "region", "postal_code", "country"),
)


def add_person(key: str, data: dict[str, Any], builder: RecordBuilder) -> None:
    """Add the node of a natural person, with citizenship and residence."""
    elements, stated_name = builder.take_object(data, "name_elements"), builder.take_text(data, "name")
    names = ("forename", "middle_name", "surname", "title")
    given, middle, family, title = (builder.take_text(elements, name) for name in names)
    full = " ".join(filter(None, (given, middle, family)))
    properties: Texts = {
        "name": [full or stated_name],
        "given_name": [given],
        "middle_name": [middle],
        "family_name": [family],
        "title": [title],
        "birth_date": [_birth_date(builder.take_object(data, "date_of_birth", "birth_date"), builder)],
        "address": _address_lines(data, builder),
    }
    nationality, residence = (
        builder.take_text(data, "nationality", "CITIZEN_OF"),
        builder.take_text(data, "country_of_residence"),
    )
    codes, unknown = citizenships(nationality)
    for word in unknown:
        builder.reject_value("nationality", word, citizenship_problem(word), "CITIZEN_OF")
    place = _read_place("country_of_residence", residence, "LOCATED_IN", builder)
    other = remaining(
        {
            "name": stated_name if stated_name not in {full, f"{title} {full}"} and full else "",
            "nationality": nationality,
            "country_of_residence": residence,
            **{f"name_elements.{name}": value for name, value in elements.items()},
        }
    )
    builder.add_node(key, "Person", properties, other | remaining(data))
    for code in codes:
        builder.add_jurisdiction_link(key, "nationality", "CITIZEN_OF", code)
    if place:
        builder.add_jurisdiction_link(key, "country_of_residence", "LOCATED_IN", place, "residence")


def add_legal_entity(key: str, node_type: str, data: dict[str, Any], builder: RecordBuilder) -> None:
    """Add the node of an enterprise or other legal person, with its number and place of registration."""
    identification = builder.take_object(data, "identification")
    where = builder.take_text(identification, "country_registered")
    link = "REGISTERED_IN" if node_type == "Enterprise" else "LOCATED_IN"
    number = builder.take_text(identification, "registration_number")
    place = _read_place("identification.country_registered", where, link, builder)
    restored = restore_company_number(number) if place == "GB" else number
    properties: Texts = {
        "name": [builder.take_text(data, "name")],
        "registration_number": [restored],
        "legal_form": [builder.take_text(identification, "legal_form")],
        "address": _address_lines(data, builder),
    }
    rest = {"registration_number": number if number != restored else "", "country_registered": where, **identification}
    other = {f"identification.{name}": values for name, values in remaining(rest).items()}
    builder.add_node(key, node_type, properties, other | remaining(data))
    if place:
        builder.add_jurisdiction_link(key, "country_registered", link, place)


def add_unnamed_party(key: str, data: dict[str, Any], builder: RecordBuilder) -> None:
    """Add the node of a person whose particulars the register protects."""
    builder.add_node(key, "Party", {"summary": [builder.take_text(data, "description")]}, remaining(data))


def add_company(number: str, builder: RecordBuilder) -> None:
    """Add the node of the enterprise. Overseas entities are in this register too, but registered elsewhere."""
    builder.add_node(number, "Enterprise", {"registration_number": [number]}, {})
    if not number.startswith("OE"):
        builder.add_jurisdiction_link(number, "register", "REGISTERED_IN", "GB")


def _read_place(name: str, words: str, link_type: str, builder: RecordBuilder) -> str:
    """The code of the jurisdiction that some words name; empty, with a reject, where they name none."""
    place = jurisdiction_code("", words)
    if words and not place:
        builder.reject_value(name, words, UNKNOWN_PLACE, link_type)
    return place


def _address_lines(data: dict[str, Any], builder: RecordBuilder) -> list[str]:
    """Each address on one line; house and street are one part of it."""
    lines = []
    for name in ("address", "principal_office_address"):
        address = builder.take_object(data, name)
        parts = {part: builder.take_text(address, part) for part in _ADDRESS}
        house = " ".join(filter(None, (parts.pop("premises"), parts["address_line_1"])))
        lines.append(", ".join(filter(None, (parts | {"address_line_1": house}).values())))
        data.update({f"{name}.{part}": value for part, value in address.items()})
    return list(dict.fromkeys(filter(None, lines)))


def _birth_date(born: dict[str, Any], builder: RecordBuilder) -> str:
    """The year, with month and day where the register shows them."""
    parts = [builder.take_text(born, name) for name in ("year", "month", "day")]
    known = parts[: parts.index("")] if "" in parts else parts
    return "-".join(part.zfill(2) for part in known)
