"""Who has significant control, and who is it about?"""

from __future__ import annotations

import re
from typing import Any

from kg.records import CURATED, Ref
from kg.sources.countries import citizenship, coded
from kg.sources.record_builder import Gathering, Texts, left

_ADDRESS = (
    "care_of",
    "po_box",
    "premises",
    "address_line_1",
    "address_line_2",
    "locality",
    "region",
    "postal_code",
    "country",
)
_AND = re.compile(r"\s*(?:[,;/&]|\band\b)\s*", re.IGNORECASE)


def company_number(raw: str) -> str:
    """The number with the zeros that were lost on the way: eight characters, the letters before the zeros."""
    text = raw.strip().upper()
    found = re.fullmatch(r"([A-Z]{0,2})([0-9]{1,8})", text)
    return found[1] + found[2].zfill(8 - len(found[1])) if found else text


def person(key: str, data: dict[str, Any], found: Gathering) -> None:
    """The node of a natural person, and where they are from."""
    elements, said = found.inner(data, "name_elements"), found.text(data, "name")
    names = ("forename", "middle_name", "surname", "title")
    given, middle, family, title = (found.text(elements, name) for name in names)
    full = " ".join(filter(None, (given, middle, family)))
    properties: Texts = {
        "name": [full or said],
        "given_name": [given],
        "middle_name": [middle],
        "family_name": [family],
        "title": [title],
        "birth_date": [_born(found.inner(data, "date_of_birth"), found)],
        "address": _addresses(data, found),
    }
    nationality, residence = found.text(data, "nationality"), found.text(data, "country_of_residence")
    other = left(
        {
            "name": said if said not in {full, f"{title} {full}"} and full else "",
            "nationality": nationality,
            "country_of_residence": residence,
            **{f"name_elements.{name}": value for name, value in elements.items()},
        }
    )
    found.node(key, "Person", _said(properties), other | left(data))
    words = [nationality] if citizenship(nationality) else _AND.split(nationality)
    for code in sorted({c for word in words if (c := citizenship(word))}):
        found.link((key, f"nationality:{code}"), "CITIZEN_OF", (found.ref(key), Ref(CURATED, code)))
    if place := coded("", residence):
        ends = (found.ref(key), Ref(CURATED, place))
        found.link((key, f"country_of_residence:{place}"), "LOCATED_IN", ends, {"role": ["residence"]})


def body(key: str, kind: str, data: dict[str, Any], found: Gathering) -> None:
    """The node of an enterprise or other legal person, with its number in the register where it is registered."""
    identification = found.inner(data, "identification")
    where = found.text(identification, "country_registered")
    number, place = found.text(identification, "registration_number"), coded("", where)
    restored = company_number(number) if place == "GB" else number
    properties: Texts = {
        "name": [found.text(data, "name")],
        "registration_number": [restored],
        "legal_form": [found.text(identification, "legal_form")],
        "address": _addresses(data, found),
    }
    rest = {"registration_number": number if number != restored else "", "country_registered": where, **identification}
    other = {f"identification.{name}": values for name, values in left(rest).items()}
    found.node(key, kind, _said(properties), other | left(data))
    if place:
        link = "REGISTERED_IN" if kind == "Enterprise" else "LOCATED_IN"
        found.link((key, f"country_registered:{place}"), link, (found.ref(key), Ref(CURATED, place)))


def unnamed(key: str, data: dict[str, Any], found: Gathering) -> None:
    """The node of somebody whose particulars the register keeps to itself."""
    found.node(key, "Party", _said({"summary": [found.text(data, "description")]}), left(data))


def company(number: str, found: Gathering) -> None:
    """The node of the enterprise. An overseas entity is on this register too, and registered elsewhere."""
    found.node(number, "Enterprise", {"registration_number": [number]}, {})
    if not number.startswith("OE"):
        found.link((number, "register:GB"), "REGISTERED_IN", (found.ref(number), Ref(CURATED, "GB")))


def _addresses(data: dict[str, Any], found: Gathering) -> list[str]:
    """Each address as one line; the house and its street are one part of it."""
    lines = []
    for name in ("address", "principal_office_address"):
        address = found.inner(data, name)
        parts = {part: found.text(address, part) for part in _ADDRESS}
        house = " ".join(filter(None, (parts.pop("premises"), parts["address_line_1"])))
        lines.append(", ".join(filter(None, (parts | {"address_line_1": house}).values())))
        data.update({f"{name}.{part}": value for part, value in address.items()})
    return list(dict.fromkeys(filter(None, lines)))


def _born(born: dict[str, Any], found: Gathering) -> str:
    """The year, with month and day where the register shows them."""
    parts = [found.text(born, name) for name in ("year", "month", "day")]
    known = parts[: parts.index("")] if "" in parts else parts
    return "-".join(part.zfill(2) for part in known)


def _said(properties: Texts) -> Texts:
    return {name: texts for name, values in properties.items() if (texts := [v for v in values if v])}
